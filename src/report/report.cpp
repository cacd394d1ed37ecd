// SPDX-License-Identifier: Apache-2.0
// The decision: what each rule came to, and what the run as a whole came to.
#include "report/report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "report/windows.h"

#ifndef WEIR_VERSION
#define WEIR_VERSION "0.0.0"
#endif

namespace weir {

namespace {

constexpr int kExitHeld = 0;
constexpr int kExitFailed = 1;
constexpr int kExitNotTrusted = 3;

Verdict verdict_of(const RuleReport& rule) {
  if (!rule.error.empty()) return Verdict::Error;
  if (rule.counts.failed > 0) return rule.info.severity == Severity::Error ? Verdict::Fail : Verdict::Warn;
  return rule.counts.evaluated > 0 ? Verdict::Pass : Verdict::NoData;
}

RuleTotals count(const Report& report) {
  RuleTotals totals;
  for (const RuleReport& rule : report.rules) {
    switch (rule.outcome) {
      case Verdict::Pass: ++totals.pass; break;
      case Verdict::Warn: ++totals.warn; break;
      case Verdict::Fail: ++totals.error; break;
      case Verdict::NoData: ++totals.no_data; break;
      case Verdict::Inconclusive: ++totals.inconclusive; break;
      case Verdict::Error: ++totals.not_evaluated; break;
    }
  }
  totals.not_evaluated += report.not_judged;
  return totals;
}

/// Whether the answer cannot be trusted: an input was cut off, a rule could not be evaluated, or there was nothing to judge.
bool is_untrusted(const Report& report, bool allow_empty) {
  const bool unread = std::any_of(report.inputs.begin(), report.inputs.end(),
                                  [](const InputReport& input) { return !input.error.empty(); });
  const bool unjudged = report.counts.not_evaluated > report.not_judged;
  const bool empty = std::all_of(report.inputs.begin(), report.inputs.end(),
                                 [](const InputReport& input) { return input.records == 0 || !input.stream.empty(); });
  return unread || unjudged || !report.faults.empty() || (empty && !allow_empty);
}

constexpr std::array<ReportFormat, 7> kFormats = {{
    {"text", "a table for the terminal", write_text},
    {"json", "the contract for programs", write_json},
    {"junit", "JUnit XML, for the test view of a CI system", write_junit},
    {"sarif", "SARIF 2.1.0, for code scanning", write_sarif},
    {"md", "Markdown of at most 64 KB, for a pull request or a step summary", write_markdown},
    {"html", "one page that opens from disk", write_html},
    {"github", "workflow commands that annotate a pull request", write_annotations},
}};

}  // namespace

Report make_report(const Plan& plan, const Outcome& outcome, std::vector<InputReport> inputs,
                   const ReportOptions& options) {
  WEIR_ASSERT(outcome.rules.size() <= plan.rules.size(), "an outcome belongs to its plan");
  Report report;
  report.version = WEIR_VERSION;
  report.inputs = std::move(inputs);
  report.quarantined = outcome.quarantined;
  report.seconds = options.seconds;
  report.rules_file = options.rules_file;
  report.ruleset = plan.ruleset;
  report.now = options.now;
  report.not_judged = plan.not_judged;
  report.halted = outcome.halted;
  report.faults = options.faults;
  report.warnings = options.warnings;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    RuleReport& rule = report.rules.emplace_back();
    rule.info = plan.rules[i].info;
    if (i < outcome.rules.size()) rule.counts = outcome.rules[i];
    rule.outcome = verdict_of(rule);
  }
  for (const Sample& sample : outcome.samples) {
    WEIR_ASSERT(sample.rule < report.rules.size(), "a sample belongs to a rule of the plan");
    report.rules[sample.rule].samples.push_back(sample);
  }
  add_window_rules(report, plan, outcome.windows, options);
  conclude(report, options);
  return report;
}

void conclude(Report& report, const ReportOptions& options) {
  report.counts = count(report);
  const bool fails = report.counts.error > 0;
  const bool warns = report.counts.warn > 0;
  const bool breaks = options.fail_on == FailOn::Error ? fails : options.fail_on == FailOn::Warn && (fails || warns);
  report.verdict = fails || breaks ? Verdict::Fail : warns ? Verdict::Warn : Verdict::Pass;
  report.exit_code = breaks ? kExitFailed : kExitHeld;
  // A cut-off run may have failing rules as well; that it is incomplete is what has to be seen first, and tried again.
  if (is_untrusted(report, options.allow_empty)) {
    report.verdict = Verdict::Error;
    report.exit_code = kExitNotTrusted;
  }
}

std::string decision_line(const Report& report) {
  std::string_view word = "PASS";
  if (report.verdict == Verdict::Warn) word = "WARN";
  if (report.verdict == Verdict::Fail) word = "FAIL";
  if (report.verdict == Verdict::Error) word = "ERROR";
  const RuleTotals& counts = report.counts;
  return "weir: " + std::string(word) + " exit=" + std::to_string(report.exit_code) + " (" +
         std::to_string(counts.error) + " error, " + std::to_string(counts.warn) + " warn, " +
         std::to_string(counts.pass) + " pass, " + std::to_string(counts.not_evaluated) + " not evaluated)";
}

const ReportFormat* find_report_format(std::string_view name) {
  const auto* found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const ReportFormat& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : found;
}

std::vector<std::string_view> report_format_names() {
  std::vector<std::string_view> names;
  for (const ReportFormat& format : kFormats) names.push_back(format.name);
  return names;
}

}  // namespace weir
