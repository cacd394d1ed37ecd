// SPDX-License-Identifier: Apache-2.0
// Runs of the product over records: the same rules and records, cut and spread in every way that a source might.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "testing/message_block.h"
#include "testing/slow_rules.h"
#include "weir/engine.h"

namespace weir::testing {

/// What a run said: the counts and lines, and every reason and value as people see them.
struct Run {
  Answer answer;
  std::vector<std::string> evidence;
  bool operator==(const Run&) const = default;
};

/// The plan of a rule file, by way of its text. Fails the test when it does not load.
[[nodiscard]] std::shared_ptr<const Plan> plan_of(const SlowRules& rules);

/// Records cut into batches one after the other: `next_size` says how many come next, `layout` where they lie.
struct Cutting {
  std::function<std::size_t()> next_size;
  std::function<Layout()> layout = [] { return Layout::OneBlock; };
};
[[nodiscard]] std::vector<MessageBlock> cut(const std::vector<std::string>& records, const Cutting& cutting);

/// One engine, batch after batch.
[[nodiscard]] Run run_steps(const std::shared_ptr<const Plan>& plan, const std::vector<MessageBlock>& batches);
/// The first halves of the steps on several threads, in whatever order they take them; the second halves in order.
[[nodiscard]] Run run_threads(const std::shared_ptr<const Plan>& plan, const std::vector<MessageBlock>& batches,
                              unsigned threads);

/// A difference in words for a test's message, or "".
[[nodiscard]] std::string difference(const Run& expected, const Run& actual);

/// Adds what a step found.
void add_outcome(const Plan& plan, const Outcome& outcome, Run& run);

/// The time at which everything is judged.
[[nodiscard]] Instant run_time();

/// How many times as much as every day: the environment's WEIR_LAWS, or 1.
[[nodiscard]] std::size_t effort();

}  // namespace weir::testing
