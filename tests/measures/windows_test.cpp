// SPDX-License-Identifier: Apache-2.0
// Measures that look at more than the values of a field: records, rules, times, schemas and the windows before.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "measures/registry.h"
#include "measures/written_field.h"
#include "summary/schema_summary.h"
#include "testing/slow_statistics.h"

namespace weir::testing {
namespace {

Measured measure(std::string_view name, const MeasureInput& input) {
  return measure_named(name).compute(input);
}

Instant at(std::string_view time) {
  return *parse_timestamp(time);
}

TEST_CASE("records, rates of rules and conditions, and the score are counted exactly") {
  for (const std::uint64_t known : {0U, 1U, 3U, 1000U}) {
    for (const std::uint64_t hits : {0U, 1U, 3U, 1000U}) {
      if (hits > known) continue;
      SlowWindow window;
      window.rows = known;
      window.known = known;
      window.hits = hits;
      window.start = 0;
      window.end = 60;
      MeasureInput input;
      input.rows = known;
      input.tally = {.known = known, .hits = hits};
      input.has_span = true;
      input.end = Instant(std::chrono::minutes(1));
      for (const std::string_view name :
           {"row_count", "throughput", "fail_count", "fail_rate", "pass_rate", "count", "rate", "score"}) {
        INFO(name << " of " << hits << " of " << known);
        CHECK(difference(slow_measure(name, window), measure(name, input), 1e-15, 0) == "");
      }
    }
  }
}

TEST_CASE("a window without length has no throughput") {
  MeasureInput input;
  input.rows = 5;
  CHECK(measure("throughput", input) == Measured::no_data("the window has no length"));
  input.has_span = true;
  CHECK(measure("throughput", input) == Measured::no_data("the window has no length"));
}

class Times {
 public:
  explicit Times(const std::vector<std::string>& written, std::span<const Instant> arrival) : field_(written) {
    SummarySpec spec;
    spec.parts = Part::Extremes | Part::Delay;
    spec.instants = true;
    summary_.emplace(field_.summary(spec, arrival));
    input_.field = &*summary_;
    input_.has_span = true;
    input_.start = at("2026-01-01T12:00:00Z");
    input_.end = at("2026-01-01T12:10:00Z");
  }
  MeasureInput& input() { return input_; }
  [[nodiscard]] const WrittenField& field() const { return field_; }

 private:
  WrittenField field_;
  std::optional<FieldSummary> summary_;
  MeasureInput input_;
};

TEST_CASE("freshness and delay are measured to the microsecond") {
  const std::vector<Instant> arrival = {at("2026-01-01T12:05:00Z"), at("2026-01-01T12:05:01.5Z"),
                                        at("2026-01-01T12:06:00Z"), at("2026-01-01T12:06:00Z")};
  Times times({"\"2026-01-01T12:04:59Z\"", "\"2026-01-01T12:05:01.25Z\"", "null", "\"none\""}, arrival);
  SlowWindow window;
  window.field = times.field().slow();
  window.end = *slow_time("2026-01-01T12:10:00Z");
  for (const char* text : {"2026-01-01T12:05:00Z", "2026-01-01T12:05:01.5Z", "2026-01-01T12:06:00Z"})
    window.arrivals.push_back(*slow_time(text));
  window.arrivals.push_back(window.arrivals.back());
  CHECK(difference(slow_measure("freshness", window), measure("freshness", times.input()), 1e-12, 0) == "");
  CHECK(difference(slow_measure("delay", window), measure("delay", times.input()), 1e-12, 0) == "");
  CHECK(show(measure("freshness", times.input())) == "4m58.75s");
  CHECK(show(measure("delay", times.input())) == "625ms");
}

TEST_CASE("without a value freshness is told by the newest one known, or is at least the length of the window") {
  Times times({"null", ""}, std::vector<Instant>(2));
  MeasureInput& input = times.input();
  const Measured unknown = measure("freshness", input);
  CHECK(show(unknown) == "10m");
  CHECK_FALSE(unknown.exact);
  CHECK(unknown.low == 600);
  CHECK(unknown.high > 3e10);
  input.newest_before = at("2026-01-01T11:50:00Z");
  CHECK(measure("freshness", input) == Measured::of(*parse_duration("20m")));
  input.newest_before.reset();
  input.has_span = false;
  CHECK(measure("freshness", input) == Measured::no_data("no times"));
  CHECK(measure("delay", input) == Measured::no_data("no times"));
}

TEST_CASE("a newest value after the end of the window is less than fresh") {
  Times times({"\"2026-01-01T12:11:00Z\""}, std::vector<Instant>{at("2026-01-01T12:10:30Z")});
  CHECK(show(measure("freshness", times.input())) == "-1m");
  CHECK(show(measure("delay", times.input())) == "-30s");
}

/// Records as a decoder notes their fields.
struct Schema {
  std::deque<SlowJson> records;
  SchemaSummary summary;
  SlowWindow window;

