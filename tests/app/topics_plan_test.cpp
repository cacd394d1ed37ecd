// SPDX-License-Identifier: Apache-2.0
// Which topics a configuration needs, how they would be made, and what is said of those that are there.
#include "app/topics_plan.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <limits>

#include "command_line.h"

namespace weir {
namespace {

using testing::run;

Setting<Place> topic_place(const std::string& name) {
  return {.value = {.kind = Place::Kind::Topic, .name = name}, .by = GivenBy::File};
}

StreamConfig stream_of(std::vector<std::string> topics) {
  StreamConfig stream;
  stream.name.value = "s";
  stream.topics.value = std::move(topics);
  return stream;
}

Config config_of(std::vector<StreamConfig> streams) {
  Config config;
  config.brokers.value = "b:1";
  config.state.value = {.kind = StatePlace::Kind::Folder, .name = "./weir-state"};
  config.streams = std::move(streams);
  return config;
}

TopicFacts there(const std::string& name, std::int32_t partitions, std::uint64_t largest, std::int64_t kept,
                 const std::string& policy = "delete") {
  TopicFacts facts;
  facts.name = name;
  facts.exists = true;
  facts.partitions = partitions;
  facts.cleanup_policy = policy;
  facts.max_record_bytes = largest;
  facts.retention_ms = kept;
  return facts;
}

TopicFacts missing(const std::string& name) {
  TopicFacts facts;
  facts.name = name;
  return facts;
}

std::string value_of(const TopicShape& shape, const std::string& name) {
  for (const auto& [key, value] : shape.config) {
    if (key == name) return value;
  }
  return "";
}

constexpr std::int64_t kDay = 86'400'000;

TEST_CASE("one topic needs itself and its quarantine; a gate its clean topic; shared state its own") {
  StreamConfig stream = stream_of({"orders"});
  stream.clean = topic_place("orders.clean");
  Config config = config_of({stream});
  config.state.value = {.kind = StatePlace::Kind::Topic, .name = "orders.state"};
  config.panes_topic.value = "orders.panes";
  const std::vector<NeededTopic> needed = needed_topics(config, {}, {});
  std::string words;
  for (const NeededTopic& topic : needed) words += topic.name + "=" + std::string(name_of(topic.use)) + " ";
  CHECK(words == "orders=input orders.quarantine=quarantine orders.clean=clean orders.state=state orders.panes=panes ");
}

TEST_CASE("a topic that alerts are told to is needed, keeps the newest of each alert, and is no input") {
  Config config = config_of({stream_of({"^orders.*"})});
  config.alerts.receivers.resize(2);
  config.alerts.receivers[0].kind = ReceiverSettings::Kind::Slack;
  config.alerts.receivers[1].kind = ReceiverSettings::Kind::Kafka;
  config.alerts.receivers[1].topic = "orders.alerts";
  const std::vector<std::string> known = {"orders", "orders.alerts"};
  const std::vector<NeededTopic> needed = needed_topics(config, {}, known);
  REQUIRE(needed.size() == 3);
  CHECK(needed[0].name == "orders");
  CHECK(needed[2].name == "orders.alerts");
  CHECK(name_of(needed[2].use) == "alerts");
  const TopicShape shape = shape_of(needed[2], needed, {});
  CHECK(shape.partitions == 1);
  CHECK(value_of(shape, "cleanup.policy") == "compact");
}

TEST_CASE("a pattern is each topic that it matches now, and none that weir writes itself") {
  StreamConfig stream = stream_of({"^orders\\..*"});
  stream.quarantine.place = topic_place("orders.bad");
  const Config config = config_of({stream});
  const std::vector<std::string> known = {"clicks", "orders.bad", "orders.eu", "orders.us"};
  const std::vector<NeededTopic> needed = needed_topics(config, {}, known);
  REQUIRE(needed.size() == 3);
  CHECK(needed[0].name == "orders.eu");
  CHECK(needed[1].name == "orders.us");
  CHECK(needed[2].origins == std::vector<std::string>{"orders.eu", "orders.us"});
  CHECK(reads_patterns(config));
  CHECK(needed_topics(config, {}, {})[0].name == "^orders\\..*");
}

TEST_CASE("a quarantine of several topics has room for the largest record of them, and as many partitions as any") {
  StreamConfig stream = stream_of({"a", "b"});
  stream.quarantine.place = topic_place("bad");
  const std::vector<NeededTopic> needed = needed_topics(config_of({stream}), {}, {});
  const std::vector<TopicFacts> facts = {there("a", 3, 1'000'000, kDay), there("b", 12, 5'000'000, 30 * kDay),
                                         missing("bad")};
  const TopicShape shape = shape_of(needed[2], needed, facts);
  CHECK(shape.partitions == 12);
  CHECK(value_of(shape, "cleanup.policy") == "delete");
  CHECK(value_of(shape, "max.message.bytes") == "5016384");
  CHECK(value_of(shape, "retention.ms") == std::to_string(30 * kDay));
}

TEST_CASE("a quarantine is kept for a week at least, and what is kept for ever stays so") {
  const std::vector<NeededTopic> needed = needed_topics(config_of({stream_of({"a"})}), {}, {});
  CHECK(value_of(shape_of(needed[1], needed, std::vector<TopicFacts>{there("a", 1, 9, 1000), missing("q")}),
                 "retention.ms") == std::to_string(7 * kDay));
  CHECK(value_of(shape_of(needed[1], needed, std::vector<TopicFacts>{there("a", 1, 9, -1), missing("q")}),
                 "retention.ms") == "-1");
}

TEST_CASE("without a broker the number of partitions is not known, and the command says N") {
  const Config config = config_of({stream_of({"orders"})});
  const std::vector<NeededTopic> needed = needed_topics(config, {}, {});
  const TopicShape shape = shape_of(needed[1], needed, {});
  CHECK(!shape.partitions);
  CHECK(create_command(config, needed[1], shape, 3) ==
        "kafka-topics.sh --bootstrap-server b:1 --create --if-not-exists --topic orders.quarantine --partitions N "
        "--replication-factor 3 --config cleanup.policy=delete --config retention.ms=604800000");
}

TEST_CASE("a state topic is compacted, and one that is not is unfit") {
  Config config = config_of({stream_of({"orders"})});
  config.state.value = {.kind = StatePlace::Kind::Topic, .name = "st"};
  const std::vector<NeededTopic> needed = needed_topics(config, {}, {});
  std::vector<TopicFacts> facts = {there("orders", 4, 9, kDay), there("orders.quarantine", 4, 9, kDay),
                                   there("st", 1, 9, -1, "compact")};
  CHECK(value_of(shape_of(needed[2], needed, facts), "cleanup.policy") == "compact");
  CHECK(topic_faults(needed[2], facts[2], needed, facts).empty());
  facts[2].cleanup_policy = "delete";
  const std::vector<TopicFault> faults = topic_faults(needed[2], facts[2], needed, facts);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].remedy.ends_with("--entity-name st --add-config cleanup.policy=compact"));
}

