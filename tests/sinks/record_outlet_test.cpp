// SPDX-License-Identifier: Apache-2.0
// Where records go: every judged record in exactly one place, unless a rule drops it.
#include "sinks/record_outlet.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "envelope_log.h"
#include "failing_record.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::EnvelopeLog;
using testing::fails;
using testing::header;
using testing::kNow;
using testing::make_plan;
using testing::undecodable;

class Told final : public StreamObserver {
 public:
  void kept_out(std::uint64_t records) override { kept += records; }
  void trouble(const Trouble& trouble, Instant /*now*/) override { troubles.push_back(trouble); }
  std::uint64_t kept = 0;
  std::vector<Trouble> troubles;
};

Fetched fetched(std::size_t records) {
  Fetched out{.partition = {.topic = "orders", .number = 0}, .messages = {}};
  static constexpr std::string_view kValue = R"({"a":1})";
  for (std::size_t i = 0; i < records; ++i) {
    out.messages.items.push_back({.bytes = kValue, .offset = 100 + i});
    Envelope& envelope = out.messages.envelopes.emplace_back();
    envelope.topic = "orders";
    envelope.has_key = true;
    envelope.key = "key";
    envelope.timestamp = kNow - std::chrono::seconds(5);
  }
  return out;
}

Outcome outcome(std::vector<FailingRecord> failing, std::uint64_t records) {
  Outcome out;
  out.records = records;
  out.failing = std::move(failing);
  return out;
}

/// "0 clean, 2 quarantine"
std::string routes(const std::vector<FailingRecord>& failing, Outputs outputs, std::size_t records,
                   std::optional<std::uint64_t> halted_after = {}) {
  Outcome step = outcome(failing, halted_after.value_or(records));
  step.halted = halted_after.has_value();
  std::vector<Route> out{{.item = 77}};
  route_records(fetched(records).messages, step, outputs, out);
  std::string text;
  for (const Route& route : out) {
    constexpr std::string_view kNames[] = {"clean", "tagged", "quarantine"};
    text += (text.empty() ? "" : ", ") + std::to_string(route.item) + " ";
    text += kNames[static_cast<std::size_t>(route.to)];
  }
  return text;
}

}  // namespace

TEST_CASE("The action of a failing record decides where it goes") {
  const std::vector<FailingRecord> each = {fails(1, OnFail::Count), fails(2, OnFail::Tag), fails(3, OnFail::Drop),
                                           fails(4, OnFail::Quarantine), undecodable(6)};
  CHECK(routes(each, {.quarantine = true, .clean = true}, 8) ==
        "0 clean, 1 clean, 2 tagged, 4 quarantine, 5 clean, 6 quarantine, 7 clean");
  CHECK(routes(each, {.quarantine = true, .clean = false}, 8) == "4 quarantine, 6 quarantine");
  CHECK(routes(each, {.quarantine = false, .clean = true}, 8) == "0 clean, 1 clean, 2 tagged, 5 clean, 7 clean");
  CHECK(routes(each, {.quarantine = false, .clean = false}, 8).empty());
  CHECK(routes({}, {.quarantine = true, .clean = true}, 3) == "0 clean, 1 clean, 2 clean");
  CHECK(routes({}, {.quarantine = true, .clean = true}, 0).empty());
}

TEST_CASE("Of a halted step only what was judged goes out") {
  CHECK(routes({fails(2, OnFail::Halt)}, {.quarantine = true, .clean = true}, 9, 3) ==
        "0 clean, 1 clean, 2 quarantine");
}

TEST_CASE("Every judged record is in exactly one place, whatever fails") {
  std::uint64_t state = 7;
  for (int round = 0; round < 200; ++round) {
    std::vector<FailingRecord> failing;
    std::uint32_t dropped = 0;
    const std::uint32_t records = 40;
    for (std::uint32_t i = 0; i < records; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      const auto draw = static_cast<std::uint32_t>(state >> 33U);
      if (draw % 3 != 0) continue;
      failing.push_back(fails(i, static_cast<OnFail>(draw / 3 % 4)));
      dropped += failing.back().action == OnFail::Drop ? 1 : 0;
    }
    std::vector<Route> out;
    route_records(fetched(records).messages, outcome(failing, records), {.quarantine = true, .clean = true}, out);
    REQUIRE(out.size() == records - dropped);
    for (std::size_t i = 1; i < out.size(); ++i) REQUIRE(out[i - 1].item < out[i].item);
  }
}

