// SPDX-License-Identifier: Apache-2.0
#include "testing/decoded_rows.h"

#include <array>

#include "base/assert.h"

namespace weir::testing {

namespace {

constexpr std::array<std::string_view, 9> kKindNames = {"absent", "null", "boolean", "integer", "decimal",
                                                        "number", "text", "array",   "object"};

std::string show_cell(Kind kind, const Cell& cell) {
  std::string out(kKindNames[static_cast<std::size_t>(kind)]);
  if (kind == Kind::Absent) return out;
  // The number beside the digits, so that a wrong one shows.
  if (kind == Kind::Integer || kind == Kind::Boolean) out += " " + std::to_string(cell.number);
  if (kind == Kind::Decimal) out += " " + std::to_string(cell.number) + "/" + std::to_string(cell.scale);
  return out + " " + std::string(cell.text());
}

std::string show_elements(const Column& column, std::uint32_t row) {
  std::string out;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column.rows[i] != row) continue;
    if (!out.empty()) out += ", ";
    out += show_cell(column.kinds[i], column.cells[i]);
  }
  return "[" + out + "]";
}

}  // namespace

Plan plan_of(const std::vector<std::string>& paths) {
  Plan plan;
  for (const std::string& path : paths) {
    const Result<FieldPath> parsed = FieldPath::parse(path);
    WEIR_ASSERT(parsed.ok(), "a test wrote a path that is none");
    plan.fields.add(*parsed);
  }
  return plan;
}

std::vector<DecodedRow> decode(Decoder& decoder, const Plan& plan, const Messages& messages) {
  Batch batch;
  batch.clear(plan.fields.size());
  decoder.decode(messages, batch);
  std::vector<DecodedRow> rows(batch.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    rows[row].decoded = batch.decoded[row];
    rows[row].duplicate_keys = batch.duplicate_keys[row];
    for (const Column& column : batch.columns) {
      rows[row].values.push_back(column.repeated() ? show_elements(column, row)
                                                   : show_cell(column.kinds[row], column.cells[row]));
    }
  }
  for (const DecodeFailure& failure : batch.failures) {
    DecodedRow& row = rows[failure.row];
    WEIR_ASSERT(row.code.empty(), "a record failed twice");
    row.code = failure.code;
    row.reason = failure.reason;
    row.at = failure.at;
  }
  for (const ExtraField& extra : batch.extra_fields) rows[extra.row].extra.emplace_back(extra.name);
  for (const SeenField& field : batch.seen_fields) {
    rows[field.row].seen.push_back(std::to_string(field.position) + " " + std::string(field.name) + " " +
                                   std::string(kKindNames[static_cast<std::size_t>(field.kind)]));
  }
  return rows;
}

std::string show(const DecodedRow& row) {
  std::string out =
      row.decoded ? "decoded" : "refused: " + row.code + " at " + std::to_string(row.at) + ": " + row.reason;
  if (row.duplicate_keys) out += ", duplicate keys";
  for (const std::string& value : row.values) out += " | " + value;
  for (const std::string& name : row.extra) out += " + " + name;
  for (const std::string& field : row.seen) out += " ~ " + field;
  return out;
}

}  // namespace weir::testing
