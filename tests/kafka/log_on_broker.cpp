// SPDX-License-Identifier: Apache-2.0
// What is read from a real broker: every byte, every offset, where a partition begins and ends.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "kafka/on_broker.h"

namespace weir::testing {
namespace {

TEST_CASE("records come as they were written: bytes, keys, headers and times", "[broker]") {
  const std::string name = topic("bytes", 2, "{'max.message.bytes': 3_000_000}");
  python("kafka.produce('" + name +
         "', ["
         "(0, None, b'no key', [], 1000),"
         "(0, b'', b'', [('h', None), ('h', b''), ('', b'x'), ('h', b'2')], 946684800123),"
         "(0, b'k', None, [], 1000),"
         "(0, bytes(range(256)), bytes(range(256)) * 4, [('bin', bytes(range(256)))], 1000),"
         "(1, b'two\\nlines', b'{\"a\":\\n 1}', [], 1000),"
         "(0, b'big', b'm' * (1 << 20), [], 1000),"
         "(0, None, b'last', [], 1000)], message_max_bytes=3_000_000)");
  const bool headers = GENERATE(false, true);
  Reader reader(settings(), {.topics = {name}, .headers = headers});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.got.size() == 7 && reader.ended.size() == 2; }));

  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;
  std::ranges::sort(reader.got, {}, [](const Got& one) { return std::pair(one.partition, one.offset); });
  const auto& got = reader.got;
  CHECK(got[0] == Got{0, 0, std::nullopt, "no key", {}, 1000, true});
  CHECK(got[1] ==
        Got{0, 1, "", "", Headers{{"h", std::nullopt}, {"h", ""}, {"", "x"}, {"h", "2"}}, 946684800123, true});
  CHECK(got[2] == Got{0, 2, "k", std::nullopt, {}, 1000, true});
  CHECK(got[3] == Got{0, 3, all, all + all + all + all, Headers{{"bin", all}}, 1000, true});
  CHECK(got[4] == Got{0, 4, "big", std::string(1 << 20, 'm'), {}, 1000, true});
  CHECK(got[5] == Got{0, 5, std::nullopt, "last", {}, 1000, true});
  CHECK(got[6] == Got{1, 0, "two\nlines", "{\"a\":\n 1}", {}, 1000, true});
}

TEST_CASE("headers are in the envelopes of a batch when rules read them", "[broker]") {
  const std::string name = topic("headers");
  python("kafka.produce('" + name + "', [(0, None, b'%d' % i, [('n', b'%d' % i)] * (i % 3)) for i in range(100)])");
  Reader reader(settings(), {.topics = {name}, .headers = true});
  REQUIRE(reader.log().start(reader).ok());
  std::size_t seen = 0;
  while (seen < 100) {
    reader.turn(std::chrono::milliseconds(50), 17);
    for (const Fetched& fetched : reader.events.fetched) {
      for (const Envelope& envelope : fetched.messages.envelopes) {
        REQUIRE(envelope.headers.size() == seen % 3);
        for (const auto& [header, value] : envelope.headers) CHECK((header == "n" && value == std::to_string(seen)));
        ++seen;
      }
    }
  }
}

TEST_CASE("a record over the limit is cut, and its whole value can be had", "[broker]") {
  const std::string name = topic("cut");
  python("kafka.produce('" + name +
         "', [(0, None, b'short'), (0, b'k', b'x' * 5000 + b'end'), (0, None, b'y' * 1000)])");
  Reader reader(settings(), {.topics = {name}, .record_max_bytes = 1000});
  REQUIRE(reader.log().start(reader).ok());
  bool whole_seen = false;
  REQUIRE(reader.until([&] {
    for (const Fetched& fetched : reader.events.fetched) {
      for (std::size_t i = 0; i < fetched.messages.items.size(); ++i) {
        if (fetched.messages.items[i].whole) continue;
        whole_seen = reader.log().value_of(fetched, i) == std::string(5000, 'x') + "end";
      }
    }
    return reader.got.size() == 3;
  }));
  CHECK(whole_seen);
  CHECK(reader.got[1].value == std::string(1000, 'x'));
  CHECK_FALSE(reader.got[1].whole);
  CHECK(reader.got[2].whole);
}

