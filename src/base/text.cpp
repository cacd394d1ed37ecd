// SPDX-License-Identifier: Apache-2.0
// UTF-8, typing errors and numbers for people. Everything here meets hostile text: nothing reads past an end, nothing costs
// more than the text is long (nearest() is bounded by kLongestWord).
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

namespace weir {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // …
// Longer words are no typing errors of any key or name, and the distance costs the product of both lengths.
constexpr std::size_t kLongestWord = 64;

constexpr bool is_continuation(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// One code point at the start of `bytes`, or nothing where they are not UTF-8 (overlong forms and surrogates included).
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
};
std::optional<CodePoint> first_code_point(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < size) return std::nullopt;
  char32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(at(i))) return std::nullopt;
    value = (value << 6U) | (at(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return std::nullopt;
  return CodePoint{value, size};
}

struct Range {
  char32_t first;
  char32_t last;
};
template <std::size_t N>
bool within(char32_t value, const std::array<Range, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return value >= range.first && value <= range.last; });
}

// What a terminal acts upon instead of showing: C0, DEL, C1, line and paragraph separators, and the marks that turn the
// direction of writing (a value could show as another one).
constexpr std::array<Range, 5> kControls = {
    {{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069}}};
// Marks that take no cell of their own, and East Asian wide forms and pictographs that take two: the blocks that matter for
// placing a caret, after Unicode's EastAsianWidth.txt.
constexpr std::array<Range, 10> kNoCell = {{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x064B, 0x065F},
                                            {0x1AB0, 0x1AFF},
                                            {0x1DC0, 0x1DFF},
                                            {0x200B, 0x200F},
                                            {0x20D0, 0x20FF},
                                            {0xFE00, 0xFE0F},
                                            {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 11> kTwoCells = {{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0xFFE0, 0xFFE6},
                                              {0x1F300, 0x1F64F},
                                              {0x1F900, 0x1F9FF},
                                              {0x20000, 0x3FFFD}}};

/// The way a code point is shown: itself, or an escape that no terminal acts upon.
std::string shown(char32_t value, std::string_view bytes) {
  if (!within(value, kControls)) return std::string(bytes);
  if (value == '\n') return "\\n";
  if (value == '\t') return "\\t";
  if (value == '\r') return "\\r";
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(value));
  return escape.data();
}

/// Letters without case, `-` and ` ` as `_`: what people vary when they mean the same key.
std::string folded(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return out;
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongestWord + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::size_t code_points(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (const char c : utf8) count += is_continuation(static_cast<unsigned char>(c)) ? 0U : 1U;
  return count;
}

bool is_ascii(std::string_view bytes) noexcept {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    seen |= word;
  }
  for (; i < bytes.size(); ++i) seen |= static_cast<unsigned char>(bytes[i]);
  return (seen & 0x8080808080808080U) == 0;
}

bool is_valid_utf8(std::string_view bytes) noexcept {
  return first_invalid_utf8(bytes) == std::string_view::npos;
}

std::size_t first_invalid_utf8(std::string_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size();) {
    if (bytes.size() - i >= 8 && is_ascii(bytes.substr(i, 8))) {
      i += 8;
      continue;
    }
    const auto point = first_code_point(bytes.substr(i));
    if (!point) return i;
    i += point->size;
  }
  return std::string_view::npos;
}

std::size_t display_width(std::string_view utf8) noexcept {
  std::size_t cells = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto point = first_code_point(utf8.substr(i));
    i += point ? point->size : 1;
    if (!point) {
      ++cells;
    } else if (within(point->value, kTwoCells)) {
      cells += 2;
    } else if (!within(point->value, kNoCell)) {
      ++cells;
    }
  }
  return cells;
}

std::string shorten(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t fits = 0;  // bytes of `out` after which an ellipsis still fits
  for (std::size_t i = 0; i < text.size();) {
    const auto point = first_code_point(text.substr(i));
    const std::size_t size = point ? point->size : 1;
    const std::string piece = point ? shown(point->value, text.substr(i, size)) : std::string(kReplacement);
    if (out.size() + piece.size() > limit) {
      out.resize(fits);
      if (limit >= kEllipsis.size()) out += kEllipsis;
      return out;
    }
    out += piece;
    if (out.size() + kEllipsis.size() <= limit) fits = out.size();
    i += size;
  }
  return out;
}

std::string_view nearest(std::string_view written, std::span<const std::string_view> candidates) {
  if (written.empty() || written.size() > kLongestWord) return {};
  const std::string word = folded(written);
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - std::min(candidate.size(), word.size()) >= best_distance) continue;
    const std::size_t edits = distance(word, folded(candidate));
    // A word of which nothing stays is another word: `x` is no typing error for `y`.
    if (edits >= best_distance || edits >= longer || edits >= word.size()) continue;
    best = candidate;
    best_distance = edits;
  }
  return best;
}

std::string with_commas(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double amount = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  // 999.95 would print as 1000.0, so the next unit begins there.
  while (amount >= 999.95 && unit + 1 < kUnits.size()) {
    amount /= 1000.0;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

}  // namespace weir
