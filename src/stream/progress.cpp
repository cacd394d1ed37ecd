// SPDX-License-Identifier: Apache-2.0
#include "stream/progress.h"

#include <algorithm>

namespace weir {

namespace {

/// A clock that is set by less than this is no jump: NTP slews and leap smears stay far below it.
constexpr Duration kJump = std::chrono::seconds(10);

constexpr Duration kBackfillAfter = std::chrono::minutes(5);

}  // namespace

bool is_backfill(Instant end, Duration lateness, Duration out_of_order, Duration idle_after, Instant wall) {
  return wall > end + lateness + out_of_order + idle_after + kBackfillAfter;
}

/// After a jump the clock closes no window for a while: either it is set right again, or it has become the truth.
void StreamClock::watch_the_wall(Instant wall, Duration steady) {
  if (last_wall_) {
    const Duration moved = (wall - *last_wall_) - (steady - last_steady_);
    if (moved > kJump || moved < -kJump) distrusted_until_ = steady + settings_.idle_after;
  }
  last_wall_ = wall;
  last_steady_ = steady;
}

StreamClock::Reading StreamClock::read(std::span<const Part> parts, Instant wall, Duration steady) {
  watch_the_wall(wall, steady);
  Reading out{.watermark = watermark_, .by_clock = false};
  if (parts.empty()) return out;
  Instant least = Instant::max();
  for (const Part& part : parts) {
    if (!is_idle(part.quiet, steady)) least = std::min(least, part.watermark);
  }
  if (least == Instant::max()) {
    for (const Part& part : parts) least = least == Instant::max() ? part.watermark : std::max(least, part.watermark);
    const Instant by_clock = wall - settings_.out_of_order - settings_.idle_after;
    if (by_clock > least && steady >= distrusted_until_) {
      least = by_clock;
      out.by_clock = true;
    }
  }
  if (least > watermark_) watermark_ = least;
  if (least < watermark_) out.by_clock = false;
  out.watermark = watermark_;
  return out;
}

}  // namespace weir
