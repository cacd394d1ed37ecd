// SPDX-License-Identifier: Apache-2.0
// One pass makes text visible; each target language then replaces its own few characters in what is left.
#include "base/escape.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "base/utf8.h"

namespace weir {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t size>
bool within(const std::array<Range, size>& ranges, char32_t point) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), point,
                                      [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && point <= std::prev(after)->last;
}

// Control characters, and what Unicode has to turn, join or hide text: a record must not be able to forge what is read.
constexpr std::array<Range, 11> kUnseen = {{{0x0000, 0x001F},
                                            {0x007F, 0x009F},
                                            {0x00AD, 0x00AD},
                                            {0x061C, 0x061C},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0xFFFE, 0xFFFF},
                                            {0xE0000, 0xE0FFF}}};

void append_escape(std::string& out, char32_t point) {
  switch (point) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  const int digits = point > 0xFFFF ? 8 : 4;
  out += digits == 8 ? "\\U" : "\\u";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kHex[(point >> shift) & 15U];
}

constexpr std::string_view kMarkdownSigns = "\\`*_[]|<>~@&#$";

std::string numeric_entity(char c) {
  return "&#" + std::to_string(static_cast<int>(c)) + ";";
}

}  // namespace

std::string visible(std::string_view text, std::size_t code_points) {
  std::string out;
  out.reserve(std::min(text.size(), std::size_t{4096}));
  std::size_t taken = 0;
  for (std::size_t i = 0; i < text.size(); ++taken) {
    if (taken == code_points) return out += "…";
    const CodePoint point = code_point_at(text, i);
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (within(kUnseen, point.value)) {
      append_escape(out, point.value);
    } else {
      out.append(text, i, point.bytes);
    }
    i += point.bytes;
  }
  return out;
}

std::string escape_markup(std::string_view text, std::size_t code_points) {
  std::string out;
  for (const char c : visible(text, code_points)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string escape_markdown(std::string_view text, std::size_t code_points) {
  std::string out;
  const std::string shown = visible(text, code_points);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    // Entities and not backslashes: `\|` within a table means another thing than outside, and a mention (@name) has no
    // escape. A colon matters where GitHub would make a link of an address.
    const bool address = c == ':' && i + 1 < shown.size() && shown[i + 1] == '/';
    if (address || kMarkdownSigns.find(c) != std::string_view::npos) {
      out += numeric_entity(c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text, std::size_t code_points) {
  const std::string shown = visible(text, code_points);
  if (shown.empty()) return "";
  // A span of backticks reads best, but cannot hold a bar within a table, a backtick, or blanks at its ends.
  const bool plain = shown.find_first_of("|`") == std::string::npos && shown.front() != ' ' && shown.back() != ' ';
  if (plain) return "`" + shown + "`";
  return "<code>" + escape_markdown(shown) + "</code>";
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view kUnreserved = "-._~/";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::string shell_word(std::string_view text) {
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._/+,=:@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), harmless)) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out += "'";
}

std::string fit_end(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t from = 0;
  while (from < text.size() && display_width(text.substr(from)) + 1 > width) from += code_point_at(text, from).bytes;
  return (width == 0 ? "" : "…") + std::string(text.substr(from));
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const CodePoint point = code_point_at(text, i);
    used += display_width(text.substr(i, point.bytes));
    if (used + 1 > width) break;
    i += point.bytes;
  }
  return std::string(text.substr(0, i)) + (width == 0 ? "" : "…");
}

}  // namespace weir
