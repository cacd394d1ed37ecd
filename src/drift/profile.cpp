// SPDX-License-Identifier: Apache-2.0
// From the summary of a window to plain data, and two of them together.
#include "drift/profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "base/decimal.h"
#include "base/key.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

constexpr double kNotKnown = std::numeric_limits<double>::infinity();

std::uint64_t hash_of_number(std::string_view text) {
  return hash_of(Kind::Number, Cell{.data = text.data(), .size = static_cast<std::uint32_t>(text.size())});
}

// NaN and the infinities are no categories: Oddities has them.
bool is_odd(std::uint64_t hash) {
  static const std::array<std::uint64_t, 3> kOdd = {hash_of_number("NaN"), hash_of_number("Infinity"),
                                                    hash_of_number("-Infinity")};
  return std::find(kOdd.begin(), kOdd.end(), hash) != kOdd.end();
}

// What it is called before people: 1 and "1" are two values of one field.
std::string label_of(ValueCount&& value) {
  if (value.text.empty() && value.value_class != ValueClass::Text) return {};
  if (value.cut) return std::move(value.text) + "…";
  if (value.value_class != ValueClass::Text) return std::move(value.text);
  constexpr std::string_view kBeginNumbers = "0123456789+-.NIi";
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  const bool quoted =
      value.text.empty() || is_space(value.text.front()) || is_space(value.text.back()) || value.text == "true" ||
      value.text == "false" || value.text == "null" ||
      (kBeginNumbers.find(value.text.front()) != std::string_view::npos && Decimal::parse(value.text).has_value());
  return quoted ? '"' + value.text + '"' : std::move(value.text);
}

void take_categories(Profile& profile, const FieldSummary& summary) {
  const Counters& counters = summary.counters();
  const std::uint64_t odd = counters.nan + counters.infinite();
  const std::uint64_t values = counters.values() - odd;
  const ValueCounts* const counted = summary.values();
  const bool only_numbers = counters.numbers() == counters.values();
  profile.other = values;
  if (counted != nullptr &&
      (!only_numbers || (counted->exact() && counted->size() <= Profile::kMostNumberCategories))) {
    std::vector<ValueCount> entries = counted->by_hash();
    profile.categories.reserve(entries.size());
    std::uint64_t in_categories = 0;
    for (ValueCount& entry : entries) {
      if (odd > 0 && is_odd(entry.hash)) continue;
      in_categories += entry.count;
      profile.categories.push_back({entry.hash, entry.count, ""});
      if (!profile.redacted) profile.categories.back().label = label_of(std::move(entry));
    }
    profile.other = values - std::min(values, in_categories);
    profile.exact = counted->exact();
    profile.category_error = counted->error();
  } else {
    profile.exact = values == 0;
    profile.category_error = values;
  }
  if (profile.exact) {
    profile.distinct = static_cast<double>(profile.categories.size());
  } else if (counted != nullptr && counted->exact()) {
    profile.distinct = static_cast<double>(counted->size());
  } else if (summary.distinct() != nullptr) {
    profile.distinct = summary.distinct()->estimate();
    profile.distinct_error = summary.distinct()->error();
  } else {
    // At least one, at most all of them.
    profile.distinct = std::max<double>(1, static_cast<double>(profile.categories.size()));
    profile.distinct_error = static_cast<double>(values) / profile.distinct - 1;
  }
}

// From the values themselves, where all are there.
void take_third(Profile& profile) {
  profile.m3 = profile.has_raw() ? 0 : kNotKnown;
  for (const double value : profile.raw) {
    const double apart = value - profile.mean;
    profile.m3 += apart * apart * apart;
  }
}

void take_mean(Profile& profile) {
  const auto n = static_cast<double>(profile.finite);
  double sum = 0;
  if (profile.has_raw()) {
    for (const double value : profile.raw) sum += value / n;
    profile.mean = sum;
    for (const double value : profile.raw) profile.m2 += (value - sum) * (value - sum);
    take_third(profile);
  } else {
    for (const auto& [value, weight] : profile.sketch) sum += value * (static_cast<double>(weight) / n);
    profile.mean = profile.sketch.empty() ? 0 : sum;
    for (const auto& [value, weight] : profile.sketch) {
      profile.m2 += (value - sum) * (value - sum) * static_cast<double>(weight);
    }
    // A sketch lacks just those few values that make it.
    profile.m3 = kNotKnown;
  }
}

void take_numbers(Profile& profile, const FieldSummary& summary) {
  if (profile.finite == 0) return;
  const QuantileSketch* const quantiles = summary.quantiles();
  if (summary.raw() != nullptr && summary.raw()->complete()) {
    profile.raw = summary.raw()->sorted();
  } else if (quantiles != nullptr && quantiles->exact()) {
    for (const auto& [value, weight] : quantiles->items()) profile.raw.push_back(value);
  }
  if (summary.histogram() != nullptr) {
    const Histogram& histogram = *summary.histogram();
    profile.edges = histogram.shared_edges();
    profile.cells.resize(histogram.cells());
    for (std::size_t i = 0; i < profile.cells.size(); ++i) profile.cells[i] = histogram.count(i);
  } else if (quantiles != nullptr && profile.raw.empty()) {
    profile.sketch = quantiles->items();
    profile.sketch_error = quantiles->error();
  }
  if (summary.moments() != nullptr) {
    profile.mean = summary.moments()->mean().value_or(0);
    profile.m2 = summary.moments()->m2();
    profile.m3 = summary.moments()->m3();
    if (!summary.moments()->has_high()) take_third(profile);
  } else {
    take_mean(profile);
  }
  // Sums beyond all doubles, of both signs.
  if (std::isnan(profile.mean)) profile.mean = 0;
  if (std::isnan(profile.m2)) profile.m2 = kNotKnown;
  if (std::isnan(profile.m3)) profile.m3 = kNotKnown;
}

}  // namespace

double Profile::skewness() const noexcept {
  if (finite < 2 || !(m2 > 0)) return 0;
  const auto n = static_cast<double>(finite);
  const double most = (n - 2) / std::sqrt(n - 1);  // one value beside equal ones
  const double spread = std::sqrt(m2 / n);
  const double skewness = std::abs(m3 / n / spread / spread / spread);
  return skewness < most ? skewness : most;
}

Profile profile_of(const FieldSummary& summary) {
  const Counters& counters = summary.counters();
  Profile profile;
  profile.elements = counters.elements;
  profile.odd = {counters.absent, counters.null, counters.nan, counters.positive_infinity, counters.negative_infinity};
  profile.types = {counters.boolean, counters.integer, counters.fraction,
                   counters.text,    counters.array,   counters.object};
  profile.finite = counters.finite() - counters.beyond;
  profile.redacted = summary.redacted();
  take_numbers(profile, summary);
  take_categories(profile, summary);
  if (summary.shape() != nullptr) {
    profile.texts = summary.shape()->count();
    for (std::size_t i = 0; i < profile.lengths.size(); ++i) profile.lengths[i] = summary.shape()->lengths(i);
  }
  return profile;
}

}  // namespace weir
