// SPDX-License-Identifier: Apache-2.0
// Runs a file through the engine on one or several threads. The verdicts do not depend on the number of threads: workers
// do what needs no memory, block by block; one thread settles the blocks in their order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "files/source.h"
#include "weir/engine.h"

namespace weir {

struct PipelineOptions {
  unsigned threads = 1;
  std::uint64_t batch_records = 0;  // 0: a block at a time; else at most so many records a batch (for tests)
  Instant now{};
};

/// What the caller does with each step, in order: the step's outcome (its `failing` borrows from `messages`) and the messages.
/// Returning an error stops the run with it; returning Done after setting `stop` ends it early.
struct PipelineStep {
  const Messages& messages;
  Outcome& outcome;
  bool stop = false;
};
using OnStep = std::function<Status(PipelineStep&)>;

/// Judges all of `source`; the outcome of each step goes to `on_step`.
Status run_pipeline(FileSource& source, const std::shared_ptr<const Plan>& plan, Engine& engine,
                    const PipelineOptions& options, const OnStep& on_step);

}  // namespace weir
