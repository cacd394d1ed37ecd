// SPDX-License-Identifier: Apache-2.0
// The windows of a stream that several partitions feed.
//
// Each partition has an Engine (EngineOptions::partition) that fills panes and judges no window. What is late is a matter
// of the partition alone: its own watermark decides, record by record. A window is judged here, once the watermark of the
// stream (the least of the partitions that are not idle) lies `lateness` behind its end: from the panes of all partitions,
// merged. A partition keeps its panes as long as an open window needs them, so its snapshot is whole by itself and moves
// to another process with it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/engine.h"

namespace weir {

class Windows;

class StreamWindows {
 public:
  struct Options {
    std::uint64_t samples_per_rule = 20;
    bool all_windows = true;
    Instant started{};           // a stream that never had a record begins with the window that holds this moment
    History* history = nullptr;  // null: of this process alone
    MakeDriftJudge make_drift = nullptr;  // as EngineOptions::make_drift
  };
  StreamWindows(std::shared_ptr<const Plan> plan, const Options& options);
  ~StreamWindows();
  StreamWindows(const StreamWindows&) = delete;
  StreamWindows& operator=(const StreamWindows&) = delete;

  /// A watermark at which there may be something to judge; close() before it costs nothing and finds nothing.
  [[nodiscard]] Instant next_close(std::span<Engine* const> partitions) const;
  /// Judges every window that ended a lateness before `watermark`. `by_clock`: the watermark is the clock's, because all
  /// partitions are silent: windows up to it are judged though nothing came in them, and say so.
  WindowOutcome close(std::span<Engine* const> partitions, Instant watermark, bool by_clock);
  /// Judges the windows that are still open, as `weir check` does at the end of its input, and leaves them open.
  WindowOutcome judge_open(std::span<Engine* const> partitions);
  /// Windows that begin before this may miss records that nobody remembers: they say `partial`.
  void partial_until(Instant until);

 private:
  struct State;
  [[nodiscard]] static std::vector<Windows*> windows_of(std::span<Engine* const> partitions);

  std::unique_ptr<State> state_;
};

}  // namespace weir
