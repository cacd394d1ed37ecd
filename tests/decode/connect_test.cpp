// SPDX-License-Identifier: Apache-2.0
// Messages of Kafka Connect's JSON converter with their schema beside them.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/wrapped_rows.h"
#include "testing/decoded_rows.h"

namespace weir {
namespace {

using testing::plan_of;
using testing::read_topic;
using testing::WrappedRows;
using Lines = std::vector<std::string>;

std::string field(const std::string& name, const std::string& type, const std::string& logical,
                  const std::string& more = "") {
  return R"({"type":")" + type + R"(","optional":true,"name":")" + logical + R"(","version":1)" + more +
         R"(,"field":")" + name + "\"}";
}

const std::string kScale2 = R"(,"parameters":{"scale":"2","connect.decimal.precision":"10"})";
const std::string kFields =
    field("price", "bytes", "org.apache.kafka.connect.data.Decimal", kScale2) + "," +
    field("at", "int64", "org.apache.kafka.connect.data.Timestamp") + "," +
    field("day", "int32", "org.apache.kafka.connect.data.Date") + "," +
    field("noon", "int32", "org.apache.kafka.connect.data.Time") + "," +
    field("micro", "int64", "io.debezium.time.MicroTimestamp") + "," + field("born", "int32", "io.debezium.time.Date") +
    "," + R"({"type":"struct","fields":[{"type":"int32","field":"scale"},{"type":"bytes","field":"value"}],)" +
    R"("name":"io.debezium.data.VariableScaleDecimal","field":"any"},)" +
    R"({"type":"array","items":{"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"1"}},"field":"list"},)" +
    R"({"type":"string","field":"name"})";

std::string struct_of(const std::string& fields, const std::string& more = "") {
  return R"({"type":"struct","fields":[)" + fields + R"(],"optional":false)" + more + "}";
}
std::string message(const std::string& schema, const std::string& payload) {
  return R"({"schema":)" + schema + R"(,"payload":)" + payload + "}";
}

const Lines kPaths = {"price", "at", "day", "noon", "micro", "born", "any", "list[]", "name"};
const std::string kRow =
    R"({"price":"AfI=","at":1767225600123,"day":20454,"noon":43200000,"micro":1767225600123456,"born":0,)"
    R"("any":{"scale":3,"value":"/w=="},"list":["Cg==","FA=="],"name":"x"})";
const std::string kValues =
    "row | decimal 498/2  | text 2026-01-01T00:00:00.123Z | text 2026-01-01 | text 12:00:00 | "
    "text 2026-01-01T00:00:00.123456 | text 1970-01-01 | decimal -1/3  | [decimal 10/1 , decimal 20/1 ] | text x";

TEST_CASE("values are what their schema says: decimals exact, counted times as texts") {
  const Plan plan = plan_of(kPaths);
  const WrappedRows rows = read_topic(plan, Lines{message(struct_of(kFields), kRow)});
  CHECK(rows.lines == Lines{kValues});
  CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::Connect)] == 1);
}

TEST_CASE("a change event with its schema has the same values in its row") {
  const Plan plan = plan_of(kPaths);
  const std::string schema =
      struct_of(struct_of(kFields, R"(,"field":"before")") + "," + struct_of(kFields, R"(,"field":"after")"));
  const std::string event = R"({"before":null,"after":)" + kRow + R"(,"source":{"db":"d"},"op":"c","ts_ms":1})";
  CHECK(read_topic(plan, Lines{message(schema, event)}).lines == Lines{kValues});
}

TEST_CASE("a value that is not what its schema says stays as it is, and each message has its own schema") {
  const Plan plan = plan_of({"price"});
  const std::string plain = struct_of(R"({"type":"string","field":"price"})");
  CHECK(read_topic(plan, Lines{message(struct_of(kFields), R"({"price":"AfI="})"),
                               message(plain, R"({"price":"AfI="})"), message(struct_of(kFields), R"({"price":4.98})"),
                               message(struct_of(kFields), R"({"price":"no base64!"})"),
                               message(struct_of(kFields), R"({"price":null})")})
            .lines == Lines{"row | decimal 498/2 ", "row | text AfI=", "row | decimal 498/2 4.98",
                            "row | text no base64!", "row | null null"});
}

TEST_CASE("an object that merely has a schema and a payload of its own is a plain record") {
  const Plan plan = plan_of({"payload.a", "a"});
  CHECK(read_topic(plan, Lines{R"({"schema":{"x":1},"payload":{"a":1}})", R"({"schema":"s","payload":{"a":1}})",
                               R"({"schema":{"type":"struct"},"payload":{"a":1},"more":2})"})
            .lines == Lines{"row | integer 1 1 | absent", "row | integer 1 1 | absent", "row | integer 1 1 | absent"});
  Plan wanted = plan_of({"a"});
  wanted.payload.wrapping = Wrapping::Connect;
  CHECK(read_topic(wanted, Lines{R"({"a":1})", R"({"schema":null,"payload":{"a":1}})"}).lines ==
        Lines{"envelope: it is no message with its schema: it is not made of `schema` and `payload`",
              "row | integer 1 1"});
}

}  // namespace
}  // namespace weir
