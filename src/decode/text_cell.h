// SPDX-License-Identifier: Apache-2.0
// Texts as cells, and what has no text of its own but is shown as one, the same in every schema language.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/base64.h"
#include "weir/batch.h"

namespace weir {

/// A text that outlives the cell. One of no bytes is a text all the same: its cell must not look like one without.
inline Kind text_cell(std::string_view text, Cell& cell) {
  cell = {.number = 0,
          .data = text.data() == nullptr ? "" : text.data(),
          .size = static_cast<std::uint32_t>(text.size()),
          .scale = 0};
  return Kind::Text;
}

/// Bytes, in base64.
inline Kind bytes_cell(std::string_view bytes, Arena& arena, Cell& cell) {
  const std::size_t size = base64_size(bytes.size());
  if (size == 0) return text_cell({}, cell);
  char* const out = arena.take(size);
  put_base64(bytes, out);
  return text_cell({out, size}, cell);
}

/// The 16 bytes of a UUID: 8-4-4-4-12.
inline Kind uuid_cell(std::string_view bytes, Arena& arena, Cell& cell) {
  constexpr std::size_t kSize = 36;
  constexpr std::string_view kDigits = "0123456789abcdef";
  char* const begin = arena.take(kSize);
  char* out = begin;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    *out++ = kDigits[byte >> 4U];
    *out++ = kDigits[byte & 15U];
  }
  return text_cell({begin, kSize}, cell);
}

}  // namespace weir
