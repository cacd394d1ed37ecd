// SPDX-License-Identifier: Apache-2.0
// What is collected of a stream, and that it stays small.
#include "http/status_board.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <thread>
#include <vector>

#include "http/board.h"

namespace weir {
namespace {

using testing::at;
using testing::minute;
using testing::plan_of;

const Fetched kBatch{.partition = {"orders", 3}, .messages = {}, .next_offset = 0};

Outcome judged(std::vector<RuleCounts> rules) {
  Outcome outcome;
  outcome.records = 10;
  outcome.rules = std::move(rules);
  return outcome;
}

TEST_CASE("counts of batches add up, and the last failure is remembered") {
  StatusBoard board({.stream = "s"});
  board.rules(plan_of({"a.max", "b.max"}));
  board.judged(kBatch,
               judged({{.evaluated = 10, .failed = 1, .skipped = 0}, {.evaluated = 9, .failed = 0, .skipped = 1}}),
               at("2026-01-01T00:00:00Z"));
  board.judged(kBatch,
               judged({{.evaluated = 5, .failed = 0, .skipped = 5}, {.evaluated = 10, .failed = 0, .skipped = 0}}),
               at("2026-01-01T00:00:01Z"));
  const StreamView view = board.view();
  CHECK(view.stream == "s");
  CHECK(view.records == 20);
  CHECK(view.rules[0].counts.evaluated == 15);
  CHECK(view.rules[0].counts.failed == 1);
  CHECK(view.rules[0].counts.skipped == 5);
  CHECK(view.rules[0].last_failed == at("2026-01-01T00:00:00Z"));
  CHECK_FALSE(view.rules[1].last_failed);
}

TEST_CASE("after a reload a rule that stayed the same goes on, in its new place, and a changed one begins anew") {
  StatusBoard board({.stream = "s", .samples_per_rule = 2});
  board.rules(plan_of({"a.max", "b.max"}, {"w", "v"}));
  Outcome outcome =
      judged({{.evaluated = 10, .failed = 1, .skipped = 0}, {.evaluated = 10, .failed = 2, .skipped = 0}});
  outcome.failing.emplace_back().violations = {{.rule = 1, .code = "", .path = "", .value = "x", .message = "y"}};
  board.judged(kBatch, outcome, at("2026-01-01T00:00:00Z"));
  WindowOutcome windows;
  windows.rules = {{.evaluated = 1}, {.evaluated = 2}};
  windows.verdicts = {minute(1, at("2026-01-01T00:00:00Z"), Verdict::Fail)};
  board.windows(windows, {});

  auto next = std::make_shared<Plan>();
  for (const char* id : {"c.max", "b.max", "a.max"}) {
    RecordRule rule;
    rule.info = plan_of({id})->rules[0].info;
    if (rule.info.id == "a.max") rule.info.expected = "something else";
    next->rules.push_back(std::move(rule));
  }
  WindowRule window;
  window.info = plan_of({}, {"v"})->window_rules[0].info;
  next->window_rules.push_back(std::move(window));
  board.rules(next);

  const auto [view, kept] = board.view_with_windows();
  REQUIRE(view.rules.size() == 3);
  CHECK(view.rules[0].counts.evaluated == 0);
  CHECK(view.rules[1].counts.failed == 2);
  CHECK(view.rules[2].counts.evaluated == 0);
  CHECK(view.records == 10);
  REQUIRE(view.window_rules.size() == 1);
  CHECK(view.window_rules[0].evaluated == 2);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].rule == 0);
  REQUIRE(view.samples.size() == 1);
  CHECK(view.samples[0].sample.rule == 1);
}

TEST_CASE("windows are kept up to a number a rule, and to one of all rules together") {
  const auto kept_with = [](std::size_t rules, StatusBoard::Options options) {
    StatusBoard board(std::move(options));
    board.rules(plan_of({}, std::vector<std::string>(rules, "w")));
    WindowOutcome windows;
    windows.rules.resize(rules);
    const Instant start = at("2026-01-01T00:00:00Z");
    for (int i = 0; i < 300; ++i) {
      for (std::uint32_t rule = 0; rule < rules; ++rule) {
        windows.verdicts.push_back(minute(rule, start + i * std::chrono::minutes(1), Verdict::Pass, i));
      }
    }
    board.windows(windows, {});
    const auto kept = board.view_with_windows().second;
    CHECK(kept.back().verdict->observed.integer == 299);
    return kept.size();
  };
  CHECK(kept_with(1, {.stream = "s"}) == 240);
  CHECK(kept_with(2, {.stream = "s", .windows_per_rule = 3}) == 6);
  CHECK(kept_with(10, {.stream = "s", .windows = 200}) == 200);
  CHECK(kept_with(100, {.stream = "s", .windows = 200}) == 800);  // never less than eight each
}

