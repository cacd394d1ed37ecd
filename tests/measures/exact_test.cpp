// SPDX-License-Identifier: Apache-2.0
// Every measure of fields against the slow measures, where the summaries are exact: few values of every kind and shape, all at
// once and in merged pieces.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "measures/registry.h"
#include "measures/written_field.h"

namespace weir::testing {
namespace {

using Written = std::vector<std::string>;

constexpr double kExact = 1e-12;

constexpr Parts kAllParts = Part::Moments | Part::HighMoments | Part::Extremes | Part::Histogram | Part::Quantiles |
                            Part::Distinct | Part::Values | Part::Shape | Part::Repeats;

struct Call {
  std::string_view name;
  std::vector<double> numbers = {};
  std::string text = {};
};

// The bounds that the histograms below are asked for.
const std::vector<double> kEdges = {-10, 0, 0, 1, 2.5, 100};

const std::vector<Call> kCalls = {
    {"null_count"},
    {"null_rate"},
    {"absent_rate"},
    {"missing_rate"},
    {"distinct"},
    {"distinct_rate"},
    {"unique_rate"},
    {"duplicate_count"},
    {"duplicate_rate"},
    {"min"},
    {"max"},
    {"sum"},
    {"mean"},
    {"median"},
    {"quantile", {0}},
    {"quantile", {0.01}},
    {"quantile", {0.25}},
    {"quantile", {0.99}},
    {"quantile", {1}},
    {"stddev"},
    {"variance"},
    {"skewness"},
    {"kurtosis"},
    {"range"},
    {"iqr"},
    {"entropy"},
    {"top"},
    {"top", {3}},
    {"values"},
    {"modes"},
    {"min_length"},
    {"max_length"},
    {"mean_length"},
    {"zero_rate"},
    {"negative_rate"},
    {"type_rate", {}, "string"},
    {"type_rate", {}, "integer"},
    {"type_rate", {}, "number"},
    {"type_rate", {}, "decimal"},
    {"type_rate", {}, "boolean"},
    {"type_rate", {}, "array"},
    {"type_rate", {}, "object"},
    {"histogram", {-10, 0}},
    {"histogram", {0, 2.5}},
    {"histogram", {1, 100}},
};

const std::vector<Call> kJointCalls = {{"correlation"}, {"covariance"}, {"mutual_information"}, {"sum_ratio"}};

// What "near zero" is beside: the largest number that takes part, or one.
double scale_of(const WrittenField& field) {
  double scale = 1;
  for (const SlowJson* value : field.slow()) {
    if (value == nullptr || value->type != SlowJson::Type::Number) continue;
    const double number = std::abs(std::strtod(value->text.c_str(), nullptr));
    if (std::isfinite(number)) scale = std::max(scale, number);
  }
  return scale;
}

void check(const Call& call, const SlowWindow& window, MeasureInput input, double scale) {
  SlowWindow slow = window;
  slow.numbers = call.numbers;
  slow.text = call.text;
  input.numbers = call.numbers;
  input.text = call.text;
  const Measured found = measure_named(call.name).compute(input);
  INFO(call.name << " " << (call.numbers.empty() ? 0 : call.numbers[0]) << " " << call.text);
  CHECK(difference(slow_measure(call.name, slow), found, kExact, scale) == "");
  CHECK(found.exact);
}

void check_field(const Written& written, FieldType declared = FieldType::Any) {
  const WrittenField field(written);
  SlowWindow window;
  window.field = field.slow();
  window.declared = declared == FieldType::String ? "string" : declared == FieldType::Timestamp ? "timestamp" : "";
  SummarySpec spec;
  spec.parts = kAllParts;
  spec.declared = declared;
  spec.edges = std::make_shared<const std::vector<double>>(kEdges);
  const double scale = scale_of(field);
  for (const std::size_t pieces : {std::size_t{1}, std::size_t{3}}) {
    const FieldSummary summary = field.summary(spec, {}, pieces);
    MeasureInput input;
    input.field = &summary;
    for (const Call& call : kCalls) {
      const bool squared = call.name == "variance";
      check(call, window, input, squared ? scale * scale : scale);
    }
  }
}

void check_fields(const Written& first, const Written& second) {
  const WrittenField a(first);
  const WrittenField b(second);
  SlowWindow window;
  window.field = a.slow();
  window.second = b.slow();
  SummarySpec spec;
  spec.parts = Part::Moments;
  const FieldSummary of_a = a.summary(spec);
  const FieldSummary of_b = b.summary(spec);
  for (const std::size_t pieces : {std::size_t{1}, std::size_t{3}}) {
    const JointSummary joint = joint_summary(a, b, pieces);
    MeasureInput input;
    input.field = &of_a;
    input.second = &of_b;
    input.joint = &joint;
    for (const Call& call : kJointCalls) {
      check(call, window, input, call.name == "covariance" ? scale_of(a) * scale_of(b) : 1);
    }
  }
}

Written numbers(const std::vector<double>& values) {
  Written out;
  for (const double value : values) out.push_back(written(value));
  return out;
}

// 150 numbers: below the 200 that quantiles keep as they are.
std::vector<double> heavy_tailed(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(1e-3, 1);
  std::vector<double> out(150);
  for (double& value : out) value = std::round(std::pow(uniform(random), -2) * 1000) / 1000;
  return out;
}

TEST_CASE("measures of few values are exact: none, one, two, three") {
  check_field({});
  check_field({""});
  check_field({"null"});
  check_field({"", "null"});
  check_field({"5"});
  check_field({"-1.5"});
  check_field({"\"text\""});
  check_field({"true"});
  check_field({"1", "2"});
  check_field({"1", "2", "3", "4"});
  check_field({"0", "-0", "0.0"});
  check_field({"2", "2.0", "2e0", "\"2\""});
}

TEST_CASE("measures of sorted, reversed, constant, alternating and heavy-tailed numbers are exact") {
  std::vector<double> tail = heavy_tailed(1);
  check_field(numbers(tail));
  std::sort(tail.begin(), tail.end());
  check_field(numbers(tail));
  std::reverse(tail.begin(), tail.end());
  check_field(numbers(tail));
  check_field(Written(150, "7.25"));
  Written alternating;
  for (int i = 0; i < 150; ++i) alternating.emplace_back(i % 2 == 0 ? "-1" : "1");
  check_field(alternating);
}

TEST_CASE("a spread far from zero keeps its digits") {
  Written far;
  for (int i = 0; i < 150; ++i) far.push_back("1000000000" + std::to_string(i % 10) + ".5");
  const WrittenField field(far);
  SlowWindow window;
  window.field = field.slow();
  SummarySpec spec;
  spec.parts = kAllParts;
  spec.edges = std::make_shared<const std::vector<double>>(kEdges);
  const FieldSummary summary = field.summary(spec, {}, 7);
  MeasureInput input;
  input.field = &summary;
  for (const std::string_view name : {"mean", "variance", "stddev"}) check({name}, window, input, 0);
}

TEST_CASE("the smallest and the largest value are told to their last digit") {
  const WrittenField field({"9007199254740993", "9007199254740992", "0.1000000000000000055511151231257827", "-1e400"});
  SummarySpec spec;
  spec.parts = Part::Extremes;
  const FieldSummary summary = field.summary(spec);
  MeasureInput input;
  input.field = &summary;
  CHECK(measure_named("max").compute(input) == Measured::of(std::int64_t{9007199254740993}));
  const Measured smallest = measure_named("min").compute(input);
  CHECK(smallest.kind == Measured::Kind::Exact);
  CHECK(show(smallest).starts_with("-1"));

  const WrittenField cents({"0.1", "0.3"});
  const FieldSummary of_cents = cents.summary(spec);
  input.field = &of_cents;
  CHECK(show(measure_named("range").compute(input)) == "0.2");
  const WrittenField wide({"-9223372036854775807", "9223372036854775807"});
  const FieldSummary of_wide = wide.summary(spec);
  input.field = &of_wide;
  CHECK(measure_named("range").compute(input).as_number() == 18446744073709551614.0);
}

TEST_CASE("texts are compared where the field is declared as one or holds no number, times where it is declared so") {
  check_field({"\"b\"", "\"a\"", "\"äé\"", "\"\"", "null"});
  check_field({"\"b\"", "5", "\"a\"", "7"}, FieldType::String);
  check_field({"\"2026-01-02T00:00:00Z\"", "\"2026-01-01T12:30:00.25Z\"", "\"2026-01-01\"", "\"no time\"", "null"},
              FieldType::Timestamp);
  check_field({"\"no time\""}, FieldType::Timestamp);
}

TEST_CASE("NaN and infinities are numbers that take part in no sum") {
  check_field({"1", "NaN", "Infinity", "-Infinity", "-3", "null"});
  check_field({"NaN"});
  check_field({"Infinity", "-Infinity"});
}

TEST_CASE("a number that no double holds leaves open what sums and quantiles are") {
  const WrittenField field({"1", "2", "1e400"});
  SummarySpec spec;
  spec.parts = kAllParts;
  spec.edges = std::make_shared<const std::vector<double>>(kEdges);
  const FieldSummary summary = field.summary(spec);
  MeasureInput input;
  input.field = &summary;
  for (const std::string_view name : {"sum", "mean", "variance", "stddev", "median", "iqr"}) {
    INFO(name);
    const Measured found = measure_named(name).compute(input);
    CHECK_FALSE(found.exact);
    CHECK(found.low <= 0);
    CHECK(std::isinf(found.high));
    CHECK(found.error == "1 of the numbers are beyond 1.8e308");
  }
  CHECK(measure_named("zero_rate").compute(input) == Measured::of(0.0));
}

TEST_CASE("numbers whose squares no double holds leave open how they spread") {
  const WrittenField field({"1e300", "-1e300", "1.5e300", "1e308", "1.7e308"});
  SummarySpec spec;
  spec.parts = kAllParts;
  spec.edges = std::make_shared<const std::vector<double>>(kEdges);
  const FieldSummary summary = field.summary(spec);
  const JointSummary joint = joint_summary(field, field);
  MeasureInput input;
  input.field = &summary;
  input.second = &summary;
  input.joint = &joint;
  for (const std::string_view name :
       {"sum", "mean", "variance", "stddev", "skewness", "kurtosis", "covariance", "correlation", "sum_ratio"}) {
    INFO(name);
    const Measured found = measure_named(name).compute(input);
    CHECK(std::isfinite(found.number));
    CHECK_FALSE(found.exact);
    CHECK(std::isinf(found.high));
    CHECK(found.error == "the numbers are too large to be added up");
  }
  CHECK(measure_named("median").compute(input) == Measured::of(1.5e300));
  CHECK(measure_named("max").compute(input).as_number() == 1.7e308);
}

TEST_CASE("measures of few values of any kind are exact") {
  constexpr std::string_view kValues[] = {"",        "null",    "0",     "1",     "-2",    "0.5",
                                          "2.5",     "1e2",     "100",   "99.99", "\"a\"", "\"bé\"",
                                          "\"\"",    "true",    "false", "[1,2]", "{}",    "-10",
                                          "-10.001", "\"0.5\"", "3",     "-0",    "1e-3",  "12345678901234567890"};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Written a(random() % 40);
    for (std::string& value : a) value = kValues[random() % std::size(kValues)];
    Written b = a;
    for (std::string& value : b) {
      if (random() % 2 == 0) value = kValues[random() % std::size(kValues)];
    }
    check_field(a);
    check_fields(a, b);
  }
}

TEST_CASE("two fields that move together, against each other, or not at all") {
  const std::vector<double> tail = heavy_tailed(2);
  std::vector<double> other = heavy_tailed(3);
  check_fields(numbers(tail), numbers(other));
  check_fields(numbers(tail), numbers(tail));
  for (std::size_t i = 0; i < other.size(); ++i) other[i] = 3 - 2 * tail[i];
  check_fields(numbers(tail), numbers(other));
  check_fields(numbers(tail), Written(tail.size(), "4"));
  check_fields({}, {});
  check_fields({"1"}, {"2"});
  check_fields({"1", "null", "3"}, {"null", "2", ""});
}

TEST_CASE("what a redacted field holds is told by no measure") {
  const WrittenField field({"\"secret\"", "\"other\""});
  SummarySpec spec;
  spec.parts = kAllParts;
  spec.redacted = true;
  spec.edges = std::make_shared<const std::vector<double>>(kEdges);
  const FieldSummary summary = field.summary(spec);
  MeasureInput input;
  input.field = &summary;
  for (const std::string_view name : {"min", "max", "top", "values"}) {
    INFO(name);
    const Measured found = measure_named(name).compute(input);
    CHECK(found.kind == Measured::Kind::Error);
    CHECK(found.values.empty());
    CHECK(found.text.starts_with("the field is redacted"));
  }
  CHECK(measure_named("distinct").compute(input) == Measured::of(std::int64_t{2}));
  CHECK(measure_named("entropy").compute(input) == Measured::of(1.0));
}

}  // namespace
}  // namespace weir::testing
