// SPDX-License-Identifier: Apache-2.0
// Puts both sides of a field into the same cells and groups.
#include <algorithm>

#include "drift/input.h"
#include "stats/categories.h"

namespace weir {

namespace {

// A value is common from so many occurrences on, where its count is also certain to a sixteenth.
constexpr std::uint64_t kLeastCommon = 10;
constexpr std::uint64_t kErrorsOfCommon = 16;
constexpr std::uint64_t kLeastIds = 50;
constexpr double kIdShare = 0.8;

NumberCells cells_of(const Profile& reference, const Profile& current) {
  NumberCells out;
  out.edges = reference.edges != nullptr ? reference.edges : current.edges;
  if (out.edges == nullptr) {
    const Profile& known = reference.finite > 0 ? reference : current;
    out.edges = std::make_shared<const std::vector<double>>(known.has_raw() ? learn_edges(known.raw, kDriftCells)
                                                                            : learn_edges(known, kDriftCells));
  }
  double reference_error = 0;
  double current_error = 0;
  out.reference = reference.counts_on(*out.edges, &reference_error);
  out.current = current.counts_on(*out.edges, &current_error);
  out.error = reference_error + current_error;
  const std::vector<double>& edges = *out.edges;
  const std::size_t cells = edges.size() + 1;
  out.reference.resize(cells);
  out.current.resize(cells);
  out.atom_flags = std::make_unique<bool[]>(cells);
  for (std::size_t i = 1; i < edges.size(); ++i) out.atom_flags[i] = edges[i] == edges[i - 1];
  return out;
}

void add_group(Groups& out, Group group, std::uint64_t reference, std::uint64_t current) {
  if (reference == 0 && current == 0) return;
  out.what.push_back(group);
  out.reference.push_back(reference);
  out.current.push_back(current);
}

void add_oddities(Groups& out, const Profile& a, const Profile& b) {
  add_group(out, {.kind = GroupKind::Missing}, a.missing(), b.missing());
  add_group(out, {.kind = GroupKind::Nan}, a.odd.nan, b.odd.nan);
  add_group(out, {.kind = GroupKind::PositiveInfinity}, a.odd.positive_infinity, b.odd.positive_infinity);
  add_group(out, {.kind = GroupKind::NegativeInfinity}, a.odd.negative_infinity, b.odd.negative_infinity);
}

std::uint64_t no_numbers(const Profile& profile) {
  const std::uint64_t numbers =
      profile.finite + profile.odd.nan + profile.odd.positive_infinity + profile.odd.negative_infinity;
  return profile.values() > numbers ? profile.values() - numbers : 0;
}

/// A value that one side counted and the other did not: it may be among the rest there, but only up to the error of the counts.
/// Where that is far less than would be expected, the value became rarer for certain and stays a group of its own.
bool is_rarer(std::uint64_t count, double scale, const Profile& elsewhere) {
  return static_cast<double>(count) * scale > 2 * static_cast<double>(elsewhere.category_error) &&
         elsewhere.category_error <= elsewhere.other;
}

/// Of sides on which not every value was counted, the least number of both together that makes a group. The rarer values of such
/// a side were chosen by chance: those that it kept would look common there, and rare on the other side.
std::uint64_t least_of_group(const Profile& a, const Profile& b) {
  return a.exact && b.exact ? 0 : std::max(kLeastCommon, kErrorsOfCommon * (a.category_error + b.category_error));
}

/// The union of both. What one side may have among its rest goes to the rest on both, for otherwise it would look new or
/// vanished.
void add_categories(Groups& out, const Profile& a, const Profile& b) {
  const double n = static_cast<double>(a.values());
  const double m = static_cast<double>(b.values());
  const std::uint64_t least = least_of_group(a, b);
  std::uint64_t rest_of_a = a.other;
  std::uint64_t rest_of_b = b.other;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.categories.size() || j < b.categories.size()) {
    const Category* left = i < a.categories.size() ? &a.categories[i] : nullptr;
    const Category* right = j < b.categories.size() ? &b.categories[j] : nullptr;
    if (left != nullptr && right != nullptr && left->hash != right->hash) {
      (left->hash < right->hash ? right : left) = nullptr;
    }
    if (left != nullptr) ++i;
    if (right != nullptr) ++j;
    const std::uint64_t of_a = left != nullptr ? left->count : 0;
    const std::uint64_t of_b = right != nullptr ? right->count : 0;
    if (of_a + of_b < least) {
      rest_of_a += of_a;
      rest_of_b += of_b;
    } else if (right == nullptr && !b.exact && !is_rarer(left->count, m / std::max(1.0, n), b)) {
      rest_of_a += left->count;
    } else if (left == nullptr && !a.exact && !is_rarer(right->count, n / std::max(1.0, m), a)) {
      rest_of_b += right->count;
    } else {
      const Category& known = left != nullptr && (right == nullptr || !left->label.empty()) ? *left : *right;
      add_group(out, {.kind = GroupKind::Value, .hash = known.hash, .label = known.label}, of_a, of_b);
    }
  }
  add_group(out, {.kind = GroupKind::Rest}, rest_of_a, rest_of_b);
}

void add_numbers(Groups& out, const NumberCells& cells) {
  const std::vector<std::size_t> group_of = psi_groups(cells.reference, cells.current, cells.atoms());
  const std::vector<std::uint64_t> reference = grouped(cells.reference, group_of);
  const std::vector<std::uint64_t> current = grouped(cells.current, group_of);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    add_group(out, {.kind = GroupKind::Value, .cell = i}, reference[i], current[i]);
  }
  out.error = cells.error;
}

