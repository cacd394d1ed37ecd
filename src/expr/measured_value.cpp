// SPDX-License-Identifier: Apache-2.0
// What a measure came to as a value of the language, and back.
#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "expr/arithmetic.h"
#include "expr/condition.h"

namespace weir {

namespace {

constexpr double kMicros = 1e6;
constexpr double kLongest = 9e18;  // microseconds that fit 64 bits

std::int64_t micros_of(double seconds) {
  return static_cast<std::int64_t>(std::clamp(std::round(seconds * kMicros), -kLongest, kLongest));
}

// The measures of the past are plain numbers: seconds, where the measure is a time.
Value number_as(double number, StaticType type) {
  const bool time = type == StaticType::Duration || type == StaticType::Timestamp;
  if (time && std::isnan(number)) return Value::error("the measure is no time");
  if (type == StaticType::Duration) return checked_duration(micros_of(number));
  if (type == StaticType::Timestamp) return checked_timestamp(micros_of(number));
  return Value::of(number);
}

Value list_of(const Measured& measured, const KnownCall& call, Scratch& scratch) {
  // Which are the most common ones, or in which order, is unknown where not all are: then no element is certain.
  if (!measured.exact && !call.is_set) return scratch.keep(std::vector<Value>(), true);
  std::vector<Value> items;
  items.reserve(measured.values.size());
  for (const Measured::Item& item : measured.values)
    items.push_back(item.is_number ? exact_number(item.text) : Value::text(item.text));
  return scratch.keep(std::move(items), !measured.exact);
}

Measured::Item item_of(const Value& value) {
  if (value.type == ValueType::Text) return {.is_number = false, .text = std::string(value.text())};
  if (value.type == ValueType::Number) return {.is_number = true, .text = std::string(value.text())};
  return {.is_number = value.is_numeric(), .text = show(value)};
}

}  // namespace

Value value_of_measure(const Measured& measured, const KnownCall& call, Scratch& scratch) {
  switch (measured.kind) {
    case Measured::Kind::NoData: return {};
    case Measured::Kind::Error: return Value::error(measured.text);
    case Measured::Kind::Integer:
      return call.type == StaticType::Duration || call.type == StaticType::Timestamp
                 ? number_as(static_cast<double>(measured.integer), call.type)
                 : Value::of(measured.integer);
    case Measured::Kind::Number: return number_as(measured.number, call.type);
    case Measured::Kind::Exact: return exact_number(measured.text);
    case Measured::Kind::Duration: return Value::duration(Duration(measured.integer));
    case Measured::Kind::Time: return Value::timestamp(Instant(Duration(measured.integer)));
    case Measured::Kind::Text:
      if (call.type == StaticType::Boolean && (measured.text == "true" || measured.text == "false"))
        return Value::of(measured.text == "true");
      return Value::text(measured.text);
    case Measured::Kind::Values: return list_of(measured, call, scratch);
  }
  return {};
}

Measured measured_of_value(const Value& value) {
  Measured out;
  switch (value.type) {
    case ValueType::Null: return Measured::no_data("nothing is known");
    case ValueType::Error: return Measured::fault(std::string(value.text()));
    case ValueType::Integer: return Measured::of(value.integer);
    case ValueType::Unsigned:
    case ValueType::Double: return Measured::of(to_double(value));
    case ValueType::Duration: return Measured::of(Duration(value.integer));
    case ValueType::Timestamp: return Measured::of(value.instant());
    case ValueType::Decimal:
      out.kind = Measured::Kind::Exact;
      out.text = Decimal(value.integer, value.extra).text();
      return out;
    case ValueType::Number:
    case ValueType::Text:
      out.kind = value.type == ValueType::Text ? Measured::Kind::Text : Measured::Kind::Exact;
      out.text = std::string(value.text());
      return out;
    case ValueType::List:
      out.kind = Measured::Kind::Values;
      out.exact = !value.list->open;
      for (const Value& item : value.list->items) out.values.push_back(item_of(item));
      return out;
    case ValueType::Boolean:
    case ValueType::Bytes:
    case ValueType::Map:
    case ValueType::Type: break;
  }
  out.kind = Measured::Kind::Text;
  out.text = show(value);
  return out;
}

Value value_at(double point, const Measured& measured) {
  const StaticType type = measured.kind == Measured::Kind::Duration ? StaticType::Duration
                          : measured.kind == Measured::Kind::Time   ? StaticType::Timestamp
                                                                    : StaticType::Number;
  return number_as(point, type);
}

}  // namespace weir
