// SPDX-License-Identifier: Apache-2.0
#include "sinks/storm_control.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kMidnight = Instant(std::chrono::sys_days(std::chrono::January / 2 / 2026));

std::uint64_t take(StormControl& storm, std::uint64_t records, Instant now) {
  std::uint64_t taken = 0;
  for (std::uint64_t i = 0; i < records; ++i) taken += storm.take(now) ? 1 : 0;
  return taken;
}

}  // namespace

TEST_CASE("Storm control is off by default") {
  StormControl storm({});
  CHECK(take(storm, 100'000, kMidnight) == 100'000);
  CHECK(storm.is_open(kMidnight));
}

TEST_CASE("A rate holds exactly over any time, with a second's worth at once") {
  for (const std::uint32_t rate : {1U, 3U, 7U, 1'000U}) {
    StormControl storm({.max_per_second = rate, .overflow = StormControl::Overflow::Count});
    CHECK(take(storm, 10'000, kMidnight) == rate);
    CHECK(take(storm, 10'000, kMidnight) == 0);
    std::uint64_t taken = 0;
    for (int tick = 1; tick <= 1'000; ++tick) taken += take(storm, 100, kMidnight + milliseconds(37 * tick));
    CHECK(taken == rate * 37);
    CHECK(take(storm, 10'000, kMidnight + hours(9)) == rate);
  }
}

TEST_CASE("A budget holds for a period and is whole again in the next") {
  StormControl storm({.budget = 10, .period = hours(24), .overflow = StormControl::Overflow::Count});
  CHECK(take(storm, 25, kMidnight + hours(23)) == 10);
  CHECK(take(storm, 25, kMidnight + hours(24) - milliseconds(1)) == 0);
  CHECK(take(storm, 25, kMidnight + hours(24)) == 10);
  CHECK(take(storm, 25, kMidnight + hours(24 * 9)) == 10);
}

TEST_CASE("With pause nothing is refused, and the gate stays closed until what is over is paid back") {
  StormControl rate({.max_per_second = 10});
  CHECK(take(rate, 35, kMidnight) == 35);
  CHECK_FALSE(rate.is_open(kMidnight));
  CHECK_FALSE(rate.is_open(kMidnight + milliseconds(2'999)));
  CHECK(rate.is_open(kMidnight + milliseconds(3'000)));  // 35 - 10, and half a second's worth, at ten a second
  CHECK(take(rate, 4, kMidnight + milliseconds(3'000)) == 4);
  CHECK(rate.is_open(kMidnight + milliseconds(3'000)));
  CHECK(take(rate, 1, kMidnight + milliseconds(3'000)) == 1);
  CHECK_FALSE(rate.is_open(kMidnight + milliseconds(3'000)));
  StormControl budget({.budget = 10, .period = hours(1)});
  CHECK(take(budget, 25, kMidnight) == 25);
  CHECK_FALSE(budget.is_open(kMidnight + hours(1)));
  CHECK(budget.is_open(kMidnight + hours(2)));
}

TEST_CASE("A clock that goes backwards gives nothing away, and one that jumps ahead costs nothing") {
  StormControl storm({.max_per_second = 5, .budget = 8, .period = hours(1)});
  take(storm, 20, kMidnight);
  CHECK_FALSE(storm.is_open(kMidnight - hours(5)));
  CHECK_FALSE(storm.is_open(kMidnight - hours(4)));
  CHECK(storm.is_open(kMidnight + hours(24 * 365 * 200)));
  StormControl none({.max_per_second = 0, .budget = 0, .period = Duration(0)});
  take(none, 3, Instant{});
  CHECK_FALSE(none.is_open(kMidnight));
}

}  // namespace weir
