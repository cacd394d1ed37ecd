// SPDX-License-Identifier: Apache-2.0
// What rules see of the keys of messages.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/wrapped_rows.h"
#include "testing/decoded_rows.h"
#include "weir/schemas.h"

namespace weir {
namespace {

using testing::plan_of;
using testing::read_topic;
using testing::WrappedMessage;
using Lines = std::vector<std::string>;

WrappedMessage keyed(const std::string& key) {
  return {.value = R"({"a":1})", .headers = {}, .key = key};
}

TEST_CASE("rules look into keys that are JSON, with their schema beside them or not") {
  const Plan plan = plan_of({"a", "kafka.key.id", "kafka.key.tags[]"});
  const std::string with_schema =
      R"({"schema":{"type":"struct","fields":[],"name":"k"},"payload":{"id":7,"tags":["x"]}})";
  const Lines expected = {"row | integer 1 1 | integer 5 5 | [integer 1 1, integer 2 2]",
                          "row | integer 1 1 | integer 7 7 | [text x]", "row | integer 1 1 | absent | []",
                          "row | integer 1 1 | text z | [absent]"};
  const std::vector<WrappedMessage> messages = {keyed(R"({"id":5,"tags":[1,2]})"), keyed(with_schema), keyed(""),
                                                keyed(R"({"id":"z"})")};
  CHECK(read_topic(plan, messages).lines == expected);
  for (const std::size_t cut : {1U, 2U, 3U}) CHECK(read_topic(plan, messages, cut).lines == expected);
}

TEST_CASE("a key that cannot be read makes its message undecodable, and leaves its neighbours alone") {
  const Plan plan = plan_of({"a", "kafka.key.tags[]"});
  CHECK(read_topic(plan, {keyed(R"({"tags":[1]})"), keyed(R"({"tags":[2,)"), keyed(R"({"tags":[3]})")}).lines ==
        Lines{"row | integer 1 1 | [integer 1 1]", "key: the key: the record ends in the middle of a value",
              "row | integer 1 1 | [integer 3 3]"});
  const std::string framed = std::string(1, '\0') + schema_key(9) + "x";
  CHECK(read_topic(plan, {keyed(framed), keyed(R"({"tags":[3]})")}).lines ==
        Lines{"key: the key: it names the schema id 9, and no registry has said what that is (weir.yml: registry, or "
              "--registry)",
              "row | integer 1 1 | [integer 3 3]"});
}

TEST_CASE("a key that begins like an id is read by the schema of the rules only where no registry is waited for") {
  Plan plan = plan_of({"kafka.key.id"});
  plan.payload.key_format = KeyFormat::Avro;
  plan.payload.key_schema = std::make_shared<SchemaText>(
      SchemaText{.language = SchemaLanguage::Avro,
                 .text = R"({"type":"record","name":"K","fields":[{"name":"id","type":"int"},
                             {"name":"rest","type":{"type":"fixed","name":"F","size":5}}]})",
                 .references = {},
                 .subject = {},
                 .version = 0,
                 .name = "k.avsc"});
  const std::string framed = std::string(1, '\0') + schema_key(9) + "x";
  CHECK(read_topic(plan, {keyed(framed)}).lines == Lines{"row | integer 0 "});
  plan.payload.quarantine_unknown = true;
  CHECK(read_topic(plan, {keyed(framed)}).lines ==
        Lines{"key: the key: it names the schema id 9, and no registry has said what that is (weir.yml: registry, or "
              "--registry)"});
}

TEST_CASE("keys are not looked at where no rule looks into one") {
  const Plan plan = plan_of({"a"});
  CHECK(read_topic(plan, {keyed("{")}).lines == Lines{"row | integer 1 1"});
}

TEST_CASE("with `key_format: text` nothing is looked for in keys") {
  Plan plan = plan_of({"a", "kafka.key.id"});
  plan.payload.key_format = KeyFormat::Text;
  CHECK(read_topic(plan, {keyed("{")}).lines == Lines{"row | integer 1 1 | absent"});
}

}  // namespace
}  // namespace weir
