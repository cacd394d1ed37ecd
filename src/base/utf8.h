// SPDX-License-Identifier: Apache-2.0
// One code point at a time out of bytes that nobody vouches for.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t bytes = 1;  // how many bytes it took, 1 for a byte that is no UTF-8
  bool valid = false;
};

/// The code point at `text[at]`; at < text.size(). Overlong forms, surrogates and numbers beyond U+10FFFF are invalid.
[[nodiscard]] inline CodePoint code_point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return {};
  char32_t value = static_cast<char32_t>(lead) & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[bytes] || value > 0x10FFFF || surrogate) return {};
  return {value, bytes, true};
}

}  // namespace weir
