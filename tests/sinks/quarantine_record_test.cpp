// SPDX-License-Identifier: Apache-2.0
// What lies in the quarantine: the record as it was, and everything that somebody needs to understand it and send it back.
#include "sinks/quarantine_record.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/json_value.h"
#include "decode/datum_json.h"
#include "decode/redact.h"
#include "failing_record.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::count_headers;
using testing::fails;
using testing::header;
using testing::kNow;
using testing::make_plan;
using testing::redact;
using testing::undecodable;

using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// One record of partition orders-3.
struct Given {
  std::string value = R"({"a": 9, "user":{"email":"kim@example.org"}})";
  std::string key = "k1";
  Partition partition{.topic = "orders", .number = 3};
  Envelope envelope{};

  Given() {
    envelope.topic = partition.topic;
    envelope.partition = 3;
    envelope.has_key = true;
    envelope.timestamp = testing::kNow - std::chrono::hours(1) + std::chrono::milliseconds(7);
    envelope.timestamp_type = TimestampType::Create;
    envelope.headers = {{"trace", "t-1"}, {"empty", ""}, {"null", {}}, {"trace", "t-2"}};
  }
  LogRecord record() const {
    return {.partition = partition,
            .offset = 17,
            .value = envelope.tombstone ? std::nullopt : std::optional<std::string_view>(value),
            .envelope = envelope};
  }
  OwnRecord quarantined(const FailingRecord& failing, const Plan& plan, const QuarantineStamp& stamp = {}) {
    envelope.key = key;
    DatumJson json(plan);
    return quarantine_record(failing, record(), plan, stamp, kNow, has_redacted(plan.fields) ? &json : nullptr);
  }
  OwnRecord clean(const Plan& plan, const FailingRecord* tagged) {
    envelope.key = key;
    return clean_record(record(), plan, tagged);
  }
};

JsonValue json(const std::optional<std::string>& text) {
  REQUIRE(text.has_value());
  Result<JsonValue> read = parse_json(*text);
  INFO(*text);
  REQUIRE(read.ok());
  return *std::move(read);
}

bool holds(const OwnRecord& record, std::string_view secret) {
  bool found = record.value && record.value->find(secret) != std::string::npos;
  found = found || (record.key && record.key->find(secret) != std::string::npos);
  for (const auto& [name, value] : record.headers) {
    found = found || (value && value->find(secret) != std::string::npos);
  }
  return found;
}

}  // namespace

TEST_CASE("A quarantined record is the original with its reasons behind its own headers") {
  Given given;
  const OwnRecord out =
      given.quarantined(fails(0, OnFail::Quarantine), *make_plan(), {.pipeline = "shop", .instance = "i-1"});
  CHECK(out.key == given.key);
  CHECK(out.value == given.value);
  CHECK(out.timestamp == kNow);
  CHECK(out.origin == given.partition);
  CHECK_FALSE(out.clean);
  CHECK(out.headers ==
        Pairs{{"trace", "t-1"},
              {"empty", ""},
              {"null", std::nullopt},
              {"trace", "t-2"},
              {"__weir.v", "1"},
              {"__weir.id", "orders-3-17"},
              {"__weir.topic", "orders"},
              {"__weir.partition", "3"},
              {"__weir.offset", "17"},
              {"__weir.timestamp", "1767319200007"},
              {"__weir.timestamp_type", "CreateTime"},
              {"__weir.pipeline", "shop"},
              {"__weir.ruleset", "abc123"},
              {"__weir.instance", "i-1"},
              {"__weir.at", "2026-01-02T03:00:00Z"},
              {"__weir.stage", "record"},
              {"__weir.violations",
               R"([{"rule":"a.max","severity":"error","code":"max","path":"a","value":"9","message":"9 > 8"}])"},
              {"__weir.replay_count", "0"}});
}

