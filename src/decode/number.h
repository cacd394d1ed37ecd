// SPDX-License-Identifier: Apache-2.0
// Numbers as they are written: read once, exactly, never through a double.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

#include "weir/batch.h"

namespace weir {

/// Digits that always fit 64 bits.
inline constexpr std::uint32_t kSafeDigits = 18;

/// Reads the JSON number that begins at `p` and must be followed by some byte that is no part of a number. Sets number and
/// scale of `cell` and moves `p` behind it; Kind::Absent when it is none.
inline Kind scan_number(const char*& p, Cell& cell) noexcept {
  const char* const begin = p;
  const bool negative = *p == '-';
  if (negative) ++p;
  const char* const digits = p;
  std::uint64_t value = 0;
  while (*p >= '0' && *p <= '9') value = value * 10 + static_cast<std::uint64_t>(*p++ - '0');
  const auto whole_digits = static_cast<std::uint32_t>(p - digits);
  if (whole_digits == 0 || (whole_digits > 1 && *digits == '0')) return Kind::Absent;
  std::uint32_t scale = 0;
  if (*p == '.') {
    const char* const fraction = ++p;
    while (*p >= '0' && *p <= '9') value = value * 10 + static_cast<std::uint64_t>(*p++ - '0');
    scale = static_cast<std::uint32_t>(p - fraction);
    if (scale == 0) return Kind::Absent;
  }
  if (*p == 'e' || *p == 'E') {
    ++p;
    if (*p == '+' || *p == '-') ++p;
    if (*p < '0' || *p > '9') return Kind::Absent;
    while (*p >= '0' && *p <= '9') ++p;
    return Kind::Number;
  }
  const auto signed_value = static_cast<std::int64_t>(value);
  if (whole_digits + scale <= kSafeDigits) [[likely]] {
    cell.number = negative ? -signed_value : signed_value;
    cell.scale = scale;
    return scale == 0 ? Kind::Integer : Kind::Decimal;
  }
  if (scale != 0) return Kind::Number;
  const auto [end, fault] = std::from_chars(begin, p, cell.number);
  cell.scale = 0;
  return fault == std::errc() && end == p ? Kind::Integer : Kind::Number;
}

/// What a text that may be a number is: Integer, Decimal or Number with `cell` filled, Absent when it is none. Takes what JSON
/// takes, and NaN, Infinity, -Infinity, which CSV files write.
inline Kind classify_number(std::string_view text, Cell& cell) noexcept {
  if (text == "NaN" || text == "nan" || text == "Infinity" || text == "-Infinity" || text == "inf" || text == "-inf")
    return Kind::Number;
  if (text.empty()) return Kind::Absent;
  // scan_number wants a byte behind the number that ends it; a view need not have one, so short ones are copied.
  constexpr std::size_t kLongest = 64;
  if (text.size() < kLongest) {
    char copy[kLongest];
    text.copy(copy, text.size());
    copy[text.size()] = '\0';
    const char* p = copy;
    const Kind kind = scan_number(p, cell);
    return p == copy + text.size() ? kind : Kind::Absent;
  }
  const std::string long_text(text);
  const char* p = long_text.c_str();
  const Kind kind = scan_number(p, cell);
  return p == long_text.c_str() + text.size() ? kind : Kind::Absent;
}

}  // namespace weir
