// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "kafka/on_broker.h"
#include "kafka/topics.h"

namespace weir::testing {
namespace {

std::unique_ptr<KafkaTopics> topics(const KafkaSettings& settings) {
  Result<std::unique_ptr<KafkaTopics>> made = KafkaTopics::connect(settings, std::chrono::seconds(10));
  REQUIRE(made.ok());
  return std::move(*made);
}

TEST_CASE("topics are described, and asking makes none", "[broker]") {
  const std::string name = topic("facts", 3, "{'cleanup.policy': 'compact', 'max.message.bytes': 12345}");
  const std::string missing = fresh("missing");
  const Result<std::vector<TopicFacts>> found = topics(settings())->describe(std::vector<std::string>{missing, name});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 2);
  const TopicFacts& none = (*found)[0];
  CHECK((none.name == missing && !none.exists));
  const std::optional<Error> error = why_not_writable(none);
  REQUIRE(error);
  CHECK(error->message.find("topic `" + missing + "` cannot be written to: a topic does not exist") == 0);
  CHECK(error->help.find("kafka-topics --create --topic " + missing) == 0);
  const TopicFacts& facts = (*found)[1];
  CHECK((facts.name == name && facts.exists && facts.partitions == 3 && facts.copies == 1));
  CHECK(facts.cleanup_policy == "compact");
  CHECK(facts.max_record_bytes == 12345);
  CHECK(facts.writable.value_or(true));
  CHECK_FALSE(why_not_writable(facts));
  CHECK(python("'" + missing + "' in kafka.admin.list_topics().topics") == "False");
  CHECK(topics(settings())->describe({})->empty());
}

TEST_CASE("topics are made as wished, once", "[broker]") {
  const std::string name = fresh("made");
  const auto admin = topics(settings());
  REQUIRE(admin->create({.name = name, .partitions = 4, .config = {{"cleanup.policy", "compact,delete"}}}).ok());
  REQUIRE(admin->create({.name = name, .partitions = 9}).ok());
  CHECK(python("kafka._await_topic(lambda found: len(found.get('" + name + "', ())) == 4, 'four')") == "None");
  const Result<std::vector<TopicFacts>> found = admin->describe(std::vector<std::string>{name});
  REQUIRE(found.ok());
  CHECK(((*found)[0].partitions == 4 && (*found)[0].cleanup_policy == "compact,delete"));
  CHECK_FALSE(admin->create({.name = "no such/name"}).ok());
  const Status wrong = admin->create({.name = fresh("made"), .config = {{"cleanup.polcy", "x"}}});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("cleanup.polcy") != std::string::npos);

  KafkaSettings away = settings();
  away.brokers = "127.0.0.1:1";
  CHECK_FALSE(KafkaTopics::connect(away, std::chrono::seconds(1)).ok());
}

TEST_CASE("what weir may do with a topic is told", "[secured]") {
  const std::string name = topic("may");
  const std::string dark = topic("dark");
  python("kafka.allow('weir', 'READ', 'TOPIC', '" + name + "')");
  KafkaSettings user = settings();
  user.properties.push_back({.name = "security.protocol", .value = "sasl_ssl"});
  user.properties.push_back({.name = "ssl.ca.location", .value = python_text("kafka.certificates.ca")});
  user.properties.push_back({.name = "sasl.mechanism", .value = "PLAIN"});
  user.properties.push_back({.name = "sasl.username", .value = "weir"});
  user.properties.push_back({.name = "sasl.password", .value = "weir-secret"});
  const auto admin = topics(user);
  const Result<std::vector<TopicFacts>> found = admin->describe(std::vector<std::string>{name, dark});
  REQUIRE(found.ok());
  CHECK(((*found)[0].exists && (*found)[0].readable == true && (*found)[0].writable == false));
  CHECK((*found)[0].cleanup_policy.empty());
  CHECK(why_not_writable((*found)[0])->code == "topic_forbidden");
  CHECK_FALSE((*found)[1].exists);
  const Status made = admin->create({.name = fresh("made")});
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().code == "topic_forbidden");
}

}  // namespace
}  // namespace weir::testing
