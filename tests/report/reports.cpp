// SPDX-License-Identifier: Apache-2.0
// Built by hand and not by a run, so that a golden file changes only when a writer does.
#include "report/reports.h"

#include <utility>

#include "base/timestamp.h"

namespace weir::testing {

namespace {

RuleReport rule(std::string id, std::string expected, int line, RuleCounts counts,
                Severity severity = Severity::Error) {
  RuleReport report;
  const std::size_t dot = id.find('.');
  report.info.field = dot == std::string::npos ? "" : id.substr(0, dot);
  report.info.check = dot == std::string::npos ? "expr" : id.substr(dot + 1);
  report.info.id = std::move(id);
  report.info.expected = std::move(expected);
  report.info.severity = severity;
  report.info.on_fail = severity == Severity::Error ? OnFail::Quarantine : OnFail::Count;
  report.info.where = {.file = "rules/orders.yml", .line = line, .column = line == 0 ? 0 : 3, .length = 1};
  report.counts = counts;
  report.outcome = Verdict::Pass;
  if (counts.evaluated == 0) report.outcome = Verdict::NoData;
  if (counts.failed > 0) report.outcome = severity == Severity::Error ? Verdict::Fail : Verdict::Warn;
  return report;
}

Sample sample(std::uint64_t line, std::string value, std::string reason, std::uint32_t input = 0) {
  return {.rule = 0,
          .input = input,
          .line = line,
          .offset = line * 257,
          .value = std::move(value),
          .reason = std::move(reason)};
}

Report empty_report() {
  Report report;
  report.version = "1.0.0";
  report.seconds = 0.061;
  report.rules_file = "rules/orders.yml";
  report.ruleset = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  report.now = parse_timestamp("2026-01-01T12:00:00Z");
  return report;
}

}  // namespace

Report orders_report() {
  Report report = empty_report();
  report.inputs = {{.path = "orders.ndjson", .records = 120'000, .bytes = 31'000'000, .undecodable = 2}};
  report.quarantined = 1'509;
  RuleReport decode = rule("decode", "readable records", 0, {.evaluated = 120'000, .failed = 2, .skipped = 0});
  decode.info.check = "decode";
  decode.samples = {sample(88'120, R"({"order_id": "O-0008)", "the text ends within a string"),
                    sample(119'999, "", "byte 0xff is not UTF-8")};
  report.rules.push_back(decode);
  report.rules.push_back(
      rule("order_id.required", "present and not null", 8, {.evaluated = 119'998, .failed = 0, .skipped = 0}));
  report.rules.push_back(
      rule("order_id.match", R"(match ^O-\d{8}$)", 8, {.evaluated = 119'998, .failed = 0, .skipped = 0}));
  RuleReport amount = rule("amount.max", "<= 100000", 14, {.evaluated = 119'990, .failed = 7, .skipped = 8});
  amount.info.description = "Nobody has ever ordered for more; it has always been cents taken for euros.";
  amount.info.runbook = "https://example.com/runbooks/orders#amount";
  amount.info.tags = {"tier1", "money", "tier1"};
  amount.samples = {sample(17, "100001", "100001 is above 100000"), sample(2'048, "1e400", "1e400 is above 100000"),
                    sample(2'050, "99999999999999999999", "99999999999999999999 is above 100000"),
                    sample(77'001, "100000.01", "100000.01 is above 100000")};
  report.rules.push_back(amount);
  RuleReport currency =
      rule("currency.in", "in 3 values: EUR, USD, GBP", 16, {.evaluated = 119'998, .failed = 1'500, .skipped = 0});
  currency.samples = {sample(4, "CHF", "`CHF` is none of 3 values"),
                      sample(12, "eur", "`eur` is none of 3 values, did you mean EUR")};
  report.rules.push_back(currency);
  RuleReport email = rule("email.format", "an e-mail address", 19,
                          {.evaluated = 90'000, .failed = 12, .skipped = 29'998}, Severity::Warn);
  email.samples = {sample(33, "nobody at example.com", "no `@`")};
  report.rules.push_back(email);
  report.rules.push_back(
      rule("coupon.min_length", "at least 4 characters", 22, {.evaluated = 0, .failed = 0, .skipped = 119'998}));
  report.rules.push_back(rule("shipped-after-ordered", "shipped_at >= created_at", 31,
                              {.evaluated = 60'214, .failed = 0, .skipped = 59'784}));
  conclude(report, {});
  return report;
}

Report calm_report() {
  Report report = empty_report();
  report.inputs = {{.path = "-", .records = 1, .bytes = 260, .undecodable = 0}};
  report.rules.push_back(rule("amount.max", "<= 100000", 14, {.evaluated = 1, .failed = 0, .skipped = 0}));
  conclude(report, {});
  return report;
}

Report broken_report() {
  Report report = empty_report();
  report.inputs = {{.path = "data/monday.ndjson", .records = 500, .bytes = 130'000, .undecodable = 0},
                   {.path = "data/tuesday.ndjson.gz",
                    .records = 120,
                    .bytes = 31'000,
                    .undecodable = 0,
                    .error = "the compressed data is cut short"},
                   {.path = "-", .records = 2, .bytes = 500, .undecodable = 0}};
  report.not_judged = 2;
  report.warnings = {"order-key forgot 40 of its oldest keys: duplicates may be missed, none is invented"};
  RuleReport amount = rule("amount.max", "<= 100000", 14, {.evaluated = 622, .failed = 2, .skipped = 0});
  amount.samples = {sample(3, "100001", "100001 is above 100000", 1), sample(1, "100002", "100002 is above 100000", 2)};
  report.rules.push_back(amount);
  RuleReport unique = rule("order-key", "unique order_id", 30, {.evaluated = 0, .failed = 0, .skipped = 0});
  unique.error = "its memory could not be read back";
  unique.outcome = Verdict::Error;
  report.rules.push_back(unique);
  conclude(report, {});
  return report;
}

Report hostile_report() {
  const std::string& text = hostile_text();
  Report report = empty_report();
  report.rules_file = text;
  report.ruleset = text;
  report.warnings = {text};
  report.inputs = {{.path = text, .records = 3, .bytes = 1, .undecodable = 1, .error = text},
                   {.path = text, .records = 1, .bytes = 1, .undecodable = 0}};
  for (const Severity severity : {Severity::Error, Severity::Warn}) {
    RuleReport broken = rule(text, text, 4, {.evaluated = 3, .failed = 2, .skipped = 0}, severity);
    broken.info.id = (severity == Severity::Error ? "a" : "b") + text;
    broken.info.field = broken.info.check = broken.info.description = broken.info.runbook = broken.info.where.file =
        text;
    broken.info.tags = {text};
    broken.samples = {sample(1, text, text), sample(2, text, "plain", 1)};
    report.rules.push_back(broken);
  }
  RuleReport unjudged = report.rules.front();
  unjudged.error = text;
  unjudged.outcome = Verdict::Error;
  unjudged.info.id = "c" + text;
  unjudged.samples.clear();
  report.rules.push_back(unjudged);
  RuleReport windows = report.rules.front();
  windows.samples.clear();
  windows.info.kind = RuleKind::Window;
  windows.windows.emplace();
  windows.windows->samples.push_back(
      window(0, "2026-01-31T12:03:00Z", "2026-01-31T12:04:00Z", Verdict::Fail, Measured{}, text));
  WindowVerdict& verdict = windows.windows->samples.back();
  verdict.observed.kind = Measured::Kind::Values;
  verdict.observed.values = {{.is_number = true, .text = text}};
  verdict.segment = segment(text, text);
  verdict.cause = text;
  windows.info.id = "e" + text;
  report.rules.push_back(windows);
  RuleReport quiet = rule(text, text, 4, {.evaluated = 3, .failed = 0, .skipped = 0});
  quiet.info.id = "d" + text;
  report.rules.push_back(quiet);
  conclude(report, {});
  return report;
}

Report wide_report(std::size_t failing, std::size_t samples, std::size_t passing) {
  Report report = empty_report();
  report.inputs = {{.path = "orders.ndjson", .records = 1'000'000, .bytes = 258'000'000, .undecodable = 0}};
  for (std::size_t i = 0; i < failing; ++i) {
    RuleReport broken = rule("field_" + std::to_string(i) + ".max", "<= 100000", static_cast<int>(i) + 2,
                             {.evaluated = 1'000'000, .failed = samples, .skipped = 0});
    for (std::size_t s = 0; s < samples; ++s) {
      broken.samples.push_back(sample(s + 1, hostile_text(), "the value is " + hostile_text() + hostile_text()));
    }
    report.rules.push_back(std::move(broken));
  }
  for (std::size_t i = 0; i < passing; ++i) {
    report.rules.push_back(rule("calm_" + std::to_string(i) + ".required", "present and not null",
                                static_cast<int>(i) + 2, {.evaluated = 1'000'000, .failed = 0, .skipped = 0}));
  }
  conclude(report, {});
  return report;
}

}  // namespace weir::testing
