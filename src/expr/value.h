// SPDX-License-Identifier: Apache-2.0
// What an expression computes with: sixteen bytes, no ownership. Texts, lists and maps lie in the batch, in the compiled
// expression or in the Scratch of the row that is being evaluated.
//
// Null and "unknown" are one thing here: whatever meets a null or an absent field is Null, as in SQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "weir/batch.h"
#include "weir/time.h"

namespace weir {

enum class ValueType : std::uint8_t {
  Null,
  Boolean,
  Integer,   // 64 bits, signed
  Unsigned,  // 64 bits, only from `5u` and uint()
  Double,    // what arithmetic with fractions gives
  Decimal,  // integer x 10^-extra, exact: a number of a record or a literal with a point. Compared exactly, computed as double
  Number,  // a number as it was written, for what fits none of the above (30 digits, 1e400): compared exactly as well
  Text,
  Bytes,
  List,
  Map,
  Timestamp,  // microseconds since 1970
  Duration,   // microseconds
  Type,       // what type() gives; integer is the ValueType
  Error,      // a text that says why
};

struct ListValue;
struct MapValue;

struct Value {
  ValueType type = ValueType::Null;
  bool wrong_type =
      false;  // Error: a value was of a type that has no answer here (not a division by zero and the like)
  std::uint32_t extra = 0;  // bytes of a text, scale of a Decimal
  union {
    std::int64_t integer = 0;
    std::uint64_t whole;
    double real;
    const char* data;
    const ListValue* list;
    const MapValue* map;
  };

  static Value of(bool value) { return make(ValueType::Boolean, value ? 1 : 0); }
  static Value of(std::int64_t value) { return make(ValueType::Integer, value); }
  static Value of(double value);
  static Value of_unsigned(std::uint64_t value);
  static Value decimal(std::int64_t unscaled, std::uint32_t scale);
  static Value number(std::string_view digits) { return with_text(ValueType::Number, digits); }
  static Value text(std::string_view text) { return with_text(ValueType::Text, text); }
  static Value bytes(std::string_view bytes) { return with_text(ValueType::Bytes, bytes); }
  static Value error(std::string_view why) { return with_text(ValueType::Error, why); }
  static Value type_error(std::string_view why) {
    Value value = error(why);
    value.wrong_type = true;
    return value;
  }
  static Value timestamp(Instant instant) { return make(ValueType::Timestamp, instant.time_since_epoch().count()); }
  static Value duration(Duration duration) { return make(ValueType::Duration, duration.count()); }
  static Value type_of(ValueType type) { return make(ValueType::Type, static_cast<std::int64_t>(type)); }
  static Value of(const ListValue& list);
  static Value of(const MapValue& map);

  [[nodiscard]] bool is_null() const { return type == ValueType::Null; }
  [[nodiscard]] bool is_error() const { return type == ValueType::Error; }
  [[nodiscard]] bool is_true() const { return type == ValueType::Boolean && integer != 0; }
  [[nodiscard]] bool is_false() const { return type == ValueType::Boolean && integer == 0; }
  [[nodiscard]] bool is_numeric() const { return type >= ValueType::Integer && type <= ValueType::Number; }
  [[nodiscard]] std::string_view text() const { return {data, extra}; }
  [[nodiscard]] Instant instant() const { return Instant(Duration(integer)); }

 private:
  static Value make(ValueType type, std::int64_t payload) {
    Value value;
    value.type = type;
    value.integer = payload;
    return value;
  }
  static Value with_text(ValueType type, std::string_view text);
};

struct ListValue {
  std::vector<Value> items;
  bool open = false;  // a measure could not keep all values: there are more, and nobody knows which
};

struct MapValue {
  std::vector<std::pair<Value, Value>> entries;
  bool of_record = false;  // came out of a record: a key that is not there is an absent field, not an error

  [[nodiscard]] const Value* find(const Value& key) const;
};

/// Memory of one evaluation. It has a bound, so that no record can make an expression eat the machine.
class Scratch {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

  /// False when the evaluation has used up its memory; otherwise `bytes` more are taken.
  [[nodiscard]] bool afford(std::size_t bytes);
  Value keep_text(std::string_view text);
  Value keep(std::vector<Value> items, bool open = false);
  Value keep(std::vector<std::pair<Value, Value>> entries, bool of_record = false);
  /// The value of a JSON text, or an Error. Texts are kept here.
  Value keep_json(std::string_view json);
  void clear();

 private:
  Value of_json(const JsonValue& json);
  Arena texts_;
  std::deque<ListValue> lists_;
  std::deque<MapValue> maps_;
  std::deque<JsonValue> documents_;
  std::vector<std::pair<const char*, Value>> parsed_;  // where a cell's JSON begins, what it is
  std::size_t used_ = 0;
};

/// What a comparison finds. Unordered: a NaN. Incomparable: types that have no order between them.
enum class Comparison : std::uint8_t { Less, Equal, Greater, Unordered, Incomparable };

/// By value across all kinds of numbers, exactly. A text is read as a timestamp where it meets one.
[[nodiscard]] Comparison compare(const Value& left, const Value& right);
/// Equality of CEL: values of different types are not equal, lists and maps element by element. A text that meets a
/// timestamp and is none makes it false.
[[nodiscard]] bool equal(const Value& left, const Value& right);
/// Whether each value of `part` is in `whole`, and whether each of either is in the other: a boolean, or Null where values
/// that were not kept decide.
[[nodiscard]] Value contains_all(const ListValue& whole, const ListValue& part);
[[nodiscard]] Value equal_sets(const ListValue& left, const ListValue& right);

/// The number as a double; only for numeric values.
[[nodiscard]] double to_double(const Value& value);
/// A number as it is written in JSON, CEL or a rule file: Integer, Decimal or Number. The digits must be right.
[[nodiscard]] Value exact_number(std::string_view digits);
/// The cell of a field that nobody declared. Arrays and objects are read into `scratch`.
[[nodiscard]] Value value_of_cell(Kind kind, const Cell& cell, Scratch& scratch);

/// The name of the type in CEL ("int") and for people ("integer").
[[nodiscard]] std::string_view cel_name(ValueType type);
[[nodiscard]] std::string_view plain_name(ValueType type);
/// The value for a person, short: texts in quotes, at most 64 bytes.
[[nodiscard]] std::string show(const Value& value);

}  // namespace weir