  explicit Schema(const std::vector<std::string>& written) {
    for (const std::string& text : written) {
      const SlowJson& record = records.emplace_back(*slow_parse(text));
      summary.add_records();
      std::uint32_t position = 0;
      for (std::size_t i = 0; i < record.keys.size(); ++i) {
        constexpr Kind kKinds[] = {Kind::Null, Kind::Boolean, Kind::Decimal, Kind::Text, Kind::Array, Kind::Object};
        summary.add(record.keys[i], position++, kKinds[static_cast<std::size_t>(record.items[i].type)]);
      }
      window.records.push_back(&record);
    }
  }
  [[nodiscard]] MeasureInput input() const {
    MeasureInput out;
    out.schema = &summary;
    return out;
  }
};

TEST_CASE("the schema lists the fields seen in the order of their places, with every type that they had") {
  const Schema schema({R"({"id":1,"name":"x","tags":[]})", R"({"name":null,"id":"7","extra":{},"never":null})",
                       R"({"flag":true,"id":2.5})", "{}"});
  CHECK(show(measure("schema", schema.input())) ==
        "[flag: boolean, id: number|string, name: string, extra: object, tags: array, never: null]");
  CHECK(difference(slow_measure("schema", schema.window), measure("schema", schema.input()), 0, 0) == "");
  CHECK(measure("column_count", schema.input()) == Measured::of(std::int64_t{6}));
  CHECK(difference(slow_measure("column_count", schema.window), measure("column_count", schema.input()), 0, 0) == "");
}

TEST_CASE("a window without records has no schema, and one of more names than are kept says so") {
  const Schema none({});
  CHECK(measure("schema", none.input()).kind == Measured::Kind::NoData);
  CHECK(measure("column_count", none.input()).kind == Measured::Kind::NoData);
  CHECK(show(measure("schema", Schema({"{}", "7"}).input())) == "[]");
  std::string wide = "{";
  for (int i = 0; i < 1500; ++i) wide += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  const Schema many({wide + "}"});
  const Measured columns = measure("column_count", many.input());
  CHECK_FALSE(columns.exact);
  CHECK(columns.low <= 1500);
  CHECK(columns.high >= 1500);
  const Measured schema = measure("schema", many.input());
  CHECK_FALSE(schema.exact);
  CHECK(schema.error == "only 1024 names of fields are kept");
}

void check_past(std::string_view name, double now, const std::vector<double>& past,
                const std::vector<double>& season = {}) {
  const Measured inner = Measured::of(now);
  MeasureInput input;
  input.inner = &inner;
  input.past = past;
  input.season = season;
  INFO(name << " of " << now << " after " << past.size());
  SlowMeasured slow;
  slow.number = slow_measure_of_past(name, now, past, season);
  // The slow forecast loses digits far from zero, where the product counts from the first value.
  CHECK(difference(slow, measure(name, input), name == "forecast" ? 1e-10 : 1e-12, 1) == "");
}

TEST_CASE("a measure against its past is what its definition says") {
  const std::vector<std::vector<double>> pasts = {{},
                                                  {5},
                                                  {0},
                                                  {0, 0, 0},
                                                  {5, 5, 5},
                                                  {1, 2, 3},
                                                  {-1, 0, 1},
                                                  {0.1, 0.1, 0.1},
                                                  {3, 1, 4, 1, 5, 9, 2, 6},
                                                  {-4, -2},
                                                  {1e9, 1e9 + 1, 1e9 - 1}};
  for (const std::vector<double>& past : pasts) {
    for (const double now : {0.0, 5.0, 0.1, -3.5, 1e9}) {
      check_past("change", now, past);
      check_past("past", now, past);
      check_past("z_score", now, past);
      check_past("forecast", now, past);
      check_past("forecast", now, past, {7});
      check_past("forecast", now, past, {7, 8});
      check_past("forecast", now, past, {2, 2, 2, 9});
    }
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 100; ++i) {
    std::vector<double> past(random() % 50);
    for (double& value : past) value = static_cast<double>(random() % 1000) / 7;
    std::vector<double> season(random() % 5);
    for (double& value : season) value = static_cast<double>(random() % 1000) / 7;
    for (const std::string_view name : {"change", "past", "z_score"}) check_past(name, 50, past);
    check_past("forecast", 50, past, season);
  }
}

TEST_CASE("a straight line is forecast to its next point, a constant to itself") {
  for (const std::vector<double>& past : {std::vector<double>{1, 3, 5, 7, 9}, {10, 8, 6}, {4, 4, 4, 4}}) {
    const Measured inner = Measured::of(0.0);
    MeasureInput input;
    input.inner = &inner;
    input.past = past;
    CHECK(std::abs(measure("forecast", input).number - (2 * past.back() - past[past.size() - 2])) < 1e-12);
  }
}

namespace {

/// A change names the baseline that it was computed from.
Measured changed(Measured value, std::string from) {
  value.text = std::move(from);
  return value;
}

}  // namespace

TEST_CASE("what is measured by a time is a time again, and what has no value has none in relation either") {
  const Measured inner = Measured::of(*parse_duration("10m"));
  const std::vector<double> past = {300, 300, 300};
  MeasureInput input;
  input.inner = &inner;
  input.past = past;
  CHECK(measure("past", input) == Measured::of(*parse_duration("5m")));
  CHECK(measure("forecast", input) == Measured::of(*parse_duration("5m")));
  CHECK(measure("change", input) == changed(Measured::of(1.0), "from 5m"));
  CHECK(measure("other", input) == inner);

  const Measured nothing = Measured::no_data("no values");
  const Measured fault = Measured::fault("broken");
  for (const std::string_view name : {"change", "z_score", "forecast", "other", "fingerprint"}) {
    INFO(name);
    input.inner = &nothing;
    CHECK(measure(name, input) == nothing);
    input.inner = &fault;
    CHECK(measure(name, input) == fault);
    input.inner = nullptr;
    CHECK(measure(name, input).kind == Measured::Kind::NoData);
  }
}

TEST_CASE("a sketch's interval goes through to the change and the z-score") {
  const Measured inner = Measured::within(110, 100, 120, "about");
  const std::vector<double> past = {90, 100, 110};
  MeasureInput input;
  input.inner = &inner;
  input.past = past;
  CHECK(measure("change", input) == changed(Measured::within(0.1, 0.0, 0.2, "about"), "from 100"));
  CHECK(measure("z_score", input) == Measured::within(1, 0, 2, "about"));
  const std::vector<double> negative = {-100};
  input.past = negative;
  CHECK(measure("change", input) == changed(Measured::within(-2.1, -2.2, -2, "about"), "from -100"));
}

TEST_CASE("values that are not finite leave no number behind") {
  const Measured inner = Measured::of(std::numeric_limits<double>::infinity());
  const std::vector<double> past = {1, 2, 3};
  MeasureInput input;
  input.inner = &inner;
  input.past = past;
  CHECK(measure("change", input).kind == Measured::Kind::NoData);
  CHECK(measure("z_score", input).kind == Measured::Kind::NoData);
}

TEST_CASE("equal lists have one fingerprint in any order, other lists another") {
  const auto print = [](const std::vector<std::string>& items, bool numbers = false) {
    Measured inner;
    inner.kind = Measured::Kind::Values;
    for (const std::string& item : items) inner.values.push_back({.is_number = numbers, .text = item});
    MeasureInput input;
    input.inner = &inner;
    return measure("fingerprint", input).integer;
  };
  CHECK(print({"a", "b"}) == print({"b", "a"}));
  CHECK(print({"a", "b"}) != print({"ab"}));
  CHECK(print({"a", "b"}) != print({"a"}));
  CHECK(print({"1"}) != print({"1"}, true));
  CHECK(print({}) != print({""}));
  CHECK(print({"a"}) < (std::int64_t{1} << 53));
}

TEST_CASE("every measure but the distances from a reference is computed") {
  for (const MeasureSpec& spec : measure_specs()) {
    INFO(spec.name);
    CHECK((spec.compute == nullptr) == (spec.source == MeasureSource::Drift));
  }
}

TEST_CASE("an empty window has counts of nothing, and no data for the rest") {
  SummarySpec spec;
  spec.parts = Part::Moments | Part::HighMoments | Part::Extremes | Part::Histogram | Part::Quantiles | Part::Distinct |
               Part::Values | Part::Shape | Part::Repeats | Part::Delay;
  spec.edges = std::make_shared<const std::vector<double>>(std::vector<double>{0, 1});
  const FieldSummary field(spec);
  const JointSummary joint(JointSpec{.column_a = 0, .column_b = 1, .pairs = true});
  const SchemaSummary schema;
  const std::vector<double> numbers = {0, 1};
  MeasureInput input;
  input.field = &field;
  input.second = &field;
  input.joint = &joint;
  input.schema = &schema;
  input.numbers = numbers;
  input.text = "number";
  input.has_span = true;
  input.end = Instant(std::chrono::minutes(1));
  for (const MeasureSpec& measured : measure_specs()) {
    if (measured.compute == nullptr) continue;
    INFO(measured.name);
    const Measured found = measured.compute(input);
    const bool counted = measured.name == "row_count" || measured.name == "throughput" ||
                         measured.name == "null_count" || measured.name == "fail_count" || measured.name == "count" ||
                         measured.name == "distinct" || measured.name == "duplicate_count";
    if (measured.name == "freshness") {
      CHECK(show(found) == "1m");
    } else if (counted) {
      CHECK(found.as_number() == 0.0);
    } else {
      CHECK(found.kind == Measured::Kind::NoData);
      CHECK_FALSE(found.text.empty());
    }
  }
}

}  // namespace
}  // namespace weir::testing