TEST_CASE("A null key and a null value stay null, and empty ones empty") {
  Given given;
  given.envelope.has_key = false;
  given.envelope.tombstone = true;
  OwnRecord out = given.quarantined(undecodable(0), *make_plan());
  CHECK_FALSE(out.key.has_value());
  CHECK_FALSE(out.value.has_value());
  CHECK(header(out, "__weir.stage") == "decode");
  CHECK_FALSE(given.clean(*make_plan(), nullptr).value.has_value());
  given.envelope.has_key = true;
  given.envelope.tombstone = false;
  given.key = "";
  given.value = "";
  out = given.quarantined(undecodable(0), *make_plan());
  CHECK(out.key == "");
  CHECK(out.value == "");
}

TEST_CASE("Headers of an earlier quarantine are replaced, and the number of replays is kept") {
  Given given;
  given.envelope.headers = {{"__weir.id", "old-0-1"}, {"__weir.replay_count", "2"}, {"__weir.tags", "[]"}, {"x", "y"}};
  const OwnRecord out = given.quarantined(fails(0, OnFail::Halt), *make_plan());
  CHECK(out.headers.front().first == "x");
  CHECK(header(out, "__weir.id") == "orders-3-17");
  CHECK(count_headers(out, "__weir.id") == 1);
  CHECK(count_headers(out, "__weir.tags") == 0);
  CHECK(header(out, "__weir.replay_count") == "2");
  CHECK(count_headers(out, "__weir.replay_count") == 1);
  for (const char* hostile : {"-1", "99999999999999", "2x", "", " 3"}) {
    given.envelope.headers = {{"__weir.replay_count", hostile}};
    CHECK(header(given.quarantined(fails(0, OnFail::Halt), *make_plan()), "__weir.replay_count") == "0");
  }
}

TEST_CASE("A log without timestamps has none in the quarantine") {
  Given given;
  given.envelope.timestamp_type = TimestampType::None;
  const OwnRecord out = given.quarantined(fails(0, OnFail::Quarantine), *make_plan());
  CHECK(header(out, "__weir.timestamp_type") == "NoTimestampType");
  CHECK(count_headers(out, "__weir.timestamp") == 0);
  given.envelope.timestamp_type = TimestampType::LogAppend;
  given.envelope.timestamp = Instant(std::chrono::microseconds(-1));
  CHECK(header(given.quarantined(fails(0, OnFail::Quarantine), *make_plan()), "__weir.timestamp") == "-1");
}

TEST_CASE("Violations are JSON of at most four kilobytes, whatever they hold") {
  Given given;
  const auto plan = make_plan();
  for (const std::string& text : {std::string(100'000, '"'), std::string(100'000, '\x01'), std::string(100'000, '\xFF'),
                                  std::string("\xF0\x9F\x92\xA9\x00\n", 6), std::string(70, 'x')}) {
    FailingRecord record = fails(0, OnFail::Quarantine);
    record.violations.assign(50, {.rule = 4, .code = text, .path = text, .value = text, .message = text});
    record.violations[1].rule = 4'000'000;
    const std::string written = header(given.quarantined(record, *plan), "__weir.violations").value();
    CHECK(written.size() <= 4096);
    const JsonValue list = json(written);
    REQUIRE(list.items.size() >= 2);
    CHECK(list.items[0].find("rule")->text == "a.max");
    CHECK(list.items[0].find("value")->text.size() <= 64);
    const JsonValue& last = list.items.back();
    CHECK(last.find("truncated")->boolean);
    CHECK(last.find("more")->text == std::to_string(50 - (list.items.size() - 1)));
  }
  FailingRecord few = fails(0, OnFail::Quarantine);
  few.violations.push_back({.rule = 1, .code = "late", .path = "", .value = "", .message = "m"});
  const JsonValue list = json(header(given.quarantined(few, *plan), "__weir.violations"));
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[1].find("severity")->text == "warn");
}

TEST_CASE("Violations fill their header to the last byte before one is left out") {
  Given given;
  const auto plan = make_plan();
  // Two violations of which the second grows a byte at a time: either both are there or the truncation is said.
  for (std::size_t size = 380; size < 512; ++size) {
    FailingRecord record = fails(0, OnFail::Quarantine);
    record.violations.assign(7, {.rule = 4, .code = "c", .path = "p", .value = "v", .message = std::string(512, 'm')});
    record.violations.back().message = std::string(size, 'n');
    const std::string written = header(given.quarantined(record, *plan), "__weir.violations").value();
    REQUIRE(written.size() <= 4096);
    const JsonValue list = json(written);
    const bool truncated = list.items.back().find("truncated") != nullptr;
    REQUIRE((truncated || list.items.size() == 7));
  }
}

