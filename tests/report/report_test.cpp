// SPDX-License-Identifier: Apache-2.0
// The decision of a run: outcome of each rule, verdict, exit code, last line.
#include "report/report.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace weir {
namespace {

RecordRule rule(const std::string& id, Severity severity) {
  RecordRule rule;
  rule.info.id = id;
  rule.info.severity = severity;
  return rule;
}

/// A plan of three rules: `decode`, one of severity error, one of severity warn.
Plan plan() {
  Plan plan;
  plan.rules.push_back(rule("decode", Severity::Error));
  plan.rules.push_back(rule("amount.max", Severity::Error));
  plan.rules.push_back(rule("email.format", Severity::Warn));
  plan.ruleset = "abc";
  return plan;
}

Outcome outcome(std::uint64_t decode, std::uint64_t error, std::uint64_t warn) {
  Outcome outcome;
  outcome.records = 10;
  outcome.rules = {{.evaluated = 10, .failed = decode, .skipped = 0},
                   {.evaluated = 9, .failed = error, .skipped = 1},
                   {.evaluated = 5, .failed = warn, .skipped = 5}};
  return outcome;
}

const std::vector<InputReport> kTenRecords = {
    {.path = "orders.ndjson", .records = 10, .bytes = 2600, .undecodable = 0}};

Report judged(const Outcome& found, const ReportOptions& options = {}) {
  return make_report(plan(), found, kTenRecords, options);
}

TEST_CASE("a run in which everything holds passes with exit code 0") {
  const Report report = judged(outcome(0, 0, 0));
  CHECK(report.verdict == Verdict::Pass);
  CHECK(report.exit_code == 0);
  CHECK(decision_line(report) == "weir: PASS exit=0 (0 error, 0 warn, 3 pass, 0 not evaluated)");
}

TEST_CASE("a failing rule of severity error is a failure with exit code 1") {
  const Report report = judged(outcome(0, 7, 1));
  CHECK(report.rules[1].outcome == Verdict::Fail);
  CHECK(report.rules[2].outcome == Verdict::Warn);
  CHECK(report.exit_code == 1);
  CHECK(decision_line(report) == "weir: FAIL exit=1 (1 error, 1 warn, 1 pass, 0 not evaluated)");
}

TEST_CASE("an undecodable record fails the built-in rule, not the run") {
  const Report report = judged(outcome(1, 0, 0));
  CHECK(report.rules[0].outcome == Verdict::Fail);
  CHECK(report.exit_code == 1);
}

TEST_CASE("a warning leaves the exit code alone unless --fail-on says otherwise") {
  CHECK(decision_line(judged(outcome(0, 0, 2))) == "weir: WARN exit=0 (0 error, 1 warn, 2 pass, 0 not evaluated)");
  CHECK(decision_line(judged(outcome(0, 0, 2), {.fail_on = FailOn::Warn})) ==
        "weir: FAIL exit=1 (0 error, 1 warn, 2 pass, 0 not evaluated)");
  CHECK(decision_line(judged(outcome(0, 0, 0), {.fail_on = FailOn::Warn})) ==
        "weir: PASS exit=0 (0 error, 0 warn, 3 pass, 0 not evaluated)");
}

TEST_CASE("with --fail-on never failing rules are told and the exit code is 0") {
  CHECK(decision_line(judged(outcome(0, 7, 0), {.fail_on = FailOn::Never})) ==
        "weir: FAIL exit=0 (1 error, 0 warn, 2 pass, 0 not evaluated)");
}

TEST_CASE("a rule that judged no record has no data, which is no failure") {
  Outcome found = outcome(0, 0, 0);
  found.rules[1] = {.evaluated = 0, .failed = 0, .skipped = 10};
  const Report report = judged(found);
  CHECK(report.rules[1].outcome == Verdict::NoData);
  CHECK(report.counts.no_data == 1);
  CHECK(report.exit_code == 0);
}

TEST_CASE("no records at all end with exit code 3 unless --allow-empty") {
  const std::vector<InputReport> empty = {{.path = "a.ndjson"}, {.path = "b.ndjson"}};
  CHECK(make_report(plan(), Outcome{}, empty, {}).exit_code == 3);
  CHECK(make_report(plan(), Outcome{}, empty, {}).verdict == Verdict::Error);
  CHECK(make_report(plan(), Outcome{}, empty, {.fail_on = FailOn::Never}).exit_code == 3);
  CHECK(make_report(plan(), Outcome{}, empty, {.allow_empty = true}).exit_code == 0);
}

TEST_CASE("an input that could not be read to its end outweighs failing rules") {
  std::vector<InputReport> inputs = kTenRecords;
  inputs.push_back({.path = "b.ndjson.gz", .records = 3, .bytes = 10, .undecodable = 0, .error = "cut short"});
  const Report report = make_report(plan(), outcome(0, 7, 0), inputs, {.allow_empty = true});
  CHECK(report.verdict == Verdict::Error);
  CHECK(decision_line(report) == "weir: ERROR exit=3 (1 error, 0 warn, 2 pass, 0 not evaluated)");
}

TEST_CASE("a rule that could not be evaluated is counted and ends with exit code 3") {
  Report report = judged(outcome(0, 0, 0));
  report.rules[1].outcome = Verdict::Error;
  report.rules[1].error = "its memory could not be read back";
  conclude(report, {});
  CHECK(decision_line(report) == "weir: ERROR exit=3 (0 error, 0 warn, 2 pass, 1 not evaluated)");
}

TEST_CASE("rules that this version only reads are counted as not evaluated and break nothing") {
  Plan with_windows = plan();
  with_windows.not_judged = 4;
  const Report report = make_report(with_windows, outcome(0, 0, 0), kTenRecords, {});
  CHECK(decision_line(report) == "weir: PASS exit=0 (0 error, 0 warn, 3 pass, 4 not evaluated)");
}

TEST_CASE("samples go to their rules in the order in which they came") {
  Outcome found = outcome(0, 2, 1);
  found.samples = {{.rule = 1, .input = 0, .line = 3, .offset = 0, .value = "a", .reason = ""},
                   {.rule = 2, .input = 0, .line = 4, .offset = 0, .value = "b", .reason = ""},
                   {.rule = 1, .input = 0, .line = 9, .offset = 0, .value = "c", .reason = ""}};
  const Report report = judged(found);
  REQUIRE(report.rules[1].samples.size() == 2);
  CHECK(report.rules[1].samples[0].line == 3);
  CHECK(report.rules[1].samples[1].line == 9);
  REQUIRE(report.rules[2].samples.size() == 1);
  CHECK(report.rules[0].samples.empty());
}

TEST_CASE("report formats are found by name") {
  for (const std::string_view name : report_format_names()) {
    REQUIRE(find_report_format(name) != nullptr);
    CHECK(find_report_format(name)->name == name);
  }
  CHECK(find_report_format("pdf") == nullptr);
}

}  // namespace
}  // namespace weir