TEST_CASE("a poll takes as many records and bytes as it may, and nothing is lost between polls", "[broker]") {
  const std::string name = topic("many", 3);
  python("kafka.produce('" + name + "', [(i % 3, b'k%d' % i, b'%d' % i * (1 + i % 50)) for i in range(20_000)])");
  Reader reader(settings(), {.topics = {name}, .poll_max_bytes = 20'000});
  REQUIRE(reader.log().start(reader).ok());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::size_t most = 1;
  while (reader.got.size() < 20'000 && std::chrono::steady_clock::now() < end) {
    reader.turn(std::chrono::milliseconds(50), most = most % 997 + 31);
    std::size_t bytes = 0;
    for (const Fetched& fetched : reader.events.fetched) bytes += fetched.messages.block.size();
    CHECK(bytes < 22'000);
  }
  REQUIRE(reader.got.size() == 20'000);
  std::ranges::sort(reader.got, {}, [](const Got& one) { return std::pair(one.offset, one.partition); });
  for (int i = 0; i < 20'000; ++i) {
    std::string value;
    for (int n = 0; n < 1 + i % 50; ++n) value += std::to_string(i);
    REQUIRE(reader.got[static_cast<std::size_t>(i)].value == value);
    REQUIRE(reader.got[static_cast<std::size_t>(i)].key == "k" + std::to_string(i));
  }
  for (const auto& [partition, position] : reader.positions) CHECK(position == reader.log().bounds(partition)->end);
}

TEST_CASE("bounds, times and ends are the broker's", "[broker]") {
  const std::string name = topic("bounds", 2);
  python("kafka.produce('" + name + "', [(0, None, b'%d' % i, [], 1000 * (i + 1)) for i in range(10)])");
  python("kafka.delete_records('" + name + "', {0: 4})");
  const Partition first{.topic = name, .number = 0};
  const Partition second{.topic = name, .number = 1};
  Reader reader(settings(), {.topics = {name}});
  reader.begin = [&](const Partition& partition) { return partition == first ? 4 : 0; };
  REQUIRE(reader.log().start(reader).ok());
  CHECK(reader.log().known_partitions() == std::vector<Partition>{first, second});
  REQUIRE(reader.until([&] { return reader.ended.size() == 2; }));
  CHECK((reader.log().bounds(first)->first == 4 && reader.log().bounds(first)->end == 10));
  CHECK((reader.log().bounds(second)->first == 0 && reader.log().bounds(second)->end == 0));
  CHECK(reader.log().known_end(first) == 10);
  const auto at = [](int milliseconds) { return Instant(std::chrono::milliseconds(milliseconds)); };
  CHECK(*reader.log().offset_at(first, at(7000)) == 6);
  CHECK(*reader.log().offset_at(first, at(7001)) == 7);
  CHECK(*reader.log().offset_at(first, at(7000) - std::chrono::microseconds(1)) == 6);
  CHECK(*reader.log().offset_at(first, at(7000) + std::chrono::microseconds(1)) == 7);
  CHECK(*reader.log().offset_at(first, at(99'000)) == 10);
  CHECK(*reader.log().offset_at(second, at(0)) == 0);
  CHECK_FALSE(reader.log().bounds({.topic = fresh("none"), .number = 0}).ok());
}

TEST_CASE("an end is told again after new records, and once", "[broker]") {
  const std::string name = topic("ends");
  const Partition only{.topic = name, .number = 0};
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.ended[only] == 1; }));
  produce(name, 3);
  REQUIRE(reader.until([&] { return reader.ended[only] == 2; }));
  CHECK(reader.got.size() == 3);
  for (int i = 0; i < 5; ++i) reader.turn();
  CHECK(reader.ended[only] == 2);
  CHECK(reader.events.fetched.empty());
}

TEST_CASE("an offset that is gone is told, and reading goes on from where it is told to", "[broker]") {
  const std::string name = topic("gone", 2);
  const Partition first{.topic = name, .number = 0};
  const Partition second{.topic = name, .number = 1};
  produce(name, 10, 0, 0);
  produce(name, 10, 0, 1);
  python("kafka.delete_records('" + name + "', {0: 6})");
  Reader reader(settings(), {.topics = {name}});
  reader.begin = [&](const Partition& partition) { return partition == first ? 2 : 500; };
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.out_of_range.size() == 2; }));
  CHECK(reader.got.empty());
  reader.positions[first] = 6;
  reader.positions[second] = 8;
  REQUIRE(reader.log().seek(first, 6).ok());
  REQUIRE(reader.log().seek(second, 8).ok());
  REQUIRE(reader.until([&] { return reader.got.size() == 6; }));
  CHECK(reader.values(0) == std::vector<std::string>{"6", "7", "8", "9"});
  CHECK(reader.values(1) == std::vector<std::string>{"8", "9"});
  CHECK_FALSE(reader.log().seek({.topic = name, .number = 7}, 0).ok());
}

TEST_CASE("going back reads the records once more, from exactly there", "[broker]") {
  const std::string name = topic("back");
  const Partition only{.topic = name, .number = 0};
  produce(name, 5000);
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.got.size() >= 1000; }));
  for (const std::int64_t offset : {100, 4000, 0, 2500}) {
    REQUIRE(reader.log().seek(only, offset).ok());
    reader.positions[only] = offset;
    reader.got.clear();
    REQUIRE(reader.until([&] { return !reader.got.empty() && reader.positions[only] == 5000; }));
    REQUIRE(reader.got.size() == static_cast<std::size_t>(5000 - offset));
    CHECK(reader.got.front().offset == offset);
  }
}

