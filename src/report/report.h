// SPDX-License-Identifier: Apache-2.0
// What a run found, ready to be shown: every rule with its verdict, the inputs, the totals and the decision. The writers
// turn it into text for a person or a machine; none of them reads a clock or a file, so the same Report is the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/verdict_json.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/time.h"

namespace weir {

/// What makes `check` end with exit code 1: `--fail-on`.
enum class FailOn : std::uint8_t { Error, Warn, Never };

struct InputReport {
  std::string path;           // as it was given; "-" is standard input
  std::uint64_t records = 0;  // the undecodable ones included
  std::uint64_t bytes = 0;
  std::uint64_t undecodable = 0;
  std::string error = {};   // why it could not be read to its end; empty when it was
  bool by_number = false;   // its records lie on no lines (Avro, Parquet): Sample::line is the record's number
  std::string stream = {};  // another stream, read for `other(stream, …)` alone; empty: what is judged
  EnvelopeCounts envelopes = {};
};

/// What a window rule came to, beside its counts.
struct WindowReport {
  bool whole = false;                                // judges the whole input: there are no windows
  std::optional<WindowVerdict> only;                 // of a rule over the whole input without segments: its verdict
  std::vector<WindowVerdict> samples;                // the failing ones that the run kept
  std::optional<std::vector<WindowVerdict>> judged;  // every one, when they were asked for
  std::uint64_t inconclusive = 0;
};

struct RuleReport {
  RuleInfo info;
  Verdict outcome = Verdict::NoData;
  RuleCounts counts;                    // of records; of windows (times segments) for window rules
  std::vector<Sample> samples;          // Sample::input is an index into Report::inputs
  std::string error = {};               // why the rule could not be judged; set when outcome is Error
  std::optional<WindowReport> windows;  // window rules only
};

/// How many rules came out how.
struct RuleTotals {
  std::uint64_t error = 0;  // rules of severity error that failed
  std::uint64_t warn = 0;   // rules of severity warn that failed
  std::uint64_t pass = 0;
  std::uint64_t no_data = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t not_evaluated = 0;  // outcome Error, and rules that this version reads but does not judge
};

struct Report {
  std::string version;              // of weir
  Verdict verdict = Verdict::Pass;  // Pass, Warn, Fail, or Error when the run cannot be trusted (exit 3)
  int exit_code = 0;                // 0, 1 or 3
  std::vector<InputReport> inputs;
  std::vector<RuleReport> rules;  // in the order of the plan
  RuleTotals counts;
  std::uint64_t quarantined = 0;
  double seconds = 0;
  std::string rules_file;
  std::string ruleset;              // sha256 of the rules' meaning
  std::optional<Instant> now;       // what `max_age` and `max_future` were judged against
  std::uint32_t not_judged = 0;     // part of counts.not_evaluated
  bool halted = false;              // a rule with `on_fail: halt` ended the run early
  std::vector<std::string> faults;  // of the run itself: it cannot be trusted
  std::vector<std::string> warnings;
};

struct ReportOptions {
  FailOn fail_on = FailOn::Error;
  bool allow_empty = false;  // no records at all is no reason for exit 3
  std::string rules_file = {};
  std::optional<Instant> now = {};
  double seconds = 0;
  std::vector<std::string> warnings = {};
  std::vector<std::string> faults = {};
  bool all_windows = false;             // every window judged is reported
  std::uint64_t samples_per_rule = 20;  // failing windows kept as evidence beside them
};

/// Decides every rule's outcome, then verdict and exit code (conclude).
Report make_report(const Plan& plan, const Outcome& outcome, std::vector<InputReport> inputs,
                   const ReportOptions& options);

/// Counts the rules by outcome and decides verdict and exit code from them and from the inputs. For callers that add
/// entries of their own (windows, drift) to `rules`, or errors to `inputs`, after make_report.
void conclude(Report& report, const ReportOptions& options);

/// `weir: FAIL exit=1 (2 error, 1 warn, 57 pass, 0 not evaluated)`, without a newline.
std::string decision_line(const Report& report);

struct WriteOptions {
  bool color = false;       // text: ANSI colours
  int width = 100;          // text: columns of the terminal
  std::size_t samples = 3;  // text, JUnit, Markdown, annotations: evidence shown for a failing rule
  bool all_rules = false;   // text: a line for every rule, even when many pass
  std::string next = {};    // text: the command to type next; empty: one that fits the report
  bool with_next = true;    // text: say it
};

std::string write_text(const Report& report, const WriteOptions& options);  // terminal
std::string write_json(const Report& report, const WriteOptions& options);  // the contract, docs/reports.md
std::string write_junit(const Report& report, const WriteOptions& options);
std::string write_sarif(const Report& report, const WriteOptions& options);  // 2.1.0
std::string write_markdown(const Report& report,
                           const WriteOptions& options);                    // at most 64 KB: pull request, step summary
std::string write_html(const Report& report, const WriteOptions& options);  // one file
std::string write_annotations(const Report& report,
                              const WriteOptions& options);  // GitHub workflow commands for stdout

/// One way to write a report, by the name that `--report NAME=FILE` uses.
struct ReportFormat {
  std::string_view name;     // "json"
  std::string_view summary;  // "the contract for programs"
  std::string (*write)(const Report&, const WriteOptions&) = nullptr;
};
/// text, json, junit, sarif, md, html, github.
const ReportFormat* find_report_format(std::string_view name);
std::vector<std::string_view> report_format_names();

}  // namespace weir