void add_lengths(Groups& out, const Profile& a, const Profile& b) {
  for (std::size_t i = 0; i < a.lengths.size(); ++i) {
    add_group(out, {.kind = GroupKind::Value, .cell = i}, a.lengths[i], b.lengths[i]);
  }
}

}  // namespace

const NumberCells& Sides::cells() const {
  if (!cells_) cells_ = cells_of(*reference_, *current_);
  return *cells_;
}

const Groups& Sides::groups() const {
  if (groups_) return *groups_;
  Groups& out = groups_.emplace();
  out.of = of_;
  switch (of_) {
    case Groups::Of::Values: add_categories(out, *reference_, *current_); break;
    case Groups::Of::Numbers:
      add_numbers(out, cells());
      add_group(out, {.kind = GroupKind::OtherType}, no_numbers(*reference_), no_numbers(*current_));
      break;
    case Groups::Of::Lengths:
      add_lengths(out, *reference_, *current_);
      add_group(out, {.kind = GroupKind::OtherType},
                reference_->values() - std::min(reference_->values(), reference_->texts),
                current_->values() - std::min(current_->values(), current_->texts));
      break;
  }
  add_oddities(out, *reference_, *current_);
  return out;
}

const LargeGroups& Sides::large_groups(double design_effect) const {
  if (large_) return *large_;
  const Groups& all = groups();
  LargeGroups& out = large_.emplace();
  out.group_of = regroup(all.reference, all.current, design_effect);
  out.reference = grouped(all.reference, out.group_of);
  out.current = grouped(all.current, out.group_of);
  return out;
}

bool is_long_tailed(const Profile& profile) noexcept {
  const std::uint64_t least = std::max(kLeastCommon, kErrorsOfCommon * profile.category_error);
  std::uint64_t common = 0;
  for (const Category& category : profile.categories) common += category.count >= least ? category.count : 0;
  return profile.values() >= kLeastIds && 2 * common < profile.values();
}

bool is_id_like(const Profile& profile) noexcept {
  const std::uint64_t values = profile.values();
  return values >= kLeastIds && profile.distinct >= kIdShare * static_cast<double>(values);
}

}  // namespace weir
