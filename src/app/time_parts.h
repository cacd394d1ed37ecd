// SPDX-License-Identifier: Apache-2.0
// Records by the part of the time in which they happened. Nothing is copied: a part is a choice of the items of a block.
#pragma once

#include <memory>
#include <vector>

#include "weir/batch.h"
#include "weir/decoder.h"
#include "weir/messages.h"
#include "weir/plan.h"
#include "weir/time.h"

namespace weir {

class TimeParts {
 public:
  /// Part i is [edges[i], edges[i + 1]) by the event times of the plan; what lies outside, or has no time, is in none.
  TimeParts(const Plan& plan, std::vector<Instant> edges);
  /// By part, until the next call.
  const std::vector<Messages>& split(const Messages& messages, Format format);

 private:
  std::vector<Instant> edges_;
  std::vector<Messages> parts_;
  Plan plan_;  // reads the time and nothing else
  std::unique_ptr<Decoder> decoder_;
  Format format_ = Format::Auto;
  Batch batch_;
  std::vector<Instant> times_;
  Mask timed_;
};

}  // namespace weir
