// SPDX-License-Identifier: Apache-2.0
// The Kafka in the process, by the same clients that speak to a real one.
#include "kafka/embedded_cluster.h"

#include <signal.h>

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "kafka/kafka_out.h"

using namespace weir;

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
