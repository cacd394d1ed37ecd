// SPDX-License-Identifier: Apache-2.0
// Change events of Debezium as its connectors and converters write them.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/wrapped_rows.h"
#include "testing/decoded_rows.h"

namespace weir {
namespace {

using testing::plan_of;
using testing::read_file;
using testing::read_topic;
using testing::WrappedMessage;
using testing::WrappedRows;
using Lines = std::vector<std::string>;

const std::string kSource =
    R"("source":{"version":"3.0.0.Final","connector":"postgresql","name":"shop","ts_ms":1700000000000,"snapshot":"false",)"
    R"("db":"shop","sequence":"[\"1\",\"2\"]","ts_us":1700000000000000,"ts_ns":1700000000000000000,"schema":"public",)"
    R"("table":"customers","txId":571,"lsn":33227720,"xmin":null})";
const std::string kTimes =
    R"("ts_ms":1700000000123,"ts_us":1700000000123456,"ts_ns":1700000000123456789,"transaction":null)";

std::string event(const std::string& before, const std::string& after, const std::string& op) {
  return R"({"before":)" + before + R"(,"after":)" + after + "," + kSource + R"(,"op":")" + op + "\"," + kTimes + "}";
}

const std::string kAnne = R"({"id":1001,"email":"anne@example.org","tags":["a","b"]})";
const std::string kAnna = R"({"id":1001,"email":"anna@example.org","tags":[]})";

const std::string kInsert = event("null", kAnne, "c");
const std::string kUpdate = event(kAnne, kAnna, "u");
const std::string kDelete = event(kAnne, "null", "d");
const std::string kRead = event("null", kAnne, "r");
const std::string kTruncate = R"({"before":null,"after":null,)" + kSource + R"(,"op":"t",)" + kTimes + "}";
const std::string kMessage =
    R"({"op":"m","ts_ms":1700000000123,)" + kSource + R"(,"message":{"prefix":"audit","content":"eyJhIjoxfQ=="}})";
const std::string kSchemaChange =
    R"({"source":{"version":"3.0.0.Final","connector":"mysql","name":"shop","db":"shop","table":"customers"},)"
    R"("ts_ms":1700000000123,"databaseName":"shop","schemaName":null,"ddl":"ALTER TABLE customers ADD phone DATE",)"
    R"("tableChanges":[{"type":"ALTER","id":"\"shop\".\"customers\"","table":{"columns":[]}}]})";
const std::string kBegin =
    R"({"status":"BEGIN","id":"571:53195829","ts_ms":1700000000123,"event_count":null,"data_collections":null})";
const std::string kEnd = R"({"status":"END","id":"571:53195832","ts_ms":1700000000123,"event_count":2,)"
                         R"("data_collections":[{"data_collection":"public.customers","event_count":2}]})";
const std::string kHeartbeat = R"({"ts_ms":1700000000123})";

const Lines kPaths = {"id", "email", "before.email", "op", "source.table", "tags[]"};

std::string wrapped(const std::string& payload, const std::string& name) {
  return R"({"schema":{"type":"struct","fields":[],"optional":false,"name":")" + name + R"("},"payload":)" + payload +
         "}";
}

TEST_CASE("rules on plain names read `after` of a change event, and what stands around it as written") {
  const Lines expected = {
      "row | integer 1001 1001 | text anne@example.org | absent | text c | text customers | [text a, text b]",
      "row | integer 1001 1001 | text anna@example.org | text anne@example.org | text u | text customers | []",
      "removal | absent | absent | text anne@example.org | text d | text customers | [absent]",
      "snapshot | integer 1001 1001 | text anne@example.org | absent | text r | text customers | [text a, text b]",
      "removal | absent | absent | absent | text t | text customers | [absent]",
      "removal | absent | absent | absent | text m | text customers | [absent]"};
  const Lines events = {kInsert, kUpdate, kDelete, kRead, kTruncate, kMessage};
  Plan plan = plan_of(kPaths);
  SECTION("found by itself") {
    const WrappedRows rows = read_topic(plan, events);
    CHECK(rows.lines == expected);
    CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::Debezium)] == 6);
    CHECK(read_file(plan, events).lines == expected);
  }
  SECTION("with `envelope: debezium`") {
    plan.payload.wrapping = Wrapping::Debezium;
    CHECK(read_topic(plan, events).lines == expected);
  }
  SECTION("with its schema in each message") {
    Lines with_schema;
    for (const std::string& one : events) with_schema.push_back(wrapped(one, "shop.public.customers.Envelope"));
    const WrappedRows rows = read_topic(plan, with_schema);
    CHECK(rows.lines == expected);
    CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::Debezium)] == 6);
    plan.payload.wrapping = Wrapping::Debezium;
    CHECK(read_topic(plan, with_schema).lines == expected);
  }
}

TEST_CASE("with `envelope: none` a change event is a record like any other") {
  Plan plan = plan_of({"id", "after.id", "op"});
  plan.payload.wrapping = Wrapping::None;
  CHECK(read_topic(plan, Lines{kInsert, kDelete}).lines ==
        Lines{"row | absent | integer 1001 1001 | text c", "row | absent | absent | text d"});
}

