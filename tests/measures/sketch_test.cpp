// SPDX-License-Identifier: Apache-2.0
// Measures that rest on sketches: whether the truth lies within the interval that they state, in 99 of 100 runs.
//
// Of 50 runs, 4 or more miss an interval of 99 % with a probability of 0.2 %, so a day's test allows 3. The long test holds
// 1 000 runs to the promise itself: at most 10 misses.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "measures/registry.h"
#include "measures/written_field.h"
#include "testing/slow_statistics.h"

namespace weir::testing {
namespace {

struct Runs {
  std::uint64_t runs;
  std::uint64_t misses;  // allowed
};
constexpr Runs kDaily = {50, 3};
constexpr Runs kLong = {1000, 10};

enum class Shape { Sorted, Reversed, Uniform, HeavyTailed, FewValues };
constexpr Shape kShapes[] = {Shape::Sorted, Shape::Reversed, Shape::Uniform, Shape::HeavyTailed, Shape::FewValues};

/// Whole numbers, so that a column needs no text.
std::vector<std::int64_t> values_of(Shape shape, std::size_t size, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(1e-4, 1);
  std::vector<std::int64_t> out(size);
  for (std::int64_t& value : out) {
    switch (shape) {
      case Shape::HeavyTailed: value = static_cast<std::int64_t>(std::pow(uniform(random), -1.5) * 1000); break;
      case Shape::FewValues: value = static_cast<std::int64_t>(random() % 17); break;
      default: value = static_cast<std::int64_t>(random() % 1'000'000'000);
    }
  }
  if (shape == Shape::Sorted || shape == Shape::Reversed) std::sort(out.begin(), out.end());
  if (shape == Shape::Reversed) std::reverse(out.begin(), out.end());
  return out;
}

Column column_of(const std::vector<std::int64_t>& values) {
  Column column;
  for (const std::int64_t value : values) {
    column.kinds.push_back(Kind::Integer);
    Cell cell;
    cell.number = value;
    column.cells.push_back(cell);
  }
  return column;
}

/// Of the whole, or of five pieces merged.
FieldSummary summary_of(const std::vector<std::int64_t>& values, Parts parts, bool merged) {
  const Column column = column_of(values);
  std::vector<std::uint32_t> rows(values.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(i);
  SummarySpec spec;
  spec.parts = parts;
  FieldSummary out(spec);
  const std::size_t pieces = merged ? 5 : 1;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t from = rows.size() * i / pieces;
    FieldSummary piece(spec);
    piece.add(column, std::span(rows).subspan(from, rows.size() * (i + 1) / pieces - from));
    out.merge(piece);
  }
  return out;
}

/// Misses by measure.
class Misses {
 public:
  void note(const std::string& what, const Measured& found, long double truth) {
    REQUIRE(found.is_value());
    // The truth is a long double, what is found are doubles.
    const long double noise = 1e-12L * std::abs(truth);
    if (found.exact) {
      if (std::abs(truth - *found.as_number()) > noise) ++missed_[what + ", exact"];
      return;
    }
    CHECK(found.low <= *found.as_number());
    CHECK(*found.as_number() <= found.high);
    CHECK_FALSE(found.error.empty());
    ++inexact_[what];
    if (truth < found.low - noise || truth > found.high + noise) ++missed_[what];
  }
  void check(std::uint64_t allowed) const {
    for (const auto& [what, misses] : missed_) {
      INFO(what);
      CHECK(misses <= allowed);
    }
  }
  [[nodiscard]] std::uint64_t inexact(const std::string& what) const {
    const auto found = inexact_.find(what);
    return found == inexact_.end() ? 0 : found->second;
  }

 private:
  std::map<std::string, std::uint64_t> missed_;
  std::map<std::string, std::uint64_t> inexact_;
};

Measured measure(std::string_view name, const FieldSummary& summary, std::vector<double> numbers = {}) {
  MeasureInput input;
  input.field = &summary;
  input.numbers = numbers;
  return measure_named(name).compute(input);
}

void check_quantiles(Runs runs) {
  for (const Shape shape : kShapes) {
    INFO("shape " << static_cast<int>(shape));
    Misses misses;
    for (std::uint64_t seed = 0; seed < runs.runs; ++seed) {
      std::mt19937_64 random(seed * 8 + static_cast<std::uint64_t>(shape));
      const std::vector<std::int64_t> values = values_of(shape, 3000, random);
      const FieldSummary summary = summary_of(values, Part::Quantiles, seed % 2 == 1);
      SlowNumbers sorted(values.begin(), values.end());
      std::sort(sorted.begin(), sorted.end());
      for (const double q : {0.01, 0.25, 0.9, 0.99, 0.999}) {
        misses.note("quantile " + written(q), measure("quantile", summary, {q}), *slow_quantile(sorted, q));
      }
      misses.note("median", measure("median", summary), *slow_quantile(sorted, 0.5L));
      misses.note("iqr", measure("iqr", summary), *slow_quantile(sorted, 0.75L) - *slow_quantile(sorted, 0.25L));
    }
    misses.check(runs.misses);
    CHECK(misses.inexact("median") == runs.runs);
  }
}

void check_distincts(Runs runs) {
  Misses misses;
  for (std::uint64_t seed = 0; seed < runs.runs; ++seed) {
    std::mt19937_64 random(seed);
    // Some 6 000 different values of 12 000, so that both those that come once and those that come again are many.
    std::vector<std::int64_t> values(12'000);
    for (std::int64_t& value : values) value = static_cast<std::int64_t>(random() % 7'500);
    const FieldSummary summary = summary_of(values, Part::Distinct | Part::Repeats | Part::Values, seed % 2 == 1);
    std::map<std::int64_t, std::size_t> counts;
    for (const std::int64_t value : values) ++counts[value];
    const auto keys = static_cast<long double>(counts.size());
    const auto total = static_cast<long double>(values.size());
    const auto once = static_cast<long double>(
        std::count_if(counts.begin(), counts.end(), [](const auto& entry) { return entry.second == 1; }));
    misses.note("distinct", measure("distinct", summary), keys);
    misses.note("distinct_rate", measure("distinct_rate", summary), keys / total);
    misses.note("unique_rate", measure("unique_rate", summary), once / keys);
    misses.note("duplicate_count", measure("duplicate_count", summary), total - keys);
    misses.note("duplicate_rate", measure("duplicate_rate", summary), (total - keys) / total);
  }
  misses.check(runs.misses);
  for (const char* what : {"distinct", "distinct_rate", "unique_rate", "duplicate_count", "duplicate_rate"}) {
    INFO(what);
    CHECK(misses.inexact(what) == runs.runs);
  }
}

/// The bounds of entropy and mutual information hold always.
void check_information(Runs runs) {
  Misses misses;
  for (std::uint64_t seed = 0; seed < runs.runs; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<std::int64_t> a = values_of(Shape::HeavyTailed, 8000, random);
    std::vector<std::int64_t> b(a.size());
    std::map<std::int64_t, std::size_t> of_a;
    std::map<std::int64_t, std::size_t> of_b;
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> of_both;
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] /= 10;
      b[i] = (a[i] % 97) * (static_cast<std::int64_t>(random() % 300));
      ++of_a[a[i]];
      ++of_b[b[i]];
      ++of_both[{a[i], b[i]}];
    }
    const auto bits = [&](const auto& counts) {
      long double out = 0;
      for (const auto& [key, count] : counts) {
        const long double p = static_cast<long double>(count) / static_cast<long double>(a.size());
        out -= p * std::log2(p);
      }
      return out;
    };
    const FieldSummary summary = summary_of(a, Part::Values, seed % 2 == 1);
    misses.note("entropy", measure("entropy", summary), bits(of_a));
    const Column column_a = column_of(a);
    const Column column_b = column_of(b);
    std::vector<std::uint32_t> rows(a.size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(i);
    JointSummary joint(JointSpec{.column_a = 0, .column_b = 1, .pairs = true});
    joint.add(column_a, column_b, rows);
    MeasureInput input;
    input.joint = &joint;
    misses.note("mutual_information", measure_named("mutual_information").compute(input),
                bits(of_a) + bits(of_b) - bits(of_both));
  }
  misses.check(0);
  CHECK(misses.inexact("entropy") == runs.runs);
  CHECK(misses.inexact("mutual_information") == runs.runs);
}

TEST_CASE("quantiles lie within what their sketch promises") {
  check_quantiles(kDaily);
}

TEST_CASE("quantiles lie within what their sketch promises in 990 of 1 000 runs", "[long]") {
  check_quantiles(kLong);
}

TEST_CASE("counts of different and of repeated values lie within what their sketches promise") {
  check_distincts(kDaily);
}

TEST_CASE("counts of different and of repeated values lie within what is promised in 990 of 1 000 runs", "[long]") {
  check_distincts(kLong);
}

TEST_CASE("entropy and mutual information lie within their bounds in every run") {
  check_information({10, 0});
}

TEST_CASE("entropy and mutual information lie within their bounds in each of 1 000 runs", "[long]") {
  check_information(kLong);
}

TEST_CASE(
    "more different values than are kept: the list says that it is not whole, the most common ones are sure or not") {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 3000; ++i) values.push_back(i);
  for (int i = 0; i < 2000; ++i) values.push_back(7);
  const FieldSummary summary = summary_of(values, Part::Values, false);
  CHECK_FALSE(measure("values", summary).exact);
  const Measured top = measure("top", summary);
  CHECK(top.exact);
  CHECK(show(top) == "[7]");
  CHECK_FALSE(measure("top", summary, {2}).exact);
}

}  // namespace
}  // namespace weir::testing
