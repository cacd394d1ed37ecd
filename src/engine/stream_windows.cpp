// SPDX-License-Identifier: Apache-2.0
// The engines of a stream's partitions, as their windows.
#include "weir/stream_windows.h"

#include <utility>

#include "drift/watch.h"
#include "windows/total.h"

namespace weir {

struct StreamWindows::State {
  std::shared_ptr<const Plan> plan;
  std::unique_ptr<TotalWindows> total;  // null: the plan has no windows
};

StreamWindows::StreamWindows(std::shared_ptr<const Plan> plan, const Options& options)
    : state_(std::make_unique<State>(State{.plan = std::move(plan), .total = nullptr})) {
  if (state_->plan->windows.empty()) return;
  state_->total = std::make_unique<TotalWindows>(
      *state_->plan,
      TotalWindows::Options{.samples_per_rule = options.samples_per_rule,
                            .all_windows = options.all_windows,
                            .started = options.started,
                            .history = options.history,
                            .make_drift = options.make_drift == nullptr ? &make_drift_watch : options.make_drift});
}

StreamWindows::~StreamWindows() = default;

std::vector<Windows*> StreamWindows::windows_of(std::span<Engine* const> partitions) {
  std::vector<Windows*> out;
  for (Engine* const engine : partitions) {
    if (engine->windows_ != nullptr) out.push_back(engine->windows_.get());
  }
  return out;
}

Instant StreamWindows::next_close(std::span<Engine* const> partitions) const {
  return state_->total == nullptr ? Instant::max() : state_->total->next_close(windows_of(partitions));
}

WindowOutcome StreamWindows::close(std::span<Engine* const> partitions, Instant watermark, bool by_clock) {
  return state_->total == nullptr ? WindowOutcome{} : state_->total->close(windows_of(partitions), watermark, by_clock);
}

WindowOutcome StreamWindows::judge_open(std::span<Engine* const> partitions) {
  return state_->total == nullptr ? WindowOutcome{} : state_->total->judge_open(windows_of(partitions));
}

void StreamWindows::partial_until(Instant until) {
  if (state_->total != nullptr) state_->total->partial_until(until);
}

}  // namespace weir
