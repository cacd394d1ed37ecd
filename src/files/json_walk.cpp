// SPDX-License-Identifier: Apache-2.0
#include "files/json_walk.h"

#include <array>
#include <bit>
#include <cstring>

namespace weir {

namespace {

constexpr std::uint32_t kRememberedDepth = 64;

/// Bytes of numbers, words and garbage: they neither nest nor end anything.
constexpr std::array<bool, 256> make_plain_bytes() {
  std::array<bool, 256> plain{};
  plain.fill(true);
  for (const char c : std::string_view(" \t\r\n\"{}[],:")) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}
constexpr std::array<bool, 256> kPlain = make_plain_bytes();

/// Moves over bytes of a string that are no quote, no backslash and no line end, eight at a time as long as there are eight.
std::size_t skip_string_bytes(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kEveryByte = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x80 * kEveryByte;
  // Not zero when some byte of the word is zero; which one does not matter here.
  const auto has_zero = [](std::uint64_t word) { return (word - kEveryByte) & ~word & kHighBits; };
  while (at + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((has_zero(word ^ ('"' * kEveryByte)) | has_zero(word ^ ('\\' * kEveryByte)) |
         has_zero(word ^ ('\n' * kEveryByte))) != 0)
      break;
    at += 8;
  }
  while (at < text.size() && text[at] != '"' && text[at] != '\\' && text[at] != '\n') ++at;
  return at;
}

/// Whether text[at] is the first thing on its line and stands no deeper than `column`.
bool begins_line(std::string_view text, std::size_t at, std::size_t from, std::size_t column) {
  std::size_t begin = at;
  while (begin > from && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  return begin > from && text[begin - 1] == '\n' && at - begin <= column;
}

}  // namespace

JsonWalk::Found JsonWalk::go_on(std::string_view text, std::size_t at, std::size_t from, bool too_long,
                                std::size_t limit) {
  const bool stream = style_ == Style::Stream;
  while (at < text.size()) {
    if (in_string_) {
      if (walk_string(text, at) && stream && depth_ == 0) return {Stop::End, at};
      continue;
    }
    const char c = text[at];
    const bool outside = depth_ == 0;
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        if (stream && outside) return {Stop::End, at};
        break;
      case '"':
        if (stream && outside && last_ != 0) return {Stop::End, at};
        in_string_ = true;
        break;
      case '{':
      case '[':
        if (stream && outside && last_ != 0) return {Stop::End, at};
        if (misplaced() && (too_long || at - from > limit || begins_line(text, at, from, column_)))
          return {Stop::NewRecord, at};
        open(c);
        break;
      case '}':
      case ']':
        // Where an element is not finished, a `]` that closes nothing of it closes the array around it.
        if (!close(c) && !stream && c == ']') return {Stop::End, at};
        if (stream && !outside && depth_ == 0) return {Stop::End, at + 1};
        break;
      case ',':
        if (!stream && outside) return {Stop::End, at};
        last_ = ',';
        break;
      case ':': last_ = ':'; break;
      default:
        last_ = 'v';
        while (at + 1 < text.size() && kPlain[static_cast<unsigned char>(text[at + 1])]) ++at;
        break;
    }
    ++at;
  }
  return {Stop::More, at};
}

/// Walks to the end of a string; false when the text ends first.
bool JsonWalk::walk_string(std::string_view text, std::size_t& at) {
  while (at < text.size()) {
    if (!escaped_) at = skip_string_bytes(text, at);
    if (at == text.size()) return false;
    const char c = text[at];
    if (c == '\\' && !escaped_) {
      escaped_ = true;
      ++at;
      continue;
    }
    if (c != '\n') ++at;  // a line end stays: it is no part of the string
    if (c == '\n' || (c == '"' && !escaped_)) {
      in_string_ = false;
      escaped_ = false;
      last_ = 'v';
      return true;
    }
    escaped_ = false;
  }
  return false;
}

bool JsonWalk::misplaced() const noexcept {
  if (depth_ == 0 || deep_) return false;
  const bool in_object = (objects_ & 1U) != 0;
  return in_object ? last_ != ':' : last_ != '[' && last_ != ',';
}

void JsonWalk::open(char bracket) {
  deep_ = deep_ || depth_ == kRememberedDepth;
  objects_ = (objects_ << 1) | (bracket == '{' ? 1U : 0U);
  ++depth_;
  last_ = bracket;
}

/// Closes the innermost container of that kind and what is still open within it. False when there is none.
bool JsonWalk::close(char bracket) {
  last_ = 'v';
  if (deep_) {
    if (depth_ == 0) return false;
    --depth_;
    objects_ >>= 1;
    return true;
  }
  const auto inner = static_cast<std::uint32_t>(std::countr_zero(bracket == '}' ? objects_ : ~objects_));
  if (inner >= depth_) return false;
  depth_ -= inner + 1;
  objects_ = inner + 1 < kRememberedDepth ? objects_ >> (inner + 1) : 0;
  return true;
}

}  // namespace weir
