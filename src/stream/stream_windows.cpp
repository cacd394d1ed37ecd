// SPDX-License-Identifier: Apache-2.0
// The windows of a stream: when they are over, who is told, and who judges them.
#include <algorithm>
#include <utility>

#include "stream/stream.h"
#include "weir/shared_bound.h"

namespace weir {

namespace {

/// With silence, windows end by the clock: looking so often is often enough.
constexpr Duration kClockCloseEvery = std::chrono::milliseconds(200);
constexpr Duration kPublishEvery = std::chrono::seconds(1);

/// What a rule may remember is for all partitions of this process together.
void share_bounds(Engine& engine, std::size_t among) {
  for (const std::unique_ptr<Memory>& memory : engine.memories()) {
    if (auto* const bound = dynamic_cast<SharedBound*>(memory.get())) bound->share(among);
  }
}

}  // namespace

std::vector<Engine*> Stream::engines() const {
  std::vector<Engine*> out;
  for (const auto& [partition, lane] : lanes_) out.push_back(lane.engine.get());
  return out;
}

/// What was merged so far was merged from other partitions, or under other rules.
void Stream::begin_windows() {
  windows_ = std::make_unique<StreamWindows>(
      plan_, StreamWindows::Options{.samples_per_rule = options_.samples_per_rule,
                                    .all_windows = true,
                                    .started = started_,
                                    .history = parts_.panes == nullptr ? parts_.history : nullptr});
  for (const auto& [partition, lane] : lanes_) {
    share_bounds(*lane.engine, lanes_.size());
    if (lane.partial_until) windows_->partial_until(*lane.partial_until);
  }
  // How far the stream had come is a matter of the partitions that it had.
  clock_.restart();
}

void Stream::close_windows() {
  if (plan_->windows.empty() || lanes_.empty()) return;
  if (!late_lanes_.empty()) return;  // what they remember belongs into the windows
  std::vector<StreamClock::Part> progress;
  for (const auto& [partition, lane] : lanes_)
    progress.push_back({.watermark = lane.engine->watermark(), .quiet = lane.quiet});
  const StreamClock::Reading reading = clock_.read(progress, now_.wall, now_.steady);
  if (parts_.panes != nullptr) {
    publish_panes(reading.watermark);
    return;
  }
  const std::vector<Engine*> all = engines();
  if (reading.by_clock) {
    if (now_.steady < clock_close_at_) return;
    clock_close_at_ = now_.steady + kClockCloseEvery;
  } else if (reading.watermark < windows_->next_close(all)) {
    return;
  }
  say_windows(windows_->close(all, reading.watermark, reading.by_clock));
}

/// Of windows that are judged over all instances this one knows a part: it tells what that is, and lets go of it then.
void Stream::publish_panes(Instant watermark) {
  if (now_.steady < publish_at_) return;
  std::vector<PanePublisher::Part> all;
  for (const auto& [partition, lane] : lanes_) {
    all.push_back({.partition = partition,
                   .engine = lane.engine.get(),
                   .incarnation = parts_.store.incarnation(partition),
                   .next_offset = lane.next_offset,
                   .idle = clock_.is_idle(lane.quiet, now_.steady)});
  }
  troubles_.clear();
  const bool told = parts_.panes->publish(all, troubles_);
  note_all(troubles_);
  if (!told) return;
  publish_at_ = now_.steady + kPublishEvery;
  for (const PanePublisher::Part& part : all) part.engine->forget_before(watermark);
}

void Stream::say_windows(WindowOutcome&& windows) {
  const bool whole = windows.verdicts.empty() || owns_everything();
  for (WindowVerdict& verdict : windows.verdicts) {
    const WindowBlock& block = plan_->windows[plan_->window_rules[verdict.rule].block];
    verdict.backfill = verdict.has_span && is_backfill(verdict.end, block.lateness, plan_->time.out_of_order,
                                                       options_.idle_after, now_.wall);
    verdict.partial = verdict.partial || !whole;
    if (verdict.partial) ++partial_windows_;
  }
  if (!windows.verdicts.empty() || windows.late + windows.future + windows.untimed + windows.pushed_out > 0 ||
      !windows.notes.empty()) {
    parts_.observer.windows(windows, now_.wall);
  }
  if (!options_.keep_outcome) return;
  Outcome outcome;
  outcome.rules.resize(plan_->rules.size());
  outcome.windows = std::move(windows);
  found().merge(std::move(outcome));
}

bool Stream::owns_everything() const {
  const std::vector<Partition> known = parts_.log.known_partitions();
  return std::all_of(known.begin(), known.end(), [this](const Partition& one) { return lanes_.contains(one); });
}

}  // namespace weir
