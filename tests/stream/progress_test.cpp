// SPDX-License-Identifier: Apache-2.0
#include "stream/progress.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace weir {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Instant at(std::int64_t second) {
  return Instant(seconds(1'800'000'000 + second));
}

StreamClock clock_of_a_stream() {
  return StreamClock({.out_of_order = seconds(10), .idle_after = seconds(60)});
}

TEST_CASE("the watermark of a stream is the least of its partitions") {
  StreamClock clock = clock_of_a_stream();
  const std::vector<StreamClock::Part> parts = {{.watermark = at(100), .quiet = {}},
                                                {.watermark = at(40), .quiet = {}}};
  const StreamClock::Reading reading = clock.read(parts, at(200), seconds(0));
  CHECK(reading.watermark == at(40));
  CHECK(!reading.by_clock);
}

TEST_CASE("a partition without a record holds the stream back until it is caught up and silent for long enough") {
  StreamClock clock = clock_of_a_stream();
  std::vector<StreamClock::Part> parts = {
      {.watermark = at(100), .quiet = {}},
      {.watermark = Instant::min(), .quiet = {.caught_up = false, .since = seconds(0)}}};
  CHECK(clock.read(parts, at(200), seconds(300)).watermark == Instant::min());
  parts[1].quiet.caught_up = true;
  CHECK(clock.read(parts, at(200), seconds(59)).watermark == Instant::min());
  CHECK(clock.read(parts, at(200), seconds(60)).watermark == at(100));
}

TEST_CASE("a partition that lags is never idle, however long nothing came of it") {
  StreamClock clock = clock_of_a_stream();
  const std::vector<StreamClock::Part> parts = {
      {.watermark = at(100), .quiet = {}}, {.watermark = at(5), .quiet = {.caught_up = false, .since = seconds(0)}}};
  CHECK(clock.read(parts, at(100'000), seconds(100'000)).watermark == at(5));
}

TEST_CASE("when all partitions are silent the clock goes on for them, and says so") {
  StreamClock clock = clock_of_a_stream();
  const std::vector<StreamClock::Part> parts = {
      {.watermark = at(100), .quiet = {.caught_up = true, .since = seconds(0)}},
      {.watermark = at(90), .quiet = {.caught_up = true, .since = seconds(0)}}};
  CHECK(clock.read(parts, at(110), seconds(10)).watermark == at(90));
  // Their own records first: what the clock says lies behind them.
  CHECK(clock.read(parts, at(160), seconds(60)).watermark == at(100));
  const StreamClock::Reading later = clock.read(parts, at(1'000), seconds(900));
  CHECK(later.watermark == at(1'000 - 70));
  CHECK(later.by_clock);
}

TEST_CASE("the watermark never goes back, not by a partition that comes back and not by the clock on the wall") {
  StreamClock clock = clock_of_a_stream();
  std::vector<StreamClock::Part> parts = {{.watermark = at(100), .quiet = {.caught_up = true, .since = seconds(0)}}};
  CHECK(clock.read(parts, at(1'000), seconds(1'000)).watermark == at(930));
  parts[0].quiet = {.caught_up = false, .since = seconds(1'001)};
  parts[0].watermark = at(110);
  const StreamClock::Reading back = clock.read(parts, at(1'001), seconds(1'001));
  CHECK(back.watermark == at(930));
  CHECK(!back.by_clock);
  clock.restart();
  CHECK(clock.read(parts, at(1'002), seconds(1'002)).watermark == at(110));
}

TEST_CASE("a clock on the wall that jumps closes no window until it stood for a while") {
  StreamClock clock = clock_of_a_stream();
  const std::vector<StreamClock::Part> parts = {
      {.watermark = at(100), .quiet = {.caught_up = true, .since = seconds(0)}}};
  CHECK(clock.read(parts, at(200), seconds(100)).watermark == at(130));
  // Two days forward at once, and back again ten seconds later.
  CHECK(clock.read(parts, at(172'800), seconds(101)).watermark == at(130));
  CHECK(clock.read(parts, at(210), seconds(110)).watermark == at(130));
  CHECK(clock.read(parts, at(275), seconds(175)).watermark == at(205));
  // A jump that stays has become the truth.
  CHECK(clock.read(parts, at(172'900), seconds(180)).watermark == at(205));
  CHECK(clock.read(parts, at(172'961), seconds(241)).watermark == at(172'961 - 70));
}

TEST_CASE("a window is history five minutes after it could have been judged") {
  const auto judged_at = [](std::int64_t second) {
    return is_backfill(at(0), seconds(30), seconds(10), seconds(60), at(second));
  };
  CHECK(!judged_at(100));
  CHECK(!judged_at(400));
  CHECK(judged_at(401));
}

TEST_CASE("without partitions the stream stands still") {
  StreamClock clock = clock_of_a_stream();
  CHECK(clock.read({}, at(1'000), minutes(10)).watermark == Instant::min());
}

}  // namespace
}  // namespace weir
