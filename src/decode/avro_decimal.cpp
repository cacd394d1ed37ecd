// SPDX-License-Identifier: Apache-2.0
// Long numbers are divided by 10^9 again and again, word by word: n words take n^2/2 steps of one multiplication each, two
// milliseconds for the longest.
#include "decode/avro_decimal.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir {

namespace {

constexpr std::uint32_t kPiece = 1'000'000'000;  // nine digits at a time
constexpr std::size_t kPieceDigits = 9;
constexpr std::size_t kWords = kLongestDecimal / 4 + 1;
constexpr std::size_t kMostDigits = kWords * 10;
constexpr std::uint32_t kMostScale = 18;
constexpr std::uint64_t kMostUnscaled = 1'000'000'000'000'000'000;  // 18 digits
constexpr std::size_t kMostZeros = 40;                              // in front of the digits, before an `e` is shorter

/// Writes the digits of the magnitude so that they end at `end`; gives where they begin. No digits for zero.
char* write_digits(std::string_view bytes, bool negative, char* end) {
  std::array<std::uint32_t, kWords> words;  // most significant first
  const std::size_t count = (bytes.size() + 3) / 4;
  std::size_t next = count * 4 - bytes.size();
  words[0] = 0;
  std::size_t at = 0;
  for (std::uint32_t word = negative && next > 0 ? ~std::uint32_t{0} : 0; const char c : bytes) {
    word = word << 8 | static_cast<unsigned char>(c);
    if (++next % 4 == 0) {
      words[at++] = word;
      word = 0;
    }
  }
  if (negative) {
    for (std::size_t i = count, carry = 1; i-- > 0;) {
      const std::uint64_t flipped = std::uint64_t{~words[i]} + carry;
      words[i] = static_cast<std::uint32_t>(flipped);
      carry = static_cast<std::size_t>(flipped >> 32);
    }
  }
  char* out = end;
  for (std::size_t first = 0; first < count;) {
    if (words[first] == 0) {
      ++first;
      continue;
    }
    std::uint64_t rest = 0;
    for (std::size_t i = first; i < count; ++i) {
      const std::uint64_t value = rest << 32 | words[i];
      words[i] = static_cast<std::uint32_t>(value / kPiece);
      rest = value % kPiece;
    }
    for (std::size_t i = 0; i < kPieceDigits; ++i, rest /= 10) *--out = static_cast<char>('0' + rest % 10);
  }
  while (out != end && *out == '0') ++out;
  return out;
}

Kind as_number(std::string_view digits, bool negative, std::uint32_t scale, Cell& cell, Arena& arena) {
  constexpr std::size_t kRoom = kMostZeros + 32;  // sign, point, zeros, exponent
  char* const begin = arena.take(digits.size() + kRoom);
  char* out = begin;
  if (negative) *out++ = '-';
  if (digits.empty() && scale >= kMostZeros) {
    *out++ = '0';
  } else if (scale >= digits.size() + kMostZeros) {
    out = std::copy(digits.begin(), digits.end(), out);
    *out++ = 'e';
    *out++ = '-';
    out = std::to_chars(out, out + 16, scale).ptr;
  } else if (scale >= digits.size()) {
    *out++ = '0';
    *out++ = '.';
    out = std::fill_n(out, scale - digits.size(), '0');
    out = std::copy(digits.begin(), digits.end(), out);
  } else {
    const auto point = digits.begin() + static_cast<std::ptrdiff_t>(digits.size() - scale);
    out = std::copy(digits.begin(), point, out);
    if (scale > 0) *out++ = '.';
    out = std::copy(point, digits.end(), out);
  }
  const auto size = static_cast<std::size_t>(out - begin);
  arena.give_back(digits.size() + kRoom - size);
  cell = {.number = 0, .data = begin, .size = static_cast<std::uint32_t>(size), .scale = 0};
  return Kind::Number;
}

}  // namespace

Kind put_decimal(std::string_view bytes, std::uint32_t scale, Cell& cell, Arena& arena) {
  const bool negative = !bytes.empty() && static_cast<signed char>(bytes[0]) < 0;
  // Java writes no more bytes than it takes; others fill up with the sign.
  const char filler = negative ? '\xff' : '\0';
  while (bytes.size() > 8 && bytes[0] == filler) {
    if ((static_cast<signed char>(bytes[1]) < 0) != negative) break;
    bytes.remove_prefix(1);
  }
  if (bytes.size() <= 8) {
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    const std::uint64_t magnitude = negative ? 0 - value : value;
    if (scale == 0 || (scale <= kMostScale && magnitude < kMostUnscaled)) [[likely]] {
      cell = {.number = static_cast<std::int64_t>(value), .data = nullptr, .size = 0, .scale = scale};
      return scale == 0 ? Kind::Integer : Kind::Decimal;
    }
  }
  std::array<char, kMostDigits> room;
  char* const end = room.data() + room.size();
  const char* const digits = write_digits(bytes, negative, end);
  return as_number({digits, static_cast<std::size_t>(end - digits)}, negative, scale, cell, arena);
}

}  // namespace weir
