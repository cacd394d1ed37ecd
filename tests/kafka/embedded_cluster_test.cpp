// SPDX-License-Identifier: Apache-2.0
// The Kafka in the process, by the same clients that speak to a real one.
#include "kafka/embedded_cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "kafka/kafka_out.h"
#include "kafka/topics.h"

using namespace weir;
using namespace std::chrono_literals;

// librdkafka 2.8 keeps the queue, 176 bytes, of a question that it cannot send.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:rd_kafka_q_new0\n";
}

namespace {

/// Two brokers, the second of which coordinates the group and can be away; everything else is the first one's.
class TwoBrokers {
 public:
  TwoBrokers() {
    std::array<char, 512> reason{};
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    keeper_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason.data(), reason.size());
    cluster_ = rd_kafka_mock_cluster_new(keeper_, 2);
    rd_kafka_mock_topic_create(cluster_, "orders", 1, 1);
    rd_kafka_mock_partition_set_leader(cluster_, "orders", 0, 1);
    rd_kafka_mock_coordinator_set(cluster_, "group", "weir", 2);
  }
  TwoBrokers(const TwoBrokers&) = delete;
  TwoBrokers& operator=(const TwoBrokers&) = delete;
  ~TwoBrokers() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(keeper_);
  }
  [[nodiscard]] std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void take_away_second() { rd_kafka_mock_broker_set_down(cluster_, 2); }
  void bring_back_second() { rd_kafka_mock_broker_set_up(cluster_, 2); }

 private:
  rd_kafka_t* keeper_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

TopicFacts one_of_orders() {
  TopicFacts facts;
  facts.name = "orders";
  facts.exists = true;
  facts.partitions = 1;
  return facts;
}

}  // namespace

TEST_CASE("an embedded cluster listens on the loopback interface and takes records") {
  const Result<std::unique_ptr<EmbeddedCluster>> cluster = EmbeddedCluster::start();
  REQUIRE(cluster);
  CHECK((*cluster)->brokers().starts_with("127.0.0.1:"));
  REQUIRE((*cluster)->create_topic("orders", 3));
  CHECK_FALSE((*cluster)->create_topic("orders", 3));  // it is there

  const Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make({.brokers = (*cluster)->brokers()});
  REQUIRE(out);
  for (std::uint64_t token = 0; token < 10; ++token)
    REQUIRE((*out)->write({.topic = "orders", .key = "k", .value = "v"}, token) == RecordOut::Taken::Yes);
  REQUIRE((*out)->flush(std::chrono::seconds(10)));
  std::vector<Delivered> delivered;
  std::vector<Trouble> troubles;
  (*out)->poll(delivered, troubles);
  CHECK(delivered.size() == 10);
  for (const Delivered& one : delivered) CHECK(one.ok);
}

TEST_CASE("two embedded clusters do not know each other, and the process keeps its signals") {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  const Result<std::unique_ptr<EmbeddedCluster>> one = EmbeddedCluster::start();
  const Result<std::unique_ptr<EmbeddedCluster>> other = EmbeddedCluster::start();
  REQUIRE(one);
  REQUIRE(other);
  CHECK((*one)->brokers() != (*other)->brokers());
  CHECK((*one)->create_topic("orders", 1));
  CHECK((*other)->create_topic("orders", 1));
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) CHECK(sigismember(&after, number) == sigismember(&before, number));
}

TEST_CASE("a cluster without a controller tells what its topics are") {
  const Result<std::unique_ptr<EmbeddedCluster>> cluster = EmbeddedCluster::start();
  REQUIRE(cluster);
  REQUIRE((*cluster)->create_topic("orders", 3));
  const Result<std::unique_ptr<KafkaTopics>> topics =
      KafkaTopics::connect({.brokers = (*cluster)->brokers()}, 10s, 10s);
  REQUIRE(topics);
  const std::vector<std::string> names = {"orders", "payments"};
  const Result<std::vector<TopicFacts>> facts = (*topics)->describe(names);
  REQUIRE(facts);
  CHECK((*facts)[0].exists);
  CHECK((*facts)[0].partitions == 3);
  CHECK((*facts)[0].leaderless == 0);
  CHECK_FALSE((*facts)[1].exists);
  const Result<ClusterFacts> about = (*topics)->cluster();
  REQUIRE(about);
  CHECK(about->brokers == std::vector<std::string>{(*cluster)->brokers()});
}

TEST_CASE("brokers that do not tell of groups are asked without harm, and tell positions") {
  const Result<std::unique_ptr<EmbeddedCluster>> cluster = EmbeddedCluster::start();
  REQUIRE(cluster);
  REQUIRE((*cluster)->create_topic("orders", 1));
  for (int i = 0; i < 20; ++i) {
    const Result<std::unique_ptr<KafkaTopics>> topics =
        KafkaTopics::connect({.brokers = (*cluster)->brokers()}, 10s, 10s);
    REQUIRE(topics);
    const Result<GroupFacts> group = (*topics)->group("weir");
    REQUIRE(group);
    CHECK(group->untold);
    const std::vector<TopicFacts> read = {one_of_orders()};
    const Result<std::vector<PartitionFacts>> partitions = (*topics)->partitions(read, "weir");
    REQUIRE(partitions);
    REQUIRE(partitions->size() == 1);
    CHECK_FALSE(partitions->front().committed);
  }
}

TEST_CASE("a group's broker that comes back after nobody waits for it any more does no harm") {
  TwoBrokers cluster;
  const Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect({.brokers = cluster.brokers()}, 10s, 300ms);
  REQUIRE(topics);
  const std::vector<TopicFacts> read = {one_of_orders()};
  cluster.take_away_second();
  CHECK_FALSE((*topics)->partitions(read, "weir"));
  cluster.bring_back_second();
  std::this_thread::sleep_for(2s);  // an answer that nobody waits for says nothing of itself
  CHECK((*topics)->partitions(read, "weir"));
  cluster.take_away_second();
  CHECK_FALSE((*topics)->partitions(read, "weir"));  // and the client ends while it waits
}
