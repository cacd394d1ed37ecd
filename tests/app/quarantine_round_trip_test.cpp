// SPDX-License-Identifier: Apache-2.0
// What weir writes into a quarantine, topic or file, is read back to the same facts, whatever the record held.
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "decode/datum_json.h"
#include "decode/redact.h"
#include "files/quarantine_line.h"
#include "quarantine/quarantined.h"
#include "sinks/quarantine_record.h"

namespace weir {
namespace {

using Form = QuarantinedRecord::Form;
using Texts = std::vector<std::pair<std::string, std::optional<std::string>>>;

const Instant kAt = Instant(std::chrono::sys_days(std::chrono::January / 2 / 2026)) + std::chrono::milliseconds(1);
const Partition kOrigin{.topic = "my-orders.v1", .number = 12};

Plan plan_of_two() {
  Plan plan;
  for (const char* id : {"decode", "a.max"}) plan.rules.emplace_back().info.id = id;
  plan.rules[1].info.severity = Severity::Warn;
  plan.ruleset = "abc123";
  return plan;
}

/// A record that failed, with everything that it may come with.
struct Failed {
  std::optional<std::string> key;
  std::optional<std::string> value;
  Texts headers;
  FailingRecord failing;
  bool timed = true;
  QuarantineStamp stamp;

  OwnRecord put_aside(const Plan& plan) const {
    Envelope envelope;
    envelope.topic = kOrigin.topic;
    envelope.partition = kOrigin.number;
    envelope.has_key = key.has_value();
    if (key) envelope.key = *key;
    envelope.tombstone = !value;
    if (timed) {
      envelope.timestamp = kAt - std::chrono::hours(5);
      envelope.timestamp_type = TimestampType::LogAppend;
    }
    for (const auto& [name, content] : headers) {
      envelope.headers.emplace_back(name, content ? std::string_view(*content) : std::string_view());
    }
    const LogRecord record{.partition = kOrigin,
                           .offset = 1'234'567'890'123,
                           .value = value ? std::optional<std::string_view>(*value) : std::nullopt,
                           .envelope = envelope};
    DatumJson json(plan);
    return quarantine_record(failing, record, plan, stamp, kAt, has_redacted(plan.fields) ? &json : nullptr);
  }
};

/// Views of a record on its way, as a sink and a reader of the topic see it.
struct Views {
  explicit Views(const OwnRecord& own) {
    for (const auto& [name, content] : own.headers) {
      headers.emplace_back(name, content ? std::string_view(*content) : std::string_view());
    }
    out.headers = headers;
    if (own.key) out.key = *own.key;
    if (own.value) out.value = *own.value;
  }
  QuarantinedRecord from_topic() const {
    Envelope envelope;
    envelope.topic = "q";
    envelope.has_key = out.key.has_value();
    if (out.key) envelope.key = *out.key;
    envelope.tombstone = !out.value;
    envelope.headers = headers;
    const Result<QuarantinedRecord> read = read_quarantined({.bytes = out.value.value_or("")}, envelope);
    REQUIRE(read.ok());
    return *read;
  }
  QuarantinedRecord from_file() const {
    std::string line = quarantine_line(out);
    REQUIRE(line.ends_with('\n'));
    line.pop_back();
    const Result<QuarantinedRecord> read = read_quarantined_line(line);
    INFO(line);
    REQUIRE(read.ok());
    return *read;
  }

