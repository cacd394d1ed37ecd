// SPDX-License-Identifier: Apache-2.0
// Making values, keeping them, and what they are called.
#include "expr/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <unordered_set>

#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::size_t kShownBytes = 64;
constexpr std::size_t kSafeDigits = 18;  // always fit 64 bits

std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

}  // namespace

Value Value::of(double value) {
  Value out;
  out.type = ValueType::Double;
  out.real = value;
  return out;
}

Value Value::of_unsigned(std::uint64_t value) {
  Value out;
  out.type = ValueType::Unsigned;
  out.whole = value;
  return out;
}

Value Value::decimal(std::int64_t unscaled, std::uint32_t scale) {
  Value out = make(ValueType::Decimal, unscaled);
  out.extra = scale;
  return out;
}

Value Value::with_text(ValueType type, std::string_view text) {
  Value out;
  out.type = type;
  out.extra = static_cast<std::uint32_t>(text.size());
  out.data = text.data();
  return out;
}

Value Value::of(const ListValue& list) {
  Value out;
  out.type = ValueType::List;
  out.list = &list;
  return out;
}

Value Value::of(const MapValue& map) {
  Value out;
  out.type = ValueType::Map;
  out.map = &map;
  return out;
}

const Value* MapValue::find(const Value& key) const {
  // From the back: of two keys of the same name in a JSON object the last one counts.
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (equal(entry->first, key)) return &entry->second;
  }
  return nullptr;
}

bool Scratch::afford(std::size_t bytes) {
  if (bytes > kMaxBytes - used_) return false;
  used_ += bytes;
  return true;
}

Value Scratch::keep_text(std::string_view text) {
  if (!afford(text.size())) return Value::error("the texts that it makes are too long");
  return Value::text(texts_.keep(text));
}

Value Scratch::keep(std::vector<Value> items, bool open) {
  if (!afford(items.size() * sizeof(Value))) return Value::error("the lists that it makes are too long");
  return Value::of(lists_.emplace_back(ListValue{std::move(items), open}));
}

Value Scratch::keep(std::vector<std::pair<Value, Value>> entries, bool of_record) {
  if (!afford(entries.size() * 2 * sizeof(Value))) return Value::error("the objects that it makes are too large");
  return Value::of(maps_.emplace_back(MapValue{std::move(entries), of_record}));
}

Value Scratch::keep_json(std::string_view json) {
  // An expression may look at its field once for each element of another one: a cell is parsed once.
  for (const auto& [cell, value] : parsed_) {
    if (cell == json.data()) return value;
  }
  Result<JsonValue> parsed = parse_json(json);
  const Value value =
      parsed ? of_json(documents_.emplace_back(*std::move(parsed))) : Value::error("the nested value is no JSON");
  parsed_.emplace_back(json.data(), value);
  return value;
}

Value Scratch::of_json(const JsonValue& json) {
  switch (json.type) {
    case JsonValue::Type::Null: return {};
    case JsonValue::Type::Boolean: return Value::of(json.boolean);
    case JsonValue::Type::Number: return exact_number(json.text);
    case JsonValue::Type::Text: return Value::text(json.text);
    case JsonValue::Type::Array: {
      std::vector<Value> items;
      items.reserve(json.items.size());
      for (const JsonValue& item : json.items) items.push_back(of_json(item));
      return keep(std::move(items));
    }
    case JsonValue::Type::Object: break;
  }
  std::vector<std::pair<Value, Value>> entries;
  entries.reserve(json.members.size());
  // Of a key that stands twice the last value counts, as it does in the record itself.
  std::unordered_set<std::string_view> seen;
  for (auto member = json.members.rbegin(); member != json.members.rend(); ++member) {
    if (seen.insert(member->first).second) entries.emplace_back(Value::text(member->first), of_json(member->second));
  }
  std::reverse(entries.begin(), entries.end());
  return keep(std::move(entries), true);
}

void Scratch::clear() {
  if (used_ == 0 && parsed_.empty()) return;
  texts_.clear();
  lists_.clear();
  maps_.clear();
  documents_.clear();
  parsed_.clear();
  used_ = 0;
}

