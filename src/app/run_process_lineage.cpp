// SPDX-License-Identifier: Apache-2.0
// Lineage of a process: a desk that sends events, and an observer of each stream.
#include <algorithm>

#include "app/run_process.h"

namespace weir {

Status RunProcess::open_lineage(const std::shared_ptr<StateFolder>& folder) {
  if (!settings_.config.lineage.wanted()) return Done{};
  Result<std::unique_ptr<LineageDesk>> desk = LineageDesk::make(settings_.config, folder, log_);
  if (!desk) return desk.error();
  lineage_ = *std::move(desk);
  return Done{};
}

/// What is called before each snapshot; empty: nobody is told.
std::function<Status()> RunProcess::open_lineage_of(std::size_t stream, Watchers& watchers) {
  if (lineage_ == nullptr) return {};
  watchers.lineage = lineage_->observer_of(settings_.config, stream);
  return [this] { return lineage_->save(); };
}

/// Within the time in which the process has to end.
void RunProcess::stop_lineage() {
  if (lineage_ == nullptr) return;
  constexpr double kLastWords = 3;  // seconds for what still waits
  const double left = stop_at_ ? std::clamp(*stop_at_ - surroundings_.stopwatch(), 0.0, kLastWords) : kLastWords;
  lineage_->stop(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(left)));
}

}  // namespace weir
