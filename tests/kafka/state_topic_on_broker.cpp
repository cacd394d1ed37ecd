// SPDX-License-Identifier: Apache-2.0
// The state topic as it is on real brokers: claims, zombies, transactions that are still open.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "kafka/on_broker.h"
#include "kafka/state_topic_reader.h"

namespace weir::testing {
namespace {

const std::string kCompacted =
    "{'cleanup.policy': 'compact', 'segment.ms': '200', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': "
    "'100'}";

/// One instance: a reader and a producer of its own.
struct Instance {
  explicit Instance(const std::string& name, KafkaOut* transactional = nullptr) {
    Result<std::unique_ptr<KafkaStateReader>> made = KafkaStateReader::make(settings(), name);
    REQUIRE(made.ok());
    reader = std::move(*made);
    Result<std::unique_ptr<KafkaOut>> out_made = KafkaOut::make(settings());
    REQUIRE(out_made.ok());
    out = std::move(*out_made);
    RecordOut& saves = transactional == nullptr ? static_cast<RecordOut&>(*out) : *transactional;
    store = std::make_unique<StateTopic>(
        StateTopicOptions{.topic = name, .stream = "s", .in_transaction = transactional != nullptr}, *out, saves,
        *reader);
  }
  std::vector<Snapshot> restore(const Partition& partition) {
    Result<std::vector<Snapshot>> found = store->restore(partition, troubles);
    INFO((found.ok() ? std::string() : found.error().message));
    REQUIRE(found.ok());
    for (const Trouble& trouble : troubles) FAIL_CHECK(trouble.message);
    return std::move(*found);
  }
  void save(const std::vector<Snapshot>& snapshots) {
    const Status saved = store->save(snapshots);
    INFO((saved.ok() ? std::string() : saved.error().message));
    REQUIRE(saved.ok());
  }
  std::unique_ptr<KafkaStateReader> reader;
  std::unique_ptr<KafkaOut> out;
  std::unique_ptr<StateTopic> store;
  std::vector<Trouble> troubles;
};

const Partition kFirst = {.topic = "orders", .number = 0};
const Partition kThird = {.topic = "orders", .number = 2};

Snapshot snapshot(const Partition& partition, std::uint64_t epoch, std::size_t size = 1'000) {
  std::string state;
  std::uint64_t bits = epoch * 77 + 1;
  while (state.size() < size) {
    bits = bits * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;  // nothing that compresses
    state.push_back(static_cast<char>(bits >> 56U));
  }
  return {.partition = partition, .epoch = epoch, .next_offset = static_cast<std::int64_t>(epoch * 10), .state = state};
}

TEST_CASE("snapshots go from one instance to the next by way of a topic, many chunks among them", "[broker]") {
  const std::string name = topic("state", 2, kCompacted);
  Instance first(name);
  CHECK(first.restore(kFirst).empty());
  CHECK(first.restore(kThird).empty());  // lies beside the first one
  for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) {
    first.save({snapshot(kFirst, epoch, 3'000'000), snapshot(kThird, 100 + epoch)});
  }
  Instance second(name);
  const std::vector<Snapshot> found = second.restore(kFirst);
  REQUIRE(found.size() == 2);
  CHECK(found[0].epoch == 4);
  CHECK(found[0].state == snapshot(kFirst, 4, 3'000'000).state);
  CHECK(found[0].next_offset == 40);
  CHECK(found[1].state == snapshot(kFirst, 3, 3'000'000).state);
  CHECK(second.restore(kThird).at(0).epoch == 104);
  CHECK(second.store->incarnation(kFirst) == 2);

  // The first one goes on as if nothing had happened.
  const Status late = first.store->save(std::vector{snapshot(kFirst, 5)});
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == "fenced");
  CHECK(second.restore(kFirst).at(0).epoch == 4);
  second.save({snapshot(kFirst, 6)});
  CHECK(Instance(name).restore(kFirst).at(0).epoch == 6);
}

TEST_CASE("after compaction the same snapshots are there", "[broker]") {
  const std::string name = topic("state", 1, kCompacted);
  Instance first(name);
  CHECK(first.restore(kFirst).empty());
  for (std::uint64_t epoch = 1; epoch <= 20; ++epoch) first.save({snapshot(kFirst, epoch, 700'000)});
  for (int i = 0; i < 3; ++i) {
    python("__import__('time').sleep(1)");
    Instance next(name);
    const std::vector<Snapshot> found = next.restore(kFirst);
    REQUIRE(found.size() == 2);
    CHECK(found[0].state == snapshot(kFirst, found[0].epoch, 700'000).state);
    CHECK(found[1].state == snapshot(kFirst, found[1].epoch, 700'000).state);
    CHECK(found[0].epoch == 20 + static_cast<std::uint64_t>(i));
    next.save({snapshot(kFirst, 21 + static_cast<std::uint64_t>(i), 700'000)});
  }
}

TEST_CASE("a topic that is not there is said, and not made", "[broker]") {
  const Result<std::unique_ptr<KafkaStateReader>> reader = KafkaStateReader::make(settings(), fresh("missing"));
  REQUIRE(reader.ok());
  const Result<std::int32_t> partitions = (*reader)->partitions();
  REQUIRE_FALSE(partitions.ok());
  CHECK(partitions.error().message.find("cannot look at `missing") == 0);
}

TEST_CASE("in a transaction a snapshot is there when it has committed, and a restore waits for one that is open",
          "[broker]") {
  const std::string name = topic("state", 1, kCompacted);
  Reader log(settings(fresh("group"), "a"), {.topics = {topic("in")}});
  Result<std::unique_ptr<KafkaOut>> made =
      KafkaOut::make_transactional(settings(fresh("group"), fresh("instance")), log.log());
  REQUIRE(made.ok());
  KafkaOut& out = **made;
  REQUIRE(out.start().ok());
  Instance first(name, &out);
  CHECK(first.restore(kFirst).empty());
  std::vector<Trouble> troubles;
  REQUIRE(out.begin().ok());
  first.save({snapshot(kFirst, 1)});
  CHECK(out.commit({}, troubles) == Transactions::End::Committed);
  REQUIRE(out.begin().ok());
  first.save({snapshot(kFirst, 2)});
  CHECK(out.abort(troubles) == Transactions::End::Aborted);
  CHECK(Instance(name, &out).restore(kFirst).at(0).epoch == 1);

  // Left open: the brokers end it after 15 s, or its owner commits after all.
  REQUIRE(first.restore(kFirst).at(0).epoch == 1);
  REQUIRE(out.begin().ok());
  first.save({snapshot(kFirst, 3)});
  StateTopicOptions options{.topic = name, .stream = "s", .in_transaction = true};
  int waits = 0;
  options.wait = [&](Duration) {
    if (++waits == 3) CHECK(out.commit({}, troubles) == Transactions::End::Committed);
  };
  Instance second(name);
  StateTopic store(options, *second.out, out, *second.reader);
  const Result<std::vector<Snapshot>> found = store.restore(kFirst, troubles);
  REQUIRE(found.ok());
  CHECK(waits >= 3);
  REQUIRE(!found->empty());
  CHECK(found->at(0).epoch == 3);
}

}  // namespace
}  // namespace weir::testing
