// SPDX-License-Identifier: Apache-2.0
// Which reader a message goes to: frames, schemas, encodings.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/decoders.h"
#include "decode/wrapped_rows.h"
#include "testing/decoded_rows.h"
#include "weir/schemas.h"

namespace weir {
namespace {

using testing::plan_of;
using testing::read_file;
using testing::read_topic;
using testing::WrappedMessage;
using Lines = std::vector<std::string>;

std::string framed(std::uint32_t id, const std::string& body) {
  return std::string(1, '\0') + schema_key(id) + body;
}

void know(Plan& plan, std::uint32_t id, SchemaLanguage language, const std::string& text) {
  const auto schema = std::make_shared<SchemaText>();
  schema->language = language;
  schema->text = text;
  schema->name = "schema " + std::to_string(id);
  plan.payload.schemas->put(schema_key(id), {.text = schema, .refusal = {}});
}

TEST_CASE("JSON behind a schema's id is read as JSON without it") {
  Plan plan = plan_of({"a"});
  know(plan, 7, SchemaLanguage::Json, "{}");
  CHECK(read_topic(plan, Lines{R"({"a":1})", framed(7, R"({"a":2})"), R"({"a":3})"}).lines ==
        Lines{"row | integer 1 1", "row | integer 2 2", "row | integer 3 3"});
}

TEST_CASE("a schema that stands in a header leaves the payload as it is") {
  Plan plan = plan_of({"a"});
  know(plan, 7, SchemaLanguage::Json, "{}");
  const std::vector<WrappedMessage> messages = {
      {.value = R"({"a":1})", .headers = {{"__value_schema_id", framed(7, "")}}},
      {.value = R"({"a":2})", .headers = {{"__value_schema_id", framed(8, "")}}}};
  CHECK(read_topic(plan, messages).lines == Lines{"row | integer 1 1",
                                                  "schema: it names the schema id 8, and no registry has said what "
                                                  "that is (weir.yml: registry, or --registry)"});
}

TEST_CASE("what the registry refused is said of every record that names it") {
  Plan plan = plan_of({"a"});
  plan.payload.schemas->put(schema_key(7), {.text = nullptr, .refusal = "the registry knows no schema 7"});
  CHECK(read_topic(plan, Lines{framed(7, "x"), R"({"a":1})", framed(7, "y")}).lines ==
        Lines{"schema: the registry knows no schema 7", "row | integer 1 1", "schema: the registry knows no schema 7"});
}

TEST_CASE("a refusal that is taken back is taken back for the next batch") {
  Plan plan = plan_of({"a"});
  plan.payload.schemas->put(schema_key(7), {.text = nullptr, .refusal = "the registry knows no schema 7"});
  const std::string message = framed(7, R"({"a":1})");
  CHECK(read_topic(plan, Lines{message}).lines == Lines{"schema: the registry knows no schema 7"});
  know(plan, 7, SchemaLanguage::Json, "{}");
  CHECK(read_topic(plan, Lines{message}).lines == Lines{"row | integer 1 1"});
}

TEST_CASE("what begins like an id is read by the schema of the rules only where no registry is waited for") {
  Plan plan = plan_of({"a"});
  plan.format = Format::Avro;
  plan.payload.schema = std::make_shared<SchemaText>(
      SchemaText{.language = SchemaLanguage::Avro,
                 .text = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},
                             {"name":"rest","type":{"type":"fixed","name":"F","size":5}}]})",
                 .references = {},
                 .subject = {},
                 .version = 0,
                 .name = "r.avsc"});
  CHECK(read_topic(plan, Lines{framed(7, "\x02")}).lines == Lines{"row | integer 0 "});
  plan.payload.quarantine_unknown = true;
  CHECK(read_topic(plan, Lines{framed(7, "\x02")}).lines ==
        Lines{"schema: it names the schema id 7, and no registry has said what that is (weir.yml: registry, or "
              "--registry)"});
}

