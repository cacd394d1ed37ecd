// SPDX-License-Identifier: Apache-2.0
// What librdkafka writes by itself: one event, what is no trouble left out, and each kind told by itself.
#include "kafka/troubles.h"

#include <catch2/catch_test_macros.hpp>

#include "base/text.h"

namespace weir::kafka {
namespace {

constexpr int kError = 3;
constexpr int kWarning = 4;
constexpr int kNotice = 5;

std::vector<Trouble> taken(Troubles& troubles) {
  std::vector<Trouble> out;
  troubles.take(out);
  return out;
}

TEST_CASE("a line of the Kafka client's log is told under one event, with its kind and without its thread") {
  Troubles troubles;
  troubles.add_log(kWarning, "SESSTMOUT", "[thrd:main]: Consumer group session timed out (in join-state steady)");
  const std::vector<Trouble> told = taken(troubles);
  REQUIRE(told.size() == 1);
  CHECK(told[0].event == "kafka_log");
  CHECK(told[0].weight == Trouble::Weight::Passing);
  CHECK(told[0].message ==
        "the Kafka client says (SESSTMOUT): Consumer group session timed out (in join-state steady)");
}

TEST_CASE("what is asked again by itself, told in another way or only a notice is no trouble") {
  Troubles troubles;
  troubles.add_log(kWarning, "GETPID", "Failed to acquire idempotence PID: Coordinator load in progress: retrying");
  troubles.add_log(kError, "FAIL", "[thrd:a:9092/1]: a:9092/1: Connect to ipv4#10.0.0.1:9092 failed");
  troubles.add_log(kNotice, "PARTCNT", "Topic orders partition count changed from 1 to 2");
  CHECK(taken(troubles).empty());
}

TEST_CASE("one kind of line does not keep another back, and what repeats is told once") {
  Troubles troubles;
  for (int i = 0; i < 100; ++i) {
    troubles.add_log(kWarning, "SESSTMOUT", "session timed out");
    troubles.add_log(kWarning, "CONFWARN", "a property is deprecated");
  }
  CHECK(taken(troubles).size() == 2);
}

TEST_CASE("a hostile or endless line is one short line") {
  Troubles troubles;
  troubles.add_log(kWarning, std::string(1'000, 'K'), "a\n\x1b[2J\xff" + std::string(1'000'000, 'x'));
  const std::vector<Trouble> told = taken(troubles);
  REQUIRE(told.size() == 1);
  CHECK(told[0].message.size() < 600);
  CHECK(told[0].message == shorten(told[0].message, 10'000));
}

}  // namespace
}  // namespace weir::kafka
