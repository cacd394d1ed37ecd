// SPDX-License-Identifier: Apache-2.0
// weir test: runs the cases under `tests:` of rule files through the engine that judges everything else, a record or the
// records of windows at a time, and says which rules no case has ever made fail.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>

#include "app/rule_file.h"
#include "app/telling.h"
#include "app/window_case.h"
#include "base/escape.h"
#include "base/text.h"
#include "report/report.h"
#include "weir/engine.h"

namespace weir {
namespace {

struct CaseResult {
  const RuleTest* test = nullptr;
  std::set<std::string> failed;      // rule ids
  std::vector<std::string> reasons;  // "amount.max: 100001 is above 100000"
  WindowCase windows;                // of a test of windows

  [[nodiscard]] bool of_windows() const { return test->expect == RuleTest::Expect::Window; }
  [[nodiscard]] std::set<std::string> expected() const { return {test->failing.begin(), test->failing.end()}; }
  [[nodiscard]] bool holds() const { return of_windows() ? windows.holds() : failed == expected(); }
};

/// The rules that the windows of a test broke count as seen.
void take_windows(CaseResult& result) {
  result.failed.insert(result.windows.failed.begin(), result.windows.failed.end());
  for (const WindowFinding& finding : result.windows.findings) {
    if (finding.found == finding.wanted.verdict) continue;
    result.reasons.push_back(finding.wanted.rule + ": expected " + std::string(word_of(finding.wanted.verdict)) +
                             ", came to " + std::string(word_of(finding.found)));
  }
  if (!result.windows.error.empty()) result.reasons.push_back(result.windows.error);
}

CaseResult run_case(const std::shared_ptr<const Plan>& plan, const RuleTest& test, Instant otherwise) {
  CaseResult result{.test = &test, .failed = {}, .reasons = {}, .windows = {}};
  if (result.of_windows()) {
    result.windows = run_window_case(plan, test, test.now.value_or(otherwise));
    take_windows(result);
    return result;
  }
  std::string buffer = test.record + std::string(Messages::kPadding, '\0');
  const std::string_view bytes(buffer.data(), test.record.size());
  Messages messages;
  messages.items = {Message{.bytes = bytes, .line = 1, .offset = 0, .whole = true}};
  messages.block = bytes;
  Engine engine(plan, {.samples_per_rule = 1, .failing_records = true, .input = 0, .format = Format::Json});
  const Outcome outcome = engine.step(messages, test.now.value_or(otherwise));
  for (const FailingRecord& record : outcome.failing) {
    for (const Violation& violation : record.violations) {
      const std::string& id = plan->rules[violation.rule].info.id;
      result.failed.insert(id);
      result.reasons.push_back(id + ": " + violation.message);
    }
  }
  return result;
}

std::string ids(const std::set<std::string>& rules) {
  std::string text;
  for (const std::string& rule : rules) text += (text.empty() ? "" : ", ") + rule;
  return text.empty() ? "no rule" : text;
}

std::string place_of(const RuleTest& test) {
  return test.where.file + ":" + std::to_string(test.where.line);
}

std::string title_of(const RuleTest& test) {
  return test.name.empty() ? place_of(test) : test.name;
}

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

/// Every rule that came to something else, with what was observed in which window.
std::string text_of_windows(const WindowCase& windows) {
  if (!windows.error.empty()) return "     the records cannot be read: " + windows.error + "\n";
  std::string text;
  for (const WindowFinding& finding : windows.findings) {
    if (finding.found == finding.wanted.verdict) continue;
    text += "     " + finding.wanted.rule + "\n       expected " + std::string(word_of(finding.wanted.verdict)) +
            ", came to " + std::string(word_of(finding.found)) + "\n";
    for (const std::string& window : finding.windows) text += "       " + window + "\n";
    if (finding.windows.empty()) text += "       no window was judged\n";
  }
  return text;
}

std::string text_of_failure(const CaseResult& result) {
  std::string text = "FAIL " + title_of(*result.test);
  if (!result.test->name.empty()) text += " (" + place_of(*result.test) + ")";
  if (result.of_windows()) return text + "\n" + text_of_windows(result.windows);
  text +=
      "\n     expected to fail: " + ids(result.expected()) + "\n     failed:           " + ids(result.failed) + "\n";
  for (const std::string& reason : result.reasons) text += "       " + reason + "\n";
  return text;
}

constexpr std::size_t kUnseenShown = 12;  // what a line or two can hold

/// "3 of 14 rules never failed in any test: a, b, c"
std::string coverage_of(const Plan& plan, const std::vector<CaseResult>& results) {
  std::set<std::string> seen;
  for (const CaseResult& result : results) seen.insert(result.failed.begin(), result.failed.end());
  std::set<std::string> unseen;
  std::size_t rules = 0;
  for (const RecordRule& rule : plan.rules) {
    if (!is_written(rule)) continue;
    ++rules;
    if (!seen.contains(rule.info.id)) unseen.insert(rule.info.id);
  }
  for (const WindowRule& rule : plan.window_rules) {
    ++rules;
    if (!seen.contains(rule.info.id)) unseen.insert(rule.info.id);
  }
  if (unseen.empty()) return "every rule failed in some test\n";
  std::string text = std::to_string(unseen.size()) + " of " + counted(rules, "rule") + " never failed in any test: ";
  const std::size_t left_out = unseen.size() - std::min(unseen.size(), kUnseenShown);
  unseen.erase(std::prev(unseen.end(), static_cast<std::ptrdiff_t>(left_out)), unseen.end());
  text += shorten(ids(unseen), 400);
  if (left_out > 0) text += " … and " + std::to_string(left_out) + " more";
  return text + "\n";
}

std::string junit_suite(const std::string& path, const std::vector<CaseResult>& results) {
  const auto failures = std::count_if(results.begin(), results.end(), [](const CaseResult& r) { return !r.holds(); });
  std::string xml = "  <testsuite name=\"" + escape_markup(path) + "\" tests=\"" + std::to_string(results.size()) +
                    "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\" skipped=\"0\">\n";
  for (const CaseResult& result : results) {
    xml += "    <testcase classname=\"" + escape_markup(path) + "\" name=\"" + escape_markup(title_of(*result.test)) +
           "\"";
    if (result.holds()) {
      xml += "/>\n";
      continue;
    }
    const std::string message = result.of_windows()
                                    ? joined(result.reasons)
                                    : "expected to fail: " + ids(result.expected()) + "; failed: " + ids(result.failed);
    const std::string text = result.of_windows() ? text_of_windows(result.windows) : joined(result.reasons);
    xml += "><failure message=\"" + escape_markup(message) + "\">" + escape_markup(text) + "</failure></testcase>\n";
  }
  return xml + "  </testsuite>\n";
}

struct Totals {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

}  // namespace

int run_test(const Arguments& arguments, Surroundings& surroundings) {
  const Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  const Result<std::optional<Instant>> now = now_of(arguments);
  if (!now) return refuse_usage(surroundings, now.error());
  const Instant otherwise = now.value().value_or(surroundings.wall_clock());

  Totals totals;
  std::size_t errors = 0;
  std::string junit = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"weir test\">\n";
  for (const std::string& path : arguments.operands()) {
    const Loaded loaded = load_rules(path, *options);
    show_diagnostics(arguments, surroundings, loaded);
    errors += count_diagnostics(loaded).errors;
    if (!loaded.plan) continue;
    // What compares with a file is judged over the records of a test as a whole: few of them fill a window.
    std::shared_ptr<const Plan> at_once;
    if (std::any_of(loaded.tests.begin(), loaded.tests.end(), [](const RuleTest& test) { return test.at_once; })) {
      LoadOptions once = *options;
      once.drift_at_once = true;
      at_once = load_rules(path, once).plan;
    }
    std::vector<CaseResult> results;
    for (const RuleTest& test : loaded.tests)
      results.push_back(run_case(test.at_once && at_once != nullptr ? at_once : loaded.plan, test, otherwise));
    for (const CaseResult& result : results) {
      ++(result.holds() ? totals.passed : totals.failed);
      if (!result.holds()) print(surroundings.err, text_of_failure(result));
    }
    if (!arguments.on("quiet"))
      print(surroundings.err,
            visible(path) + ": " + counted(results.size(), "test") + "; " + coverage_of(*loaded.plan, results));
    junit += junit_suite(path, results);
  }
  if (errors > 0) return refuse_rules(surroundings, errors);

  int exit = totals.failed > 0 ? ExitCode::kFailed : ExitCode::kHolds;
  if (const auto path = arguments.text("junit")) {
    if (const Status written = write_output(surroundings, *path, junit + "</testsuites>\n"); !written) {
      tell(surroundings, written.error());
      exit = ExitCode::kNotWritten;
    }
  }
  const std::string line = std::string("weir: ") +
                           (exit == ExitCode::kHolds    ? "PASS"
                            : exit == ExitCode::kFailed ? "FAIL"
                                                        : "ERROR") +
                           " exit=" + std::to_string(exit) + " (" + std::to_string(totals.failed) + " failed, " +
                           std::to_string(totals.passed) + " passed)\n";
  print(surroundings.err, line);
  return exit;
}

}  // namespace weir