  std::vector<std::pair<std::string_view, std::string_view>> headers;
  OutRecord out;
};

void check_facts(const QuarantinedRecord& read, const Failed& failed) {
  CHECK(read.id == "my-orders.v1-12-1234567890123");
  CHECK(read.origin == kOrigin);
  CHECK(read.offset == 1'234'567'890'123);
  CHECK(read.timestamp_type == (failed.timed ? TimestampType::LogAppend : TimestampType::None));
  CHECK(read.timestamp == (failed.timed ? std::optional(kAt - std::chrono::hours(5)) : std::nullopt));
  CHECK(read.at == kAt);
  CHECK(read.ruleset == "abc123");
  CHECK(read.stage == (failed.failing.decoded ? "record" : "decode"));
  CHECK(read.pipeline == failed.stamp.pipeline);
  CHECK(read.instance == failed.stamp.instance);
  CHECK(read.missing.empty());
}

Failed failed_record() {
  Failed failed;
  failed.value = R"({"a":9})";
  failed.failing.decoded = true;
  failed.failing.violations.push_back({.rule = 1, .code = "max", .path = "a", .value = "9", .message = "9 > 8"});
  failed.stamp.pipeline = "shop";
  return failed;
}

}  // namespace

TEST_CASE("Records of any bytes come back from topic and file") {
  const Plan plan = plan_of_two();
  std::mt19937 random(7);
  const auto bytes = [&random](std::size_t most) {
    std::string text;
    const std::size_t size = random() % (most + 1);
    const bool plain = random() % 2 == 0;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(plain ? 'a' + random() % 26 : random() % 256);
    return text;
  };
  const std::vector<std::string> values = {"",
                                           "null",
                                           " null ",
                                           "0",
                                           "\"\"",
                                           "{}",
                                           R"({"a" :  1.50})",
                                           "{torn",
                                           "\n",
                                           "\xFF",
                                           "{\"a\":\"\\u0000\"}",
                                           std::string("\0\0\0\0\7x", 6)};
  for (std::size_t round = 0; round < 400; ++round) {
    Failed failed = failed_record();
    failed.value = round < values.size() ? values[round] : bytes(40);
    if (random() % 8 == 0) failed.value.reset();
    if (random() % 3 != 0) failed.key = bytes(9);
    for (std::size_t i = random() % 4; i > 0; --i) {
      failed.headers.emplace_back("h" + std::to_string(i % 2),
                                  random() % 3 == 0 ? std::nullopt : std::optional(bytes(8)));
    }
    failed.timed = random() % 4 != 0;
    failed.failing.decoded = random() % 3 != 0;
    failed.failing.stage = failed.failing.decoded ? Stage::Record : Stage::Decode;
    failed.stamp.connect = random() % 3 == 0;
    failed.stamp.confluent = random() % 3 == 0;
    const OwnRecord own = failed.put_aside(plan);
    const Views views(own);
    for (const QuarantinedRecord& read : {views.from_topic(), views.from_file()}) {
      check_facts(read, failed);
      CHECK(read.key == failed.key);
      CHECK(read.headers == failed.headers);
      CHECK(read.value_form == Form::Original);
      CHECK(read.violations.size() == 1);
    }
    CHECK(views.from_topic().value == failed.value);
    // On its line a line end of JSON is a space.
    std::optional<std::string> on_a_line = failed.value;
    if (views.from_file().value != failed.value && on_a_line) {
      for (char& c : *on_a_line) c = c == '\n' || c == '\r' ? ' ' : c;
    }
    CHECK(views.from_file().value == on_a_line);
  }
}

TEST_CASE("Violations come back as they were written, and how many did not fit") {
  const Plan plan = plan_of_two();
  Failed failed = failed_record();
  failed.failing.violations.assign(
      200,
      {.rule = 1, .code = "max", .path = "a[\"\x1b\"]", .value = "\xFF\n", .message = std::string(100, 'm') + "\"}]"});
  const OwnRecord own = failed.put_aside(plan);
  const Views views(own);
  for (const QuarantinedRecord& read : {views.from_topic(), views.from_file()}) {
    CHECK(read.missing.empty());
    CHECK(read.violations.size() > 5);
    CHECK(read.violations.size() + read.more_violations == 200);
    CHECK(read.violations.back().rule == "a.max");
    CHECK(read.violations.back().severity == "warn");
    CHECK(read.violations.back().message == std::string(100, 'm') + "\"}]");
  }
}

TEST_CASE("What was redacted, withheld or too large says so") {
  Plan plan = plan_of_two();
  plan.fields[plan.fields.add(*FieldPath::parse("email"))].redacted = true;
  plan.fields[plan.fields.add(*FieldPath::parse("kafka.key"))].redacted = true;
  Failed failed = failed_record();
  failed.key = "kim";
  failed.value = R"({"email":"kim@example.org"})";
  OwnRecord own = failed.put_aside(plan);
  for (const QuarantinedRecord& read : {Views(own).from_topic(), Views(own).from_file()}) {
    CHECK(read.value_form == Form::Redacted);
    CHECK(read.key_form == Form::Redacted);
    CHECK(read.value == R"({"email":"***"})");
  }
  plan.redaction = Redaction::Drop;
  failed.failing.decoded = false;
  failed.failing.stage = Stage::Decode;
  own = failed.put_aside(plan);
  for (const QuarantinedRecord& read : {Views(own).from_topic(), Views(own).from_file()}) {
    CHECK(read.value_form == Form::Withheld);
    CHECK(read.key_form == Form::Withheld);
    CHECK_FALSE(read.value.has_value());
    CHECK_FALSE(read.key.has_value());
  }
  const std::optional<OwnRecord> stub = stub_of_quarantined(failed_record().put_aside(plan_of_two()));
  REQUIRE(stub.has_value());
  for (const QuarantinedRecord& read : {Views(*stub).from_topic(), Views(*stub).from_file()}) {
    CHECK(read.value_form == Form::Stub);
    CHECK_FALSE(read.value.has_value());
    CHECK(read.violations.size() == 1);
  }
}

}  // namespace weir