TEST_CASE("Redacted fields are redacted in value, key and headers") {
  for (const Redaction how : {Redaction::Mask, Redaction::Hash, Redaction::Drop}) {
    Given given;
    given.key = "kim@example.org";
    given.envelope.headers = {{"mail", "kim@example.org"}, {"other", "1"}};
    const auto plan = make_plan();
    redact(*plan, "user.email", how);
    redact(*plan, "kafka.key", how);
    redact(*plan, "kafka.headers.mail", how);
    const OwnRecord out = given.quarantined(fails(0, OnFail::Quarantine), *plan);
    CHECK_FALSE(holds(out, "kim@example.org"));
    CHECK(header(out, "other") == "1");
    CHECK(header(out, "__weir.headers") == "redacted");
    CHECK(header(out, "__weir.value") == "redacted");
    CHECK(out.key.has_value() == (how != Redaction::Drop));
    CHECK(header(out, "__weir.key") == (how == Redaction::Drop ? "withheld" : "redacted"));
    CHECK(count_headers(out, "mail") == (how == Redaction::Drop ? 0 : 1));
    if (how == Redaction::Mask) CHECK(out.value == R"({"a": 9, "user":{"email":"***"}})");
    if (how == Redaction::Drop) CHECK(out.value == R"({"a": 9, "user":{}})");
  }
}

TEST_CASE("Of a record that a schema describes its JSON is redacted") {
  Given given;
  const auto plan = make_plan();
  redact(*plan, "user.email", Redaction::Mask);
  SchemaText schema;
  schema.text =
      R"({"type":"record","name":"E","fields":[{"name":"a","type":"int"},{"name":"user","type":{"type":"record","name":"U",)"
      R"("fields":[{"name":"email","type":"string"}]}}]})";
  const std::string id("\0\0\0\0\7", 5);
  plan->payload.schemas->put(id.substr(1),
                             {.text = std::make_shared<const SchemaText>(std::move(schema)), .refusal = {}});
  given.value = id + std::string("\x12\x1Ekim@example.org");
  const OwnRecord out = given.quarantined(fails(0, OnFail::Quarantine), *plan);
  CHECK(header(out, "__weir.value") == "redacted");
  CHECK(out.value == R"({"a":9,"user":{"email":"***"}})");

  // Where nothing is redacted the record stays what it is.
  CHECK(given.quarantined(fails(0, OnFail::Quarantine), *make_plan()).value == given.value);
}

TEST_CASE("Redacted attributes of a CloudEvent are redacted in its headers") {
  Given given;
  given.envelope.headers = {{"ce_specversion", "1.0"}, {"ce_subject", "kim@example.org"}};
  const auto plan = make_plan();
  redact(*plan, "ce.subject", Redaction::Mask);
  const OwnRecord out = given.quarantined(fails(0, OnFail::Quarantine), *plan);
  CHECK(header(out, "ce_subject") == "***");
  CHECK(header(out, "ce_specversion") == "1.0");
}

TEST_CASE("Where nobody can find the redacted fields the value is left out and a header says so") {
  Given given;
  const auto plan = make_plan();
  redact(*plan, "user.email", Redaction::Mask);
  OwnRecord out = given.quarantined(undecodable(0), *plan);
  CHECK_FALSE(out.value.has_value());
  CHECK(header(out, "__weir.value") == "withheld");
  CHECK(out.key == "k1");
  CHECK_FALSE(holds(out, "kim@example.org"));

  given.value = "1,kim@example.org";
  plan->format = Format::Csv;
  out = given.quarantined(fails(0, OnFail::Quarantine), *plan);
  CHECK_FALSE(out.value.has_value());
  CHECK(header(out, "__weir.value") == "withheld");

  // The bytes of a typed record that happen to look like JSON say nothing of where its fields are.
  Given typed;
  plan->format = Format::Avro;
  CHECK_FALSE(typed.quarantined(fails(0, OnFail::Quarantine), *plan).value.has_value());
  plan->format = Format::Auto;
  CHECK(typed.quarantined(fails(0, OnFail::Quarantine), *plan).value.has_value());

  // A null value holds nothing to leave out.
  given.envelope.tombstone = true;
  CHECK(count_headers(given.quarantined(undecodable(0), *plan), "__weir.value") == 0);
}

