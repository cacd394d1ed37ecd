// SPDX-License-Identifier: Apache-2.0
// Groups at a real broker: who has what, what is committed, who is thrown out, and what happens while the broker is away.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <set>
#include <string>

#include "kafka/on_broker.h"

namespace weir::testing {
namespace {

KafkaSettings with(KafkaSettings settings, const std::string& name, const std::string& value) {
  settings.properties.push_back({.name = name, .value = value});
  return settings;
}

TEST_CASE("positions are committed with the words beside them, and found again", "[broker]") {
  const std::string name = topic("positions", 2);
  const std::string group = fresh("group");
  const std::vector<Partition> both = {{.topic = name, .number = 0}, {.topic = name, .number = 1}};
  produce(name, 10, 0, 0);
  Reader reader(settings(group), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.ended.size() == 2; }));
  const Result<std::vector<Position>> none = reader.log().committed(both);
  REQUIRE(none.ok());
  CHECK((!(*none)[0].offset && !(*none)[1].offset));
  const std::string words = "{\"epoch\":7} \"äß\"" + std::string(1000, '.');
  REQUIRE(reader.log().commit(std::vector<Position>{{both[0], 7, words}, {both[1], std::nullopt, "x"}}).ok());
  const Result<std::vector<Position>> some = reader.log().committed(both);
  REQUIRE(some.ok());
  CHECK((*some)[0].partition == both[0]);
  CHECK((*some)[0].offset == 7);
  CHECK((*some)[0].metadata == words);
  CHECK_FALSE((*some)[1].offset);
  REQUIRE(reader.log().commit(std::vector<Position>{{both[0], 3, ""}, {both[1], 0, ""}}).ok());
  // Without words: confluent_kafka reads on behind the end of those that it is given.
  CHECK(python("kafka.committed('" + group + "', '" + name + "')") == "{0: (3, ''), 1: (0, '')}");
  REQUIRE(reader.log().commit({}).ok());

  Reader alone(settings(), {.topics = {name}});
  REQUIRE(alone.log().start(alone).ok());
  CHECK_FALSE(alone.log().commit(std::vector<Position>{{both[0], 1, ""}}).ok());
  CHECK_FALSE((*alone.log().committed(both))[0].offset);
}

/// Two members of a group share six partitions while records go on coming; what one has when it is taken away, it commits, and
/// the next one goes on there.
TEST_CASE("when partitions change hands no record is lost and none is read twice", "[broker]") {
  const std::string strategy = GENERATE("cooperative-sticky", "range");
  CAPTURE(strategy);
  const std::string name = topic("shared", 6);
  const KafkaSettings group = with(settings(fresh("group")), "partition.assignment.strategy", strategy);
  const auto member = [&] {
    auto reader = std::make_unique<Reader>(group, LogOptions{.topics = {name}});
    Reader* const self = reader.get();
    reader->begin = [self](const Partition& partition) {
      const Result<std::vector<Position>> positions = self->log().committed({&partition, 1});
      REQUIRE(positions.ok());
      return (*positions)[0].offset.value_or(0);
    };
    reader->on_revoked = [self](std::span<const Partition> partitions, bool lost) {
      CHECK_FALSE(lost);
      std::vector<Position> positions;
      for (const Partition& partition : partitions)
        positions.push_back({partition, self->positions.at(partition), "m"});
      const Status committed = self->log().commit(positions);
      INFO((committed.ok() ? "" : committed.error().message));
      CHECK(committed.ok());
    };
    REQUIRE(reader->log().start(*reader).ok());
    return reader;
  };
  int produced = 0;
  const auto more = [&] {
    for (int partition = 0; partition < 6; ++partition) produce(name, 500, produced, partition);
    produced += 500;
  };
  more();
  auto first = member();
  REQUIRE(first->until([&] { return first->positions.size() == 6 && first->got.size() > 100; }));
  auto second = member();
  const auto both_until = [&](auto done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!done() && std::chrono::steady_clock::now() < end) {
      first->turn(std::chrono::milliseconds(5), 37);
      second->turn(std::chrono::milliseconds(5), 41);
    }
    return done();
  };
  REQUIRE(both_until([&] { return first->positions.size() == 3 && second->positions.size() == 3; }));
  more();
  REQUIRE(both_until([&] { return first->got.size() + second->got.size() >= 3000; }));
  more();
  first->log().close();
  CHECK(first->positions.empty());
  REQUIRE(
      second->until([&] { return second->positions.size() == 6 && first->got.size() + second->got.size() >= 9000; }));
  std::set<std::pair<int, std::int64_t>> seen;
  for (const Reader* reader : {first.get(), second.get()}) {
    for (const Got& one : reader->got) CHECK(seen.emplace(one.partition, one.offset).second);
    CHECK(reader->losses == 0);
  }
  CHECK(seen.size() == 9000);
  if (strategy == "cooperative-sticky") CHECK(second->revocations == 0);
}

