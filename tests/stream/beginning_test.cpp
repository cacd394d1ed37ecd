// SPDX-License-Identifier: Apache-2.0
#include "stream/beginning.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

namespace weir {
namespace {

using Candidates = std::vector<std::size_t>;

const std::vector<Snapshot> kTwo = {{.partition = {"t", 0}, .epoch = 8, .next_offset = 80, .state = "new"},
                                    {.partition = {"t", 0}, .epoch = 7, .next_offset = 70, .state = "old"}};

Position committed(std::int64_t offset, const std::string& metadata) {
  return {.partition = {"t", 0}, .offset = offset, .metadata = metadata};
}

TEST_CASE("what is committed beside a position can be read back, and nothing else can") {
  const std::optional<PositionNote> note = read_note(write_note({.store = "a:b", .epoch = 12}));
  REQUIRE(note);
  CHECK(note->store == "a:b");
  CHECK(note->epoch == 12);
  for (const char* other : {"", "weir", "weir:1:", "weir:1:a", "weir:1:a:", "weir:1:a:x", "weir:1:a:1x", "weir:2:a:1",
                            "weir:1:a:99999999999999999999999"}) {
    CAPTURE(other);
    CHECK(!read_note(other));
  }
}

TEST_CASE("at least once the newest snapshot counts, whatever the group's position is") {
  CHECK(find_beginning(kTwo, committed(70, write_note({.store = "s", .epoch = 7})), "s", false).candidates ==
        Candidates{0, 1});
  CHECK(find_beginning(kTwo, committed(3, ""), "s", false).candidates == Candidates{0, 1});
  CHECK(find_beginning(kTwo, committed(500, "somebody's words"), "s", false).candidates == Candidates{0, 1});
  CHECK(find_beginning(kTwo, Position{.partition = {"t", 0}, .offset = {}, .metadata = ""}, "s", false).candidates ==
        Candidates{0, 1});
}

TEST_CASE("at least once a snapshot does not count when another store's owner went on beyond it") {
  const Beginning passed = find_beginning(kTwo, committed(75, write_note({.store = "other", .epoch = 3})), "s", false);
  CHECK(passed.candidates == Candidates{0});
  const Beginning far = find_beginning(kTwo, committed(300, write_note({.store = "other", .epoch = 3})), "s", false);
  CHECK(far.candidates.empty());
  CHECK(far.offset == 300);
}

TEST_CASE("exactly once only the epoch that was committed counts") {
  CHECK(find_beginning(kTwo, committed(70, write_note({.store = "s", .epoch = 7})), "s", true).candidates ==
        Candidates{1});
  CHECK(find_beginning(kTwo, committed(80, write_note({.store = "s", .epoch = 8})), "s", true).candidates ==
        Candidates{0});
  // Not one of another store, not one that does not fit its position, and none when nothing was committed.
  CHECK(find_beginning(kTwo, committed(70, write_note({.store = "x", .epoch = 7})), "s", true).candidates.empty());
  CHECK(find_beginning(kTwo, committed(71, write_note({.store = "s", .epoch = 7})), "s", true).candidates.empty());
  CHECK(find_beginning(kTwo, Position{.partition = {"t", 0}, .offset = {}, .metadata = ""}, "s", true)
            .candidates.empty());
}

TEST_CASE("a snapshot says up to when windows miss records") {
  std::optional<Instant> until;
  CHECK(open_state(close_state({}, "engine"), until) == "engine");
  CHECK(!until);
  const Instant then = Instant(Duration(-5));
  CHECK(open_state(close_state(then, ""), until) == "");
  CHECK(until == then);
  CHECK(!open_state("1234567", until));
}

}  // namespace
}  // namespace weir
