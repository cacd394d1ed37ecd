// SPDX-License-Identifier: Apache-2.0
// What messages of a topic have beside their values: null values, and timestamps that somebody's clock made.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "rules/load.h"
#include "weir/engine.h"

namespace weir {
namespace {

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  CAPTURE(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan);
  return loaded.plan;
}

const Instant kNow = *parse_timestamp("2026-01-01T00:00:00Z");

/// One message with this value, nothing for a null one, at that time.
Outcome judge(const std::shared_ptr<const Plan>& plan, const std::optional<std::string>& value,
              Instant timestamp = kNow) {
  Messages messages;
  messages.items.push_back({.bytes = value ? std::string_view(*value) : std::string_view(), .offset = 7});
  Envelope envelope;
  envelope.topic = "orders";
  envelope.timestamp = timestamp;
  envelope.tombstone = !value;
  envelope.has_key = true;
  envelope.key = "k";
  messages.envelopes.push_back(envelope);
  Engine engine(plan, {.failing_records = true, .now = kNow});
  return engine.step(messages, kNow);
}

std::vector<std::string> broken(const Plan& plan, const Outcome& outcome) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (outcome.rules[i].failed > 0) out.push_back(plan.rules[i].info.id);
  }
  return out;
}

using Ids = std::vector<std::string>;

TEST_CASE("a null value is a record without a value: rules about the value leave it out") {
  const auto plan =
      plan_of("weir: 1\nsource: {time: at}\nfields:\n  id: {required: true}\n  n: {min: 1, nulls: fail}\n");
  const Outcome outcome = judge(plan, std::nullopt);
  CHECK(outcome.undecodable == 0);
  CHECK(broken(*plan, outcome).empty());
  // An empty value is none: it cannot be read.
  CHECK(judge(plan, "").undecodable == 1);
}

TEST_CASE("rules about what Kafka says of a message judge a null value too") {
  const auto plan = plan_of(
      "weir: 1\nfields:\n  kafka.tombstone: {in: [false]}\n  kafka.key: {min_length: 3}\n  kafka.size: {max: 10}\n");
  CHECK(broken(*plan, judge(plan, std::nullopt)) == Ids{"kafka.tombstone.in", "kafka.key.min_length"});
  CHECK(broken(*plan, judge(plan, "{\"a\": 12345}")) == Ids{"kafka.key.min_length", "kafka.size.max"});
}

TEST_CASE("what time it is for a record is its own timestamp, unless that lies in the future") {
  const auto plan = plan_of("weir: 1\nfields:\n  at: {type: timestamp, max_age: 1h}\n");
  const std::string record = R"({"at": "2025-12-31T20:00:00Z"})";
  CHECK(broken(*plan, judge(plan, record, *parse_timestamp("2025-12-31T20:30:00Z"))).empty());
  CHECK(broken(*plan, judge(plan, record)) == Ids{"at.max_age"});
  // A clock a year ahead: judged by ours.
  const std::string recent = R"({"at": "2025-12-31T23:30:00Z"})";
  CHECK(broken(*plan, judge(plan, recent, *parse_timestamp("2027-01-01T00:00:00Z"))).empty());
}

}  // namespace
}  // namespace weir
