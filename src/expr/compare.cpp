// SPDX-License-Identifier: Apache-2.0
// Order and equality of values. Numbers compare by value across their types and never through a double, unless one of
// them is a double already (the result of arithmetic): then a number with a fraction is rounded to one as well, so that
// `0.1 + 0.1 == 0.2` holds as it does in CEL.
#include <algorithm>
#include <array>
#include <cmath>
#include <compare>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "expr/value.h"

namespace weir {

namespace {

__extension__ using Wide = __int128;

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
  std::array<std::int64_t, 19> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Comparison of(std::partial_ordering order) {
  if (order < 0) return Comparison::Less;
  if (order > 0) return Comparison::Greater;
  return order == 0 ? Comparison::Equal : Comparison::Unordered;
}

template <class T>
Comparison three_way(const T& left, const T& right) {
  return left < right ? Comparison::Less : right < left ? Comparison::Greater : Comparison::Equal;
}

Comparison reverse(Comparison comparison) {
  if (comparison == Comparison::Less) return Comparison::Greater;
  return comparison == Comparison::Greater ? Comparison::Less : comparison;
}

bool is_whole(const Value& value) {
  return value.type == ValueType::Integer || value.type == ValueType::Unsigned;
}

// Unscaled digits of an Integer, Unsigned or Decimal; at most 64 bits of them.
Wide digits_of(const Value& value) {
  return value.type == ValueType::Unsigned ? static_cast<Wide>(value.whole) : static_cast<Wide>(value.integer);
}
std::uint32_t scale_of(const Value& value) {
  return value.type == ValueType::Decimal ? value.extra : 0;
}

// A double against a 64-bit integer, exactly: beyond the range of integers the double decides, within it its whole part
// is an integer and its fraction breaks the tie.
Comparison compare_double(double left, const Value& right) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (std::isnan(left)) return Comparison::Unordered;
  if (left >= kTwoTo64) return Comparison::Greater;
  if (left <= -kTwoTo64) return Comparison::Less;
  const double whole = std::trunc(left);
  const Comparison by_whole = three_way(static_cast<Wide>(whole), digits_of(right));
  return by_whole == Comparison::Equal ? three_way(left, whole) : by_whole;
}

Decimal decimal_of(const Value& value) {
  switch (value.type) {
    case ValueType::Unsigned: {
      const std::optional<Decimal> number = Decimal::read(std::to_string(value.whole));
      return number ? *number : Decimal();
    }
    case ValueType::Number: {
      const std::optional<Decimal> number = Decimal::read(value.text());
      return number ? *number : Decimal::from_double(std::nan(""));
    }
    case ValueType::Decimal: return {value.integer, value.extra};
    default: return {value.integer, 0};
  }
}

Comparison compare_numbers(const Value& left, const Value& right) {
  if (left.type == ValueType::Integer && right.type == ValueType::Integer)
    return three_way(left.integer, right.integer);
  if (left.type == ValueType::Double) {
    return is_whole(right) ? compare_double(left.real, right) : of(left.real <=> to_double(right));
  }
  if (right.type == ValueType::Double) return reverse(compare_numbers(right, left));
  if (left.type == ValueType::Number || right.type == ValueType::Number)
    return of(decimal_of(left) <=> decimal_of(right));
  // 64 bits times 10^18 fit 128 bits.
  const std::uint32_t left_scale = scale_of(left);
  const std::uint32_t right_scale = scale_of(right);
  const std::uint32_t shared = left_scale < right_scale ? left_scale : right_scale;
  return three_way(digits_of(left) * kPowersOfTen[right_scale - shared],
                   digits_of(right) * kPowersOfTen[left_scale - shared]);
}

// A text against a timestamp or a duration: read as one.
Comparison compare_with_text(const Value& left, std::string_view text) {
  if (left.type == ValueType::Timestamp) {
    const std::optional<Instant> instant = parse_timestamp(text);
    return instant ? three_way(left.instant(), *instant) : Comparison::Incomparable;
  }
  const std::optional<Duration> duration = parse_duration(text);
  return duration ? three_way(Duration(left.integer), *duration) : Comparison::Incomparable;
}

bool is_time(const Value& value) {
  return value.type == ValueType::Timestamp || value.type == ValueType::Duration;
}

bool equal_maps(const MapValue& left, const MapValue& right) {
  // Only of the same size: a key that a JSON object holds twice counts twice here.
  if (left.entries.size() != right.entries.size()) return false;
  for (const auto& [key, value] : left.entries) {
    const Value* other = right.find(key);
    if (other == nullptr || !equal(value, *other)) return false;
  }
  return true;
}

bool equal_lists(const ListValue& left, const ListValue& right) {
  if (left.items.size() != right.items.size()) return false;
  for (std::size_t i = 0; i < left.items.size(); ++i) {
    if (!equal(left.items[i], right.items[i])) return false;
  }
  return true;
}

}  // namespace

double to_double(const Value& value) {
  switch (value.type) {
    case ValueType::Integer: return static_cast<double>(value.integer);
    case ValueType::Unsigned: return static_cast<double>(value.whole);
    case ValueType::Double: return value.real;
    case ValueType::Decimal: {
      // Both exact in a double: one division rounds once, which is right.
      constexpr std::int64_t kExact = std::int64_t{1} << 53;
      const bool exact = value.integer >= -kExact && value.integer <= kExact;
      if (exact) return static_cast<double>(value.integer) / static_cast<double>(kPowersOfTen[value.extra]);
      return Decimal(value.integer, value.extra).to_double();
    }
    default: return decimal_of(value).to_double();
  }
}

Comparison compare(const Value& left, const Value& right) {
  if (left.is_numeric() && right.is_numeric()) return compare_numbers(left, right);
  if (left.type == right.type) {
    switch (left.type) {
      case ValueType::Boolean:
      case ValueType::Timestamp:
      case ValueType::Duration: return three_way(left.integer, right.integer);
      case ValueType::Text:
      case ValueType::Bytes: return three_way(left.text(), right.text());
      default: return Comparison::Incomparable;
    }
  }
  if (is_time(left) && right.type == ValueType::Text) return compare_with_text(left, right.text());
  if (is_time(right) && left.type == ValueType::Text) return reverse(compare_with_text(right, left.text()));
  return Comparison::Incomparable;
}

Value contains_all(const ListValue& whole, const ListValue& part) {
  const auto is_kept = [&whole](const Value& item) {
    return std::any_of(whole.items.begin(), whole.items.end(),
                       [&item](const Value& other) { return equal(item, other); });
  };
  const bool all = std::all_of(part.items.begin(), part.items.end(), is_kept);
  if (!all) return whole.open ? Value() : Value::of(false);
  return part.open ? Value() : Value::of(true);
}

Value equal_sets(const ListValue& left, const ListValue& right) {
  const Value there = contains_all(left, right);
  const Value back = contains_all(right, left);
  if (there.is_false() || back.is_false()) return Value::of(false);
  return there.is_null() ? there : back;
}

bool equal(const Value& left, const Value& right) {
  if (left.type == right.type) {
    switch (left.type) {
      case ValueType::Null: return true;
      case ValueType::Type:
        return cel_name(static_cast<ValueType>(left.integer)) == cel_name(static_cast<ValueType>(right.integer));
      case ValueType::List: return equal_lists(*left.list, *right.list);
      case ValueType::Map: return equal_maps(*left.map, *right.map);
      default: break;
    }
  }
  return compare(left, right) == Comparison::Equal;
}

}  // namespace weir
