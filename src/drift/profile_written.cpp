// SPDX-License-Identifier: Apache-2.0
// Profiles as bytes, for the windows that are remembered.
#include <cmath>

#include "drift/profile.h"
#include "summary/histogram.h"

namespace weir {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 53;
constexpr std::uint64_t kMostItems = std::uint64_t{1} << 24;
constexpr std::size_t kMostLabel = 96;  // a text of 64 bytes with quotes
constexpr std::size_t kLeastOfCategory = 10;

enum class EdgesForm : std::uint8_t { None, Here, Known };

// An error or an estimate: finite and not below zero.
double read_share(SummaryReader& in) {
  const double value = in.finite();
  in.require(value >= 0, "an error is negative");
  return value;
}

std::uint64_t count_in(SummaryReader& in) {
  return in.at_most(kMostCount, "a count of the profile");
}

template <class Any, class Visit>
void each_count(Any& profile, Visit visit) {
  for (auto* const count :
       {&profile.elements, &profile.odd.absent, &profile.odd.null, &profile.odd.nan, &profile.odd.positive_infinity,
        &profile.odd.negative_infinity, &profile.types.boolean, &profile.types.integer, &profile.types.fraction,
        &profile.types.text, &profile.types.array, &profile.types.object, &profile.finite, &profile.other,
        &profile.category_error, &profile.texts, &profile.windows, &profile.design_windows}) {
    visit(*count);
  }
}

void read_ascending(SummaryReader& in, std::vector<double>& values, std::size_t size, bool twice_at_most) {
  values.reserve(size);
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    const double value = in.finite();
    in.require(values.empty() || values.back() <= value, "numbers are not in order");
    in.require(!twice_at_most || i < 2 || values[i - 2] < value, "an edge stands three times");
    values.push_back(value);
  }
}

Profile::Edges read_edges(SummaryReader& in, const Profile::Edges& known) {
  const std::uint8_t form = in.u8();
  if (form == static_cast<std::uint8_t>(EdgesForm::None) || !in.ok()) return nullptr;
  if (form == static_cast<std::uint8_t>(EdgesForm::Known)) {
    const std::uint64_t epoch = in.u64();
    in.require(known != nullptr && epoch_of(*known) == epoch, "its cells have other edges");
    return in.ok() ? known : nullptr;
  }
  in.require(form == static_cast<std::uint8_t>(EdgesForm::Here), "the form of the edges is not known");
  const std::size_t size = in.count(Histogram::kMostEdges, sizeof(double), "the number of edges");
  std::vector<double> edges;
  read_ascending(in, edges, size, true);
  if (!in.ok()) return nullptr;
  return std::make_shared<const std::vector<double>>(std::move(edges));
}

void read_numbers(SummaryReader& in, Profile& profile) {
  profile.mean = in.f64();  // infinite where the sum is
  profile.m2 = in.f64();
  profile.m3 = in.f64();
  in.require(!std::isnan(profile.mean), "a mean is no number");
  in.require(profile.m2 >= 0, "a sum of squares is negative");
  in.require(!std::isnan(profile.m3), "a sum of cubes is no number");
  const std::size_t raw = in.count(kMostItems, sizeof(double), "the number of values");
  in.require(raw == 0 || raw == profile.finite, "raw values are all there or none");
  if (in.ok()) read_ascending(in, profile.raw, raw, false);
  const std::size_t items = in.count(kMostItems, sizeof(double) + 1, "the number of items");
  std::uint64_t weight = 0;
  profile.sketch.reserve(in.ok() ? items : 0);
  for (std::size_t i = 0; i < items && in.ok(); ++i) {
    const double value = in.finite();
    const std::uint64_t stands_for = in.at_most(profile.finite - weight, "the weight of an item");
    weight += stands_for;
    in.require(profile.sketch.empty() || profile.sketch.back().first <= value, "items are not in order");
    profile.sketch.emplace_back(value, stands_for);
  }
  in.require(items == 0 || weight == profile.finite, "the items do not add up");
  profile.sketch_error = read_share(in);
}