TEST_CASE("with `framing: registry` a message without a frame is undecodable") {
  Plan plan = plan_of({"a"});
  plan.payload.framing = WireForm::Registry;
  know(plan, 7, SchemaLanguage::Json, "{}");
  CHECK(read_topic(plan, Lines{R"({"a":1})", framed(7, R"({"a":2})"), std::string("\0\0\0", 3)}).lines ==
        Lines{"schema: it begins with neither 0x00 nor 0x01, and no header names its schema", "row | integer 2 2",
              "schema: it begins like the id of a schema and ends within it"});
}

TEST_CASE("with `framing: none` nothing is taken for a frame") {
  Plan plan = plan_of({"a"});
  plan.payload.framing = WireForm::None;
  know(plan, 7, SchemaLanguage::Json, "{}");
  const Lines lines = read_topic(plan, Lines{framed(7, R"({"a":2})"), R"({"a":1})"}).lines;
  CHECK(lines[0].starts_with("encoding: ") == false);
  CHECK(lines[0].starts_with("s"));
  CHECK(lines[1] == "row | integer 1 1");
}

TEST_CASE("text in other encodings is an error that says so") {
  const auto wide = [](const std::string& text, bool high_first) {
    std::string out;
    for (const char c : text) out += high_first ? std::string{'\0', c} : std::string{c, '\0'};
    return out;
  };
  const std::string record = R"({"a":1})";
  const Lines lines = read_topic(plan_of({"a"}), Lines{wide(record, false), "\xFF\xFE" + wide(record, false),
                                                       "\xFE\xFF" + wide(record, true), wide(record, true), record})
                          .lines;
  CHECK(lines == Lines{"encoding: the text is in UTF-16, little endian: weir reads UTF-8",
                       "encoding: the text is in UTF-16, little endian: weir reads UTF-8",
                       "encoding: the text is in UTF-16, big endian: weir reads UTF-8",
                       "encoding: the text is in UTF-16, big endian: weir reads UTF-8", "row | integer 1 1"});
}

TEST_CASE("arrays of records that several readers take in turn stay in the order of the records") {
  Plan plan = plan_of({"tags[]", "after.tags[]"});
  know(plan, 7, SchemaLanguage::Json, "{}");
  const std::string change = R"({"before":null,"after":{"tags":["x","y"]},"source":{"db":"d"},"op":"c"})";
  const Lines records = {R"({"tags":[1,2]})", change, framed(7, R"({"tags":[3]})"), change, R"({"tags":[]})"};
  const Lines expected = {"row | [integer 1 1, integer 2 2] | [absent]", "row | [text x, text y] | [text x, text y]",
                          "row | [integer 3 3] | [absent]", "row | [text x, text y] | [text x, text y]",
                          "row | [] | [absent]"};
  CHECK(read_topic(plan, records).lines == expected);
}

TEST_CASE("a typed format without a schema says that there is none") {
  Plan plan = plan_of({"a"});
  plan.format = Format::Avro;
  CHECK(read_topic(plan, Lines{"\x02"}).lines == Lines{"schema: it names no schema, and `source.schema` gives none"});
}

TEST_CASE("records of a file that brings its schema along have no frame, whatever the rules say of topics") {
  const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"}]})";
  for (const WireForm framing : {WireForm::Auto, WireForm::Registry, WireForm::None}) {
    Plan plan = plan_of({"a"});
    plan.payload.framing = framing;
    const std::unique_ptr<Decoder> decoder = make_decoder(Format::Avro, plan);
    testing::MessageBlock block(Lines{std::string(1, '\0'), "\x01", "\x80\x01"});
    block.messages().header = schema;
    Lines lines;
    for (const testing::DecodedRow& row : testing::decode(*decoder, plan, block.messages()))
      lines.push_back(testing::show(row));
    CHECK(lines == Lines{"decoded | integer 0 ", "decoded | integer -1 ", "decoded | integer 64 "});
  }
}

}  // namespace
}  // namespace weir
