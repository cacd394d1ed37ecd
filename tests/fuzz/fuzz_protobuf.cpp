// SPDX-License-Identifier: Apache-2.0
// Any bytes as Protobuf: as a record of a schema that has every kind of field, and as a schema. A record that can be read has
// columns and JSON; one that cannot says why and where.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "decode/column_filler.h"
#include "decode/protobuf_schema.h"
#include "decode/typed_reader.h"
#include "testing/decoded_rows.h"

namespace {

[[noreturn]] void stop(const char* what, std::string_view about) {
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(about.size()), about.data());
  std::abort();
}

constexpr const char* kSchema = R"(syntax = "proto2"; import "google/protobuf/any.proto";
  import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto";
  message M {
    enum E { NONE = 0; ONE = 1; } optional int32 a = 1; optional double d = 2; optional string s = 3; optional bytes b = 4;
    repeated sint64 n = 5; repeated M m = 6; optional M one = 7; map<string, M> by = 8; map<bool, E> flags = 9;
    optional group G = 10 { repeated float f = 1; } oneof o { E e = 11; M om = 12; } optional google.protobuf.Struct st = 13;
    optional google.protobuf.Timestamp at = 14; optional google.protobuf.Any any = 15;
    optional google.protobuf.DoubleValue w = 16; }
  message Other { optional M m = 1; })";

struct Reading {
  weir::Plan plan =
      weir::testing::plan_of({"a",      "d",     "s",     "b", "n[]", "m",  "m[].s",  "m[].n[]", "one.one.a", "by",
                              "by.k.s", "flags", "g.f[]", "e", "om",  "st", "st.x[]", "at",      "any.value", "w"});
  std::unique_ptr<weir::TypedReader> reader;

  Reading() {
    plan.max_depth = 16;
    plan.record_max_bytes = 4096;
    plan.extra_fields_rule = 1;
    plan.note_fields = true;
    weir::SchemaText schema;
    schema.language = weir::SchemaLanguage::Protobuf;
    schema.text = kSchema;
    auto made =
        weir::make_protobuf_reader({.plan = plan, .tree = plan.fields.nodes(), .schema = schema, .indexed = true});
    if (!made) stop("the schema", made.error().message);
    reader = std::move(*made);
  }
};

void read_record(std::string_view bytes) {
  static Reading reading;
  weir::Batch batch;
  batch.clear(reading.plan.fields.size());
  const weir::testing::MessageBlock block({std::string(bytes)}, weir::testing::Layout::Apart);
  weir::prepare_columns(reading.plan.fields, block.messages(), batch);
  reading.reader->begin(batch);
  const std::string_view record = block.messages().items[0].bytes;
  const bool read = reading.reader->read(0, record);
  if (!read && (reading.reader->fault().reason.empty() || reading.reader->fault().at > record.size()))
    stop("a fault without a reason or a place", reading.reader->fault().reason);
  std::string json;
  // What is refused for its size alone may be fine in the other form.
  if (reading.reader->json(record, json) != read && reading.reader->fault().code != "too_large")
    stop("read in one way only", reading.reader->fault().reason);
  if (read && !json.empty() && !weir::parse_json(json, 64)) stop("no JSON", json);
}

void read_schema(std::string_view bytes) {
  weir::SchemaText schema;
  schema.language = weir::SchemaLanguage::Protobuf;
  schema.text = bytes;
  const auto made = weir::ProtobufSchema::make(schema);
  if (!made && made.error().message.empty()) stop("a refusal without a reason", bytes);
  if (made) static_cast<void>((*made)->message(""));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 4 == 0) {
    read_schema(bytes);
  } else {
    read_record(bytes);
  }
  return 0;
}