TEST_CASE("a row's own field of an envelope's name is written behind `after`") {
  const std::string change = event("null", R"({"id":1,"op":"sell","source":"web"})", "c");
  CHECK(read_topic(plan_of({"op", "after.op", "after.source", "after.id", "id"}), Lines{change}).lines ==
        Lines{"row | text c | text sell | text web | integer 1 1 | integer 1 1"});
}

TEST_CASE("what a connector says beside its rows is no row") {
  const Plan plan = plan_of({"id", "status", "op"});
  const std::string notice = "notice | absent | absent | absent";
  CHECK(read_topic(plan, Lines{kSchemaChange, kBegin, kEnd}).lines == Lines{notice, notice, notice});
  CHECK(read_topic(plan, Lines{wrapped(kSchemaChange, "io.debezium.connector.mysql.SchemaChangeValue"),
                               wrapped(kEnd, "io.debezium.connector.common.TransactionMetadataValue"),
                               wrapped(kHeartbeat, "io.debezium.connector.common.Heartbeat")})
            .lines == Lines{notice, notice, notice});
}

TEST_CASE("a heartbeat without its schema is one only where Debezium is said to write") {
  Plan plan = plan_of({"id"});
  CHECK(read_topic(plan, Lines{kHeartbeat}).lines == Lines{"row | absent"});
  plan.payload.wrapping = Wrapping::Debezium;
  CHECK(read_topic(plan, Lines{kHeartbeat}).lines == Lines{"notice | absent"});
}

TEST_CASE("with `envelope: debezium` what is no change event is undecodable") {
  Plan plan = plan_of({"id"});
  plan.payload.wrapping = Wrapping::Debezium;
  CHECK(read_topic(plan, Lines{R"({"id":1})", kInsert, R"({"id":)"}).lines ==
        Lines{"envelope: it is no change event: it has no `op` with `before`, `after` or `source`, and no `__op` or "
              "`__deleted`",
              "row | integer 1001 1001", "syntax: the record ends in the middle of a value"});
}

TEST_CASE("flattened events keep their fields, and say which rows are gone") {
  const Plan plan = plan_of({"id", "__op", "__source_table"});
  const Lines events = {R"({"id":1,"__deleted":"false","__op":"c","__source_table":"t"})",
                        R"({"id":2,"__deleted":"true"})",
                        R"({"id":3,"__op":"d","__source_table":"t"})",
                        R"({"id":4,"__deleted":true})",
                        R"({"id":5,"__op":"r"})",
                        R"({"id":6})"};
  const Lines expected = {"row | integer 1 1 | text c | text t",      "removal | absent | absent | absent",
                          "removal | absent | text d | text t",       "removal | absent | absent | absent",
                          "snapshot | integer 5 5 | text r | absent", "row | integer 6 6 | absent | absent"};
  const WrappedRows rows = read_topic(plan, events);
  CHECK(rows.lines == expected);
  CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::Debezium)] == 5);
  CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::None)] == 1);
  Lines with_schema;
  for (const std::string& one : events) with_schema.push_back(wrapped(one, "shop.public.customers.Value"));
  CHECK(read_topic(plan, with_schema).lines == expected);
}

TEST_CASE("values that a connector did not get are absent") {
  const std::string change = event(
      "null",
      R"({"id":1,"body":"__debezium_unavailable_value","raw":"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==","l":["__debezium_unavailable_value","x"]})",
      "u");
  CHECK(read_topic(plan_of({"body", "raw", "l[]"}), Lines{change}).lines ==
        Lines{"row | absent | absent | [absent, text x]"});
}

TEST_CASE("fields that no rule names are those of the row") {
  Plan plan = plan_of({"id"});
  plan.extra_fields_rule = 0;
  plan.note_fields = true;
  CHECK(read_topic(plan, Lines{kUpdate, kDelete, kEnd}).lines ==
        Lines{"row | integer 1001 1001 + email + tags ~ 0 id integer ~ 1 email text ~ 2 tags array", "removal | absent",
              "notice | absent"});
}

TEST_CASE("the answer does not depend on how messages are cut into batches, nor on their neighbours") {
  const std::string event = R"({"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"id":5}})";
  const std::vector<WrappedMessage> messages = {
      {.value = R"({"id":1})"},
      {.value = kInsert},
      {.value = wrapped(R"({"id":2})", "x")},
      {.value = event, .headers = {{"content-type", "application/cloudevents+json; charset=UTF-8"}}},
      {.value = R"({"id":3})", .headers = {{"ce_specversion", "1.0"}, {"ce_type", "t"}}},
      {.value = kDelete},
      {.value = "{\"id\":\x01}"},
      {.value = kEnd},
      {.value = R"({"id":4,"__deleted":"true"})"},
      {.value = wrapped(kRead, "x")},
      {.value = R"({"id":6})"}};
  const Plan plan = plan_of({"id", "tags[]", "op", "ce.type"});
  const WrappedRows all = read_topic(plan, messages);
  for (const std::size_t cut : {1U, 2U, 3U, 5U, 7U}) {
    INFO(cut);
    CHECK(read_topic(plan, messages, cut).lines == all.lines);
    CHECK(read_topic(plan, messages, cut).wrapped == all.wrapped);
  }
  std::vector<WrappedMessage> reversed(messages.rbegin(), messages.rend());
  Lines back = read_topic(plan, reversed).lines;
  CHECK(Lines(back.rbegin(), back.rend()) == all.lines);
}

}  // namespace
}  // namespace weir