TEST_CASE("a quarantine that takes smaller records than its origin is unfit; fewer partitions are no fault of it") {
  const std::vector<NeededTopic> needed = needed_topics(config_of({stream_of({"orders"})}), {}, {});
  const std::vector<TopicFacts> facts = {there("orders", 4, 2'000'000, kDay),
                                         there("orders.quarantine", 1, 1'048'588, kDay)};
  const std::vector<TopicFault> faults = topic_faults(needed[1], facts[1], needed, facts);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].what == "max.message.bytes is 1,048,588, and a record of orders may have 2,000,000");
}

TEST_CASE("a clean topic with fewer partitions, or compacted where its origin is not, is unfit") {
  StreamConfig stream = stream_of({"orders"});
  stream.clean = topic_place("clean");
  const std::vector<NeededTopic> needed = needed_topics(config_of({stream}), {}, {});
  const std::vector<TopicFacts> facts = {there("orders", 4, 9, kDay), there("orders.quarantine", 4, 9, kDay),
                                         there("clean", 1, 9, kDay, "compact")};
  CHECK(topic_faults(needed[2], facts[2], needed, facts).size() == 2);
}

TEST_CASE("panes are kept as long as the longest reference reaches back, and a day") {
  std::string name = (std::filesystem::temp_directory_path() / "weir-topics-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  std::ofstream(name + "/orders.yml") << "weir: 1\ndrift:\n"
                                         "  - {fields: [amount], every: 1h, reference: {rolling: 14d}}\n";
  std::ofstream(name + "/weir.yml") << "brokers: 127.0.0.1:1\nstate: {topic: st}\npanes: {topic: panes}\n"
                                       "streams: [{topics: orders, rules: orders.yml}]\n";
  const testing::Ran ran = run({"topics", "-c", name + "/weir.yml", "--print"});
  std::filesystem::remove_all(name);
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  // 14 days, the window and its lateness, and a day more.
  CHECK(ran.out.find("--topic panes --partitions 1 --config cleanup.policy=compact,delete "
                     "--config retention.ms=1299630000") != std::string::npos);
  CHECK(ran.out.find("# no broker answers at 127.0.0.1:1") != std::string::npos);
}

TEST_CASE("flags of topics that contradict each other are refused") {
  CHECK(run({"topics", "--brokers", "b:1", "--topic", "t", "--create", "--print"}).exit == 2);
  CHECK(run({"topics", "--brokers", "b:1", "--topic", "t", "--copies", "3"}).exit == 2);
  CHECK(run({"topics"}).exit == 2);
}

TEST_CASE("the largest number of milliseconds is for ever") {
  CHECK(retention_words(std::numeric_limits<std::int64_t>::max()) == "for ever");
  CHECK(retention_words(-1) == "for ever");
  CHECK(retention_words(kDay) == "1d");
}

TEST_CASE("what a broker said stands in a command as one word") {
  const Config config = config_of({stream_of({"orders"})});
  const std::vector<NeededTopic> needed = needed_topics(config, {}, {});
  const TopicShape shape{.partitions = 1, .config = {{"cleanup.policy", "compact; rm -rf $HOME"}}};
  CHECK(create_command(config, needed[1], shape, 0).ends_with(" --config 'cleanup.policy=compact; rm -rf $HOME'"));
}

}  // namespace
}  // namespace weir
