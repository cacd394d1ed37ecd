// SPDX-License-Identifier: Apache-2.0
#include "app/window_case.h"

#include <algorithm>

#include "app/pipeline.h"
#include "base/escape.h"
#include "base/text.h"
#include "report/windows.h"

namespace weir {
namespace {

// Of each rule a person sees so many windows of a test that does not hold.
constexpr std::size_t kMostShown = 10;

/// Everything that the records of a test came to.
Result<Outcome> judge(const std::shared_ptr<const Plan>& plan, const RuleTest& test, Instant now) {
  EngineOptions options{.samples_per_rule = 0, .failing_records = false, .input = 0, .format = Format::Json};
  options.now = now;
  options.all_windows = true;
  if (test.file.empty()) {
    std::string buffer;
    for (const std::string& record : test.records) buffer += record + "\n";
    buffer.append(Messages::kPadding, '\0');
    Messages messages;
    std::size_t at = 0;
    for (const std::string& record : test.records) {
      messages.items.push_back({.bytes = std::string_view(buffer).substr(at, record.size()),
                                .line = messages.items.size() + 1,
                                .offset = at,
                                .whole = record.size() <= plan->record_max_bytes});
      at += record.size() + 1;
    }
    Engine engine(plan, options);
    Outcome outcome = engine.step(messages, now);
    outcome.merge(engine.finish());
    return outcome;
  }
  Result<std::unique_ptr<FileSource>> source = FileSource::open(
      test.file, {.format = plan->format, .record_max_bytes = plan->record_max_bytes, .plan = plan.get()});
  if (!source) return source.error();
  options.format = (*source)->format();
  Engine engine(plan, options);
  Outcome outcome;
  const Status run =
      run_pipeline(**source, plan, engine, {.threads = 1, .batch_records = 0, .now = now}, [&](PipelineStep& step) {
        outcome.merge(std::move(step.outcome));
        return Status(Done{});
      });
  if (!run) return run.error();
  outcome.merge(engine.finish());
  return outcome;
}

std::string in_words(const WindowVerdict& verdict) {
  std::string text = place_of(verdict) + ": " + std::string(word_of(verdict.verdict));
  const bool measured = verdict.observed.is_value() || verdict.cause.empty();
  text += measured ? ", got " + evidence_of(verdict) : " (" + verdict.cause + ")";
  return visible(text);
}

}  // namespace

bool WindowCase::holds() const {
  return error.empty() && std::all_of(findings.begin(), findings.end(), [](const WindowFinding& finding) {
           return finding.found == finding.wanted.verdict;
         });
}

WindowCase run_window_case(const std::shared_ptr<const Plan>& plan, const RuleTest& test, Instant now) {
  WindowCase result;
  const Result<Outcome> outcome = judge(plan, test, now);
  if (!outcome) {
    result.error = outcome.error().message;
    return result;
  }
  const WindowOutcome& windows = outcome->windows;
  for (std::size_t i = 0; i < windows.rules.size(); ++i) {
    if (windows.rules[i].failed > 0) result.failed.push_back(plan->window_rules[i].info.id);
  }
  for (const ExpectedVerdict& wanted : test.wanted) {
    WindowFinding finding{.wanted = wanted, .found = Verdict::NoData, .windows = {}};
    const auto rule = std::find_if(plan->window_rules.begin(), plan->window_rules.end(),
                                   [&](const WindowRule& other) { return other.info.id == wanted.rule; });
    const auto index = static_cast<std::size_t>(rule - plan->window_rules.begin());
    if (index < windows.rules.size()) finding.found = outcome_of(rule->info, windows.rules[index]);
    std::size_t more = 0;
    for (const WindowVerdict& verdict : windows.verdicts) {
      if (verdict.rule != index) continue;
      if (finding.windows.size() < kMostShown) {
        finding.windows.push_back(in_words(verdict));
      } else {
        ++more;
      }
    }
    if (more > 0) finding.windows.push_back("and " + with_commas(more) + " windows more");
    result.findings.push_back(std::move(finding));
  }
  return result;
}

}  // namespace weir
