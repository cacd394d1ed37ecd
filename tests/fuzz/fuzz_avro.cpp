// SPDX-License-Identifier: Apache-2.0
// Any schema and any bytes as Avro: neither crashes nor costs out of proportion, the outcome does not hang on which fields are
// named, and reading and skipping agree on where a datum ends.
//
// Up to the first 0x1E stands the schema it was written with, up to the second one the schema to read with (none when empty), then
// the datum.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "decode/avro_schema.h"
#include "decode/avro_skip.h"
#include "decode/column_filler.h"
#include "decode/typed_reader.h"
#include "testing/decoded_rows.h"

namespace {

using namespace weir;

/// Whether the datum is read, by a plan that names these fields.
std::optional<bool> reads(const std::vector<std::string>& paths, const SchemaText& schema, const SchemaText* reader,
                          const std::string& datum) {
  Plan plan = testing::plan_of(paths);
  plan.note_fields = true;
  plan.extra_fields_rule = 0;
  const FieldTree& tree = plan.fields.nodes();
  const Result<std::unique_ptr<TypedReader>> made =
      make_avro_reader({.plan = plan, .tree = tree, .schema = schema, .reader = reader});
  if (!made) {
    WEIR_ASSERT(!made.error().message.empty(), "an error says why");
    return std::nullopt;
  }
  Messages messages;
  messages.items.push_back({.bytes = datum});
  Batch batch;
  batch.clear(plan.fields.size());
  prepare_columns(plan.fields, messages, batch);
  (*made)->begin(batch);
  const bool read = (*made)->read(0, datum);
  if (!read) {
    const DecodeFailure& fault = (*made)->fault();
    WEIR_ASSERT(!fault.code.empty() && !fault.reason.empty() && fault.at <= datum.size(), "a reason and a place");
    WEIR_ASSERT(batch.seen_fields.empty() && batch.extra_fields.empty(), "a record that is not read leaves nothing");
  }
  for (const Column& column : batch.columns) {
    WEIR_ASSERT(read || column.repeated() || column.kinds[0] == Kind::Absent,
                "a record that is not read leaves nothing");
    WEIR_ASSERT(read || !column.repeated() || column.kinds.empty(), "a record that is not read leaves nothing");
  }
  std::string json;
  if ((*made)->json(datum, json)) WEIR_ASSERT(!json.empty(), "a record has a JSON text");
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr char kCut = 0x1E;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t first = input.find(kCut);
  const std::size_t second = first == std::string_view::npos ? first : input.find(kCut, first + 1);
  SchemaText schema;
  schema.text = input.substr(0, first);
  SchemaText reader;
  std::string datum;
  if (second != std::string_view::npos) {
    reader.text = input.substr(first + 1, second - first - 1);
    datum = input.substr(second + 1);
  }
  if (const Result<AvroSchema> parsed = parse_avro_schema(schema)) {
    // The canonical form is a schema too, and its own canonical form.
    SchemaText again;
    again.text = avro_canonical_form(*parsed);
    const Result<AvroSchema> twice = parse_avro_schema(again);
    if (twice) WEIR_ASSERT(avro_canonical_form(*twice) == again.text, "one form for one schema");
  }
  const std::optional<bool> bare = reads({}, schema, nullptr, datum);
  const std::optional<bool> named = reads({"a", "a.b", "b[].a", "b", "c.k", "c.k.a[]"}, schema, nullptr, datum);
  WEIR_ASSERT(bare.has_value() == named.has_value(), "a schema that can be read is one whoever looks");
  if (bare && *named) WEIR_ASSERT(*bare, "what is read in full is read in part");
  if (bare && *bare) {
    const Result<AvroSkipper> skipper = AvroSkipper::make(schema);
    WEIR_ASSERT(skipper.ok(), "what can be read can be skipped");
    const std::optional<std::size_t> end = skipper->skip(datum, 0);
    WEIR_ASSERT(end == datum.size(), "reading and skipping agree");
  }
  if (!reader.text.empty()) static_cast<void>(reads({"a", "a.b", "b[].a", "c"}, schema, &reader, datum));
  return 0;
}
