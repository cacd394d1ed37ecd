// SPDX-License-Identifier: Apache-2.0
// What a cell is once the declared type of its field has had its say.
#include "base/decimal.h"
#include "base/timestamp.h"
#include "expr/evaluate.h"

namespace weir {

namespace {

Value timestamp_of(Kind kind, const Cell& cell) {
  std::optional<Instant> instant;
  if (kind == Kind::Text) instant = parse_timestamp(cell.text());
  if (kind == Kind::Integer) instant = instant_of_number(cell.number);
  return instant ? Value::timestamp(*instant) : Value::type_error("the field is declared a timestamp and holds none");
}

// A date is the instant at which it begins in UTC.
Value date_of(Kind kind, const Cell& cell) {
  if (kind == Kind::Text && is_date(cell.text())) {
    const std::optional<Instant> instant = parse_timestamp(std::string(cell.text()) + "T00:00:00Z");
    if (instant) return Value::timestamp(*instant);
  }
  return Value::type_error("the field is declared a date and holds none");
}

}  // namespace

Value value_of_field(FieldType declared, Kind kind, const Cell& cell, Scratch& scratch) {
  if (is_missing(kind)) return {};
  switch (declared) {
    case FieldType::Timestamp: return timestamp_of(kind, cell);
    case FieldType::Date: return date_of(kind, cell);
    case FieldType::Integer:
      if (kind == Kind::Decimal || kind == Kind::Number) {
        const std::optional<std::int64_t> whole = number_of(kind, cell).to_int64();
        if (whole) return Value::of(*whole);
      }
      break;
    case FieldType::Number:
    case FieldType::Decimal:
      // 5 and 5.0 are one number where the field is declared one: a division must not depend on how it was written.
      if (kind == Kind::Integer) return Value::decimal(cell.number, 0);
      break;
    default: break;
  }
  return value_of_cell(kind, cell, scratch);
}

}  // namespace weir