void read_cells(SummaryReader& in, Profile& profile, const Profile::Edges& known) {
  profile.edges = read_edges(in, known);
  if (profile.edges == nullptr) return;
  std::uint64_t sum = 0;
  profile.cells.resize(profile.edges->size() + 1);
  for (std::uint64_t& cell : profile.cells) {
    cell = in.at_most(profile.finite - sum, "a cell");
    sum += cell;
  }
  in.require(sum == profile.finite, "the cells do not add up");
  profile.cell_error = read_share(in);
}

void read_categories(SummaryReader& in, Profile& profile) {
  const std::uint64_t odd = profile.odd.nan + profile.odd.positive_infinity + profile.odd.negative_infinity;
  in.require(profile.missing() <= profile.elements && odd <= profile.values(), "there are more oddities than elements");
  if (!in.ok()) return;
  const std::size_t size = in.count(Profile::kMostCategories, kLeastOfCategory, "the number of categories");
  std::uint64_t counted = profile.other;
  profile.categories.reserve(size);
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    Category category;
    category.hash = in.u64();
    category.count = count_in(in);
    category.label = in.text(kMostLabel);
    counted += category.count;
    in.require(i == 0 || profile.categories.back().hash < category.hash, "categories are not in order");
    profile.categories.push_back(std::move(category));
  }
  in.require(counted == profile.values() - odd, "the categories do not add up");
}

}  // namespace

void Profile::write(SummaryWriter& out, bool with_edges) const {
  out.u8(kVersion);
  each_count(*this, [&](std::uint64_t count) { out.varint(count); });
  out.f64(mean);
  out.f64(m2);
  out.f64(m3);
  out.varint(raw.size());
  for (const double value : raw) out.f64(value);
  out.varint(sketch.size());
  for (const auto& [value, weight] : sketch) {
    out.f64(value);
    out.varint(weight);
  }
  out.f64(sketch_error);
  const EdgesForm form = edges == nullptr ? EdgesForm::None : with_edges ? EdgesForm::Here : EdgesForm::Known;
  out.u8(static_cast<std::uint8_t>(form));
  if (form == EdgesForm::Known) out.u64(epoch_of(*edges));
  if (form == EdgesForm::Here) {
    out.varint(edges->size());
    for (const double edge : *edges) out.f64(edge);
  }
  if (form != EdgesForm::None) {
    // A profile without numbers may have edges and no cells: it is as if all of them were empty.
    for (std::size_t i = 0; i <= edges->size(); ++i) out.varint(i < cells.size() ? cells[i] : 0);
    out.f64(cell_error);
  }
  out.varint(categories.size());
  for (const Category& category : categories) {
    out.u64(category.hash);
    out.varint(category.count);
    out.text(category.label);
  }
  out.f64(distinct);
  out.f64(distinct_error);
  out.u8(static_cast<std::uint8_t>((exact ? 1U : 0U) | (redacted ? 2U : 0U) | (design_effect ? 4U : 0U)));
  if (design_effect) out.f64(*design_effect);
  for (const std::uint64_t length : lengths) out.varint(length);
}

Profile Profile::read(SummaryReader& in, const Edges& known) {
  Profile read;
  in.require(in.u8() == kVersion, "a version of the profile that is not known");
  each_count(read, [&](std::uint64_t& count) { count = count_in(in); });
  read_numbers(in, read);
  read_cells(in, read, known);
  read_categories(in, read);
  read.distinct = read_share(in);
  read.distinct_error = read_share(in);
  const std::uint8_t flags = in.u8();
  in.require(flags < 8, "the flags of the profile are not known");
  read.exact = (flags & 1U) != 0;
  read.redacted = (flags & 2U) != 0;
  if ((flags & 4U) != 0) read.design_effect = read_share(in);
  std::uint64_t texts = 0;
  for (std::uint64_t& length : read.lengths) {
    length = count_in(in);
    texts += length;
  }
  in.require(texts == read.texts, "the lengths do not add up");
  return in.ok() ? read : Profile();
}

}  // namespace weir
