// SPDX-License-Identifier: Apache-2.0
#include "stream/pane_entry.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace weir {
namespace {

TEST_CASE("the keys of the panes topic can be read back, whatever names they hold") {
  for (const char* odd : {"orders", "a|b", "100%", "%7C", "|", ""}) {
    CAPTURE(odd);
    const PaneName pane{.stream = odd,
                        .layout = "f|%",
                        .grid = 3,
                        .place = -12,
                        .partition = {odd, 7},
                        .incarnation = 18'446'744'073'709'551'615U};
    const std::optional<PaneName> read = read_pane_name(write_name(pane));
    REQUIRE(read);
    CHECK(read->stream == pane.stream);
    CHECK(read->layout == pane.layout);
    CHECK(read->grid == 3);
    CHECK(read->place == -12);
    CHECK(read->partition == pane.partition);
    CHECK(read->incarnation == pane.incarnation);
    const std::optional<ProgressName> progress =
        read_progress_name(write_name(ProgressName{.stream = odd, .partition = {odd, 0}, .incarnation = 1}));
    REQUIRE(progress);
    CHECK(progress->partition == Partition{odd, 0});
    CHECK(read_judged_name(judged_name(odd)) == odd);
  }
}

TEST_CASE("a key that is not one of ours is none") {
  for (const char* other :
       {"", "pane", "pane|a|b|c|d|e|f|g", "pane|s|l|1|2|t|0", "pane|s|l|1|2|t|0|1|x", "pane|s|l|-1|2|t|0|1",
        "progress|s|t|x|1", "progress|s|t|0", "judged", "judged|a|b", "pane|s|l|1|2|t|0|99999999999999999999"}) {
    CAPTURE(other);
    CHECK(!read_pane_name(other));
    CHECK(!read_progress_name(other));
    CHECK(!read_judged_name(other));
  }
}

TEST_CASE("progress is read back, and words that are none are refused") {
  const PartitionProgress one{.watermark = Instant(Duration(-5)), .idle = true, .next_offset = 12};
  const std::optional<PartitionProgress> read = read_progress(write_progress(one));
  REQUIRE(read);
  CHECK(read->watermark == one.watermark);
  CHECK(read->idle);
  CHECK(read->next_offset == 12);
  const std::optional<PartitionProgress> claim = read_progress(write_progress({}));
  REQUIRE(claim);
  CHECK(!claim->watermark);
  for (const char* other :
       {"", "1", "1 2 idle", "2 - live 0", "1 x live 0", "1 - idle x", "1 - gone 0", "1 - live 0 0"}) {
    CAPTURE(other);
    CHECK(!read_progress(other));
  }
}

TEST_CASE("every entry of a stream goes to one partition, and streams are spread over all of them") {
  std::set<std::int32_t> used;
  for (int i = 0; i < 200; ++i) {
    const std::int32_t partition = panes_partition("stream-" + std::to_string(i), 8);
    CHECK(partition == panes_partition("stream-" + std::to_string(i), 8));
    used.insert(partition);
  }
  CHECK(used.size() == 8);
  CHECK(panes_partition("any", 1) == 0);
}

}  // namespace
}  // namespace weir
