// SPDX-License-Identifier: Apache-2.0
#include "laws/runs.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "rules/load.h"

namespace weir::testing {

std::shared_ptr<const Plan> plan_of(const SlowRules& rules) {
  const std::string yaml = rules.yaml();
  LoadOptions options;
  options.read_file = [&yaml](const std::string&) -> Result<std::string> { return yaml; };
  const Loaded loaded = load_rules("rules.yml", options);
  INFO(yaml);
  INFO(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan != nullptr);
  return loaded.plan;
}

std::vector<MessageBlock> cut(const std::vector<std::string>& records, const Cutting& cutting) {
  std::vector<MessageBlock> out;
  for (std::size_t at = 0; at < records.size();) {
    const std::size_t size = std::min(cutting.next_size(), records.size() - at);
    const auto begin = records.begin() + static_cast<std::ptrdiff_t>(at);
    out.emplace_back(std::vector<std::string>(begin, begin + static_cast<std::ptrdiff_t>(size)), cutting.layout());
    for (Message& message : out.back().messages().items) {
      message.line += at;
      message.offset = message.line;
    }
    at += size;
  }
  return out;
}

void add_outcome(const Plan& plan, const Outcome& outcome, Run& run) {
  Answer& answer = run.answer;
  answer.records += outcome.records;
  answer.undecodable += outcome.undecodable;
  answer.duplicate_keys += outcome.duplicate_keys;
  answer.halted = answer.halted || outcome.halted;
  for (std::size_t i = 0; i < outcome.rules.size(); ++i) {
    SlowCounts& counts = answer.rules[plan.rules[i].info.id];
    counts.evaluated += outcome.rules[i].evaluated;
    counts.failed += outcome.rules[i].failed;
    counts.skipped += outcome.rules[i].skipped;
  }
  for (const FailingRecord& record : outcome.failing) {
    for (const Violation& violation : record.violations) {
      const std::string& id = plan.rules[violation.rule].info.id;
      answer.failing.emplace(record.line, id);
      run.evidence.push_back(std::to_string(record.line) + " " + id + " " + violation.code + " " + violation.path +
                             " " + violation.value + " " + violation.message + " | " + std::string(record.bytes));
    }
  }
  for (const Sample& sample : outcome.samples) {
    run.evidence.push_back("sample " + std::to_string(sample.line) + " " + plan.rules[sample.rule].info.id + " " +
                           sample.value + " " + sample.reason);
  }
}

Run run_steps(const std::shared_ptr<const Plan>& plan, const std::vector<MessageBlock>& batches) {
  Run run;
  Engine engine(plan, {.samples_per_rule = 3, .failing_records = true});
  for (const MessageBlock& batch : batches) {
    if (run.answer.halted) break;
    add_outcome(*plan, engine.step(batch.messages(), run_time()), run);
  }
  std::sort(run.evidence.begin(), run.evidence.end());
  return run;
}

Run run_threads(const std::shared_ptr<const Plan>& plan, const std::vector<MessageBlock>& batches, unsigned threads) {
  std::vector<Judged> judged(batches.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    RecordJudge judge(plan, Format::Json);
    for (std::size_t i = next++; i < batches.size(); i = next++)
      judge.judge(batches[i].messages(), run_time(), judged[i]);
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();

  Run run;
  Engine engine(plan, {.samples_per_rule = 3, .failing_records = true});
  for (Judged& batch : judged) {
    if (run.answer.halted) break;
    add_outcome(*plan, engine.settle(batch), run);
  }
  std::sort(run.evidence.begin(), run.evidence.end());
  return run;
}

std::string difference(const Run& expected, const Run& actual) {
  const std::string answers = difference(expected.answer, actual.answer);
  if (!answers.empty()) return answers;
  for (std::size_t i = 0; i < std::min(expected.evidence.size(), actual.evidence.size()); ++i) {
    if (expected.evidence[i] != actual.evidence[i])
      return "expected " + expected.evidence[i] + "\ngot      " + actual.evidence[i];
  }
  return expected == actual ? "" : "one run says more than the other";
}

Instant run_time() {
  return Instant(std::chrono::hours(24 * 365 * 56));
}

std::size_t effort() {
  const char* const wanted = std::getenv("WEIR_LAWS");
  return wanted == nullptr ? 1 : std::max(1UL, std::strtoul(wanted, nullptr, 10));
}

}  // namespace weir::testing
