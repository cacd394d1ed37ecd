// SPDX-License-Identifier: Apache-2.0
// Escapes in text and bytes literals: \n and its kin, \x41, \101, and in texts \u0041 and \U0001F431. In bytes \xff is one
// byte; in texts it is the code point U+00FF.
#include "expr/lexer.h"

namespace weir {

namespace {

constexpr std::string_view kNames = "abfnrtv\\?\"'`";
constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\?\"'`";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

void append_code_point(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
    return;
  }
  const unsigned tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kLeads[] = {0, 0xC0, 0xE0, 0xF0};
  put(kLeads[tail] | point >> (6 * tail));
  for (unsigned i = tail; i-- > 0;) put(0x80 | (point >> (6 * i) & 0x3F));
}

// The form of a numeric escape: how many digits of which base follow how many letters.
struct Form {
  std::size_t skip;
  std::size_t digits;
  int base;
};

std::optional<Form> form_of(char c, bool bytes) {
  if (c == 'x' || c == 'X') return Form{1, 2, 16};
  if (c >= '0' && c <= '3') return Form{0, 3, 8};
  if (c == 'u' && !bytes) return Form{1, 4, 16};
  if (c == 'U' && !bytes) return Form{1, 8, 16};
  return std::nullopt;
}

Error fault(std::size_t at, std::string message) {
  return Error{.message = std::move(message), .where = {.column = static_cast<int>(at)}};
}

}  // namespace

Result<std::string> unescape_literal(std::string_view raw, bool bytes) {
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\') {
      out += raw[at++];
      continue;
    }
    const std::size_t backslash = at++;
    const char c = at < raw.size() ? raw[at] : '\0';
    if (const std::size_t which = kNames.find(c); c != '\0' && which != std::string_view::npos) {
      out += kMeanings[which];
      ++at;
      continue;
    }
    const std::optional<Form> form = form_of(c, bytes);
    if (!form) return fault(backslash, "unknown escape in a text");
    at += form->skip;
    std::uint64_t point = 0;
    for (std::size_t i = 0; i < form->digits; ++i, ++at) {
      const int digit = at < raw.size() ? digit_of(raw[at]) : 99;
      if (digit >= form->base) return fault(backslash, "an escape has too few digits");
      point = point * static_cast<unsigned>(form->base) + static_cast<unsigned>(digit);
    }
    if (bytes) {
      out += static_cast<char>(point);
    } else if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
      return fault(backslash, "an escape stands for no character");
    } else {
      append_code_point(out, static_cast<std::uint32_t>(point));
    }
  }
  return out;
}

}  // namespace weir
