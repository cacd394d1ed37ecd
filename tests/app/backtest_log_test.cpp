// SPDX-License-Identifier: Apache-2.0
// A stretch of a topic as a log: where it ends, who is told, and what a stream over it comes to.
#include "app/backtest_log.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "app/backtest_stream.h"
#include "app/rule_file.h"
#include "rules/load.h"

namespace weir {
namespace {

const Partition kA{.topic = "orders", .number = 0};
const Partition kB{.topic = "orders", .number = 1};
const Partition kC{.topic = "orders", .number = 2};

/// Hands out what its partitions hold, `step` records of each at a poll; an end lies behind marks of transactions.
class FakeLog final : public RecordLog {
 public:
  struct Held {
    std::vector<std::int64_t> offsets;
    std::int64_t end = 0;
  };
  std::map<Partition, Held> held;
  std::size_t step = 100;
  std::set<Partition> paused;
  std::vector<Partition> gone;  // told at the next poll

  Status start(Listener& listener) override {
    listener_ = &listener;
    return Done{};
  }
  void poll(Duration /*wait*/, std::size_t most, Events& out) override {
    out = {};
    if (positions_.empty()) assign();
    for (auto& [partition, position] : positions_) {
      if (paused.contains(partition)) continue;
      Fetched fetched{.partition = partition, .messages = {}, .next_offset = position};
      for (const std::int64_t offset : held[partition].offsets) {
        if (offset < position || fetched.messages.items.size() >= std::min(step, most)) continue;
        fetched.messages.items.push_back(
            {.bytes = "{\"x\":1}", .line = 0, .offset = static_cast<std::uint64_t>(offset), .whole = true});
        Envelope& envelope = fetched.messages.envelopes.emplace_back();
        envelope.topic = "orders";
        envelope.partition = partition.number;
        fetched.next_offset = offset + 1;
      }
      position = fetched.next_offset;
      if (fetched.messages.items.empty()) {
        out.ended.push_back(partition);
      } else {
        out.fetched.push_back(std::move(fetched));
      }
    }
    out.out_of_range = std::exchange(gone, {});
  }
  Envelope envelope_of(const Fetched& fetched, std::size_t item) override { return fetched.messages.envelopes[item]; }
  void pause(const Partition& partition) override { paused.insert(partition); }
  void resume(const Partition& partition) override { paused.erase(partition); }
  Status seek(const Partition& /*partition*/, std::int64_t /*offset*/) override { return Done{}; }
  Result<Bounds> bounds(const Partition& partition) override { return Bounds{.first = 0, .end = held[partition].end}; }
  Result<std::int64_t> offset_at(const Partition& /*partition*/, Instant /*time*/) override { return 0; }
  Result<std::vector<Position>> committed(std::span<const Partition> /*partitions*/) override {
    return Error{.message = "nobody asks for what is committed"};
  }
  std::vector<Partition> known_partitions() override { return {}; }
  std::optional<std::int64_t> known_end(const Partition& partition) override { return held[partition].end; }
  Status commit(std::span<const Position> /*positions*/) override {
    return Error{.message = "a backtest commits nothing"};
  }
  void close() override { listener_ = nullptr; }

 private:
  void assign() {
    std::vector<Partition> all;
    for (const auto& [partition, what] : held) all.push_back(partition);
    const std::vector<std::int64_t> begin = listener_->assigned(all);
    for (std::size_t i = 0; i < all.size(); ++i) positions_[all[i]] = begin[i];
  }