TEST_CASE("a member with a lasting name is back at once, and its partitions never moved", "[broker]") {
  const std::string name = topic("static", 2);
  const KafkaSettings group = settings(fresh("group"), "one");
  const auto began = std::chrono::steady_clock::now();
  {
    Reader reader(group, {.topics = {name}});
    REQUIRE(reader.log().start(reader).ok());
    REQUIRE(reader.until([&] { return reader.positions.size() == 2; }));
  }  // a close of a static member tells the group nothing
  Reader again(group, {.topics = {name}});
  REQUIRE(again.log().start(again).ok());
  REQUIRE(again.until([&] { return again.positions.size() == 2; }));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(8));
}

TEST_CASE("two processes of one name: the first is thrown out, and told why", "[broker]") {
  const std::string name = topic("twins", 2);
  const KafkaSettings group = settings(fresh("group"), "one");
  Reader first(group, {.topics = {name}});
  REQUIRE(first.log().start(first).ok());
  REQUIRE(first.until([&] { return first.positions.size() == 2; }));
  Reader second(group, {.topics = {name}});
  REQUIRE(second.log().start(second).ok());
  const bool fenced = second.until([&] {
    first.turn(std::chrono::milliseconds(10));
    return second.positions.size() == 2 && first.has_trouble("fenced");
  });
  for (const Trouble& trouble : first.troubles) UNSCOPED_INFO("first: " << trouble.event << ": " << trouble.message);
  UNSCOPED_INFO(second.positions.size());
  REQUIRE(fenced);
  CHECK(std::ranges::any_of(first.troubles, [](const Trouble& t) { return t.weight == Trouble::Weight::Fatal; }));
  CHECK(first.trouble("fenced").find("`instance`") != std::string::npos);
  first.log().close();
  CHECK(first.positions.empty());
  CHECK(first.losses > 0);
}

TEST_CASE("a topic that is not there yet is told, and read when it is", "[broker]") {
  const std::string name = fresh("later");
  KafkaSettings quick = with(settings(fresh("group")), "topic.metadata.refresh.interval.ms", "300");
  Reader reader(quick, {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.has_trouble("topic_unknown"); }));
  CHECK(reader.trouble("topic_unknown").find(name) != std::string::npos);
  CHECK(reader.log().known_partitions().empty());
  python("kafka.create_topic('" + name + "', 2)");
  produce(name, 5);
  REQUIRE(reader.until([&] { return reader.got.size() == 5; }, 40));
  CHECK(reader.log().known_partitions().size() == 2);
}

