// SPDX-License-Identifier: Apache-2.0
#include "suggest/advise_numbers.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "suggest/words.h"

namespace weir {

namespace {

constexpr std::uint64_t kEnough = 100;

struct Spread {
  double low = 0;
  double high = 0;
  double q01 = 0;
  double median = 0;
  double q99 = 0;
};

Spread spread_of(const FieldProfile& field) {
  const QuantileSketch& sketch = *field.summary.quantiles();
  return {.low = sketch.min().value_or(0),
          .high = sketch.max().value_or(0),
          .q01 = sketch.quantile(0.01).value_or(0),
          .median = sketch.quantile(0.5).value_or(0),
          .q99 = sketch.quantile(0.99).value_or(0)};
}

std::string range_in_words(const Spread& spread, std::uint64_t n) {
  return with_commas(n) + " values from " + plain_number(spread.low) + " to " + plain_number(spread.high);
}

void add(std::vector<Suggestion>& rules, std::string_view key, double bound, std::string evidence) {
  rules.push_back({.key = std::string(key), .value = plain_number(bound), .evidence = std::move(evidence), .id = {}});
}

/// Ratings, hours, small codes: few whole numbers, and the ends are no rarer than their neighbours.
bool ends_sharply(const FieldProfile& field) {
  const ValueCounts& counts = *field.summary.values();
  if (!counts.exact() || field.summary.counters().fraction > 0) return false;
  std::vector<std::pair<double, std::uint64_t>> sorted;
  for (const auto& entry : counts.entries()) sorted.emplace_back(std::strtod(entry.text.c_str(), nullptr), entry.count);
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  constexpr std::uint64_t kOften = 10;
  const auto sharp = [&](std::size_t end, std::size_t beside) {
    return sorted[end].second >= kOften && 2 * sorted[end].second >= sorted[beside].second;
  };
  return n >= 2 && n <= 400 && sharp(0, 1) && sharp(n - 1, n - 2);
}

/// Shares and percentages: the values fill [0, 1], [-1, 1] or [0, 100] up to the end.
bool fills(const Spread& spread, double low, double high) {
  const double width = high - low;
  return spread.low >= low && spread.high <= high && spread.q99 >= high - 0.1 * width &&
         spread.q01 <= low + 0.1 * width;
}

void suggest_digits(const FieldProfile& field, std::vector<Suggestion>& rules) {
  const Counters& c = field.summary.counters();
  if (c.fraction < kEnough || field.endless_digits || field.digits == 0 || field.digits > 4) return;
  rules.push_back({.key = "scale",
                   .value = std::to_string(field.digits),
                   .evidence = "no more digits behind the point in " + with_commas(c.finite()) + " values",
                   .id = {}});
}

}  // namespace

bool grows(const FieldProfile& field) {
  return field.steps >= 30 && static_cast<double>(field.rises) >= 0.9 * static_cast<double>(field.steps) &&
         field.summary.moments()->min() != field.summary.moments()->max();
}

bool has_heavy_tail(const FieldProfile& field) {
  const Spread s = spread_of(field);
  // The largest of ten thousand lies 1.6 times as far out as the 99th percentile for a normal distribution, 2 times for an
  // exponential one, 4 times for a log-normal of deviation 1, ten times for a Pareto with variance.
  constexpr double kFar = 6;
  const auto far = [](double end, double near_end, double median) {
    const double reach = std::abs(near_end - median);
    return std::abs(end - median) > kFar * reach;
  };
  return far(s.high, s.q99, s.median) || far(s.low, s.q01, s.median);
}

void suggest_bounds(const FieldProfile& field, bool is_key, std::vector<Suggestion>& rules) {
  const std::uint64_t n = field.summary.counters().finite();
  if (n < kEnough) return;
  const Spread s = spread_of(field);
  const std::string range = range_in_words(s, n);
  if (is_key || grows(field)) {
    if (s.low >= 0) add(rules, "min", 0, range + "; they grow or name things, so nothing is said of the largest");
    return;
  }
  suggest_digits(field, rules);
  if (ends_sharply(field)) {
    add(rules, "min", s.low, range + ", and both ends came often");
    add(rules, "max", s.high, "likewise");
    return;
  }
  constexpr std::pair<double, double> kUsual[] = {{0, 1}, {-1, 1}, {0, 100}};
  for (const auto& [low, high] : kUsual) {
    if (!fills(s, low, high)) continue;
    add(rules, "min", low, range + ", and they fill it");
    add(rules, "max", high, "likewise");
    return;
  }
  if (has_heavy_tail(field)) {
    if (s.low >= 0) add(rules, "min", 0, range + "; the tail is too long for a largest");
    return;
  }
  const double reach_down = 2 * (s.median - s.low);
  const double reach_up = 2 * (s.high - s.median);
  double low = nice_below(s.low - reach_down);
  if (s.low >= 0) low = std::max(low, 0.0);
  add(rules, "min", low, range);
  if (reach_up > 0)
    add(rules, "max", nice_above(s.high + reach_up), "the largest and twice its distance from the median");
}

}  // namespace weir
