// SPDX-License-Identifier: Apache-2.0
// Window rules in reports: the outcome of an entry, its evidence, its words, its JSON.
#include "report/windows.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "report/reports.h"
#include "report/words.h"

namespace weir::testing {
namespace {

Verdict outcome_of(WindowCounts counts, Severity severity = Severity::Error) {
  Plan plan = window_plan();
  plan.window_rules[0].info.severity = severity;
  Outcome outcome;
  outcome.rules.resize(1);
  outcome.windows.rules = {counts};
  return make_report(plan, outcome, {{.path = "a", .records = 1}}, {}).rules[1].outcome;
}

std::string json_of(const Measured& value) {
  JsonWriter json;
  write_measured(json, value);
  return json.take();
}

const JsonValue& at(const JsonValue& object, std::string_view key) {
  const JsonValue* found = object.find(key);
  REQUIRE(found != nullptr);
  return *found;
}

std::string keys(const JsonValue& object) {
  std::string names;
  for (const auto& [key, value] : object.members) names += (names.empty() ? "" : " ") + key;
  return names;
}

JsonValue entry(const Report& report, std::size_t rule) {
  const Result<JsonValue> parsed = parse_json(write_json(report, {}));
  REQUIRE(parsed.ok());
  return at(*parsed, "rules").items.at(rule);
}

TEST_CASE("a window rule comes to the gravest of what its windows came to") {
  CHECK(outcome_of({.evaluated = 9, .failed = 3, .warned = 1, .errors = 1}) == Verdict::Error);
  CHECK(outcome_of({.evaluated = 9, .failed = 3, .warned = 2}) == Verdict::Fail);
  CHECK(outcome_of({.evaluated = 9, .failed = 3, .warned = 2}, Severity::Warn) == Verdict::Warn);
  CHECK(outcome_of({.evaluated = 9, .failed = 2, .warned = 2, .no_data = 1}) == Verdict::Warn);
  CHECK(outcome_of({.evaluated = 9, .no_data = 1, .inconclusive = 8}) == Verdict::Pass);
  CHECK(outcome_of({.evaluated = 8, .no_data = 1, .inconclusive = 8}) == Verdict::Inconclusive);
  CHECK(outcome_of({.no_data = 4}) == Verdict::NoData);
  CHECK(outcome_of({}) == Verdict::NoData);
}

TEST_CASE("windows that fail decide the run, windows without data and without certainty do not") {
  const auto exit_of = [](WindowCounts counts) {
    Outcome outcome;
    outcome.rules.resize(1);
    outcome.windows.rules = {counts};
    return make_report(window_plan(), outcome, {{.path = "a", .records = 1}}, {}).exit_code;
  };
  CHECK(exit_of({.evaluated = 2, .failed = 1}) == 1);
  CHECK(exit_of({.evaluated = 2, .failed = 1, .warned = 1}) == 0);
  CHECK(exit_of({.no_data = 2}) == 0);
  CHECK(exit_of({.evaluated = 2, .inconclusive = 2}) == 0);
  CHECK(exit_of({.evaluated = 2, .errors = 1}) == 3);
}

TEST_CASE("a fault of the run is no failing rule but exit code 3, and every format for people tells it") {
  Outcome outcome;
  outcome.rules.resize(1);
  const ReportOptions options{.faults = {"cannot keep panes in `/tmp`: no space left"}};
  const Report report = make_report(window_plan(), outcome, {{.path = "a", .records = 1}}, options);
  CHECK(report.exit_code == 3);
  for (const std::string_view name : report_format_names()) {
    INFO(name);
    CHECK(find_report_format(name)->write(report, {}).find("no space left") != std::string::npos);
  }
}

TEST_CASE("records of another stream are no records to judge") {
  Outcome outcome;
  outcome.rules.resize(1);
  const std::vector<InputReport> inputs = {{.path = "a"}, {.path = "b", .records = 5, .stream = "payments"}};
  CHECK(make_report(window_plan(), outcome, inputs, {}).exit_code == 3);
}

TEST_CASE("an error in one window names its cause") {
  Outcome outcome;
  outcome.rules.resize(1);
  outcome.windows.rules = {{.evaluated = 3, .errors = 1}};
  CHECK(make_report(window_plan(), outcome, {{.path = "a", .records = 1}}, {}).rules[1].error ==
        "in 1 window it could not be judged");
  outcome.windows.verdicts.push_back(
      window(0, "2026-01-31T12:03:00Z", "2026-01-31T12:04:00Z", Verdict::Error, Measured{}, ">= 100"));
  outcome.windows.verdicts.back().cause = "division by zero";
  CHECK(make_report(window_plan(), outcome, {{.path = "a", .records = 1}}, {}).rules[1].error == "division by zero");
}

TEST_CASE("a window is named by its day and its times, short where it can be") {
  const auto period = [](std::string_view start, std::string_view end) {
    return period_of(window(0, start, end, Verdict::Fail, Measured{}, ""), true);
  };
  CHECK(period("2026-01-31T12:03:00Z", "2026-01-31T12:04:00Z") == "2026-01-31 12:03–12:04Z");
  CHECK(period("2026-01-31T12:03:00Z", "2026-01-31T12:03:30Z") == "2026-01-31 12:03:00–12:03:30Z");
  CHECK(period("2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z") == "2026-01-31");
  CHECK(period("2026-01-30T23:00:00Z", "2026-01-31T23:00:00Z") == "2026-01-30 23:00–2026-01-31 23:00Z");
  CHECK(period("2026-01-31T23:59:00Z", "2026-02-01T00:00:00Z") == "2026-01-31 23:59–24:00Z");
  CHECK(period("2026-01-31T23:59:50Z", "2026-02-01T00:00:00Z") == "2026-01-31 23:59:50–24:00:00Z");
  CHECK(period("2026-01-31T12:00:00Z", "2026-02-02T00:00:00Z") == "2026-01-31 12:00–2026-02-02 00:00Z");
  CHECK(period("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:01Z") == "2026-01-31 12:00:00.5–12:00:01Z");
  CHECK(period("", "") == "whole input");
  CHECK(period_of(window(0, "", "", Verdict::Fail, Measured{}, ""), false) == "no times");
}

TEST_CASE("the place of a window names its segment, null and the rest as what they are") {
  WindowVerdict verdict = window(0, "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", Verdict::Fail, Measured{}, "");
  verdict.segment = segment("country", "DE");
  CHECK(place_of(verdict, false) == "2026-01-31  country=DE");
  verdict.segment = segment("country", std::nullopt);
  CHECK(place_of(verdict, false) == "2026-01-31  country=null");
  verdict.segment = segment("country", "", true);
  CHECK(place_of(verdict, false) == "2026-01-31  country=__other__");
  verdict.has_span = false;
  CHECK(place_of(verdict, false) == "country=__other__");
}

TEST_CASE("a measure's value is JSON with the digits that it has") {
  CHECK(json_of(Measured::of(std::int64_t{-9'007'199'254'740'993})) == "-9007199254740993");
  CHECK(json_of(Measured::of(0.042)) == "0.042");
  CHECK(json_of(Measured::of(std::numeric_limits<double>::infinity())) == "\"Infinity\"");
  CHECK(json_of(Measured::of(-std::numeric_limits<double>::infinity())) == "\"-Infinity\"");
  CHECK(json_of(Measured::of(std::numeric_limits<double>::quiet_NaN())) == "\"NaN\"");
  CHECK(json_of(Measured::of(Duration(std::chrono::milliseconds(61'500)))) == "61.5");
  CHECK(json_of(Measured::of(Duration(-1))) == "-0.000001");
  CHECK(json_of(Measured::of(Duration(std::chrono::hours(2)))) == "7200");
  CHECK(json_of(Measured::of(Duration(std::numeric_limits<std::int64_t>::min()))) == "-9223372036854.775808");
  CHECK(json_of(Measured::of(Instant(Duration(0)))) == "\"1970-01-01T00:00:00Z\"");
  CHECK(json_of(Measured::no_data("nothing to measure")) == "null");
  CHECK(json_of(Measured::fault("no")) == "null");
  Measured exact;
  exact.kind = Measured::Kind::Exact;
  exact.text = "100000000000000000000.10";
  CHECK(json_of(exact) == "100000000000000000000.10");
  exact.text = "+5";
  CHECK(json_of(exact) == "\"+5\"");
  Measured values;
  values.kind = Measured::Kind::Values;
  values.values = {{.is_number = false, .text = "DE"}, {.is_number = true, .text = "1.50"}};
  CHECK(json_of(values) == "[\"DE\",1.50]");
}

TEST_CASE("the entry of a rule over windows has their counts and its failing ones as samples") {
  const JsonValue rule = entry(windows_report(), 1);
  CHECK(keys(rule) ==
        "id kind field severity outcome evaluated failed skipped observed expected window segment where samples");
  CHECK(at(rule, "kind").text == "window");
  CHECK(at(rule, "evaluated").text == "60");
  CHECK(at(rule, "failed").text == "3");
  CHECK(at(rule, "observed").type == JsonValue::Type::Null);
  REQUIRE(at(rule, "samples").items.size() == 3);
  const JsonValue& sample = at(rule, "samples").items[0];
  CHECK(keys(sample) == "window segment outcome observed expected");
  CHECK(at(at(sample, "window"), "start").text == "2026-01-31T12:03:00Z");
  CHECK(at(at(sample, "window"), "end").text == "2026-01-31T12:04:00Z");
  CHECK(at(sample, "segment").type == JsonValue::Type::Null);
  CHECK(at(sample, "observed").text == "3");
  CHECK(at(sample, "expected").text == ">= 100");
  CHECK(at(at(rule, "samples").items[2], "windows").text == "30");
}

TEST_CASE("a run of empty windows among the evidence stands for all of its windows") {
  RuleReport rule;
  rule.counts.failed = 40;
  rule.windows.emplace();
  rule.windows->samples.resize(2);
  rule.windows->samples[0].windows = 30;
  CHECK(unshown_of(rule, 0) == 40);
  CHECK(unshown_of(rule, 1) == 10);
  CHECK(unshown_of(rule, 2) == 9);
  rule.windows->samples[0].windows = 41;
  CHECK(unshown_of(rule, 2) == 0);
}

TEST_CASE("rates are fractions in JSON, and segments name their fields") {
  const JsonValue rule = entry(windows_report(), 3);
  const JsonValue& sample = at(rule, "samples").items.at(0);
  CHECK(at(sample, "observed").text == "-0.5217");
  CHECK(at(at(sample, "segment"), "country").text == "DE");
  CHECK(at(sample, "cause").text == "row_count = 11, before 23");
  CHECK(at(at(at(rule, "samples").items.at(1), "segment"), "country").type == JsonValue::Type::Null);
  CHECK(at(at(at(entry(windows_report(), 4), "samples").items.at(0), "segment"), "country").text == "__other__");
}

TEST_CASE("a rule over the whole input shows its value on its entry, whether it holds or not") {
  const JsonValue failing = entry(windows_report(), 5);
  CHECK(at(failing, "observed").text == "812");
  CHECK(at(failing, "window").type == JsonValue::Type::Null);
  CHECK(at(at(failing, "samples").items.at(0), "window").type == JsonValue::Type::Null);
  const JsonValue holding = entry(windows_report(), 6);
  CHECK(at(holding, "observed").text == "61.5");
  CHECK(at(holding, "samples").items.empty());
  const JsonValue without = entry(windows_report(), 7);
  CHECK(at(without, "observed").type == JsonValue::Type::Null);
  CHECK(at(without, "outcome").text == "no_data");
  CHECK(at(without, "cause").text == "no value of the day before");
}

TEST_CASE("every window judged is reported when it was asked for, the evidence beside it stays short") {
  const Report report = windows_report({.all_windows = true, .samples_per_rule = 2});
  const JsonValue rule = entry(report, 1);
  CHECK(at(rule, "samples").items.size() == 2);
  CHECK(at(rule, "windows").items.size() == 3);
  CHECK(at(at(rule, "windows").items[1], "outcome").text == "warn");
  CHECK(at(entry(report, 2), "windows").items.empty());
}

TEST_CASE("a sketch's answer says within which bounds the truth lies") {
  const JsonValue sample = at(entry(windows_report(), 8), "samples").items.at(0);
  CHECK(at(sample, "outcome").text == "inconclusive");
  CHECK(at(sample, "low").text == "988");
  CHECK(at(sample, "high").text == "1020");
}

TEST_CASE("what windows leave out is said") {
  const std::string text = write_text(windows_report(), {});
  CHECK(text.find("1 record has no time that can be read") != std::string::npos);
  CHECK(text.find("2 records lie more than 5m in the future") != std::string::npos);
  CHECK(text.find("3 segments beyond `max_segments`") != std::string::npos);
  CHECK(text.find("30 windows in a row without a record") != std::string::npos);
}

TEST_CASE("the command to type next shows windows where records have nothing to show") {
  const std::string text = write_text(windows_report(), {});
  CHECK(text.find("next:  weir check orders.ndjson --other payments=payments.ndjson --rules rules/orders.yml "
                  "--windows all --report json=windows.json\n") != std::string::npos);
}

TEST_CASE("the line of a window rule counts windows, that of a rule over the whole input shows its value") {
  const std::string text = write_text(windows_report(), {.width = 120});
  CHECK(text.find("windows.1m.row_count >= 100") != std::string::npos);
  CHECK(text.find("3 of 60 windows") != std::string::npos);
  CHECK(text.find("got 812") != std::string::npos);
  CHECK(text.find("3, expected >= 100") != std::string::npos);
}

}  // namespace
}  // namespace weir::testing