TEST_CASE("a pattern takes new topics and new partitions, and never what weir writes", "[broker]") {
  const std::string stem = fresh("pattern");
  python("[kafka.create_topic('" + stem + "." + "' + n) for n in ('a', 'b', 'a.quarantine')]");
  python("kafka.create_topic('other." + stem + ".a')");
  for (const char* const suffix : {".a", ".b", ".a.quarantine"}) produce(stem + suffix, 3);
  KafkaSettings quick = with(settings(fresh("group")), "topic.metadata.refresh.interval.ms", "300");
  Reader reader(quick, {.topics = {"^" + stem + "\\.[a-z.]+$"}, .never = {stem + ".a.quarantine"}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.got.size() == 6 && reader.positions.size() == 2; }));
  python("kafka.create_topic('" + stem + ".c', 2)");
  produce(stem + ".c", 3, 0, 1);
  REQUIRE(reader.until([&] { return reader.got.size() == 9; }));
  python("kafka.add_partitions('" + stem + ".b', 3)");
  produce(stem + ".b", 3, 0, 2);
  REQUIRE(reader.until([&] { return reader.got.size() == 12; }));
  for (int i = 0; i < 5; ++i) reader.turn();
  CHECK(reader.got.size() == 12);
  CHECK(reader.positions.size() == 6);
  CHECK(reader.log().known_partitions().size() == 6);

  CHECK_FALSE(KafkaLog::make(quick, {.topics = {"^(open"}}).ok());
  CHECK_FALSE(KafkaLog::make(quick, {.topics = {"a b"}}).ok());
  CHECK_FALSE(KafkaLog::make(quick, {.topics = {"a"}, .never = {"a"}}).ok());
  CHECK_FALSE(KafkaLog::make(quick, {.topics = {}}).ok());
}

TEST_CASE("a member whose offset is gone takes that partition up again, and the others go on", "[broker]") {
  const std::string strategy = GENERATE("cooperative-sticky", "range");
  const bool paused = GENERATE(false, true);
  CAPTURE(strategy, paused);
  const std::string name = topic("gone", 2);
  const Partition first{.topic = name, .number = 0};
  const Partition second{.topic = name, .number = 1};
  produce(name, 10, 0, 0);
  produce(name, 2000, 0, 1);
  python("kafka.delete_records('" + name + "', {0: 6})");
  Reader reader(with(settings(fresh("group")), "partition.assignment.strategy", strategy), {.topics = {name}});
  reader.begin = [&](const Partition& partition) { return partition == first ? 2 : 0; };
  REQUIRE(reader.log().start(reader).ok());
  while (reader.out_of_range.empty() || reader.values(1).size() < 100) reader.turn(std::chrono::milliseconds(10), 50);
  if (paused) reader.log().pause(second);
  const std::size_t before = reader.values(1).size();
  reader.positions[first] = 6;
  REQUIRE(reader.log().seek(first, 6).ok());
  REQUIRE(reader.until([&] { return reader.values(0).size() == 4; }));
  if (paused) {
    CHECK(reader.values(1).size() == before);
    reader.log().resume(second);
  }
  REQUIRE(reader.until([&] { return reader.values(1).size() >= 2000; }));
  CHECK(reader.values(0) == std::vector<std::string>{"6", "7", "8", "9"});
  const std::vector<std::string> values = reader.values(1);
  REQUIRE(values.size() == 2000);
  for (int i = 0; i < 2000; ++i) CHECK(values[static_cast<std::size_t>(i)] == std::to_string(i));
  CHECK((reader.assignments == 1 && reader.revocations == 0));
  CHECK(reader.log().commit(std::vector<Position>{{first, 10, ""}, {second, 2000, ""}}).ok());
}

TEST_CASE("a broker that goes away is told; when it is back reading goes on where it was", "[broker]") {
  const std::string name = topic("away", 2);
  const Partition first{.topic = name, .number = 0};
  KafkaSettings group = settings(fresh("group"), "one");
  LogOptions options{.topics = {name}};
  options.answer = std::chrono::seconds(1);
  Reader reader(group, options);
  REQUIRE(reader.log().start(reader).ok());
  produce(name, 100);
  REQUIRE(reader.until([&] { return reader.got.size() == 100; }));
  python("kafka.relay().cut()");
  REQUIRE(reader.until([&] { return reader.has_trouble("brokers_away"); }));
  CHECK_FALSE(reader.log().bounds(first).ok());
  CHECK_FALSE(reader.log().commit(std::vector<Position>{{first, 1, ""}}).ok());
  CHECK(reader.log().known_end(first) == 100);
  CHECK(reader.log().known_partitions().size() == 2);
  produce(name, 100, 100);
  for (int i = 0; i < 20; ++i) reader.turn();
  CHECK(reader.got.size() == 100);
  python("kafka.relay().heal()");
  REQUIRE(reader.until([&] { return reader.got.size() == 200; }, 40));
  CHECK(reader.values().back() == "199");
  CHECK(std::ranges::none_of(reader.troubles, [](const Trouble& t) { return t.weight == Trouble::Weight::Fatal; }));
  REQUIRE(reader.until([&] { return reader.log().commit(std::vector<Position>{{first, 200, ""}}).ok(); }));
}

