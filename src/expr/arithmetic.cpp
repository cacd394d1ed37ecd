// SPDX-License-Identifier: Apache-2.0
// Where an integer meets a number with a fraction, the result is a double: JSON writes 5 and 5.0 for the same field, and
// a rule must not fail for that. (CEL itself refuses to mix them.)
#include "expr/arithmetic.h"

#include <limits>

#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::string_view kOverflow = "the result does not fit 64 bits";
constexpr std::string_view kNoOverload = "these types cannot be combined";

Value integers(Op op, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Op::Add: overflow = __builtin_add_overflow(left, right, &result); break;
    case Op::Subtract: overflow = __builtin_sub_overflow(left, right, &result); break;
    case Op::Multiply: overflow = __builtin_mul_overflow(left, right, &result); break;
    default:
      if (right == 0) return Value::error(op == Op::Divide ? "division by zero" : "remainder of a division by zero");
      if (right == -1) {  // the smallest integer has no positive twin, and the processor traps on it
        if (op == Op::Remainder) return Value::of(std::int64_t{0});
        return integers(Op::Subtract, 0, left);
      }
      result = op == Op::Divide ? left / right : left % right;
  }
  return overflow ? Value::error(kOverflow) : Value::of(result);
}

Value unsigned_integers(Op op, std::uint64_t left, std::uint64_t right) {
  std::uint64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Op::Add: overflow = __builtin_add_overflow(left, right, &result); break;
    case Op::Subtract: overflow = __builtin_sub_overflow(left, right, &result); break;
    case Op::Multiply: overflow = __builtin_mul_overflow(left, right, &result); break;
    default:
      if (right == 0) return Value::error(op == Op::Divide ? "division by zero" : "remainder of a division by zero");
      result = op == Op::Divide ? left / right : left % right;
  }
  return overflow ? Value::error(kOverflow) : Value::of_unsigned(result);
}

Value doubles(Op op, double left, double right) {
  switch (op) {
    case Op::Add: return Value::of(left + right);
    case Op::Subtract: return Value::of(left - right);
    case Op::Multiply: return Value::of(left * right);
    case Op::Divide: return Value::of(left / right);
    default: return Value::type_error("only integers have a remainder");
  }
}

// A text where only a time makes sense is read as a timestamp.
Value as_time(const Value& value) {
  if (value.type != ValueType::Text) return value;
  const std::optional<Instant> instant = parse_timestamp(value.text());
  return instant ? Value::timestamp(*instant) : Value::type_error("a text is no timestamp");
}

bool is_time(const Value& value) {
  return value.type == ValueType::Timestamp || value.type == ValueType::Duration;
}

Value times(Op op, const Value& left, const Value& right) {
  if (left.is_error()) return left;
  if (right.is_error()) return right;
  const bool instant_left = left.type == ValueType::Timestamp;
  const bool instant_right = right.type == ValueType::Timestamp;
  if (!is_time(left) || !is_time(right)) return Value::type_error(kNoOverload);
  if (op == Op::Add ? instant_left && instant_right : instant_right && !instant_left)
    return Value::type_error(kNoOverload);
  std::int64_t micros = 0;
  const bool overflow = op == Op::Add ? __builtin_add_overflow(left.integer, right.integer, &micros)
                                      : __builtin_sub_overflow(left.integer, right.integer, &micros);
  if (overflow) return Value::error(kOverflow);
  return instant_left != instant_right ? checked_timestamp(micros) : checked_duration(micros);
}

Value join(const Value& left, const Value& right, Scratch& scratch) {
  if (left.type == ValueType::List) {
    std::vector<Value> items = left.list->items;
    items.insert(items.end(), right.list->items.begin(), right.list->items.end());
    return scratch.keep(std::move(items));
  }
  if (left.extra == 0) return right;
  if (right.extra == 0) return left;
  Value joined = scratch.keep_text(std::string(left.text()) + std::string(right.text()));
  if (!joined.is_error()) joined.type = left.type;
  return joined;
}

}  // namespace

Value checked_timestamp(std::int64_t micros) {
  using namespace std::chrono;
  constexpr Instant kFirst = sys_days(year(1) / January / 1);
  constexpr Instant kBeyond = sys_days(year(10000) / January / 1);
  const Instant instant{Duration(micros)};
  return instant >= kFirst && instant < kBeyond ? Value::timestamp(instant)
                                                : Value::error("the timestamp is outside the years 1 to 9999");
}

Value checked_duration(std::int64_t micros) {
  constexpr std::int64_t kLongest = 315'576'000'000 * 1'000'000;  // 10 000 years of 365.25 days
  return micros >= -kLongest && micros <= kLongest ? Value::duration(Duration(micros))
                                                   : Value::error("the duration is beyond 10 000 years");
}

Value negate(const Value& value) {
  switch (value.type) {
    case ValueType::Integer: return integers(Op::Subtract, 0, value.integer);
    case ValueType::Double: return Value::of(-value.real);
    case ValueType::Decimal:
      return value.integer == 0 || value.integer == std::numeric_limits<std::int64_t>::min()
                 ? Value::of(-to_double(value))
                 : Value::decimal(-value.integer, value.extra);
    case ValueType::Number: return Value::of(-to_double(value));
    case ValueType::Duration: return checked_duration(-value.integer);
    default: return Value::type_error("only numbers and durations have a sign");
  }
}

Value calculate(Op op, const Value& left, const Value& right, Scratch& scratch) {
  if (left.is_numeric() && right.is_numeric()) {
    if (left.type == ValueType::Integer && right.type == ValueType::Integer)
      return integers(op, left.integer, right.integer);
    if (left.type == ValueType::Unsigned && right.type == ValueType::Unsigned)
      return unsigned_integers(op, left.whole, right.whole);
    const bool mixed_signs = left.type <= ValueType::Unsigned && right.type <= ValueType::Unsigned;
    if (mixed_signs)
      return Value::type_error("a signed and an unsigned integer cannot be combined; write int(x) or uint(x)");
    return doubles(op, to_double(left), to_double(right));
  }
  const bool sum = op == Op::Add;
  const bool joinable = left.type == ValueType::Text || left.type == ValueType::Bytes || left.type == ValueType::List;
  if (sum && left.type == right.type && joinable) return join(left, right, scratch);
  const bool timely =
      is_time(left) || is_time(right) || (left.type == ValueType::Text && right.type == ValueType::Text);
  if (timely && (sum || op == Op::Subtract)) return times(op, as_time(left), as_time(right));
  return Value::type_error(kNoOverload);
}

}  // namespace weir
