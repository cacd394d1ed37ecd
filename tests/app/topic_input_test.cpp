// SPDX-License-Identifier: Apache-2.0
// A topic read as the input of a check: which records, in which order, and when it is no answer.
#include "app/topic_input.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

namespace weir {
namespace {

/// Hands out what partitions hold, two records at a time, of every partition that is not paused. Records go on being
/// written while it is read.
class FakeLog final : public RecordLog {
 public:
  std::map<Partition, std::vector<std::int64_t>> offsets;  // what each holds
  std::map<Partition, std::int64_t> ends;                  // marks of transactions may lie before it
  std::vector<Trouble> troubles;
  bool grows = false;
  bool closed = false;

  Status start(Listener& listener) override {
    listener_ = &listener;
    return Done{};
  }
  void poll(Duration /*wait*/, std::size_t /*most*/, Events& out) override {
    out = {};
    out.troubles = troubles;
    if (positions_.empty()) assign();
    for (auto& [partition, position] : positions_) {
      if (paused_.contains(partition)) continue;
      if (grows) offsets[partition].push_back(ends[partition]++);
      hand_out(partition, position, out);
    }
  }
  Envelope envelope_of(const Fetched& /*fetched*/, std::size_t /*item*/) override { return {}; }
  void pause(const Partition& partition) override { paused_[partition] = true; }
  void resume(const Partition& partition) override { paused_.erase(partition); }
  Status seek(const Partition& partition, std::int64_t offset) override {
    positions_[partition] = offset;
    return Done{};
  }
  Result<Bounds> bounds(const Partition& partition) override {
    const std::vector<std::int64_t>& held = offsets[partition];
    return Bounds{.first = held.empty() ? ends[partition] : held.front(), .end = ends[partition]};
  }
  Result<std::int64_t> offset_at(const Partition& partition, Instant time) override {
    return std::min<std::int64_t>(ends[partition], time.time_since_epoch() / std::chrono::seconds(1));
  }
  Result<std::vector<Position>> committed(std::span<const Partition> /*partitions*/) override {
    return std::vector<Position>();
  }
  std::vector<Partition> known_partitions() override { return {}; }
  std::optional<std::int64_t> known_end(const Partition& partition) override { return ends[partition]; }
  Status commit(std::span<const Position> /*positions*/) override {
    return Error{.message = "a check commits nothing"};
  }
  void close() override { closed = true; }

 private:
  void assign() {
    std::vector<Partition> all;
    for (const auto& [partition, unused] : offsets) all.push_back(partition);
    const std::vector<std::int64_t> starts = listener_->assigned(all);
    for (std::size_t i = 0; i < all.size(); ++i) positions_[all[i]] = starts[i];
  }
  void hand_out(const Partition& partition, std::int64_t& position, Events& out) {
    Fetched fetched;
    fetched.partition = partition;
    for (const std::int64_t offset : offsets[partition]) {
      if (offset < position || fetched.messages.items.size() == 2) continue;
      fetched.messages.items.push_back({.bytes = "{}", .offset = static_cast<std::uint64_t>(offset)});
      position = fetched.next_offset = offset + 1;
    }
    if (fetched.messages.items.empty()) {
      out.ended.push_back(partition);
    } else {
      out.fetched.push_back(std::move(fetched));
    }
  }

  Listener* listener_ = nullptr;
  std::map<Partition, std::int64_t> positions_;
  std::map<Partition, bool> paused_;
};

struct ReadBack {
  std::vector<std::string> seen;  // "orders/0", and the offsets behind it
  Status status = Done{};
};

ReadBack read(FakeLog& log, const TopicInput& input, std::size_t enough = 1000) {
  ReadBack back;
  TopicReader reader;
  reader.begin = [&](const std::string& name) { back.seen.push_back(name); };
  reader.step = [&](const Messages& messages) {
    for (const Message& message : messages.items) back.seen.push_back(std::to_string(message.offset));
    return back.seen.size() < enough;
  };
  back.status = read_log(log, input, Instant{}, reader);
  CHECK(log.closed);
  return back;
}

using Seen = std::vector<std::string>;

FakeLog two_partitions() {
  FakeLog log;
  log.offsets = {{{"orders", 0}, {5, 6, 7}}, {{"orders", 1}, {0, 1}}};
  log.ends = {{{"orders", 0}, 8}, {{"orders", 1}, 2}};
  return log;
}

TEST_CASE("a topic is read partition after partition, each from its beginning to its end") {
  FakeLog log = two_partitions();
  const ReadBack back = read(log, {});
  CHECK(back.status);
  CHECK(back.seen == Seen{"orders/0", "5", "6", "7", "orders/1", "0", "1"});
}

TEST_CASE("what is written while a topic is read is not judged") {
  FakeLog log = two_partitions();
  log.grows = true;
  CHECK(read(log, {}).seen == Seen{"orders/0", "5", "6", "7", "orders/1", "0", "1"});
}

TEST_CASE("marks of transactions at the end keep nobody waiting") {
  FakeLog log = two_partitions();
  log.ends[{"orders", 1}] = 4;
  CHECK(read(log, {}).seen == Seen{"orders/0", "5", "6", "7", "orders/1", "0", "1"});
}

TEST_CASE("a part of a topic: some partitions, a time to begin and one to end") {
  FakeLog log = two_partitions();
  TopicInput input;
  input.numbers = {0};
  input.stream.from.value = {.kind = Start::Kind::Time, .time = Instant(std::chrono::seconds(6))};
  input.to = Start{.kind = Start::Kind::Time, .time = Instant(std::chrono::seconds(7))};
  CHECK(read(log, input).seen == Seen{"orders/0", "6"});
}

TEST_CASE("a reader that has enough is given no more") {
  FakeLog log = two_partitions();
  CHECK(read(log, {}, 3).seen == Seen{"orders/0", "5", "6"});
}

TEST_CASE("a trouble that a person has to mend is the answer, one that passes is none") {
  FakeLog log = two_partitions();
  log.troubles = {{.weight = Trouble::Weight::Passing, .event = "broker_away", .message = "gone"}};
  CHECK(read(log, {}).status);
  FakeLog refused = two_partitions();
  refused.troubles = {{.weight = Trouble::Weight::Standing, .event = "topic_unknown", .message = "no such topic"}};
  const ReadBack back = read(refused, {});
  REQUIRE_FALSE(back.status);
  CHECK(back.status.error().message == "no such topic");
}

}  // namespace
}  // namespace weir
