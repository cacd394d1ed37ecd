// SPDX-License-Identifier: Apache-2.0
// The engine: messages in, an Outcome out. Deterministic; reads no clock, no socket, no file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "weir/decoder.h"
#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"

namespace weir {

struct EngineOptions {
  std::uint64_t samples_per_rule = 20;  // evidence kept for each rule
  bool failing_records = false;         // fill Outcome::failing, with a reason for every violation
  std::uint32_t input = 0;              // goes into Sample::input
  Format format = Format::Json;         // never Auto: what the source turned out to be
};

/// A batch after the passes that look at one record at a time: everything but the ordered checks.
struct Judged {
  Batch batch;
  std::vector<Mask> evaluated;  // by rule; elements of the rule's column
  std::vector<Mask> failing;    // by rule; elements of the rule's column
  std::vector<Instant> now;
  std::uint64_t lines = 0;  // lines of the block, to number the next one
};

/// The first half of a step, for one thread: decode and judge what needs no memory. Several may run side by side.
class RecordJudge {
 public:
  RecordJudge(std::shared_ptr<const Plan> plan, Format format);
  RecordJudge(RecordJudge&&) noexcept;
  RecordJudge& operator=(RecordJudge&&) noexcept;
  ~RecordJudge();
  void judge(const Messages& messages, Instant now, Judged& out);

 private:
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Decoder> decoder_;
  Truth truth_;
};

/// One engine judges the records of its partitions in order.
class Engine {
 public:
  Engine(std::shared_ptr<const Plan> plan, EngineOptions options);
  ~Engine();
  Outcome step(const Messages& messages, Instant now);
  /// The second half of a step, in order: ordered checks, then verdicts.
  Outcome settle(Judged& judged);
  /// The next input of the same run: lines count from 1 again, ordered checks go on remembering.
  void begin_input(std::uint32_t input, Format format);
  /// What the ordered checks remember; an engine for the next input of a run takes it over.
  [[nodiscard]] std::vector<std::unique_ptr<Memory>>& memories() { return memories_; }

 private:
  void explain_failures(const Judged& judged, Outcome& outcome);

  std::shared_ptr<const Plan> plan_;
  EngineOptions options_;
  RecordJudge judge_;
  Judged judged_;
  std::vector<std::unique_ptr<Memory>> memories_;  // by rule
  std::vector<std::uint64_t> samples_taken_;       // by rule
  std::uint64_t line_base_ = 0;
};

}  // namespace weir
