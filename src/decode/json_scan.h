// SPDX-License-Identifier: Apache-2.0
// The innermost steps of JsonReader: one text, one number, one key. They run for every field of every record, so they are
// inlined into the loops of the files that include this, and only those files include it.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "decode/json_reader.h"
#include "decode/json_text.h"
#include "decode/number.h"

namespace weir {

namespace json {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Bytes that may stand behind a number, true, false or null.
constexpr std::array<bool, 256> make_scalar_ends() {
  std::array<bool, 256> ends{};
  for (const char c : {' ', '\t', '\n', '\r', ',', ']', '}'}) ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
inline constexpr std::array<bool, 256> kScalarEnds = make_scalar_ends();

inline std::string describe(char c) {
  if (c == '\0') return "a NUL byte";
  if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F)
    return "a byte that is not part of JSON";
  return std::string("`") + c + "`";
}

}  // namespace json

/// Texts are looked at in order, so one search for backslashes goes over the whole text once.
[[gnu::always_inline]] inline bool JsonReader::has_escape(const char* from, const char* to) {
  if (escape_ < from) [[unlikely]] {
    const void* const found = std::memchr(from, '\\', static_cast<std::size_t>(text_end_ - from));
    escape_ = found == nullptr ? text_end_ : static_cast<const char*>(found);
  }
  return escape_ < to;
}

/// A text ends at the last quote before the next position: between the two there is only white space, or that place would be a
/// position itself.
[[gnu::always_inline]] inline bool JsonReader::scan_text(Next& next, std::string_view& raw, bool& escaped) {
  const char* const begin = text_ + *next + 1;
  const char* end = text_ + *++next - 1;
  while (json::is_space(*end) && end > begin) [[unlikely]]-- end;
  if (end < begin || *end != '"') [[unlikely]]
    return fail_at(static_cast<std::size_t>(begin - 1 - text_), "a text is not closed");
  raw = std::string_view(begin, static_cast<std::size_t>(end - begin));
  escaped = has_escape(begin, end);
  if (escaped) [[unlikely]] {
    if (const std::optional<EscapeFault> fault = find_escape_fault(raw)) {
      return fail_at(static_cast<std::size_t>(begin - text_) + fault->at, std::string(fault->reason));
    }
  }
  return true;
}

[[gnu::always_inline]] inline bool JsonReader::scan_scalar(Next& next, Kind& kind, Cell& cell) {
  const char* const begin = text_ + *next;
  const char* p = begin;
  kind = Kind::Absent;
  if (*p == 't') {
    if (std::memcmp(p, "true", 4) == 0) kind = Kind::Boolean, p += 4, cell.number = 1;
  } else if (*p == 'f') {
    if (std::memcmp(p, "false", 5) == 0) kind = Kind::Boolean, p += 5, cell.number = 0;
  } else if (*p == 'n') {
    if (std::memcmp(p, "null", 4) == 0) kind = Kind::Null, p += 4;
  } else {
    kind = scan_number(p, cell);
  }
  if (kind == Kind::Absent) [[unlikely]]
    return fail(next, "expected a value, got " + json::describe(*begin));
  if (p != text_end_ && !json::kScalarEnds[static_cast<unsigned char>(*p)]) [[unlikely]] {
    kind = Kind::Absent;
    return fail_at(static_cast<std::size_t>(p - text_), "unexpected " + json::describe(*p) + " in a value");
  }
  cell.data = begin;
  cell.size = static_cast<std::uint32_t>(p - begin);
  ++next;
  return true;
}

/// A text, a number, true, false or null.
[[gnu::always_inline]] inline bool JsonReader::read_scalar(Next& next, Kind& kind, Cell& cell) {
  if (text_[*next] != '"') return scan_scalar(next, kind, cell);
  std::string_view raw;
  bool escaped = false;
  if (!scan_text(next, raw, escaped)) return false;
  if (escaped) [[unlikely]]
    raw = unescape(raw, batch_->arena);
  kind = Kind::Text;
  cell.data = raw.data();
  cell.size = static_cast<std::uint32_t>(raw.size());
  return true;
}

/// Reads `"name":` and moves to the value. `key` comes as the key before and becomes the one read, or null for a stranger.
[[gnu::always_inline]] inline bool JsonReader::read_key(Next& next, JsonShape& shape, JsonShape::Key*& key) {
  const char* const quote = text_ + *next;
  if (*quote != '"') [[unlikely]]
    return fail(next, "expected a key in an object, got " + json::describe(*quote));
  JsonShape::Key* const previous = key;
  key = previous == nullptr ? shape.start() : previous->next;
  if (JsonShape::is(*key, quote + 1)) [[likely]] {
    ++next;
  } else {
    std::string_view raw;
    bool escaped = false;
    if (!scan_text(next, raw, escaped)) return false;
    if (escaped || key == shape.start() || key->name != raw)
      key = shape.find(escaped ? unescape(raw, batch_->arena) : raw);
    if (key != nullptr && previous != nullptr) previous->next = key;
  }
  if (text_[*next] != ':') [[unlikely]]
    return fail(next, "expected `:` behind a key, got " + json::describe(text_[*next]));
  ++next;
  return true;
}

/// Whether the container ends here or goes on behind a comma.
[[gnu::always_inline]] inline bool JsonReader::ends(Next next, char close, bool& more) {
  const char c = text_[*next];
  more = c == ',';
  if (more || c == close) [[likely]]
    return true;
  return fail(next, std::string("expected `,` or `") + close + "`, got " + json::describe(c));
}

}  // namespace weir
