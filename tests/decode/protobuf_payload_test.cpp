// SPDX-License-Identifier: Apache-2.0
// Protobuf records on their way through the decoder of payloads: by `source.schema`, and by a schema of the book.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "decode/decoders.h"
#include "decode/protobuf_records.h"

namespace weir {
namespace {

using testing::DecodedRow;
using testing::MessageBlock;
using testing::Wire;

constexpr const char* kSchema = R"(syntax = "proto3"; package shop;
  message Refund { int64 id = 1; } message Order { int64 id = 1; repeated string tags = 2; })";

std::shared_ptr<const SchemaText> schema() {
  return std::make_shared<const SchemaText>(testing::proto(kSchema));
}

TEST_CASE("records of a file are read by the schema of the rule file") {
  Plan plan = testing::plan_of({"id", "tags[]"});
  plan.format = Format::Protobuf;
  plan.payload.schema = schema();
  plan.payload.message = "shop.Order";
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Protobuf, plan);
  const MessageBlock block({Wire().number(1, 7).text(2, "a"), Wire().text(1, "x").more("\x0A"), Wire()},
                           testing::Layout::Apart);
  const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].values == std::vector<std::string>{"integer 7 ", "[text a]"});
  CHECK(rows[1].code == "syntax");
  CHECK(rows[1].reason == "in message `shop.Order`: the bytes end within a field");
  CHECK(rows[2].values == std::vector<std::string>{"integer 0 ", "[]"});
}

TEST_CASE("a protobuf record without any schema is refused") {
  Plan plan = testing::plan_of({"id"});
  plan.format = Format::Protobuf;
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Protobuf, plan);
  const MessageBlock block({Wire().number(1, 7)}, testing::Layout::Apart);
  CHECK(testing::decode(*decoder, plan, block.messages())[0].code == "schema");
}

TEST_CASE("the id in front of a record names its schema, the indexes behind it the message") {
  Plan plan = testing::plan_of({"id", "tags[]"});
  plan.payload.schemas->put(schema_key(9), {.text = schema(), .refusal = {}});
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Json, plan);
  const std::string front("\0\0\0\0\x09", 5);
  const std::string order = front + std::string(Wire().varint(2).varint(2).number(1, 5).text(2, "t"));
  const std::string refund = front + std::string(Wire().varint(0).number(1, 6));
  MessageBlock block({order, R"({"id":1,"tags":[]})", refund}, testing::Layout::Apart);
  block.messages().envelopes.resize(3);
  const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].values == std::vector<std::string>{"integer 5 ", "[text t]"});
  CHECK(rows[1].values[0] == "integer 1 1");
  CHECK(rows[2].values == std::vector<std::string>{"integer 6 ", "[absent]"});
}

}  // namespace
}  // namespace weir