  Listener* listener_ = nullptr;
  std::map<Partition, std::int64_t> positions_;
};

/// Begins each partition where its stretch does.
struct FromTheFirst final : RecordLog::Listener {
  explicit FromTheFirst(RecordLog& of) : log(of) {}
  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    std::vector<std::int64_t> offsets;
    for (const Partition& partition : partitions) {
      ours.push_back(partition);
      offsets.push_back(log.bounds(partition)->first);
    }
    return offsets;
  }
  void revoked(std::span<const Partition> /*partitions*/, bool /*lost*/) override {}
  RecordLog& log;
  std::vector<Partition> ours;
};

TEST_CASE("a stretch ends where it was decided to, and the last partition does not say that it is silent") {
  auto fake = std::make_unique<FakeLog>();
  fake->held = {{kA, {{0, 1, 2, 3, 4}, 5}}, {kB, {{0, 1, 2, 3, 4}, 5}}, {kC, {{0}, 1}}};
  fake->step = 2;
  StretchLog log(std::move(fake), {{kA, {.first = 1, .end = 3}}, {kB, {.first = 0, .end = 5}}});
  FromTheFirst listener(log);
  REQUIRE(log.start(listener));
  RecordLog::Events events;
  std::map<Partition, std::vector<std::uint64_t>> read;
  std::map<Partition, std::int64_t> next;
  std::vector<Partition> ended;
  for (int turn = 0; turn < 8; ++turn) {
    log.poll(Duration(0), 100, events);
    for (const Fetched& fetched : events.fetched) {
      for (const Message& message : fetched.messages.items) read[fetched.partition].push_back(message.offset);
      next[fetched.partition] = fetched.next_offset;
    }
    ended.insert(ended.end(), events.ended.begin(), events.ended.end());
    log.resume(kA);  // one that has ended stays so
  }
  CHECK(listener.ours == std::vector<Partition>{kA, kB});
  CHECK(read == std::map<Partition, std::vector<std::uint64_t>>{{kA, {1, 2}}, {kB, {0, 1, 2, 3, 4}}});
  CHECK(next == std::map<Partition, std::int64_t>{{kA, 3}, {kB, 5}});
  CHECK(ended == std::vector<Partition>{kA});
  CHECK(log.known_partitions() == std::vector<Partition>{kA, kB});
}

TEST_CASE("marks of transactions at the end of a stretch are passed over") {
  auto fake = std::make_unique<FakeLog>();
  fake->held = {{kA, {{0, 1}, 4}}};
  StretchLog log(std::move(fake), {{kA, {.first = 0, .end = 4}}});
  FromTheFirst listener(log);
  REQUIRE(log.start(listener));
  RecordLog::Events events;
  log.poll(Duration(0), 100, events);
  CHECK(events.fetched.at(0).next_offset == 2);
  log.poll(Duration(0), 100, events);
  CHECK(events.fetched.at(0).next_offset == 4);
  CHECK(events.fetched.at(0).messages.items.empty());
}

TEST_CASE("records that are deleted under a backtest end it with a word") {
  auto fake = std::make_unique<FakeLog>();
  fake->held = {{kA, {{0, 1}, 2}}};
  FakeLog& inner = *fake;
  StretchLog log(std::move(fake), {{kA, {.first = 0, .end = 2}}});
  FromTheFirst listener(log);
  REQUIRE(log.start(listener));
  inner.step = 1;
  RecordLog::Events events;
  log.poll(Duration(0), 1, events);
  inner.gone = {kA};
  inner.step = 0;
  inner.paused.insert(kA);
  log.poll(Duration(0), 1, events);
  REQUIRE(log.fault());
  CHECK(log.fault()->message.find("orders/0 were deleted") != std::string::npos);
  CHECK(events.out_of_range.empty());
}

TEST_CASE("a stream over a stretch judges what lies in it and commits nothing") {
  LoadOptions options;
  options.read_file = [](const std::string&) -> Result<std::string> {
    return std::string("weir: 1\nfields:\n  x: {max: 0}\n");
  };
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan);
  auto fake = std::make_unique<FakeLog>();
  fake->held = {{kA, {{0, 1, 2, 3}, 4}}, {kB, {{}, 0}}, {kC, {{0, 1}, 3}}};
  const Stretch stretch = {{kA, {.first = 1, .end = 3}}, {kB, {.first = 0, .end = 0}}, {kC, {.first = 0, .end = 3}}};
  BacktestProgress progress;
  CaughtRecords caught(*loaded.plan);
  const StretchJudged judged =
      judge_log(std::move(fake), TopicInput{}, loaded.plan, stretch, Instant{}, &caught, progress);
  CHECK(judged.finished);
  CHECK_FALSE(judged.fault);
  CHECK(judged.outcome.records == 4);
  CHECK(judged.outcome.quarantined == 4);
  CHECK(caught.put_aside().parts.at(0).at == std::vector<std::uint64_t>{1, 2});
  CHECK(caught.put_aside().parts.at(2).at == std::vector<std::uint64_t>{0, 1});
  CHECK(progress.records == 4);
}

}  // namespace
}  // namespace weir