TEST_CASE("A record of which only the beginning was judged goes out whole") {
  Fetched step = fetched(1);
  step.messages.items[0].whole = false;
  EnvelopeLog log;
  log.whole_value = std::string(5'000, 'x');
  Told told;
  RecordOutlet outlet(make_plan(), {.clean_topic = "orders.clean"}, told);
  std::vector<OwnRecord> out;
  outlet.route(step, outcome({undecodable(0)}, 1), log, kNow, out);
  outlet.route(step, outcome({fails(0, OnFail::Count)}, 1), log, kNow, out);
  REQUIRE(out.size() == 2);
  CHECK_FALSE(out[0].clean);
  CHECK(out[1].clean);
  for (const OwnRecord& record : out) CHECK(record.value == log.whole_value);
}

TEST_CASE("Records go out to their topics, whole") {
  EnvelopeLog log;
  Told told;
  RecordOutlet outlet(make_plan(), {.clean_topic = "orders.clean"}, told);
  std::vector<OwnRecord> out;
  outlet.route(fetched(3), outcome({fails(1, OnFail::Quarantine), fails(2, OnFail::Tag)}, 3), log, kNow, out);
  REQUIRE(out.size() == 3);
  CHECK(out[0].clean);
  CHECK(out[0].topic == "orders.clean");
  CHECK(out[0].timestamp == kNow - std::chrono::seconds(5));
  CHECK(out[0].key == "key");
  CHECK_FALSE(out[1].clean);
  CHECK(out[1].topic == "orders.quarantine");
  CHECK(out[1].timestamp == kNow);
  CHECK(header(out[1], "__weir.id") == "orders-0-101");
  CHECK(header(out[2], "__weir.tags") == R"(["a.tag"])");
  CHECK(outlet.stub_of(out[1]).has_value());
  CHECK_FALSE(outlet.stub_of(out[0]).has_value());
}

TEST_CASE("Without a clean topic a step in which nothing failed is not looked at") {
  EnvelopeLog log;
  Told told;
  RecordOutlet outlet(make_plan(), {.quarantine_topic = "bad"}, told);
  std::vector<OwnRecord> out;
  outlet.route(fetched(3), outcome({}, 3), log, kNow, out);
  CHECK(out.empty());
  CHECK(log.asked == 0);
  outlet.route(fetched(3), outcome({fails(2, OnFail::Halt)}, 3), log, kNow, out);
  CHECK(log.asked == 1);
  REQUIRE(out.size() == 1);
  CHECK(out[0].topic == "bad");
}

TEST_CASE("What storm control keeps out is counted, and said once a minute") {
  EnvelopeLog log;
  Told told;
  RecordOutlet outlet(
      make_plan(),
      {.clean_topic = "orders.clean", .storm = {.max_per_second = 1, .overflow = StormControl::Overflow::Count}}, told);
  std::vector<OwnRecord> out;
  const Outcome bad = outcome({fails(0, OnFail::Quarantine), fails(1, OnFail::Quarantine), fails(2, OnFail::Tag)}, 3);
  for (int i = 0; i < 5; ++i) outlet.route(fetched(3), bad, log, kNow + std::chrono::milliseconds(i), out);
  CHECK(out.size() == 1 + 5);  // one put aside, all tagged ones
  CHECK(told.kept == 9);
  REQUIRE(told.troubles.size() == 1);
  CHECK(told.troubles[0].event == "quarantine_over_limit");
  CHECK_THAT(told.troubles[0].message, ContainsSubstring("1 failing records of `orders`"));
  outlet.route(fetched(3), bad, log, kNow + std::chrono::seconds(61), out);
  REQUIRE(told.troubles.size() == 2);
  CHECK_THAT(told.troubles[1].message, ContainsSubstring("9 failing records"));
  CHECK(outlet.is_open(kNow));
}

TEST_CASE("With pause the outlet closes, and what was read goes out all the same") {
  EnvelopeLog log;
  Told told;
  RecordOutlet outlet(make_plan(), {.storm = {.max_per_second = 1}}, told);
  std::vector<OwnRecord> out;
  CHECK(outlet.is_open(kNow));
  outlet.route(fetched(3), outcome({fails(0, OnFail::Quarantine), fails(1, OnFail::Quarantine)}, 3), log, kNow, out);
  CHECK(out.size() == 2);
  CHECK_FALSE(outlet.is_open(kNow));
  CHECK(outlet.is_open(kNow + std::chrono::seconds(2)));
  CHECK(told.kept == 0);
  REQUIRE(told.troubles.size() == 1);
  CHECK_THAT(told.troubles[0].message, ContainsSubstring("the stream waits"));
}

}  // namespace weir
