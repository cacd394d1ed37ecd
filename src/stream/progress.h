// SPDX-License-Identifier: Apache-2.0
// How far a stream has come, and when silence counts.
//
// A partition is idle only when it is caught up and nothing came for `idle_after`: one that lags is never idle, because its
// records are still to come. The watermark of the stream is the least of the partitions that are not idle. When all are,
// the clock goes on for them, so that an empty window is judged too.
#pragma once

#include <optional>
#include <span>

#include "weir/time.h"

namespace weir {

/// What is known of a partition's silence.
struct Quiet {
  bool caught_up = false;
  Duration since{};  // steady: when the last record came, or the partition was assigned
};

/// Whether a window that ends then is history when it is judged at `wall`: it could have been long before, and wakes nobody.
[[nodiscard]] bool is_backfill(Instant end, Duration lateness, Duration out_of_order, Duration idle_after,
                               Instant wall);

class StreamClock {
 public:
  struct Settings {
    Duration out_of_order{};
    Duration idle_after{};
  };
  struct Part {
    Instant watermark = Instant::min();  // of the partition; min: no record yet
    Quiet quiet;
  };
  struct Reading {
    Instant watermark = Instant::min();
    bool by_clock = false;
  };

  explicit StreamClock(Settings settings) : settings_(settings) {}

  /// Other partitions: the watermark is theirs.
  void restart() { watermark_ = Instant::min(); }
  /// Never goes back but by restart(). Without partitions it stands still.
  Reading read(std::span<const Part> parts, Instant wall, Duration steady);
  [[nodiscard]] bool is_idle(const Quiet& quiet, Duration steady) const {
    return quiet.caught_up && steady - quiet.since >= settings_.idle_after;
  }
  [[nodiscard]] Instant watermark() const noexcept { return watermark_; }

 private:
  void watch_the_wall(Instant wall, Duration steady);

  Settings settings_;
  Instant watermark_ = Instant::min();
  std::optional<Instant> last_wall_;
  Duration last_steady_{};
  Duration distrusted_until_{};  // steady: the clock on the wall jumped
};

}  // namespace weir
