// SPDX-License-Identifier: Apache-2.0
#include "drift/kept_window.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>

#include "drift/watched_stream.h"

namespace weir {

namespace {

using testing::Chance;
using testing::sealed;

constexpr Instant kAt = Instant(std::chrono::hours(7));

KeptState some_state() {
  Chance chance(1);
  KeptState out;
  out.at = kAt;
  const Profile first = profile_of(testing::summary_of_numbers(chance.normals(1'000)));
  const Profile second = profile_of(testing::summary_of_numbers(chance.normals(1'000, 5)));
  out.epochs.push_back(std::make_shared<const std::vector<double>>(learn_edges(second, kDriftCells)));
  out.epochs.push_back(std::make_shared<const std::vector<double>>(learn_edges(first, kDriftCells)));
  out.groups = make_groups(second.compact(out.epochs.front()));
  out.anchor = Anchor{.from = kAt - std::chrono::hours(5),
                      .to = kAt,
                      .design_effect = 2.5,
                      .profile = first.compact(out.epochs.back()),
                      .joint = {}};
  return out;
}

KeptWindow some_window(const KeptState& state, std::size_t epoch) {
  Chance chance(2);
  KeptWindow out;
  out.at = kAt;
  out.start = kAt - std::chrono::hours(1);
  out.end = kAt;
  out.set_aside = true;
  out.profile = profile_of(testing::summary_of_numbers(chance.normals(1'500)));
  if (epoch < state.epochs.size()) {
    out.on_epoch = true;
    out.epoch = epoch_of(*state.epochs[epoch]);
    out.profile = out.profile.compact(state.epochs[epoch]);
  }
  return out;
}

KeptVote some_vote() {
  KeptVote out;
  out.at = kAt;
  out.start = kAt - std::chrono::hours(1);
  out.end = kAt;
  out.answered = out.drifted = out.set_aside = true;
  out.before = {.last = {{.start = kAt, .drifted = true}, {.start = kAt, .drifted = false}},
                .firing = true,
                .since = kAt,
                .clean = 1,
                .cleared = kAt};
  out.groups = 99;
  out.counts = {3, 0, 70'000};
  return out;
}

/// Reads it by all three readers: what matters is that it comes back at all.
void read_all(std::string_view bytes, const KeptState& state) {
  (void)read_window(kAt, bytes, state);
  (void)read_vote(kAt, bytes);
  (void)read_state(kAt, bytes);
}

}  // namespace

TEST_CASE("a kept window comes back as it was, in every epoch and with its values") {
  const KeptState state = some_state();
  for (const std::size_t epoch : {0U, 1U, 2U}) {
    KeptWindow window = some_window(state, epoch);
    const std::string bytes = write_window(window);
    const auto back = read_window(kAt, bytes, state);
    REQUIRE(back);
    window.bytes = bytes.size();
    CHECK(*back == window);
    CHECK(write_window(*back) == bytes);
  }
}

TEST_CASE("a kept window of several fields comes back as it was") {
  Chance chance(3);
  const std::vector<std::string> paths = {"a", "b"};
  KeptWindow window;
  window.at = window.end = kAt;
  window.start = kAt;
  window.joint = profile_of(testing::scatter_of({chance.normals(50), chance.normals(50)}), paths);
  const std::string bytes = write_window(window);
  const auto back = read_window(kAt, bytes, {});
  REQUIRE(back);
  CHECK(back->joint == window.joint);
}

TEST_CASE("votes and states come back as they were") {
  const KeptVote vote = some_vote();
  CHECK(read_vote(kAt, write_vote(vote)) == vote);
  const KeptState state = some_state();
  const auto back = read_state(kAt, write_state(state));
  REQUIRE(back);
  CHECK(write_state(*back) == write_state(state));
  CHECK(back->groups == state.groups);
  REQUIRE(back->epochs.size() == 2);
  CHECK(*back->epochs[1] == *state.epochs[1]);
}

TEST_CASE("a window of an epoch that nobody knows is as if it were not there") {
  const KeptState state = some_state();
  const std::string bytes = write_window(some_window(state, 1));
  KeptState other = state;
  other.epochs.pop_back();
  CHECK_FALSE(read_window(kAt, bytes, other));
  CHECK_FALSE(read_window(kAt, bytes, {}));
}

TEST_CASE("a record that was cut short or has one wrong bit is as if it were not there") {
  const KeptState state = some_state();
  for (const std::string& bytes : {write_window(some_window(state, 0)), write_vote(some_vote()), write_state(state)}) {
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 40) {
      const std::string_view cut = std::string_view(bytes).substr(0, size);
      CHECK_FALSE(read_window(kAt, cut, state));
      CHECK_FALSE(read_vote(kAt, cut));
      CHECK_FALSE(read_state(kAt, cut));
    }
    std::mt19937_64 random(5);
    for (int i = 0; i < 300; ++i) {
      std::string wrong = bytes;
      wrong[random() % wrong.size()] ^= static_cast<char>(1 << (random() % 8));
      CHECK_FALSE(read_window(kAt, wrong, state));
      CHECK_FALSE(read_vote(kAt, wrong));
      CHECK_FALSE(read_state(kAt, wrong));
    }
  }
}

TEST_CASE("hostile records with a right checksum are read without harm") {
  const KeptState state = some_state();
  std::mt19937_64 random(6);
  for (const std::string& bytes : {write_window(some_window(state, 0)), write_window(some_window(state, 2)),
                                   write_vote(some_vote()), write_state(state)}) {
    for (int i = 0; i < 1'000; ++i) {
      std::string wrong = bytes;
      for (int changes = 0; changes < 3; ++changes) {
        const std::size_t at = 2 + random() % (wrong.size() - 2);
        wrong[at] = random() % 2 == 0 ? static_cast<char>(0xff) : static_cast<char>(random());
      }
      if (random() % 4 == 0) wrong.resize(10 + random() % (wrong.size() - 10));
      wrong = sealed(wrong);
      read_all(wrong, state);
      if (const auto window = read_window(kAt, wrong, state)) {
        // What it takes for a window can be used as one.
        (void)window->profile.compact(state.edges());
        (void)state.groups.count(window->profile);
      }
    }
  }
}

TEST_CASE("records are small: a window of a thousand numbers is below two kilobytes, a vote below a hundred bytes") {
  const KeptState state = some_state();
  CHECK(write_window(some_window(state, 0)).size() < 2'048);
  CHECK(write_vote(some_vote()).size() < 100);
}

}  // namespace weir
