// SPDX-License-Identifier: Apache-2.0
// Lineage events on their way, in virtual time.
#include "sinks/lineage_queue.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LineageEvent event(int number, std::size_t bytes = 10) {
  return {.run_id = std::to_string(number), .body = std::string(bytes, 'x')};
}

}  // namespace

TEST_CASE("Events go out in order, and the first is tried until it is taken") {
  LineageQueue queue({}, 1);
  queue.push(event(1));
  queue.push(event(2));
  Duration now = seconds(100);
  for (int failures = 0; failures < 5; ++failures) {
    const auto first = queue.next(now);
    REQUIRE(first);
    CHECK(first->event.run_id == "1");
    queue.failed(now, {});
    CHECK_FALSE(queue.next(now));
    now = *queue.wake_at();
  }
  queue.sent(queue.next(now)->number);
  // What was away is there again: the next one waits for nothing.
  CHECK(queue.next(now)->event.run_id == "2");
  queue.sent(queue.next(now)->number);
  CHECK_FALSE(queue.next(now));
  CHECK_FALSE(queue.wake_at());
  const LineageCounts counts = queue.counts();
  CHECK(counts.sent == 2);
  CHECK(counts.failures == 5);
  CHECK(counts.dropped + counts.refused + counts.waiting == 0);
}

TEST_CASE("It is tried again later and later, up to a bound, or when it was asked to") {
  LineageQueue queue({}, 1);
  queue.push(event(1));
  Duration now{};
  Duration before{};
  for (int failures = 0; failures < 20; ++failures) {
    queue.failed(now, {});
    const Duration wait = *queue.wake_at() - now;
    CHECK(wait >= std::min<Duration>(seconds(1) * (1LL << failures), seconds(60)) * 3 / 4);
    CHECK(wait <= seconds(60));
    CHECK((wait >= before * 3 / 4));
    before = wait;
    now += wait;
  }
  queue.failed(now, seconds(300));
  CHECK(*queue.wake_at() == now + seconds(300));
}

TEST_CASE("When too many wait the oldest go, and are counted") {
  LineageQueue queue({.events = 3, .bytes = 1000, .first_wait = seconds(1), .longest_wait = seconds(60)}, 1);
  for (int i = 1; i <= 5; ++i) queue.push(event(i));
  CHECK(queue.counts().dropped == 2);
  CHECK(queue.next({})->event.run_id == "3");
  queue.push(event(6, 995));
  CHECK(queue.size() == 1);
  // One that is larger than all room there is goes out by itself.
  queue.push(event(7, 5000));
  CHECK(queue.next({})->event.run_id == "7");
  CHECK(queue.counts().dropped == 6);
}

TEST_CASE("One that is dropped while it is sent is settled, and the next ones stay") {
  LineageQueue queue({.events = 2, .bytes = 1000, .first_wait = seconds(1), .longest_wait = seconds(60)}, 1);
  queue.push(event(1));
  const std::uint64_t sending = queue.next({})->number;
  queue.push(event(2));
  queue.push(event(3));
  queue.sent(sending);
  CHECK(queue.size() == 2);
  CHECK(queue.next({})->event.run_id == "2");
  CHECK(queue.counts().sent == 1);
  CHECK(queue.counts().dropped == 0);
  const std::uint64_t second = queue.next({})->number;
  queue.push(event(4));
  queue.refused(second);
  CHECK(queue.counts().refused == 0);
  CHECK(queue.counts().dropped == 1);
}

TEST_CASE("What waited before goes first, under its numbers") {
  LineageQueue before({}, 1);
  for (int i = 1; i <= 4; ++i) before.push(event(i));
  before.sent(before.next({})->number);
  CHECK(before.first() == 2);
  LineageQueue after({}, 1);
  after.restore(before.from(before.first()));
  after.push(event(5));
  CHECK(after.size() == 4);
  CHECK(after.next({})->number == 2);
  CHECK(after.next({})->event.run_id == "2");
  CHECK(after.from(5).size() == 1);
  CHECK(after.from(5).front().event.run_id == "5");
  LineageQueue empty({}, 1);
  CHECK(empty.first() == 1);
  CHECK(empty.from(0).empty());
}

}  // namespace weir
