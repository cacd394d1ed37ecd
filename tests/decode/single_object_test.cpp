// SPDX-License-Identifier: Apache-2.0
// Avro's single-object encoding on a topic: the fingerprint in front of a record has to be that of `source.schema`.
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>

#include "decode/avro_rows.h"
#include "decode/avro_schema.h"
#include "decode/decoders.h"

namespace weir {
namespace {

using testing::DecodedRow;
using testing::MessageBlock;

constexpr const char* kSchema = R"({"type":"record","name":"R","fields":[{"name":"a","type":"long"}]})";
constexpr const char* kOther = R"({"type":"record","name":"R","fields":[{"name":"a","type":"string"}]})";

std::string object_of(const char* schema, const std::string& datum) {
  const Result<AvroSchema> parsed = parse_avro_schema(testing::avro_schema(schema));
  REQUIRE(parsed.ok());
  std::string out = "\xC3\x01";
  const std::uint64_t fingerprint = avro_fingerprint(*parsed);
  for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(fingerprint >> shift & 0xFFU);
  return out + datum;
}

TEST_CASE("a single object of another schema is refused, and a record that begins like one is read") {
  Plan plan = testing::plan_of({"a"});
  plan.format = Format::Avro;
  plan.payload.schema = std::make_shared<SchemaText>(testing::avro_schema(kSchema));
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Avro, plan);
  const MessageBlock block({object_of(kSchema, testing::avro_long(5)), object_of(kOther, testing::avro_text("x")),
                            testing::avro_long(-98), object_of(kSchema, "")},
                           testing::Layout::Apart);
  const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].values == std::vector<std::string>{"integer 5 "});
  CHECK(rows[1].code == "schema");
  CHECK(rows[1].reason.starts_with("it is a single object of another schema: its fingerprint is "));
  CHECK(rows[2].values == std::vector<std::string>{"integer -98 "});  // its first bytes are C3 01
  CHECK(rows[3].code == "syntax");
}

}  // namespace
}  // namespace weir
