// SPDX-License-Identifier: Apache-2.0
// int(x), double(x), string(x) and their kin. A conversion that would lose the value is an error; one that loses only a
// fraction cuts it, as in CEL.
#include <charconv>
#include <cmath>

#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "expr/arithmetic.h"
#include "expr/functions.h"

namespace weir {

namespace {

constexpr std::string_view kOutOfRange = "the number does not fit 64 bits";
constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

template <class Integer>
bool read_whole(std::string_view text, Integer& out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size();
}

Value to_int(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  switch (value.type) {
    case ValueType::Integer: return value;
    case ValueType::Unsigned:
      return value.whole < static_cast<std::uint64_t>(kTwoTo63) ? Value::of(value.integer) : Value::error(kOutOfRange);
    case ValueType::Text: {
      std::int64_t whole = 0;
      return read_whole(value.text(), whole) ? Value::of(whole)
                                             : Value::type_error("the text is no integer of 64 bits");
    }
    case ValueType::Timestamp:
      return Value::of(
          std::int64_t{std::chrono::floor<std::chrono::seconds>(value.instant()).time_since_epoch().count()});
    default: break;
  }
  const double real = std::trunc(to_double(value));
  return real > -kTwoTo63 && real < kTwoTo63 ? Value::of(static_cast<std::int64_t>(real)) : Value::error(kOutOfRange);
}

Value to_uint(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  switch (value.type) {
    case ValueType::Unsigned: return value;
    case ValueType::Integer:
      return value.integer >= 0 ? Value::of_unsigned(value.whole)
                                : Value::error("a negative number is no unsigned integer");
    case ValueType::Text: {
      std::uint64_t whole = 0;
      return read_whole(value.text(), whole) ? Value::of_unsigned(whole)
                                             : Value::type_error("the text is no unsigned integer of 64 bits");
    }
    default: break;
  }
  const double real = std::trunc(to_double(value));
  return real >= 0 && real < kTwoTo64 ? Value::of_unsigned(static_cast<std::uint64_t>(real))
                                      : Value::error(kOutOfRange);
}

Value to_real(std::span<const Value> arguments, Scratch&) {
  if (arguments[0].type != ValueType::Text) return Value::of(to_double(arguments[0]));
  const std::optional<Decimal> number = Decimal::read(arguments[0].text());
  return number ? Value::of(number->to_double()) : Value::type_error("the text is no number");
}

Value to_bool(std::span<const Value> arguments, Scratch&) {
  if (arguments[0].type == ValueType::Boolean) return arguments[0];
  const std::string_view text = arguments[0].text();
  for (const std::string_view yes : {"1", "t", "true", "TRUE", "True", "T"}) {
    if (text == yes) return Value::of(true);
  }
  for (const std::string_view no : {"0", "f", "false", "FALSE", "False", "F"}) {
    if (text == no) return Value::of(false);
  }
  return Value::type_error("the text is neither true nor false");
}

// Seconds with a fraction, the form in which JSON and CEL write durations.
std::string seconds_of(std::int64_t micros) {
  const bool negative = micros < 0;
  const std::uint64_t magnitude =
      negative ? std::uint64_t{0} - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string out = (negative ? "-" : "") + std::to_string(magnitude / 1'000'000);
  if (magnitude % 1'000'000 != 0) {
    const std::string fraction = std::to_string(magnitude % 1'000'000);
    out += '.' + std::string(6 - fraction.size(), '0') + fraction;
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + 's';
}

Value to_text(std::span<const Value> arguments, Scratch& scratch) {
  const Value& value = arguments[0];
  switch (value.type) {
    case ValueType::Text: return value;
    case ValueType::Bytes:
      return is_valid_utf8(value.text()) ? Value::text(value.text()) : Value::type_error("the bytes are not UTF-8");
    case ValueType::Decimal:
    case ValueType::Number: return scratch.keep_text(show(Value::of(to_double(value))));
    case ValueType::Duration: return scratch.keep_text(seconds_of(value.integer));
    default: return scratch.keep_text(show(value));
  }
}

Value to_bytes(std::span<const Value> arguments, Scratch&) {
  return Value::bytes(arguments[0].text());
}

Value to_timestamp(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  if (value.type == ValueType::Timestamp) return value;
  if (value.type == ValueType::Integer) {
    std::int64_t micros = 0;
    const bool overflow = __builtin_mul_overflow(value.integer, std::int64_t{1'000'000}, &micros);
    return overflow ? Value::error("the timestamp is outside the years 1 to 9999") : checked_timestamp(micros);
  }
  const std::optional<Instant> instant = parse_timestamp(value.text());
  return instant ? checked_timestamp(instant->time_since_epoch().count())
                 : Value::type_error("the text is no timestamp");
}

Value to_duration(std::span<const Value> arguments, Scratch&) {
  const Value& value = arguments[0];
  if (value.type == ValueType::Duration) return value;
  const std::optional<Duration> duration = parse_duration(value.text());
  return duration ? checked_duration(duration->count()) : Value::type_error("the text is no duration");
}

Value type(std::span<const Value> arguments, Scratch&) {
  return Value::type_of(arguments[0].type);
}
Value dyn(std::span<const Value> arguments, Scratch&) {
  return arguments[0];
}

constexpr TypeSet kNumeric = set_of(StaticType::Integer, StaticType::Unsigned, StaticType::Number);
constexpr TypeSet kText = set_of(StaticType::Text);

constexpr FunctionSpec conversion(std::string_view name, std::string_view signature, TypeSet from, StaticType to,
                                  Value (*run)(std::span<const Value>, Scratch&)) {
  return {.name = name,
          .signature = signature,
          .global = true,
          .least = 1,
          .most = 1,
          .accepts = {from, 0, 0, 0},
          .result = to,
          .run = run};
}

constexpr FunctionSpec about(std::string_view name, std::string_view signature, StaticType to,
                             Value (*run)(std::span<const Value>, Scratch&)) {
  return {.name = name,
          .signature = signature,
          .global = true,
          .least = 1,
          .most = 1,
          .accepts = {kAnything, 0, 0, 0},
          .result = to,
          .sees_null = true,
          .run = run};
}

constexpr FunctionSpec kFunctions[] = {
    conversion("int", "int(number, text or timestamp)", kNumeric | kText | set_of(StaticType::Timestamp),
               StaticType::Integer, to_int),
    conversion("uint", "uint(number or text)", kNumeric | kText, StaticType::Unsigned, to_uint),
    conversion("double", "double(number or text)", kNumeric | kText, StaticType::Number, to_real),
    conversion("bool", "bool(text)", kText | set_of(StaticType::Boolean), StaticType::Boolean, to_bool),
    conversion(
        "string", "string(value)",
        kNumeric | kText | set_of(StaticType::Boolean, StaticType::Bytes, StaticType::Timestamp, StaticType::Duration),
        StaticType::Text, to_text),
    conversion("bytes", "bytes(text)", kText | set_of(StaticType::Bytes), StaticType::Bytes, to_bytes),
    conversion("timestamp", "timestamp(text or seconds)", kText | set_of(StaticType::Integer, StaticType::Timestamp),
               StaticType::Timestamp, to_timestamp),
    conversion("duration", "duration(text)", kText | set_of(StaticType::Duration), StaticType::Duration, to_duration),
    about("type", "type(value)", StaticType::Type, type),
    about("dyn", "dyn(value)", StaticType::Any, dyn),
};

}  // namespace

std::span<const FunctionSpec> conversion_functions() {
  return kFunctions;
}

}  // namespace weir
