// SPDX-License-Identifier: Apache-2.0
// What is written to a real broker, alone and in transactions.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "kafka/on_broker.h"

namespace weir::testing {
namespace {

std::unique_ptr<KafkaOut> sink(const KafkaSettings& settings) {
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(settings);
  REQUIRE(out.ok());
  return std::move(*out);
}

std::string values(const std::string& topic, bool committed = true) {
  return python("[r.value.decode() for r in kafka.read('" + topic + "', committed=" + (committed ? "True" : "False") +
                ")]");
}

TEST_CASE("records are written as they were given: bytes, keys, headers, times, partitions", "[broker]") {
  const std::string name = topic("written", 3);
  const auto out = sink(settings());
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::pair<std::string_view, std::string_view> headers[] = {{"h", {}}, {"h", ""}, {"", "x"}, {"bin", all}};
  const auto at = Instant(std::chrono::milliseconds(946684800123));
  CHECK(out->write({.topic = name, .partition = 0, .key = {}, .value = "no key", .timestamp = at}, 1) ==
        RecordOut::Taken::Yes);
  CHECK(out->write({.topic = name, .partition = 1, .key = "", .value = "", .headers = headers, .timestamp = at}, 2) ==
        RecordOut::Taken::Yes);
  CHECK(out->write({.topic = name, .partition = 2, .key = all, .value = {}, .timestamp = at}, 3) ==
        RecordOut::Taken::Yes);
  CHECK(out->write({.topic = name, .partition = 0, .key = "k", .value = std::string_view(), .timestamp = at}, 4) ==
        RecordOut::Taken::Yes);
  std::vector<Delivered> settled = settle(*out, 4);
  std::ranges::sort(settled, {}, &Delivered::token);
  REQUIRE(settled.size() == 4);
  for (std::uint64_t i = 0; i < 4; ++i) CHECK((settled[i].token == i + 1 && settled[i].ok && !settled[i].too_large));
  CHECK(python("[tuple(r)[:1] + tuple(r)[2:6] for r in kafka.read('" + name +
               "')] == ["
               "(0, None, b'no key', [], 946684800123), (0, b'k', b'', [], 946684800123),"
               "(1, b'', b'', [('h', None), ('h', b''), ('', b'x'), ('bin', bytes(range(256)))], 946684800123),"
               "(2, bytes(range(256)), None, [], 946684800123)]") == "True");
}

TEST_CASE("a record without a partition goes where Java's producers put its key, with the time of now", "[broker]") {
  const std::string name = topic("keyed", 7);
  const auto out = sink(settings());
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::string key = "key-" + std::to_string(i % 10);
    REQUIRE(out->write({.topic = name, .key = key, .value = "v"}, i) == RecordOut::Taken::Yes);
  }
  REQUIRE(settle(*out, 100).size() == 100);
  const std::string other = topic("keyed.other", 7);
  python("kafka.produce('" + other +
         "', [(-1, b'key-%d' % (i % 10), b'v') for i in range(100)], partitioner='murmur2_random')");
  CHECK(python("sorted((r.partition, r.key) for r in kafka.read('" + name +
               "')) == sorted((r.partition, r.key) for r in "
               "kafka.read('" +
               other + "'))") == "True");
  CHECK(python("all(abs(r.timestamp / 1000 - __import__('time').time()) < 60 for r in kafka.read('" + name + "'))") ==
        "True");
}

TEST_CASE("a record that is too large is told before it is taken or after, and the next one goes through", "[broker]") {
  const std::string name = topic("large", 1, "{'max.message.bytes': 10_000}");
  const auto out = sink(settings());
  CHECK(out->write({.topic = name, .value = std::string(2'000'000, 'x')}, 1) == RecordOut::Taken::TooLarge);
  CHECK(out->write({.topic = name, .value = std::string(50'000, 'x')}, 2) == RecordOut::Taken::Yes);
  std::vector<Delivered> settled = settle(*out, 1);
  REQUIRE(settled.size() == 1);
  CHECK((settled[0].token == 2 && !settled[0].ok && settled[0].too_large));
  CHECK(settled[0].trouble.message.find(name) != std::string::npos);
  CHECK(out->write({.topic = name, .value = "stub"}, 2) == RecordOut::Taken::Yes);
  settled = settle(*out, 1);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].ok);
  CHECK(values(name) == "['stub']");
}

TEST_CASE("a sink that knows what its topics take refuses more at once, and no batch is larger", "[broker]") {
  const std::string name = topic("limited", 1, "{'max.message.bytes': 10_000}");
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(settings(), {.max_record_bytes = 10'000});
  REQUIRE(out.ok());
  CHECK((*out)->write({.topic = name, .value = std::string(10'000, 'x')}, 0) == RecordOut::Taken::TooLarge);
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    REQUIRE((*out)->write({.topic = name, .value = std::string(500, 'y')}, i) == RecordOut::Taken::Yes);
  }
  const std::vector<Delivered> settled = settle(**out, 1000);
  CHECK(std::ranges::count_if(settled, &Delivered::ok) == 1000);
}

TEST_CASE("a topic or a partition that is not there fails for good, and says so", "[broker]") {
  KafkaSettings hasty = settings();
  hasty.properties.push_back({.name = "topic.metadata.propagation.max.ms", .value = "1000"});
  const auto out = sink(hasty);
  const std::string missing = fresh("nowhere");
  CHECK(out->write({.topic = missing, .value = "x"}, 1) == RecordOut::Taken::Yes);
  std::vector<Delivered> settled = settle(*out, 1, 60);
  REQUIRE(settled.size() == 1);
  CHECK_FALSE(settled[0].ok);
  CHECK(settled[0].trouble.event == "topic_unknown");
  CHECK(settled[0].trouble.message.find(missing) != std::string::npos);

  const std::string name = topic("narrow", 2);
  CHECK(out->write({.topic = name, .partition = 1, .value = "x"}, 2) == RecordOut::Taken::Yes);
  REQUIRE(settle(*out, 1).size() == 1);
  CHECK(out->write({.topic = name, .partition = 5, .value = "x"}, 3) == RecordOut::Taken::Yes);
  settled = settle(*out, 1);
  REQUIRE(settled.size() == 1);
  CHECK((settled[0].token == 3 && !settled[0].ok && settled[0].trouble.event == "partition_unknown"));
  CHECK(out->write({.topic = "no such/name", .value = "x"}, 4) == RecordOut::Taken::Yes);
  settled = settle(*out, 1, 60);
  REQUIRE(settled.size() == 1);
  CHECK_FALSE(settled[0].ok);
}

TEST_CASE("a full queue says so, and takes more when it was emptied", "[broker]") {
  const std::string name = topic("full");
  KafkaSettings small = settings();
  small.properties.push_back({.name = "queue.buffering.max.messages", .value = "10"});
  const auto out = sink(small);
  std::uint64_t taken = 0;
  bool full = false;
  std::vector<Delivered> settled;
  std::vector<Delivered> all;
  std::vector<Trouble> troubles;
  for (int i = 0; i < 100'000 && taken < 1000; ++i) {
    if (out->write({.topic = name, .value = std::to_string(taken)}, taken) == RecordOut::Taken::Yes) {
      ++taken;
    } else {
      full = true;
      out->flush(std::chrono::milliseconds(20));
      out->poll(settled, troubles);
      all.insert(all.end(), settled.begin(), settled.end());
    }
  }
  CHECK(full);
  CHECK(out->flush(std::chrono::seconds(10)));
  out->poll(settled, troubles);
  all.insert(all.end(), settled.begin(), settled.end());
  CHECK(all.size() == 1000);
  CHECK(python("[int(r.value) for r in kafka.read('" + name + "')] == list(range(1000))") == "True");
}

TEST_CASE("what was taken while no broker was there is written when one is back, once and in order", "[broker]") {
  const std::string name = topic("later");
  const auto out = sink(settings());
  CHECK(out->write({.topic = name, .value = "0"}, 0) == RecordOut::Taken::Yes);
  REQUIRE(settle(*out, 1).size() == 1);
  python("kafka.relay().cut()");
  for (std::uint64_t i = 1; i < 100; ++i) {
    REQUIRE(out->write({.topic = name, .value = std::to_string(i)}, i) == RecordOut::Taken::Yes);
  }
  CHECK_FALSE(out->flush(std::chrono::seconds(2)));
  std::vector<Delivered> settled;
  std::vector<Trouble> troubles;
  out->poll(settled, troubles);
  CHECK(settled.empty());
  CHECK(std::ranges::any_of(troubles, [](const Trouble& trouble) {
    return trouble.event == "brokers_away" && trouble.weight == Trouble::Weight::Passing;
  }));
  python("kafka.relay().heal()");
  CHECK(settle(*out, 99).size() == 99);
  CHECK(python("[int(r.value) for r in kafka.read('" + name + "')] == list(range(100))") == "True");
}

/// A log of a group with its transactional sink.
struct Pair {
  Reader reader;
  std::unique_ptr<KafkaOut> out;
  Pair(const KafkaSettings& settings, const std::string& topic) : reader(settings, {.topics = {topic}}) {
    Result<std::unique_ptr<KafkaOut>> made = KafkaOut::make_transactional(settings, reader.log());
    REQUIRE(made.ok());
    out = std::move(*made);
  }
};

TEST_CASE("a transaction brings records and positions together, or neither", "[broker]") {
  const std::string in = topic("in");
  const std::string name = topic("out");
  const std::string group = fresh("group");
  const Partition only{.topic = in, .number = 0};
  python("kafka.produce('" + in + "', [(0, None, b'x')] * 9)");
  Pair pair(settings(group, "one"), in);
  std::vector<Trouble> troubles;
  REQUIRE(pair.out->start().ok());
  REQUIRE(pair.reader.log().start(pair.reader).ok());
  REQUIRE(pair.reader.until([&] { return pair.reader.got.size() == 9; }));

  REQUIRE(pair.out->begin().ok());
  REQUIRE(pair.out->write({.topic = name, .value = "a"}, 1) == RecordOut::Taken::Yes);
  const Position five{.partition = only, .offset = 5, .metadata = "epoch 1"};
  CHECK(pair.out->commit({&five, 1}, troubles) == Transactions::End::Committed);
  CHECK(settle(*pair.out, 1).size() == 1);
  CHECK(values(name) == "['a']");
  const Result<std::vector<Position>> before = pair.reader.log().committed({&only, 1});
  REQUIRE(before.ok());
  CHECK(((*before)[0].offset == 5 && (*before)[0].metadata == "epoch 1"));

  REQUIRE(pair.out->begin().ok());
  REQUIRE(pair.out->write({.topic = name, .value = "b"}, 2) == RecordOut::Taken::Yes);
  pair.out->flush(std::chrono::seconds(5));
  CHECK(pair.out->abort(troubles) == Transactions::End::Aborted);
  CHECK(pair.out->abort(troubles) == Transactions::End::Aborted);
  CHECK(values(name) == "['a']");
  CHECK(values(name, false) == "['a', 'b']");

  REQUIRE(pair.out->begin().ok());
  REQUIRE(pair.out->write({.topic = name, .value = "c"}, 3) == RecordOut::Taken::Yes);
  const Position nine{.partition = only, .offset = 9, .metadata = ""};
  CHECK(pair.out->commit({&nine, 1}, troubles) == Transactions::End::Committed);
  CHECK(values(name) == "['a', 'c']");
  const Result<std::vector<Position>> positions = pair.reader.log().committed({&only, 1});
  REQUIRE(positions.ok());
  CHECK((*positions)[0].offset == 9);
  CHECK(troubles.empty());

  // What a reader sees of it: two records, and a position behind the marks.
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  const Partition written{.topic = name, .number = 0};
  REQUIRE(reader.until([&] { return reader.ended[written] > 0; }));
  CHECK(reader.values() == std::vector<std::string>{"a", "c"});
  CHECK(reader.positions[written] == 6);
  CHECK(reader.log().bounds(written)->end == 6);
}

TEST_CASE("a partition that ends with what was aborted ends behind it", "[broker]") {
  const std::string in = topic("in");
  const std::string name = topic("aborted");
  const Partition written{.topic = name, .number = 0};
  Pair pair(settings(fresh("group"), "one"), in);
  std::vector<Trouble> troubles;
  REQUIRE(pair.out->start().ok());
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.ended[written] == 1; }));
  REQUIRE(pair.out->begin().ok());
  for (std::uint64_t i = 0; i < 10; ++i)
    REQUIRE(pair.out->write({.topic = name, .value = "x"}, i) == RecordOut::Taken::Yes);
  pair.out->flush(std::chrono::seconds(5));
  for (int i = 0; i < 5; ++i) reader.turn();
  CHECK(reader.positions[written] == 0);  // an open transaction is not passed by
  CHECK(reader.log().bounds(written)->end == 0);
  CHECK(pair.out->abort(troubles) == Transactions::End::Aborted);
  REQUIRE(reader.until([&] { return reader.ended[written] == 2; }));
  CHECK(reader.got.empty());
  CHECK(reader.positions[written] == 11);
  CHECK(reader.log().bounds(written)->end == 11);
}

TEST_CASE("a record that cannot be written makes its transaction fail, and the next one is not harmed", "[broker]") {
  const std::string in = topic("in");
  const std::string name = topic("half", 1, "{'max.message.bytes': 10_000}");
  Pair pair(settings(fresh("group"), "one"), in);
  std::vector<Trouble> troubles;
  REQUIRE(pair.out->start().ok());
  REQUIRE(pair.out->begin().ok());
  CHECK(pair.out->write({.topic = name, .value = "good"}, 1) == RecordOut::Taken::Yes);
  CHECK(pair.out->write({.topic = name, .value = std::string(50'000, 'x')}, 2) == RecordOut::Taken::Yes);
  CHECK(pair.out->commit({}, troubles) == Transactions::End::Aborted);
  CHECK_FALSE(troubles.empty());
  CHECK(settle(*pair.out, 2).size() == 2);
  // librdkafka 2.8 does not take a new epoch after this, so the broker misses the numbers of the records that were refused
  // and refuses once more; then it does.
  Transactions::End end = Transactions::End::Aborted;
  for (int i = 0; i < 2 && end == Transactions::End::Aborted; ++i) {
    REQUIRE(pair.out->begin().ok());
    CHECK(pair.out->write({.topic = name, .value = "after"}, 3) == RecordOut::Taken::Yes);
    end = pair.out->commit({}, troubles);
  }
  CHECK(end == Transactions::End::Committed);
  CHECK(values(name) == "['after']");
}

TEST_CASE("who comes second under a name fences the first, whose transaction never happened", "[broker]") {
  const std::string in = topic("in");
  const std::string name = topic("fenced");
  const KafkaSettings same = settings(fresh("group"), "one");
  std::vector<Trouble> troubles;
  Pair first(same, in);
  REQUIRE(first.out->start().ok());
  REQUIRE(first.out->begin().ok());
  REQUIRE(first.out->write({.topic = name, .value = "first"}, 1) == RecordOut::Taken::Yes);
  first.out->flush(std::chrono::seconds(5));
  Pair second(same, in);
  REQUIRE(second.out->start().ok());
  REQUIRE(second.out->begin().ok());
  REQUIRE(second.out->write({.topic = name, .value = "second"}, 1) == RecordOut::Taken::Yes);
  CHECK(second.out->commit({}, troubles) == Transactions::End::Committed);
  CHECK(troubles.empty());
  CHECK(first.out->commit({}, troubles) == Transactions::End::Fatal);
  REQUIRE_FALSE(troubles.empty());
  CHECK(troubles.back().event == "fenced");
  CHECK(troubles.back().weight == Trouble::Weight::Fatal);
  CHECK(values(name) == "['second']");
}

TEST_CASE("a transaction outlasts a broker that is away for a moment", "[broker]") {
  const std::string in = topic("in");
  const std::string name = topic("patient");
  Pair pair(settings(fresh("group"), "one"), in);
  std::vector<Trouble> troubles;
  REQUIRE(pair.out->start().ok());
  REQUIRE(pair.out->begin().ok());
  REQUIRE(pair.out->write({.topic = name, .value = "a"}, 1) == RecordOut::Taken::Yes);
  pair.out->flush(std::chrono::seconds(5));
  python("[kafka.relay().cut(), __import__('threading').Timer(2, kafka.relay().heal).start()]");
  CHECK(pair.out->commit({}, troubles) == Transactions::End::Committed);
  CHECK(values(name) == "['a']");
}

}  // namespace
}  // namespace weir::testing
