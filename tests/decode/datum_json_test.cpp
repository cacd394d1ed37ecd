// SPDX-License-Identifier: Apache-2.0
// Records of all languages as JSON: by the schema of the rule file, of a file's head, and of the message itself.
#include "decode/datum_json.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>

#include "decode/avro_rows.h"
#include "decode/protobuf_records.h"

namespace weir {
namespace {

using testing::MessageBlock;
using testing::Wire;

constexpr const char* kOrder = R"(syntax = "proto3"; package shop;
  message Order { int64 id = 1; repeated string tags = 2; })";
constexpr const char* kAvro = R"({"type":"record","name":"R","fields":[{"name":"a","type":"long"}]})";

std::string written(DatumJson& json, const MessageBlock& block, std::size_t item, Format format) {
  const std::optional<std::string_view> text = json.write(block.messages(), item, format);
  return text ? std::string(*text) : "none";
}

TEST_CASE("a file of Protobuf messages is JSON by the schema of the rule file") {
  Plan plan;
  plan.payload.schema = std::make_shared<const SchemaText>(testing::proto(kOrder));
  plan.payload.message = "shop.Order";
  DatumJson json(plan);
  const MessageBlock block({Wire().number(1, 7).text(2, "a\"b"), Wire().more("\x0A")}, testing::Layout::Apart);
  CHECK(written(json, block, 0, Format::Protobuf) == R"({"id":7,"tags":["a\"b"]})");
  CHECK(written(json, block, 1, Format::Protobuf) == "none");
}

TEST_CASE("a record without a schema is no JSON") {
  const Plan plan;
  DatumJson json(plan);
  const MessageBlock block({Wire().number(1, 7)}, testing::Layout::Apart);
  CHECK(written(json, block, 0, Format::Protobuf) == "none");
  CHECK(written(json, block, 0, Format::Avro) == "none");
}

TEST_CASE("records of a container file are JSON by the schema in its head") {
  const Plan plan;
  DatumJson json(plan);
  MessageBlock block({testing::avro_long(-3)}, testing::Layout::Apart);
  block.messages().header = kAvro;
  CHECK(written(json, block, 0, Format::Avro) == R"({"a":-3})");
  block.messages().header = R"({"type":"record","name":"R","fields":[{"name":"b","type":"int"}]})";
  CHECK(written(json, block, 0, Format::Avro) == R"({"b":-3})");
}

TEST_CASE("messages of a topic are JSON by the schema that each of them names") {
  Plan plan;
  plan.payload.schemas->put(schema_key(9),
                            {.text = std::make_shared<SchemaText>(testing::proto(kOrder)), .refusal = {}});
  plan.payload.schemas->put(schema_key(10),
                            {.text = std::make_shared<SchemaText>(testing::avro_schema(kAvro)), .refusal = {}});
  plan.payload.schemas->put(schema_key(11), {.text = nullptr, .refusal = "the registry knows no schema 11"});
  auto text = std::make_shared<SchemaText>();
  text->language = SchemaLanguage::Json;
  plan.payload.schemas->put(schema_key(12), {.text = text, .refusal = {}});
  DatumJson json(plan);
  const auto front = [](char id) { return std::string("\0\0\0\0", 4) + id; };
  MessageBlock block({front('\x09') + std::string(Wire().varint(0).number(1, 5)), front('\x0A') + testing::avro_long(4),
                      front('\x0B') + "x", front('\x0C') + R"({"a":1})", R"({"a":2})"},
                     testing::Layout::Apart);
  block.messages().envelopes.resize(5);
  CHECK(written(json, block, 0, Format::Json) == R"({"id":5,"tags":[]})");
  CHECK(written(json, block, 1, Format::Json) == R"({"a":4})");
  CHECK(written(json, block, 2, Format::Json) == "none");
  CHECK(written(json, block, 3, Format::Json) == R"({"a":1})");
  CHECK(written(json, block, 4, Format::Json) == R"({"a":2})");
}

}  // namespace
}  // namespace weir
