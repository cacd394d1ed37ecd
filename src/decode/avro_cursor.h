// SPDX-License-Identifier: Apache-2.0
// The bytes of one datum, taken from the front. Nothing is read beyond the end; a step that fails says so and moves nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir {

struct AvroCursor {
  const char* at = nullptr;
  const char* end = nullptr;

  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end - at); }

  bool skip(std::size_t bytes) noexcept {
    if (bytes > left()) return false;
    at += bytes;
    return true;
  }

  /// At most ten bytes, no bit beyond 64. False also where it is longer: then ten bytes are left.
  [[gnu::always_inline]] bool varint(std::uint64_t& out) noexcept {
    if (at != end && static_cast<signed char>(*at) >= 0) [[likely]] {
      out = static_cast<unsigned char>(*at++);
      return true;
    }
    const char* const behind = long_varint(at, end, out);
    if (behind == nullptr) return false;
    at = behind;
    return true;
  }

  /// The same where numbers take one byte here and three there, which no processor guesses: without a branch on how many.
  [[gnu::always_inline]] bool any_varint(std::uint64_t& out) noexcept {
    if (left() < sizeof out) [[unlikely]]
      return varint(out);
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t last = ~word & 0x8080808080808080U;  // the top bits of bytes that nothing follows
    if (last == 0) [[unlikely]]
      return varint(out);
    at += (std::countr_zero(last) + 1) / 8;
    // Up to the first of them, and seven bits of a byte moved together: by pairs, by fours, all.
    word &= (last ^ (last - 1)) & 0x7F7F7F7F7F7F7F7FU;
    word = (word & 0x007F007F007F007FU) | (word & 0x7F007F007F007F00U) >> 1;
    word = (word & 0x00003FFF00003FFFU) | (word & 0x3FFF00003FFF0000U) >> 2;
    out = (word & 0x000000000FFFFFFFU) | (word & 0x0FFFFFFF00000000U) >> 4;
    return true;
  }

  /// A number in zigzag form.
  [[gnu::always_inline]] bool number(std::int64_t& out) noexcept {
    std::uint64_t raw = 0;
    if (!varint(raw)) return false;
    out = static_cast<std::int64_t>(raw >> 1 ^ (0 - (raw & 1)));
    return true;
  }

  /// A length and so many bytes.
  [[gnu::always_inline]] bool prefixed(std::string_view& out) noexcept {
    const char* const before = at;
    std::int64_t size = 0;
    if (!number(size) || size < 0 || static_cast<std::uint64_t>(size) > left()) [[unlikely]] {
      at = before;
      return false;
    }
    out = {at, static_cast<std::size_t>(size)};
    at += size;
    return true;
  }

  static constexpr std::size_t kLongestVarint = 10;

 private:
  // By value, so that a cursor may live in registers. Null: it is none.
  static const char* long_varint(const char* p, const char* end, std::uint64_t& out) noexcept {
    constexpr std::uint64_t kLastByte = 1;  // of the tenth byte only the lowest bit is left of 64
    std::uint64_t value = 0;
    for (unsigned shift = 0; p != end && shift < 64; shift += 7) {
      const auto byte = std::uint64_t{static_cast<unsigned char>(*p++)};
      if (shift == 63 && byte > kLastByte) return nullptr;
      value |= (byte & 0x7F) << shift;
      if (byte >= 0x80) continue;
      out = value;
      return p;
    }
    return nullptr;
  }
};

}  // namespace weir