Value exact_number(std::string_view digits) {
  std::int64_t unscaled = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, unscaled);
  if (fault == std::errc() && stop == end) return Value::of(unscaled);

  const bool negative = digits.starts_with('-');
  std::uint32_t scale = 0;
  std::size_t count = 0;
  unscaled = 0;
  for (std::size_t i = negative ? 1 : 0; i < digits.size(); ++i) {
    const char c = digits[i];
    if (c == '.') {
      scale = static_cast<std::uint32_t>(digits.size() - i - 1);
    } else if (c >= '0' && c <= '9' && ++count <= kSafeDigits) {
      unscaled = unscaled * 10 + (c - '0');
    } else {
      return Value::number(digits);
    }
  }
  return scale == 0 ? Value::number(digits) : Value::decimal(negative ? -unscaled : unscaled, scale);
}

Value value_of_cell(Kind kind, const Cell& cell, Scratch& scratch) {
  switch (kind) {
    case Kind::Absent:
    case Kind::Null: return {};
    case Kind::Boolean: return Value::of(cell.number != 0);
    case Kind::Integer: return Value::of(cell.number);
    case Kind::Decimal: return Value::decimal(cell.number, cell.scale);
    case Kind::Number: return Value::number(cell.text());
    case Kind::Text: return Value::text(cell.text());
    case Kind::Array:
    case Kind::Object: break;
  }
  return scratch.keep_json(cell.text());
}

std::string_view cel_name(ValueType type) {
  switch (type) {
    case ValueType::Null: return "null_type";
    case ValueType::Boolean: return "bool";
    case ValueType::Integer: return "int";
    case ValueType::Unsigned: return "uint";
    case ValueType::Double:
    case ValueType::Decimal:
    case ValueType::Number: return "double";
    case ValueType::Text: return "string";
    case ValueType::Bytes: return "bytes";
    case ValueType::List: return "list";
    case ValueType::Map: return "map";
    case ValueType::Timestamp: return "google.protobuf.Timestamp";
    case ValueType::Duration: return "google.protobuf.Duration";
    case ValueType::Type: return "type";
    case ValueType::Error: return "error";
  }
  return "";
}

std::string_view plain_name(ValueType type) {
  switch (type) {
    case ValueType::Null: return "null";
    case ValueType::Boolean: return "a boolean";
    case ValueType::Integer:
    case ValueType::Unsigned: return "an integer";
    case ValueType::Double:
    case ValueType::Decimal:
    case ValueType::Number: return "a number";
    case ValueType::Text: return "a text";
    case ValueType::Bytes: return "bytes";
    case ValueType::List: return "a list";
    case ValueType::Map: return "an object";
    case ValueType::Timestamp: return "a timestamp";
    case ValueType::Duration: return "a duration";
    case ValueType::Type: return "a type";
    case ValueType::Error: return "an error";
  }
  return "";
}

std::string show(const Value& value) {
  switch (value.type) {
    case ValueType::Null: return "null";
    case ValueType::Boolean: return value.integer != 0 ? "true" : "false";
    case ValueType::Integer: return std::to_string(value.integer);
    case ValueType::Unsigned: return std::to_string(value.whole);
    case ValueType::Double: return double_text(value.real);
    case ValueType::Decimal: return Decimal(value.integer, value.extra).text();
    case ValueType::Number: return shorten(value.text(), kShownBytes);
    case ValueType::Text: return '"' + shorten(value.text(), kShownBytes) + '"';
    case ValueType::Bytes: return std::to_string(value.extra) + " bytes";
    case ValueType::List: return "a list of " + std::to_string(value.list->items.size());
    case ValueType::Map: return "an object of " + std::to_string(value.map->entries.size());
    case ValueType::Timestamp: return format_timestamp(value.instant());
    case ValueType::Duration: return format_duration(Duration(value.integer));
    case ValueType::Type: return std::string(cel_name(static_cast<ValueType>(value.integer)));
    case ValueType::Error: return std::string(value.text());
  }
  return "";
}

}  // namespace weir
