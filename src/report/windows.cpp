// SPDX-License-Identifier: Apache-2.0
// Which windows of a run a report shows, and in which words.
#include "report/windows.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr Duration kDay = std::chrono::hours(24);

bool is_evidence(Verdict outcome, const WindowVerdict& verdict) {
  if (verdict.verdict == Verdict::Fail || verdict.verdict == Verdict::Warn) return true;
  return verdict.verdict == outcome && (outcome == Verdict::Error || outcome == Verdict::Inconclusive);
}

RuleReport entry_of(const Plan& plan, const WindowRule& rule, const WindowCounts& counts, bool all_windows) {
  RuleReport entry;
  entry.info = rule.info;
  entry.counts = {.evaluated = counts.evaluated, .failed = counts.failed, .skipped = counts.no_data};
  entry.outcome = outcome_of(rule.info, counts);
  entry.windows.emplace();
  entry.windows->whole = plan.windows[rule.block].kind == WindowKind::Whole;
  entry.windows->inconclusive = counts.inconclusive;
  if (all_windows) entry.windows->judged.emplace();
  if (entry.outcome == Verdict::Error) {
    entry.error = "in " + counted(counts.errors, "window", "windows") + " it could not be judged";
  }
  return entry;
}

void add_verdict(RuleReport& entry, const WindowBlock& block, const WindowVerdict& verdict,
                 const ReportOptions& options) {
  WindowReport& windows = *entry.windows;
  const bool first_error = verdict.verdict == Verdict::Error && windows.samples.empty();
  if (entry.outcome == Verdict::Error && first_error && !verdict.cause.empty()) entry.error = verdict.cause;
  if (windows.whole && block.segment.empty()) windows.only = verdict;
  if (windows.judged) windows.judged->push_back(verdict);
  // A rule that could be judged in no window at all says so once.
  const bool said = verdict.verdict == Verdict::Error && !verdict.has_span && verdict.cause == entry.error;
  const bool wanted = !said && (!windows.judged || windows.samples.size() < options.samples_per_rule);
  if (wanted && is_evidence(entry.outcome, verdict)) windows.samples.push_back(verdict);
}

/// Records of which the windows do not tell; of segments the notes do.
std::vector<std::string> warnings_of(const Plan& plan, const WindowOutcome& outcome) {
  std::vector<std::string> warnings;
  if (outcome.untimed > 0) {
    warnings.push_back(counted(outcome.untimed, "record has", "records have") +
                       " no time that can be read: in no window");
  }
  if (outcome.future > 0) {
    warnings.push_back(counted(outcome.future, "record lies", "records lie") + " more than " +
                       format_duration(plan.time.max_future) + " in the future: in no window");
  }
  if (outcome.late > 0) {
    warnings.push_back(counted(outcome.late, "record", "records") + " came too late: the windows were judged already");
  }
  warnings.insert(warnings.end(), outcome.notes.begin(), outcome.notes.end());
  return warnings;
}

/// "12:03" where seconds say nothing, else all there is.
std::string_view clock_of(std::string_view stamp, bool with_seconds) {
  const std::size_t t = stamp.find('T');
  const std::string_view clock = stamp.substr(t + 1, stamp.size() - t - 2);  // without the Z
  return with_seconds ? clock : clock.substr(0, 5);
}

bool has_seconds(Instant instant) {
  return instant.time_since_epoch() % std::chrono::minutes(1) != Duration(0);
}

std::string flags_of(const WindowVerdict& verdict) {
  std::string text;
  if (verdict.revised) text += "; judged again after late records";
  if (verdict.partial) text += "; the input ends within the window";
  if (verdict.by_clock) text += "; the stream was silent";
  if (verdict.warming) text += "; its rule is new, and saw only a part of the window";
  return text;
}

}  // namespace

