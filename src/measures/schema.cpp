// SPDX-License-Identifier: Apache-2.0
// Which fields the records have, and of which types.
#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/schema_summary.h"

namespace weir {

namespace {

std::string types_of(const FieldCount& field) {
  std::string out;
  const auto add = [&out](std::uint64_t seen, std::string_view name) {
    if (seen == 0) return;
    if (!out.empty()) out += '|';
    out += name;
  };
  add(field.of(Kind::Boolean), "boolean");
  add(field.of(Kind::Integer) + field.of(Kind::Decimal) + field.of(Kind::Number), "number");
  add(field.of(Kind::Text), "string");
  add(field.of(Kind::Array), "array");
  add(field.of(Kind::Object), "object");
  return out.empty() ? "null" : out;
}

std::string only_some_kept() {
  return "only " + std::to_string(SchemaSummary::kMost) + " names of fields are kept";
}

Measured column_count(const MeasureInput& input) {
  const SchemaSummary& schema = *input.schema;
  if (schema.records() == 0) return no_data(kNoRecords);
  if (schema.overflow() == 0) return count(schema.size());
  const auto kept = static_cast<double>(schema.size());
  // One more at least, and at most as many as there were fields in all records together.
  return Measured::within(kept + 1, kept + 1, kept + static_cast<double>(schema.overflow()), only_some_kept());
}

Measured schema_seen(const MeasureInput& input) {
  const SchemaSummary& schema = *input.schema;
  if (schema.records() == 0) return no_data(kNoRecords);
  Measured out;
  out.kind = Measured::Kind::Values;
  for (const FieldCount& field : schema.fields()) {
    out.values.push_back({.is_number = false, .text = field.name + ": " + types_of(field)});
  }
  out.exact = schema.overflow() == 0;
  if (!out.exact) out.error = only_some_kept();
  return out;
}

}  // namespace

const MeasureSpec kColumnCountMeasure = {
    .name = "column_count",
    .summary = "How many different fields the records have.",
    .signature = "",
    .result = MeasureResult::Count,
    .source = MeasureSource::Schema,
    .compute = column_count,
};

const MeasureSpec kSchemaMeasure = {
    .name = "schema",
    .summary = "The fields seen and their types, each as `name: type`.",
    .signature = "",
    .result = MeasureResult::Values,
    .source = MeasureSource::Schema,
    .compute = schema_seen,
};

}  // namespace weir
