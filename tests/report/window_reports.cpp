// SPDX-License-Identifier: Apache-2.0
// Window rules with hand-made outcomes, through make_report as a run does it.
#include <memory>
#include <string>
#include <utility>

#include "base/timestamp.h"
#include "report/reports.h"

namespace weir::testing {

namespace {

WindowRule rule(const std::string& id, const std::string& expected, std::uint32_t block, int line,
                Severity severity = Severity::Error) {
  WindowRule rule;
  rule.info = {.id = id,
               .kind = RuleKind::Window,
               .field = "",
               .check = "window",
               .expected = expected,
               .severity = severity,
               .description = "",
               .runbook = "",
               .tags = {},
               .where = {.file = "rules/orders.yml", .line = line, .column = 9, .length = 1}};
  rule.block = block;
  return rule;
}

}  // namespace

std::shared_ptr<const Segment> segment(std::string field, std::optional<std::string> value, bool other) {
  return std::make_shared<const Segment>(Segment{.values = {{std::move(field), std::move(value)}}, .other = other});
}

WindowVerdict window(std::uint32_t rule, std::string_view start, std::string_view end, Verdict verdict,
                     Measured observed, std::string expected) {
  WindowVerdict made;
  made.rule = rule;
  made.has_span = !start.empty();
  if (made.has_span) {
    made.start = *parse_timestamp(start);
    made.end = *parse_timestamp(end);
  }
  made.verdict = verdict;
  made.observed = std::move(observed);
  made.expected = std::move(expected);
  return made;
}

Plan window_plan() {
  Plan plan;
  RecordRule decode;
  decode.info.id = "decode";
  decode.info.check = "decode";
  decode.info.expected = "a record that can be read";
  plan.rules.push_back(std::move(decode));
  plan.ruleset = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  WindowBlock& minute = plan.windows.emplace_back();
  minute.kind = WindowKind::Time;
  minute.extent = "1m";
  WindowBlock& day = plan.windows.emplace_back();
  day.kind = WindowKind::Time;
  day.extent = "1d";
  day.segment.push_back({.column = 0, .path = "country", .listed = {"DE"}});
  plan.windows.emplace_back().extent = "all";
  plan.window_rules.push_back(rule("windows.1m.row_count >= 100", ">= 100", 0, 8));
  plan.window_rules.push_back(rule("windows.1m.null_rate(email) <= 5%", "<= 5%", 0, 10));
  plan.window_rules.push_back(rule("by-country", "abs(change(row_count, avg(last(7)))) <= 40%", 1, 13));
  plan.window_rules.push_back(rule("amount-median", "median(amount) < 50", 1, 14, Severity::Warn));
  plan.window_rules.push_back(rule("windows.all.row_count >= 1000", ">= 1000", 2, 17));
  plan.window_rules.push_back(rule("fresh", "freshness(created_at) <= 10m", 2, 18));
  plan.window_rules.push_back(rule("against-yesterday", "abs(change(row_count, same(day))) <= 50%", 2, 19));
  plan.window_rules.push_back(rule("distinct-buyers", "distinct(buyer) > 1000", 0, 20));
  return plan;
}

Outcome window_outcome() {
  Outcome outcome;
  outcome.records = 812;
  outcome.rules = {{.evaluated = 812, .failed = 0, .skipped = 0}};
  WindowOutcome& windows = outcome.windows;
  windows.rules = {{.evaluated = 60, .failed = 3, .warned = 1},
                   {.evaluated = 58, .failed = 0, .no_data = 2},
                   {.evaluated = 9, .failed = 2, .no_data = 3},
                   {.evaluated = 12, .failed = 1, .warned = 1},
                   {.evaluated = 1, .failed = 1},
                   {.evaluated = 1},
                   {.no_data = 1},
                   {.evaluated = 60, .inconclusive = 60}};
  std::vector<WindowVerdict>& verdicts = windows.verdicts;
  verdicts.push_back(window(0, "2026-01-31T12:03:00Z", "2026-01-31T12:04:00Z", Verdict::Fail,
                            Measured::of(std::int64_t{3}), ">= 100"));
  verdicts.push_back(window(0, "2026-01-31T12:04:00Z", "2026-01-31T12:05:00Z", Verdict::Warn,
                            Measured::of(std::int64_t{420}), ">= 500"));
  verdicts.push_back(window(0, "2026-01-31T23:30:00Z", "2026-02-01T00:00:00Z", Verdict::Fail,
                            Measured::of(std::int64_t{0}), ">= 100"));
  verdicts.back().windows = 30;
  verdicts.push_back(
      window(2, "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", Verdict::Fail, Measured::of(-0.5217), "<= 40%"));
  verdicts.back().observed_is_rate = true;
  verdicts.back().segment = segment("country", "DE");
  verdicts.back().cause = "row_count = 11, before 23";
  verdicts.back().revised = true;
  verdicts.push_back(
      window(2, "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", Verdict::Fail, Measured::of(0.75), "<= 40%"));
  verdicts.back().observed_is_rate = true;
  verdicts.back().segment = segment("country", std::nullopt);
  Measured median = Measured::within(51.25, 50.5, 52, "KLL, k = 200: rank within 1.7 %");
  verdicts.push_back(window(3, "2026-01-30T23:00:00Z", "2026-01-31T23:00:00Z", Verdict::Warn, median, "< 50"));
  verdicts.back().segment = segment("country", "", true);
  verdicts.back().partial = true;
  verdicts.push_back(window(4, "", "", Verdict::Fail, Measured::of(std::int64_t{812}), ">= 1000"));
  verdicts.push_back(
      window(5, "", "", Verdict::Pass, Measured::of(Duration(std::chrono::milliseconds(61'500))), "<= 10m"));
  verdicts.push_back(
      window(6, "", "", Verdict::NoData, Measured::no_data("no value of the day before"), "abs(…) <= 50%"));
  verdicts.back().cause = "no value of the day before";
  verdicts.push_back(window(7, "2026-01-31T12:00:00Z", "2026-01-31T12:01:00Z", Verdict::Inconclusive,
                            Measured::within(1004, 988, 1020, "HyperLogLog, p = 12: within 1.6 %"), "> 1000"));
  verdicts.back().cause = "the bound lies within the error of HyperLogLog";
  windows.untimed = 1;
  windows.future = 2;
  windows.pushed_out = 3;
  windows.notes = {"30 windows in a row without a record, judged as one",
                   "3 segments beyond `max_segments` (200) were judged together as `__other__`"};
  return outcome;
}

Report windows_report(ReportOptions options) {
  options.rules_file = "rules/orders.yml";
  options.now = parse_timestamp("2026-01-31T13:00:00Z");
  options.seconds = 0.061;
  Report report = make_report(window_plan(), window_outcome(),
                              {{.path = "orders.ndjson", .records = 812, .bytes = 209'000, .undecodable = 0},
                               {.path = "payments.ndjson", .records = 800, .bytes = 90'000, .stream = "payments"}},
                              options);
  report.version = "1.0.0";
  return report;
}

}  // namespace weir::testing
