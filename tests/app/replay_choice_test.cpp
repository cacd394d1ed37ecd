// SPDX-License-Identifier: Apache-2.0
// Which records a replay sends, what they look like then, and what it says of the others.
#include "app/replay_choice.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "app/command.h"
#include "app/replay_ids.h"
#include "app/replay_record.h"
#include "app/replay_summary.h"
#include "base/json_value.h"

namespace weir {
namespace {

QuarantinedRecord aside(const std::string& id, std::uint32_t count = 0) {
  QuarantinedRecord record;
  record.id = id;
  record.origin = {.topic = "orders", .number = 3};
  record.offset = 17;
  record.timestamp = Instant(std::chrono::seconds(1000));
  record.timestamp_type = TimestampType::Create;
  record.at = Instant(std::chrono::seconds(2000));
  record.stage = "record";
  record.violations.emplace_back().rule = "amount.max";
  record.replay_count = count;
  record.key = std::string("\0k", 2);
  record.value = "{ }";
  record.headers = {{"trace", "t"}, {"none", std::nullopt}, {"__weir.old", "x"}};
  record.lies_in = {.topic = "orders.quarantine", .number = 1};
  return record;
}

std::optional<ReplayLeft> look(ReplayWish wish, const QuarantinedRecord& record) {
  return ReplayChoice(std::move(wish)).look(record);
}

TEST_CASE("ids are remembered, however many there are") {
  ReplayedIds ids;
  CHECK_FALSE(ids.contains("orders-0-0"));
  for (int i = 0; i < 20'000; ++i) REQUIRE(ids.insert("orders-0-" + std::to_string(i)));
  for (int i = 0; i < 20'000; ++i) REQUIRE_FALSE(ids.insert("orders-0-" + std::to_string(i)));
  CHECK(ids.size() == 20'000);
  CHECK(ids.contains("orders-0-19999"));
  CHECK_FALSE(ids.contains("orders-0-20000"));
}

TEST_CASE("a record is sent once: not when it is marked, and not as a copy") {
  ReplayChoice choice({});
  choice.mark("orders-3-16");
  CHECK(choice.look(aside("orders-3-16")) == ReplayLeft::SentBefore);
  CHECK_FALSE(choice.look(aside("orders-3-17")));
  CHECK(choice.look(aside("orders-3-17")) == ReplayLeft::Copy);
  ReplayChoice again({.again = true});
  again.mark("orders-3-16");
  CHECK_FALSE(again.look(aside("orders-3-16")));
}

TEST_CASE("a record that was sent back too often stays") {
  CHECK_FALSE(look({}, aside("a-0-1", 2)));
  CHECK(look({}, aside("a-0-1", 3)) == ReplayLeft::TooOften);
  CHECK_FALSE(look({.max_replays = 4}, aside("a-0-1", 3)));
}

TEST_CASE("a record that the filter does not take is not looked at, not even as the first of its copies") {
  ReplayWish wish;
  wish.filter.rules = {"currency.*"};
  ReplayChoice choice(wish);
  QuarantinedRecord record = aside("a-0-1");
  CHECK(choice.look(record) == ReplayLeft::NotAsked);
  record.violations.front().rule = "currency.in";
  CHECK_FALSE(choice.look(record));
}

TEST_CASE("nothing goes into the quarantine itself, into a topic of Kafka's, or to no topic") {
  QuarantinedRecord record = aside("a-0-1");
  CHECK(look({.quarantine = "orders"}, record) == ReplayLeft::Nowhere);
  for (const char* const name : {"", "__consumer_offsets", "a b", "\x1b[31m"}) {
    record.origin.topic = name;
    CHECK(look({}, record) == ReplayLeft::Nowhere);
    CHECK_FALSE(look({.into = "orders.again"}, record));
  }
  record.id.clear();
  CHECK(look({.into = "orders.again"}, record) == ReplayLeft::Unreadable);
}

TEST_CASE("what is not the record's own bytes is no original") {
  CHECK(is_original(aside("a-0-1")));
  QuarantinedRecord record = aside("a-0-1");
  record.value_form = QuarantinedRecord::Form::Redacted;
  CHECK_FALSE(is_original(record));
  record = aside("a-0-1");
  record.key_form = QuarantinedRecord::Form::Withheld;
  CHECK_FALSE(is_original(record));
  record = aside("a-0-1");
  record.missing.emplace_back("__weir.violations");
  CHECK_FALSE(is_original(record));
  // A line of `weir check` over a topic has no key and no headers; one over a file has all that there was.
  record = aside("a-0-1");
  record.at.reset();
  CHECK_FALSE(is_original(record));
  record.origin = {};
  record.file = "orders.ndjson";
  CHECK(is_original(record));
}

TEST_CASE("a record goes back byte for byte, to its own partition, with its count and where it was") {
  const OwnRecord home = replayed_record(aside("orders-3-17", 1), {.topic = "orders", .partitions = 4});
  CHECK(home.topic == "orders");
  CHECK(home.partition == 3);
  CHECK(home.key == std::string("\0k", 2));
  CHECK(home.value == "{ }");
  CHECK(home.timestamp == Instant(std::chrono::seconds(1000)));
  CHECK(home.headers ==
        std::vector<std::pair<std::string, std::optional<std::string>>>{
            {"trace", "t"}, {"none", std::nullopt}, {"__weir.replay_count", "2"}, {"__weir.replay_of", "orders-3-17"}});
  CHECK(replayed_record(aside("a-0-1"), {.topic = "orders", .partitions = 3}).partition == -1);
  CHECK(replayed_record(aside("a-0-1"), {.topic = "other", .partitions = 9}).partition == -1);
  CHECK(replayed_record(aside("a-0-1"), {.topic = "orders", .keep_timestamp = false}).timestamp == Instant{});
}

TEST_CASE("a mark lies beside its record, and is read as one") {
  const OwnRecord mark = replay_mark(aside("orders-3-17"), "orders.again", Instant(std::chrono::seconds(3000)));
  CHECK(mark.topic == "orders.quarantine");
  CHECK(mark.partition == 1);
  CHECK_FALSE(mark.value);
  Envelope envelope;
  envelope.topic = mark.topic;
  envelope.tombstone = envelope.has_key = true;
  envelope.key = *mark.key;
  for (const auto& [name, value] : mark.headers) envelope.headers.emplace_back(name, *value);
  const Result<QuarantinedRecord> read = read_quarantined({}, envelope);
  REQUIRE(read);
  CHECK(read->stage == "replayed");
  CHECK(read->id == "orders-3-17");
  CHECK(read->into == "orders.again");
  CHECK(read->missing.empty());
}

TEST_CASE("a record whose own headers were redacted is no original") {
  Envelope envelope;
  envelope.headers = {{"__weir.v", "1"}, {"__weir.stage", "record"}, {"__weir.headers", "redacted"}};
  const Result<QuarantinedRecord> read = read_quarantined({}, envelope);
  REQUIRE(read);
  CHECK(std::find(read->missing.begin(), read->missing.end(), "headers as they were") != read->missing.end());
  CHECK_FALSE(is_original(*read));
}

ReplaySummary summary() {
  ReplaySummary found;
  found.source = "orders.quarantine";
  found.read = 1200;
  found.sent = 1000;
  found.into = {{"orders", 1000}};
  for (int i = 0; i < 100; ++i) found.leave(ReplayLeft::SentBefore, "a");
  return found;
}

TEST_CASE("the exit code says whether all that was meant is back") {
  ReplaySummary found = summary();
  CHECK(exit_of(found) == ExitCode::kHolds);
  found.leave(ReplayLeft::StillFails, "orders-3-17", "amount.max: 9 is above 8");
  CHECK(exit_of(found) == ExitCode::kFailed);
  found.leave(ReplayLeft::TooLarge, "orders-3-18");
  CHECK(exit_of(found) == ExitCode::kNotWritten);
  found.leave(ReplayLeft::Newer, "orders-3-19");
  CHECK(exit_of(found) == ExitCode::kUnjudged);
}

TEST_CASE("the summary counts every record, names the first that stay, and shows them safely") {
  ReplaySummary found = summary();
  for (int i = 0; i < 60; ++i) found.leave(ReplayLeft::StillFails, "orders-3-" + std::to_string(i), "\x1b[31mred");
  for (int i = 0; i < 40; ++i) found.leave(ReplayLeft::TooOften, "orders-4-" + std::to_string(i));
  found.failing = {{"amount.max", 50}, {"currency.in", 10}};
  const std::string text = replay_text(found);
  CHECK(text.find("\x1b") == std::string::npos);
  CHECK(text.find("sent to orders") != std::string::npos);
  CHECK(text.find("1,000\n") != std::string::npos);
  CHECK(text.find("60  amount.max 50, currency.in 10") != std::string::npos);
  CHECK(text.find("orders-3-2") != std::string::npos);
  CHECK(text.find("orders-3-3") == std::string::npos);
  CHECK(text.find("--max-replays N") != std::string::npos);
  CHECK(replay_line(found) == "1,000 records sent back, 100 left");
  const Result<JsonValue> json = parse_json(replay_json(found, 1, ""));
  REQUIRE(json);
  CHECK(json->find("left")->find("still_failing")->text == "60");
  CHECK(json->find("left")->find("sent_before")->text == "100");
  CHECK(json->find("sent_to")->find("orders")->text == "1000");
  CHECK(json->find("still_failing")->find("amount.max")->text == "50");
  CHECK(json->find("examples")->items.size() == 6);
}

TEST_CASE("a count of replays that is as large as can be does not begin anew") {
  const OwnRecord again = replayed_record(aside("a-0-1", 4'294'967'295U), {.topic = "orders", .partitions = 4});
  CHECK(again.headers.at(2) == std::pair<std::string, std::optional<std::string>>("__weir.replay_count", "4294967295"));
}

}  // namespace
}  // namespace weir
