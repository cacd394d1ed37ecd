// SPDX-License-Identifier: Apache-2.0
#include "drift/votes.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace weir {

namespace {

/// A window a letter: D drifted, c clean, - no answer.
std::vector<KeptVote> windows_of(const std::string& letters) {
  std::vector<KeptVote> out;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const Instant start = Instant(std::chrono::hours(i));
    out.push_back({.at = start + std::chrono::hours(1),
                   .start = start,
                   .end = start + std::chrono::hours(1),
                   .answered = letters[i] != '-',
                   .drifted = letters[i] == 'D'});
  }
  return out;
}

/// After each window: ! the alarm is on.
std::string alarms(const std::string& letters, const VoteRule& rule) {
  std::string out;
  VoteState state;
  for (const KeptVote& vote : windows_of(letters)) {
    count_vote(state, rule, vote);
    out += state.firing ? '!' : '.';
  }
  return out;
}

}  // namespace

TEST_CASE("two of three windows begin an alarm and three clean ones end it") {
  const VoteRule rule{.fire = 2, .of = 3, .clear = 3};
  CHECK(alarms("ccDcc", rule) == ".....");
  CHECK(alarms("cDcDccc", rule) == "...!!!.");
  CHECK(alarms("DDccDccc", rule) == ".!!!!!!.");
  CHECK(alarms("DccDccD", rule) == ".......");
}

TEST_CASE("windows without an answer count neither way") {
  const VoteRule rule{.fire = 2, .of = 3, .clear = 2};
  CHECK(alarms("D----D", rule) == ".....!");
  CHECK(alarms("DDc--c", rule) == ".!!!!.");
}

TEST_CASE("when an alarm ends the windows before it are forgotten") {
  // One clean window ends it: without forgetting, one more drifted window would begin it again at once.
  CHECK(alarms("DDcDcD", {.fire = 2, .of = 3, .clear = 1}) == ".!...!");
}

TEST_CASE("an alarm tells since when windows drifted") {
  const std::vector<KeptVote> windows = windows_of("ccDcD");
  const VoteState state = votes_after(windows, {.fire = 2, .of = 3, .clear = 3});
  REQUIRE(state.firing);
  CHECK(state.since == Instant(std::chrono::hours(2)));
}

TEST_CASE("votes go on from any window that is remembered") {
  const VoteRule rule{.fire = 2, .of = 3, .clear = 3};
  std::vector<KeptVote> windows = windows_of("cDDcDccD-DccDDDccc");
  VoteState state;
  for (KeptVote& window : windows) {
    window.before = state;
    count_vote(state, rule, window);
  }
  for (std::size_t first = 0; first < windows.size(); ++first)
    CHECK(votes_after(std::span(windows).subspan(first), rule) == state);
}

TEST_CASE("a smaller `of` lets go of the votes that are too many") {
  VoteState state = votes_after(windows_of("DDDcc"), {.fire = 6, .of = 6, .clear = 3});
  CHECK(state.last.size() == 5);
  count_vote(state, {.fire = 2, .of = 2, .clear = 3}, windows_of("c").front());
  CHECK(state.last.size() == 2);
  CHECK_FALSE(state.firing);
}

}  // namespace weir
