// SPDX-License-Identifier: Apache-2.0
// Lineage events on their way: in order, one after the other, the first again and again until it is taken. Bounded: when there
// are too many, the oldest go, and are counted. No thread and no clock of its own: `now` only goes forward.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "sinks/lineage_event.h"
#include "weir/time.h"

namespace weir {

/// How it went since the start.
struct LineageCounts {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;   // by whoever they were sent to: told to nobody
  std::uint64_t dropped = 0;   // too many waited
  std::uint64_t failures = 0;  // attempts that came to nothing
  std::size_t waiting = 0;
};

class LineageQueue {
 public:
  struct Limits {
    std::size_t events = 10'000;
    std::size_t bytes = std::size_t{32} << 20;
    Duration first_wait = std::chrono::seconds(1);  // after a failure; each time twice as long
    Duration longest_wait = std::chrono::seconds(60);
  };
  struct Waiting {
    std::uint64_t number = 0;  // counts up over restarts
    LineageEvent event;
  };

  LineageQueue(Limits limits, std::uint64_t seed) : limits_(limits), random_(seed) {}

  void push(LineageEvent event);
  /// What waited when the process before this one ended, in its order; before anything else is pushed.
  void restore(std::vector<Waiting> waiting);

  /// The one to be sent now; nothing: none waits, or it is too early.
  [[nodiscard]] std::optional<Waiting> next(Duration now) const;
  /// When next() has something, as far as it is known; nothing: when something is pushed.
  [[nodiscard]] std::optional<Duration> wake_at() const;
  /// What became of that one.
  void sent(std::uint64_t number);
  void refused(std::uint64_t number);
  void failed(Duration now, Duration not_before);

  [[nodiscard]] LineageCounts counts() const;
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  // ---- what has to outlive the process
  /// The number of the first that waits: all before it are settled.
  [[nodiscard]] std::uint64_t first() const { return waiting_.empty() ? next_number_ : waiting_.front().number; }
  /// Those with this number or a later one.
  [[nodiscard]] std::vector<Waiting> from(std::uint64_t number) const;

 private:
  bool settle(std::uint64_t number);

  Limits limits_;
  std::mt19937_64 random_;
  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;
  std::uint64_t next_number_ = 1;
  LineageCounts counts_;
  Duration wait_{};  // after the failures in a row
  Duration not_before_{};
};

}  // namespace weir
