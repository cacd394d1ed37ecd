// SPDX-License-Identifier: Apache-2.0
// A stretch of a topic judged as `weir run` would have: by the same Stream, over a log that leaves no trace, with outputs that
// take nothing and a store that keeps nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "app/backtest_caught.h"
#include "app/schema_supply.h"
#include "app/topic_input.h"
#include "weir/outcome.h"

namespace weir {

/// How far a side has come: read by another thread.
struct BacktestProgress {
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> failures = 0;
};

struct StretchJudged {
  Outcome outcome;  // failing records are not kept
  std::uint64_t bytes = 0;
  std::optional<Error> fault;  // it was not read to its end
  bool finished = false;       // false without a fault: somebody interrupted it
};

/// `caught` may be null; else its parts are the places of the partitions in `stretch`. `now` is the time by
/// which records of the future are told: that of the run.
StretchJudged judge_stretch(const TopicInput& input, const std::shared_ptr<const Plan>& plan, const Stretch& stretch,
                            SchemaSupply& schemas, Instant now, CaughtRecords* caught, BacktestProgress& progress);
/// The same from a log that is there already.
StretchJudged judge_log(std::unique_ptr<RecordLog> log, const TopicInput& input,
                        const std::shared_ptr<const Plan>& plan, const Stretch& stretch, Instant now,
                        CaughtRecords* caught, BacktestProgress& progress);

}  // namespace weir
