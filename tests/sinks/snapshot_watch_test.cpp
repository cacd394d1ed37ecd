// SPDX-License-Identifier: Apache-2.0
// What no snapshot holds yet: an idle partition is no trouble, and a record after an hour is not an hour old.
#include "sinks/snapshot_watch.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <vector>

namespace weir {

namespace {

using std::chrono::seconds;

const Instant kStart = Instant(seconds(1'767'322'800));

PartitionStatus at(std::int32_t number, std::int64_t next_offset, Instant snapshot_at = {}) {
  PartitionStatus one;
  one.partition = {.topic = "orders", .number = number};
  one.next_offset = next_offset;
  one.snapshot_at = snapshot_at;
  return one;
}

}  // namespace

TEST_CASE("A partition without new records needs no new snapshot") {
  SnapshotWatch watch;
  for (int second = 0; second < 3'600; ++second) {
    watch.seen(std::vector{at(0, 40, kStart)}, kStart + seconds(second));
    CHECK_FALSE(watch.unsaved_since());
  }
  // A record after an hour is as old as it is, and not an hour.
  watch.seen(std::vector{at(0, 41, kStart)}, kStart + seconds(3'600));
  watch.seen(std::vector{at(0, 50, kStart)}, kStart + seconds(3'605));
  CHECK(watch.unsaved_since() == kStart + seconds(3'600));
  watch.seen(std::vector{at(0, 50, kStart + seconds(3'610))}, kStart + seconds(3'610));
  CHECK_FALSE(watch.unsaved_since());
}

TEST_CASE("Of several partitions the one that waits longest for its snapshot counts") {
  SnapshotWatch watch;
  watch.seen(std::vector{at(0, 0), at(1, 0)}, kStart);
  watch.seen(std::vector{at(0, 5), at(1, 0)}, kStart + seconds(1));
  watch.seen(std::vector{at(0, 9), at(1, 7)}, kStart + seconds(2));
  CHECK(watch.unsaved_since() == kStart + seconds(1));
  watch.seen(std::vector{at(0, 9, kStart + seconds(3)), at(1, 8)}, kStart + seconds(3));
  CHECK(watch.unsaved_since() == kStart + seconds(2));
}

TEST_CASE("A first snapshot that never comes counts, too, and a partition that went elsewhere does not") {
  SnapshotWatch watch;
  watch.seen(std::vector{at(0, 100)}, kStart);  // where it was taken up
  watch.seen(std::vector{at(0, 120)}, kStart + seconds(1));
  watch.seen(std::vector{at(0, 9'000)}, kStart + seconds(90));
  CHECK(watch.unsaved_since() == kStart + seconds(1));
  watch.seen(std::vector<PartitionStatus>{}, kStart + seconds(91));
  CHECK_FALSE(watch.unsaved_since());
  watch.seen(std::vector{at(0, 9'000)}, kStart + seconds(92));  // back again, with all that it knew
  CHECK_FALSE(watch.unsaved_since());
}

}  // namespace weir
