// SPDX-License-Identifier: Apache-2.0
// CloudEvents in messages, in headers and as documents.
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
using Lines = std::vector<std::string>;
using Headers = std::vector<std::pair<std::string, std::string>>;

const Headers kDocument = {{"content-type", "application/cloudevents+json; charset=UTF-8"}};
const std::string kEvent =
    R"({"specversion":"1.0","id":"A234","source":"/orders","type":"org.example.placed","time":"2026-01-01T00:00:00Z",)"
    R"("subject":"9","tenant":"eu","datacontenttype":"application/json","data":{"amount":5,"type":"card"}})";
const Lines kPaths = {"amount", "type", "ce.type", "ce.source", "ce.tenant", "ce.datacontenttype"};
const std::string kExpected =
    "row | integer 5 5 | text card | text org.example.placed | text /orders | text eu | text application/json";

TEST_CASE("rules on plain names read the data of an event, `ce.NAME` its attributes") {
  const Plan plan = plan_of(kPaths);
  const Headers binary = {{"ce_specversion", "1.0"}, {"ce_id", "A234"},   {"ce_type", "org.example.placed"},
                          {"ce_source", "/orders"},  {"ce_tenant", "eu"}, {"content-type", "application/json"}};
  const auto rows = read_topic(
      plan, {{.value = R"({"amount":5,"type":"card"})", .headers = binary}, {.value = kEvent, .headers = kDocument}});
  CHECK(rows.lines == Lines{kExpected, kExpected});
  CHECK(rows.wrapped[static_cast<std::size_t>(Wrapping::CloudEvents)] == 2);
}

TEST_CASE("data in base64 is read like data that stands there") {
  const std::string event =
      R"({"specversion":"1.0","id":"A234","source":"/orders","type":"org.example.placed","tenant":"eu",)"
      R"("data_base64":"eyJhbW91bnQiOjUsInR5cGUiOiJjYXJkIn0=","datacontenttype":"application/json"})";
  CHECK(read_topic(plan_of(kPaths), {{.value = event, .headers = kDocument}}).lines == Lines{kExpected});
}

TEST_CASE("in a file events are read where the rule file says that they are") {
  Plan plan = plan_of(kPaths);
  CHECK(read_file(plan, {kEvent}).lines ==
        Lines{"row | absent | text org.example.placed | absent | absent | absent | absent"});
  plan.payload.wrapping = Wrapping::CloudEvents;
  CHECK(read_file(plan, {kEvent, R"({"amount":1})"}).lines ==
        Lines{kExpected, "envelope: it is no CloudEvent: it has no `specversion`"});
}

TEST_CASE("batches and formats other than JSON are refused in words") {
  const Plan plan = plan_of({"amount"});
  CHECK(read_topic(plan, {{.value = "[]", .headers = {{"content-type", "application/cloudevents-batch+json"}}},
                          {.value = "x", .headers = {{"content-type", "application/cloudevents+avro"}}}})
            .lines == Lines{"envelope: it holds a batch of CloudEvents: weir reads one event in a message",
                            "envelope: it is a CloudEvent in a format that weir does not read: only JSON is"});
}

TEST_CASE("a header that is no text makes the event undecodable where a rule names it") {
  const Headers odd = {{"ce_specversion", "1.0"}, {"ce_type", "\xFF"}};
  CHECK(read_topic(plan_of({"ce.type"}), {{.value = "{}", .headers = odd}}).lines ==
        Lines{"encoding: a header of the CloudEvent is not UTF-8 text"});
  CHECK(read_topic(plan_of({"a"}), {{.value = "{}", .headers = odd}}).lines == Lines{"row | absent"});
}

}  // namespace
}  // namespace weir
