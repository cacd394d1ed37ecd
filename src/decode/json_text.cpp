// SPDX-License-Identifier: Apache-2.0
#include "decode/json_text.h"

#include <cstdint>
#include <cstring>

namespace weir {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The four hex digits at `at`, or -1.
std::int32_t hex_unit(std::string_view raw, std::size_t at) noexcept {
  if (raw.size() < at + 4) return -1;
  std::int32_t unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(raw[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

constexpr bool is_high_surrogate(std::int32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
constexpr bool is_low_surrogate(std::int32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

char* put_utf8(char* out, std::uint32_t code) noexcept {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | (code >> 6));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (code >> 12));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | (code >> 18));
    *out++ = static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    *out++ = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

char short_escape(char c) noexcept {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
  }
}

}  // namespace

std::optional<EscapeFault> find_escape_fault(std::string_view raw) noexcept {
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at)) {
    if (at + 1 >= raw.size()) return EscapeFault{.at = at, .reason = "an escape is cut short"};
    if (raw[at + 1] != 'u') {
      if (short_escape(raw[at + 1]) == '\0') return EscapeFault{.at = at, .reason = "unknown escape in a text"};
      at += 2;
      continue;
    }
    const std::int32_t unit = hex_unit(raw, at + 2);
    if (unit < 0) return EscapeFault{.at = at, .reason = "`\\u` wants four hexadecimal digits"};
    if (is_low_surrogate(unit)) return EscapeFault{.at = at, .reason = "an escaped surrogate has no partner"};
    if (!is_high_surrogate(unit)) {
      at += 6;
      continue;
    }
    const bool paired =
        raw.size() >= at + 12 && raw[at + 6] == '\\' && raw[at + 7] == 'u' && is_low_surrogate(hex_unit(raw, at + 8));
    if (!paired) return EscapeFault{.at = at, .reason = "an escaped surrogate has no partner"};
    at += 12;
  }
  return std::nullopt;
}

std::string_view unescape(std::string_view raw, Arena& arena) {
  // The text is never longer than its escaped form.
  char* const begin = arena.take(raw.size());
  char* out = begin;
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\') {
      const std::size_t next = std::min(raw.find('\\', at), raw.size());
      std::memcpy(out, raw.data() + at, next - at);
      out += next - at;
      at = next;
    } else if (raw[at + 1] != 'u') {
      *out++ = short_escape(raw[at + 1]);
      at += 2;
    } else {
      const auto unit = static_cast<std::uint32_t>(hex_unit(raw, at + 2));
      at += 6;
      if (is_high_surrogate(static_cast<std::int32_t>(unit))) {
        const auto low = static_cast<std::uint32_t>(hex_unit(raw, at + 2));
        out = put_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        at += 6;
      } else {
        out = put_utf8(out, unit);
      }
    }
  }
  const auto size = static_cast<std::size_t>(out - begin);
  arena.give_back(raw.size() - size);
  return {begin, size};
}

}  // namespace weir