Verdict outcome_of(const RuleInfo& info, const WindowCounts& counts) {
  if (counts.errors > 0) return Verdict::Error;
  if (counts.failed > counts.warned) return info.severity == Severity::Error ? Verdict::Fail : Verdict::Warn;
  if (counts.failed > 0) return Verdict::Warn;
  if (counts.evaluated > counts.inconclusive) return Verdict::Pass;
  return counts.inconclusive > 0 ? Verdict::Inconclusive : Verdict::NoData;
}

void add_window_rules(Report& report, const Plan& plan, const WindowOutcome& outcome, const ReportOptions& options) {
  const std::size_t first = report.rules.size();
  for (std::size_t i = 0; i < plan.window_rules.size(); ++i) {
    const WindowCounts counts = i < outcome.rules.size() ? outcome.rules[i] : WindowCounts{};
    report.rules.push_back(entry_of(plan, plan.window_rules[i], counts, options.all_windows));
  }
  for (const WindowVerdict& verdict : outcome.verdicts) {
    WEIR_ASSERT(verdict.rule < plan.window_rules.size(), "a verdict belongs to a window rule of the plan");
    add_verdict(report.rules[first + verdict.rule], plan.windows[plan.window_rules[verdict.rule].block], verdict,
                options);
  }
  std::vector<std::string> warnings = warnings_of(plan, outcome);
  std::move(warnings.begin(), warnings.end(), std::back_inserter(report.warnings));
}

std::string period_of(const WindowVerdict& verdict, bool whole) {
  if (!verdict.has_span) return whole ? "whole input" : "no times";
  const bool seconds = has_seconds(verdict.start) || has_seconds(verdict.end);
  const std::string start = format_timestamp(verdict.start);
  const std::string end = format_timestamp(verdict.end);
  const std::string day = start.substr(0, start.find('T'));
  const bool from_midnight = verdict.start.time_since_epoch() % kDay == Duration(0);
  if (from_midnight && verdict.end - verdict.start == kDay) return day;
  const std::string begin = day + " " + std::string(clock_of(start, seconds)) + "–";
  const bool to_midnight = verdict.end.time_since_epoch() % kDay == Duration(0) && verdict.end - verdict.start < kDay;
  if (to_midnight) return begin + (seconds ? "24:00:00Z" : "24:00Z");
  if (std::string_view(end).substr(0, end.find('T')) == day) return begin + std::string(clock_of(end, seconds)) + "Z";
  return begin + end.substr(0, end.find('T')) + " " + std::string(clock_of(end, seconds)) + "Z";
}

std::string segment_of(const WindowVerdict& verdict) {
  std::string text;
  if (verdict.segment == nullptr) return text;
  for (const auto& [field, value] : verdict.segment->values) {
    text += (text.empty() ? "" : ", ") + field + "=" + (verdict.segment->other ? "__other__" : value.value_or("null"));
  }
  return text.empty() && verdict.segment->other ? "__other__" : text;
}

std::string place_of(const WindowVerdict& verdict, bool whole) {
  const std::string segment = segment_of(verdict);
  if (!verdict.has_span && !segment.empty()) return segment;
  return segment.empty() ? period_of(verdict, whole) : period_of(verdict, whole) + "  " + segment;
}

std::string evidence_of(const WindowVerdict& verdict, std::string_view known) {
  std::string text = show(verdict.observed, verdict.observed_is_rate);
  if (verdict.verdict == Verdict::Error) text = "not judged";
  if (verdict.drift != nullptr && !verdict.cause.empty())
    return verdict.cause + flags_of(verdict);  // figures are in it
  if (verdict.windows > 1) text += " in each of " + with_commas(verdict.windows) + " windows";
  const bool says_enough = !verdict.cause.empty() && verdict.expected == known;
  if (!verdict.expected.empty() && !says_enough) text += ", expected " + verdict.expected;
  if (!verdict.cause.empty()) text += " (" + verdict.cause + ")";
  return text + flags_of(verdict);
}

std::string only_of(const WindowVerdict& verdict) {
  if (!verdict.observed.is_value()) return "no data";
  return "got " + show(verdict.observed, verdict.observed_is_rate);
}

}  // namespace weir
