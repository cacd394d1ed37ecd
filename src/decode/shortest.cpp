// SPDX-License-Identifier: Apache-2.0
#include "decode/shortest.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace weir::shortest_detail {

namespace {

Kind as_text(std::string_view text, Cell& cell, Arena& arena) {
  const std::string_view kept = arena.keep(text);
  cell = {.number = 0, .data = kept.data(), .size = static_cast<std::uint32_t>(kept.size()), .scale = 0};
  return Kind::Number;
}

template <class Float>
Kind write(Float value, Cell& cell, Arena& arena) {
  if (std::isnan(value)) return as_text("NaN", cell, arena);
  if (std::isinf(value)) return as_text(value < 0 ? "-Infinity" : "Infinity", cell, arena);
  char text[64];
  // As plain digits, where they and their place fit one word.
  const char* const last = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::int64_t digits = 0;
  int exponent = 0;
  const char* p = text;
  for (bool behind = false; *p != 'e'; ++p) {
    if (*p == '.') behind = true;
    if (*p < '0' || *p > '9') continue;
    digits = digits * 10 + (*p - '0');
    if (behind) --exponent;
  }
  ++p;
  if (*p == '+') ++p;
  int written_exponent = 0;
  std::from_chars(p, last, written_exponent);
  exponent += written_exponent;
  if (value < 0) digits = -digits;
  constexpr int kMostScale = 18;
  constexpr std::int64_t kMostDigits = 1'000'000'000'000'000'000;
  for (; exponent > 0 && std::abs(digits) < kMostDigits / 10; --exponent) digits *= 10;
  if (exponent <= 0 && exponent >= -kMostScale) {
    cell = {.number = digits, .data = nullptr, .size = 0, .scale = static_cast<std::uint32_t>(-exponent)};
    return exponent == 0 ? Kind::Integer : Kind::Decimal;
  }
  return as_text({text, static_cast<std::size_t>(last - text)}, cell, arena);
}

}  // namespace

Kind written(double value, Cell& cell, Arena& arena) {
  return write(value, cell, arena);
}
Kind written(float value, Cell& cell, Arena& arena) {
  return write(value, cell, arena);
}

}  // namespace weir::shortest_detail
