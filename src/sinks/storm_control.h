// SPDX-License-Identifier: Apache-2.0
// How many records may be put aside, so that a producer gone wrong does not fill the quarantine with a copy of the topic.
//
// Two limits, each off by itself: a token bucket (so many a second, with a second's worth of burst) and a budget (so many a
// period; periods are counted from 1970, so a day ends at midnight UTC). Integers only: tokens are counted in millionths, so
// no rate is rounded. Time that goes backwards is time that stands still. A process that starts anew has its whole budget.
#pragma once

#include <cstdint>
#include <optional>

#include "weir/time.h"

namespace weir {

class StormControl {
 public:
  /// What becomes of what is over: the stream waits, or the record goes nowhere and is counted.
  enum class Overflow : std::uint8_t { Pause, Count };
  struct Settings {
    std::optional<std::uint32_t> max_per_second = {};
    std::optional<std::uint32_t> budget = {};
    Duration period = std::chrono::hours(24);
    Overflow overflow = Overflow::Pause;
  };

  explicit StormControl(Settings settings);

  /// One record wants out. False (only with Overflow::Count): it is over. With Overflow::Pause what was read already may
  /// still go, and the time until is_open() grows by it: nothing is lost, and the rate holds over time.
  bool take(Instant now);
  /// With Overflow::Pause: whether to go on reading.
  [[nodiscard]] bool is_open(Instant now);

 private:
  void refill(Instant now);

  Settings settings_;
  std::optional<Instant> last_;
  std::int64_t tokens_ = 0;  // millionths of a record; below zero: a debt
  std::int64_t left_ = 0;    // records of the budget
  bool open_ = true;
};

}  // namespace weir