TEST_CASE("a broker that dies and comes back loses nobody a record", "[broker]") {
  const std::string name = topic("killed");
  const std::string in = topic("in");
  Reader reader(settings(fresh("group"), "one"), {.topics = {name}});
  // Should the group take the partition away meanwhile, it is begun again behind what was read.
  reader.begin = [&](const Partition&) { return static_cast<std::int64_t>(reader.got.size()); };
  REQUIRE(reader.log().start(reader).ok());
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(settings());
  REQUIRE(out.ok());
  for (std::uint64_t i = 0; i < 500; ++i) {
    REQUIRE((*out)->write({.topic = name, .value = std::to_string(i)}, i) == RecordOut::Taken::Yes);
  }
  REQUIRE(reader.until([&] { return reader.got.size() > 100; }));
  python("kafka.kill()");
  for (std::uint64_t i = 500; i < 1000; ++i) {
    REQUIRE((*out)->write({.topic = name, .value = std::to_string(i)}, i) == RecordOut::Taken::Yes);
  }
  python("kafka.restart()");
  REQUIRE(reader.until(
      [&] {
        (*out)->flush(std::chrono::milliseconds(1));
        return reader.got.size() >= 1000;
      },
      60));
  const std::vector<std::string> values = reader.values();
  REQUIRE(values.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(values[static_cast<std::size_t>(i)] == std::to_string(i));
  CHECK(settle(**out, 1000).size() == 1000);
}

TEST_CASE("a group can be started before there is a broker", "[broker]") {
  const std::string name = topic("before");
  produce(name, 5);
  const KafkaSettings group = settings(fresh("group"), "one");
  python("kafka.relay().cut()");
  LogOptions options{.topics = {name}};
  options.reach = std::chrono::seconds(1);
  Reader reader(group, options);
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.has_trouble("brokers_away"); }));
  python("kafka.relay().heal()");
  REQUIRE(reader.until([&] { return reader.got.size() == 5; }, 40));
  CHECK(reader.log().known_partitions().size() == 1);
}

TEST_CASE("who is busy for too long loses what it had, and gets it back", "[broker]") {
  const std::string name = topic("busy");
  KafkaSettings group =
      with(with(settings(fresh("group")), "max.poll.interval.ms", "2000"), "session.timeout.ms", "2000");
  group = with(group, "heartbeat.interval.ms", "300");
  Reader reader(group, {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.positions.size() == 1; }));
  python("__import__('time').sleep(4)");
  REQUIRE(reader.until([&] { return reader.losses == 1 && reader.assignments == 2; }));
  CHECK(reader.has_trouble("too_slow"));
  produce(name, 3);
  REQUIRE(reader.until([&] { return reader.got.size() == 3; }));
}

TEST_CASE("a closed log answers and does nothing", "[broker]") {
  const std::string name = topic("closed");
  const Partition only{.topic = name, .number = 0};
  produce(name, 5);
  Reader reader(settings(fresh("group")), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.got.size() == 5; }));
  reader.log().close();
  reader.log().close();
  CHECK(reader.revocations == 1);
  CHECK(reader.losses == 0);
  reader.turn();
  CHECK(reader.events.fetched.empty());
  CHECK_FALSE(reader.log().bounds(only).ok());
  CHECK_FALSE(reader.log().seek(only, 0).ok());
  CHECK_FALSE(reader.log().commit(std::vector<Position>{{only, 1, ""}}).ok());
  reader.log().pause(only);
  reader.log().resume(only);
}

}  // namespace
}  // namespace weir::testing