TEST_CASE("samples are kept when they are asked for, the newest of each rule") {
  for (const std::size_t asked : {std::size_t{0}, std::size_t{2}}) {
    StatusBoard board({.stream = "s", .samples_per_rule = asked});
    board.rules(plan_of({"a.max", "b.max"}));
    for (std::uint64_t offset = 0; offset < 5; ++offset) {
      Outcome outcome = judged({{}, {}});
      FailingRecord& failing = outcome.failing.emplace_back();
      failing.offset = offset;
      failing.violations = {{.rule = 0, .code = "", .path = "", .value = "v", .message = "r"}};
      board.judged(kBatch, outcome, {});
    }
    const StreamView view = board.view();
    REQUIRE(view.samples.size() == asked);
    if (asked > 0) CHECK(view.samples.back().sample.offset == 4);
    if (asked > 0) CHECK(view.samples.back().partition.number == 3);
  }
}

TEST_CASE("the same trouble in a row is one, and old ones go") {
  StatusBoard board({.stream = "s"});
  for (int i = 0; i < 1000; ++i) {
    board.trouble({.weight = Trouble::Weight::Passing, .event = "broker_away", .message = std::to_string(i)}, {});
  }
  CHECK(board.view().troubles.size() == 1);
  CHECK(board.view().troubles[0].times == 1000);
  CHECK(board.view().troubles[0].trouble.message == "999");
  for (int i = 0; i < 100; ++i) {
    board.trouble({.weight = Trouble::Weight::Passing, .event = std::to_string(i), .message = ""}, {});
  }
  CHECK(board.view().troubles.size() == 20);
  CHECK(board.view().troubles.back().trouble.event == "99");
}

TEST_CASE("an outcome of another length than the plan's harms nothing") {
  StatusBoard board({.stream = "s", .samples_per_rule = 1});
  board.judged(kBatch, judged({{.evaluated = 1, .failed = 1, .skipped = 0}}), {});
  WindowOutcome windows;
  windows.rules.resize(3);
  windows.verdicts = {minute(2, {}, Verdict::Fail)};
  board.windows(windows, {});
  board.quarantined(1, std::vector<std::uint64_t>{1, 1});
  CHECK(board.view().records == 10);
  CHECK(board.view_with_windows().second.empty());
}

TEST_CASE("a pulse is what probes ask, and no more") {
  StatusBoard::Clock::time_point now{};
  StatusBoard board({.stream = "s"}, [&now] { return now; });
  CHECK(board.pulse().stream == "s");
  CHECK(board.pulse().status == nullptr);
  board.rules(plan_of({"a.max"}, {"w"}));
  StreamStatus status;
  status.phase = StreamStatus::Phase::Running;
  board.status(status);
  now += std::chrono::seconds(12);
  const StreamView pulse = board.pulse();
  REQUIRE(pulse.status != nullptr);
  CHECK(pulse.status->phase == StreamStatus::Phase::Running);
  CHECK(pulse.silent_for == std::chrono::seconds(12));
  CHECK(pulse.rules.empty());
  CHECK(pulse.window_rules.empty());
}

TEST_CASE("readers and the stream do not get into each other's way") {
  StatusBoard board({.stream = "s"});
  board.rules(plan_of({"a.max"}, {"w"}));
  std::atomic<bool> over = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!over) {
        const auto [view, kept] = board.view_with_windows();
        // A batch is there as a whole or not at all.
        if (view.records != view.rules[0].counts.evaluated) over = true;
      }
    });
  }
  WindowOutcome windows;
  windows.rules.resize(1);
  windows.verdicts = {minute(0, {}, Verdict::Pass)};
  for (int i = 0; i < 2000; ++i) {
    board.judged(kBatch, judged({{.evaluated = 10, .failed = 0, .skipped = 0}}), {});
    board.windows(windows, {});
    board.rules(plan_of({"a.max"}, {"w"}));
  }
  CHECK_FALSE(over);
  over = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(board.view().rules[0].counts.evaluated == 20'000);
}

TEST_CASE("failures that follow each other are one incident, and a quiet time ends it") {
  StatusBoard board({.stream = "s"});
  board.rules(testing::plan_of({"a.max"}));
  const Instant start = testing::at("2026-01-31T12:00:00Z");
  const auto fail_at = [&](Instant now) {
    Outcome outcome;
    outcome.rules = {{.evaluated = 1, .failed = 1}};
    board.judged({}, outcome, now);
    return board.view().rules[0];
  };
  CHECK(!board.view().rules[0].failing_since);
  CHECK(fail_at(start).failing_since == start);
  CHECK(fail_at(start + kEpisode).failing_since == start);
  const auto later = fail_at(start + kEpisode * 2 + std::chrono::seconds(1));
  CHECK(later.failing_since == start + kEpisode * 2 + std::chrono::seconds(1));
  CHECK(later.last_failed == later.failing_since);
}

}  // namespace
}  // namespace weir
