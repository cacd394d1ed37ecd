// SPDX-License-Identifier: Apache-2.0
// Transactions that go wrong in every way they can: what is there in the end, and what was said to be.
#include "app/replay_sender.h"

#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <set>

namespace weir {
namespace {

/// A broker: what is committed stays. It may refuse what is too large, at once or a whole batch for one of it.
class FakeBroker final : public RecordOut, public Transactions {
 public:
  std::vector<std::string> there;   // values that are committed
  std::deque<End> ends;             // of the next commits; then all of them are committed
  std::set<std::string> too_large;  // values
  bool told_late = false;           // by the broker, and not which one
  bool full_once = false;
  std::string refused;  // a value that no waiting helps
  bool begun = false;
  int transactions = 0;

  Taken write(const OutRecord& record, std::uint64_t token) override {
    REQUIRE(begun);
    if (full_once) {
      full_once = false;
      return Taken::Full;
    }
    const std::string value(record.value.value_or(""));
    if (!told_late && too_large.contains(value)) return Taken::TooLarge;
    open_.push_back(value);
    tokens_.push_back(token);
    return Taken::Yes;
  }
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& /*troubles*/) override {
    delivered = std::exchange(settled_, {});
  }
  bool flush(Duration /*wait*/) override { return true; }
  Status start() override { return Done{}; }
  Status begin() override {
    REQUIRE_FALSE(begun);
    begun = true;
    ++transactions;
    open_.clear();
    tokens_.clear();
    return Done{};
  }
  End commit(std::span<const Position> positions, std::vector<Trouble>& troubles) override {
    CHECK(positions.empty());
    End end = End::Committed;
    if (!ends.empty()) {
      end = ends.front();
      ends.pop_front();
    }
    for (const std::string& value : open_) {
      if (too_large.contains(value)) fail(true, "too_large");
      if (value == refused) fail(false, "timestamp");
    }
    if (!settled_.empty()) end = End::Aborted;
    if (end == End::Fatal) {
      troubles.push_back({.weight = Trouble::Weight::Fatal, .event = "fenced", .message = "another process"});
      return end;
    }
    begun = false;
    if (end == End::Committed) there.insert(there.end(), open_.begin(), open_.end());
    return end;
  }
  End abort(std::vector<Trouble>& /*troubles*/) override {
    begun = false;
    return End::Aborted;
  }

 private:
  void fail(bool large, const std::string& event) {
    for (const std::uint64_t token : tokens_) {  // the whole batch
      settled_.push_back({.token = token,
                          .ok = false,
                          .too_large = large,
                          .trouble = {.weight = Trouble::Weight::Standing, .event = event, .message = event}});
    }
  }
  std::vector<std::string> open_;
  std::vector<std::uint64_t> tokens_;
  std::vector<Delivered> settled_;
};

struct Bench {
  FakeBroker broker;
  std::vector<std::string> committed;
  std::vector<std::string> left;
  bool stop = false;
  Duration clock{};

  Status send(int records) {
    std::vector<ReplayItem> items;
    for (int i = 0; i < records; ++i) {
      ReplayItem& item = items.emplace_back();
      item.id = std::to_string(i);
      item.record.value = item.id;
      item.mark.emplace();
      item.mark->value = "mark " + item.id;
    }
    ReplaySender sender(broker, broker,
                        {.interrupted = [this] { return stop; },
                         .steady = [this] { return clock; },
                         .wait = [this](Duration wait) { clock += wait; },
                         .committed =
                             [this](std::span<const ReplayItem> sent) {
                               for (const ReplayItem& item : sent) committed.push_back(item.id);
                               return Status(Done{});
                             },
                         .too_large = [this](const ReplayItem& item) { left.push_back(item.id); },
                         .told = [](const std::string&) {}});
    return sender.send(items);
  }
};

using Texts = std::vector<std::string>;

TEST_CASE("records and their marks are one transaction") {
  Bench bench;
  bench.broker.full_once = true;
  CHECK(bench.send(2));
  CHECK(bench.broker.transactions == 1);
  CHECK(bench.broker.there == Texts{"0", "mark 0", "1", "mark 1"});
  CHECK(bench.committed == Texts{"0", "1"});
}

TEST_CASE("a transaction that was given up is done again, and its records are there once") {
  Bench bench;
  bench.broker.ends = {Transactions::End::Aborted, Transactions::End::Aborted, Transactions::End::Committed};
  CHECK(bench.send(3));
  CHECK(bench.broker.transactions == 3);
  CHECK(bench.broker.there.size() == 6);
  CHECK(bench.committed == Texts{"0", "1", "2"});
}

TEST_CASE("somebody who is never let through gives up, and has sent nothing") {
  Bench bench;
  bench.broker.ends.assign(10'000, Transactions::End::Aborted);
  const Status sent = bench.send(3);
  CHECK_FALSE(sent);
  CHECK(bench.clock > std::chrono::minutes(2));
  CHECK(bench.broker.there.empty());
  CHECK(bench.committed.empty());
}

TEST_CASE("who was fenced says so") {
  Bench bench;
  bench.broker.ends = {Transactions::End::Fatal};
  const Status sent = bench.send(3);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == "fenced");
  CHECK(bench.committed.empty());
}

TEST_CASE("a record that is too large is found, and takes none of its neighbours with it") {
  for (const bool late : {false, true}) {
    Bench bench;
    bench.broker.told_late = late;
    bench.broker.too_large = {"0", "4", "5", "8"};
    CHECK(bench.send(9));
    CHECK(bench.left == Texts{"0", "4", "5", "8"});
    CHECK(bench.committed == Texts{"1", "2", "3", "6", "7"});
    CHECK(bench.broker.there.size() == 10);
  }
}

TEST_CASE("what no waiting heals ends it, with the reason") {
  Bench bench;
  bench.broker.refused = "1";
  const Status sent = bench.send(3);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == "timestamp");
  CHECK(bench.broker.there.empty());
}

TEST_CASE("who is interrupted begins no transaction") {
  Bench bench;
  bench.stop = true;
  const Status sent = bench.send(3);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == "interrupted");
  CHECK(bench.broker.transactions == 0);
}

}  // namespace
}  // namespace weir