TEST_CASE("Existing tools find the headers they know") {
  Given given;
  const auto plan = make_plan();
  const OwnRecord out = given.quarantined(fails(0, OnFail::Quarantine), *plan,
                                          {.pipeline = "shop", .instance = "i-1", .connect = true, .confluent = true});
  CHECK(header(out, "__connect.errors.topic") == "orders");
  CHECK(header(out, "__connect.errors.partition") == "3");
  CHECK(header(out, "__connect.errors.offset") == "17");
  CHECK(header(out, "__connect.errors.connector.name") == "shop");
  CHECK(header(out, "__connect.errors.stage") == "TRANSFORMATION");
  CHECK(header(out, "__connect.errors.exception.message") == "9 > 8");
  CHECK(header(out, "__rule.name") == "a.max");
  CHECK(header(out, "__rule.subject") == "orders-value");
  CHECK(header(out, "__rule.exception") == "9 > 8");
  CHECK(header(given.quarantined(undecodable(0), *plan, {.pipeline = "", .instance = "", .connect = true}),
               "__connect.errors.stage") == "VALUE_CONVERTER");
}

TEST_CASE("What is too large for the quarantine becomes a stub that says where the record is") {
  Given given;
  given.value = std::string(5'000'000, 'x');
  const std::string large(3'000'000, 'h');
  given.envelope.headers = {{"large", large}};
  OwnRecord full = given.quarantined(undecodable(0), *make_plan());
  full.topic = "orders.quarantine";
  std::optional<OwnRecord> stub = stub_of_quarantined(full);
  REQUIRE(stub.has_value());
  CHECK_FALSE(stub->value.has_value());
  CHECK(stub->key == "k1");
  CHECK(stub->topic == "orders.quarantine");
  CHECK(stub->origin == given.partition);
  CHECK(header(*stub, "__weir.stub") == "too_large");
  CHECK(header(*stub, "__weir.id") == "orders-3-17");
  CHECK(json(header(*stub, "__weir.violations")).items.size() == 1);
  std::size_t bytes = 0;
  for (const auto& [name, value] : stub->headers) bytes += name.size() + value->size();
  CHECK(bytes < 6000);
  CHECK_FALSE(stub_of_quarantined(*stub).has_value());
  given.key = std::string(100'000, 'k');
  CHECK_FALSE(stub_of_quarantined(given.quarantined(undecodable(0), *make_plan()))->key.has_value());
}

TEST_CASE("A clean record is the original, and a tagged one names the rules it broke") {
  Given given;
  const auto plan = make_plan();
  redact(*plan, "user.email", Redaction::Mask);
  given.envelope.headers.emplace_back("__weir.replay_count", "1");
  const OwnRecord passed = given.clean(*plan, nullptr);
  CHECK(passed.clean);
  CHECK(passed.key == given.key);
  CHECK(passed.value == given.value);
  CHECK(passed.timestamp == given.envelope.timestamp);
  CHECK(passed.headers ==
        Pairs{{"trace", "t-1"}, {"empty", ""}, {"null", std::nullopt}, {"trace", "t-2"}, {"__weir.replay_count", "1"}});
  FailingRecord record = fails(0, OnFail::Tag);
  record.violations.push_back({.rule = 1, .code = "", .path = "", .value = "", .message = ""});
  given.envelope.headers = {{"__weir.tags", R"(["old"])"}, {"x", "y"}};
  CHECK(given.clean(*plan, &record).headers == Pairs{{"x", "y"}, {"__weir.tags", R"(["a.tag","a.count"])"}});
  plan->rules[2].info.id = std::string(300, '\\');
  record.violations.assign(100, record.violations[0]);
  const std::string tags = header(given.clean(*plan, &record), "__weir.tags").value();
  CHECK(tags.size() <= 4096);
  CHECK(json(tags).items.back().text == "…");
}

}  // namespace weir
