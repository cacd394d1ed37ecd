// SPDX-License-Identifier: Apache-2.0
// A board with a small plan and something on it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "http/status_board.h"

namespace weir::testing {

/// A plan with these rules, all of severity error; each window rule is judged every minute.
std::shared_ptr<const Plan> plan_of(const std::vector<std::string>& record_rules,
                                    const std::vector<std::string>& window_rules = {});

inline Instant at(std::string_view time) {
  return *parse_timestamp(time);
}

/// The minute from `start` on.
WindowVerdict minute(std::uint32_t rule, Instant start, Verdict verdict, std::int64_t observed = 1);

/// A clock that stands until it is moved.
struct StandingClock {
  std::shared_ptr<StatusBoard::Clock::time_point> now = std::make_shared<StatusBoard::Clock::time_point>();
  StatusBoard::Clock::time_point operator()() const { return *now; }
  void pass(std::chrono::milliseconds time) const { *now += time; }
};

/// `orders`: a running stream with two partitions, two record rules and a window rule, all of which have been broken.
std::shared_ptr<StatusBoard> orders_board(const StandingClock& clock, std::size_t samples = 0);

}  // namespace weir::testing
