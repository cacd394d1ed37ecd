// SPDX-License-Identifier: Apache-2.0
// The world itself: what the stream is tried against has to behave as a broker does.
#include "sim/broker.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "sim/group.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

const Partition kZero{.topic = "t", .number = 0};

Stored record(const std::string& value) {
  Stored out;
  out.value = value;
  return out;
}

std::string values(const Broker& broker, std::int64_t from, std::int64_t& next) {
  std::string out;
  for (const Stored* one : broker.read(kZero, from, 100, next)) out += *one->value;
  return out;
}

TEST_CASE("a reader of committed records waits for an open transaction and skips an aborted one") {
  Broker broker;
  broker.create("t", 1);
  std::int64_t next = 0;
  broker.append(kZero, record("a"));
  const auto kept = broker.begin(0s);
  broker.append(kZero, record("b"), kept);
  broker.append(kZero, record("c"));
  CHECK(values(broker, 0, next) == "a");
  CHECK(next == 1);
  CHECK(broker.bounds(kZero).end == 1);
  broker.end(*kept, true);
  CHECK(values(broker, 0, next) == "abc");
  CHECK(next == 4);  // the marker takes an offset
  const auto dropped = broker.begin(0s);
  broker.append(kZero, record("d"), dropped);
  broker.end(*dropped, false);
  CHECK(values(broker, 4, next).empty());
  CHECK(next == 6);
  CHECK(broker.bounds(kZero).end == 6);
}

TEST_CASE("records are told when they come to count, before the positions of their transaction") {
  Broker broker;
  broker.create("t", 1);
  std::string told;
  broker.on_visible = [&](const Partition&, const Stored& one) { told += *one.value; };
  broker.on_positions = [&](const std::string& group, const std::vector<Position>&) { told += "[" + group + "]"; };
  const auto open = broker.begin(0s);
  open->group = "g";
  open->positions = {{.partition = kZero, .offset = 3, .metadata = "m"}};
  broker.append(kZero, record("a"), open);
  broker.append(kZero, record("b"));
  CHECK(told == "b");
  CHECK(broker.is_unstable("g", kZero));
  CHECK_FALSE(broker.position("g", kZero).has_value());
  broker.end(*open, true);
  CHECK(told == "ba[g]");
  CHECK_FALSE(broker.is_unstable("g", kZero));
  REQUIRE(broker.position("g", kZero).has_value());
  CHECK(broker.position("g", kZero)->offset == 3);
}

TEST_CASE("a new process of a name aborts what the one before left open, and so does time") {
  Broker broker;
  broker.create("t", 1);
  const std::uint64_t first = broker.init_producer("p");
  const auto left = broker.begin(0s);
  broker.own("p", left);
  const std::uint64_t second = broker.init_producer("p");
  CHECK(broker.is_fenced("p", first));
  CHECK_FALSE(broker.is_fenced("p", second));
  CHECK(left->state == Transaction::State::Aborted);
  const auto slow = broker.begin(10s);
  broker.expire(24s);
  CHECK(slow->state == Transaction::State::Open);
  broker.expire(25s);
  CHECK(slow->state == Transaction::State::Aborted);
}

TEST_CASE("what is deleted is out of range, and stays where it was for those who copy the topic") {
  Broker broker;
  broker.create("t", 1);
  std::int64_t next = 0;
  for (const char* value : {"a", "b", "c"}) broker.append(kZero, record(value));
  broker.delete_before(kZero, 2);
  CHECK(broker.bounds(kZero).first == 2);
  CHECK(values(broker, 0, next) == "c");
  Broker other;
  other.copy_topic(broker, "t");
  CHECK(values(other, 0, next) == "abc");
}

std::vector<Partition> partitions(int count) {
  std::vector<Partition> out;
  for (int i = 0; i < count; ++i) out.push_back({.topic = "t", .number = i});
  return out;
}

TEST_CASE("members that rejoin share the partitions, each to one of them") {
  for (const bool cooperative : {false, true}) {
    Group group(cooperative, partitions(5), 3);
    const std::string a = group.join("a", 0s);
    group.turn(0s);
    CHECK(group.member(a).target.size() == 5);
    group.rejoin(a, group.member(a).target);
    const std::string b = group.join("b", 1s);
    group.turn(1s);
    CHECK(group.preparing());  // until the other one has rejoined
    group.rejoin(a, cooperative ? partitions(5) : std::vector<Partition>());
    group.turn(1s);
    CHECK_FALSE(group.preparing());
    std::set<Partition> given;
    for (const std::string& id : {a, b}) {
      for (const Partition& one : group.member(id).target) CHECK(given.insert(one).second);
    }
    // What a cooperative member still has goes to nobody else before it gave it up.
    if (cooperative) CHECK(group.member(b).target.empty());
    if (!cooperative) CHECK(given.size() == 5);
  }
}

TEST_CASE("positions of another generation do not count, and a silent member is given up") {
  Group group(false, partitions(2), 3);
  const std::string a = group.join("", 0s);
  group.turn(0s);
  const int generation = group.generation();
  CHECK(group.accepts(a, generation));
  CHECK_FALSE(group.accepts(a, generation - 1));
  group.turn(9s);
  CHECK(group.knows(a));
  group.turn(10s);
  CHECK_FALSE(group.knows(a));
  CHECK_FALSE(group.accepts(a, generation));
}

TEST_CASE("a member of a name comes back to what it had, and fences who has the name") {
  Group group(false, partitions(2), 3);
  const std::string before = group.join("a", 0s);
  group.turn(0s);
  const int generation = group.generation();
  const std::string after = group.join("a", 1s);
  CHECK_FALSE(group.preparing());
  CHECK(group.generation() == generation);
  CHECK(group.member(after).target.size() == 2);
  CHECK(group.is_fenced(before));
  CHECK_FALSE(group.is_fenced(after));
  CHECK_FALSE(group.accepts(before, generation));
  CHECK(group.accepts(after, generation));
}

}  // namespace
}  // namespace weir::sim
