// SPDX-License-Identifier: Apache-2.0
// Keeps what windows came to until it is written: before the snapshot that says that they were judged, so that no verdict
// is lost with the process that found it.
#pragma once

#include <memory>
#include <vector>

#include "files/window_results.h"
#include "weir/ports.h"

namespace weir {

class ResultKeeper final : public StreamObserver {
 public:
  explicit ResultKeeper(std::unique_ptr<WindowResults> results) : results_(std::move(results)) {}

  void rules(const std::shared_ptr<const Plan>& plan) override { plan_ = plan; }
  void windows(const WindowOutcome& windows, Instant now) override;
  /// Writes what was found since the last time; what cannot be written is tried again with the next.
  Status save();

 private:
  std::unique_ptr<WindowResults> results_;
  std::shared_ptr<const Plan> plan_;
  std::vector<WindowResult> found_;
  Instant now_{};
};

}  // namespace weir