TEST_CASE("a paused partition is silent, and then goes on where it was", "[broker]") {
  const std::string name = topic("paused", 2);
  const Partition first{.topic = name, .number = 0};
  produce(name, 3000, 0, 0);
  produce(name, 3000, 0, 1);
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  while (reader.values(0).size() < 10) reader.turn(std::chrono::milliseconds(50), 10);
  reader.log().pause(first);
  reader.log().pause(first);
  const std::size_t before = reader.values(0).size();
  REQUIRE(reader.until([&] { return reader.values(1).size() == 3000; }));
  for (int i = 0; i < 5; ++i) reader.turn();
  CHECK(reader.values(0).size() == before);
  reader.log().resume(first);
  reader.log().resume(first);
  REQUIRE(reader.until([&] { return reader.values(0).size() >= 3000; }));
  const std::vector<std::string> values = reader.values(0);
  REQUIRE(values.size() == 3000);
  for (int i = 0; i < 3000; ++i) REQUIRE(values[static_cast<std::size_t>(i)] == std::to_string(i));
}

TEST_CASE("a compacted topic is read with its gaps, to its end", "[broker]") {
  const std::string name = topic("compacted", 1,
                                 "{'cleanup.policy': 'compact', 'segment.ms': 100, 'min.cleanable.dirty.ratio': 0.01, "
                                 "'max.compaction.lag.ms': 200, "
                                 "'delete.retention.ms': 0}");
  const Partition only{.topic = name, .number = 0};
  for (int i = 0; i < 6; ++i) {
    python("kafka.produce('" + name + "', [(0, b'k%d' % (i % 5), b'%d' % i) for i in range(1000)])");
    python("__import__('time').sleep(0.2)");
  }
  std::size_t seen = 6000;
  for (int i = 0; i < 60 && seen > 3000; ++i) {
    python("__import__('time').sleep(0.5)");
    seen = static_cast<std::size_t>(std::stoi(python("len(kafka.read('" + name + "'))")));
  }
  REQUIRE(seen < 6000);  // the cleaner was there
  Reader reader(settings(), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.ended[only] > 0; }));
  CHECK(reader.got.size() < 6000);
  CHECK(reader.positions[only] == 6000);
}

TEST_CASE("a topic that does not exist ends a reader without a group at its start", "[broker]") {
  const std::string name = fresh("missing");
  Reader reader(settings(), {.topics = {name}});
  const Status started = reader.log().start(reader);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "topic_unknown");
  CHECK(started.error().message.find(name) != std::string::npos);

  Reader none(settings(), {.topics = {"^" + name}});
  CHECK_FALSE(none.log().start(none).ok());
}

TEST_CASE("brokers that nobody answers for end a reader without a group at its start", "[broker]") {
  KafkaSettings away = settings();
  away.brokers = "127.0.0.1:1";
  Reader reader(away, {.topics = {"orders"}, .reach = std::chrono::seconds(1)});
  const Status started = reader.log().start(reader);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().message.find("127.0.0.1:1") != std::string::npos);
}

}  // namespace
}  // namespace weir::testing
