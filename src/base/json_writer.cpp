// SPDX-License-Identifier: Apache-2.0
// JSON text, written from the front to the back: what is open is a stack of "nothing written yet" flags.
#include "base/json_writer.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "base/assert.h"
#include "base/utf8.h"

namespace weir {

namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default: break;
  }
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

bool is_plain_ascii(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_quoted(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    std::size_t plain = i;
    while (plain < text.size() && is_plain_ascii(text[plain])) ++plain;
    out.append(text, i, plain - i);
    if (plain == text.size()) break;
    const CodePoint point = code_point_at(text, plain);
    if (!point.valid) {
      out += "\xEF\xBF\xBD";
    } else if (point.bytes == 1) {
      append_escaped(out, text[plain]);  // DEL too: it shows nowhere
    } else {
      out.append(text, plain, point.bytes);
    }
    i = plain + point.bytes;
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
  char digits[32];  // the longest shortest double takes 24
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, number);
  WEIR_ASSERT(end.ec == std::errc{}, "every number fits");
  out.append(digits, end.ptr);
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void JsonWriter::newline() {
  if (!pretty_) return;
  text_ += '\n';
  text_.append(first_.size() * 2, ' ');
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  WEIR_ASSERT(!first_.empty() || text_.empty(), "one value at the top");
  if (first_.empty()) return;
  if (!first_.back()) text_ += ',';
  first_.back() = false;
  newline();
}

JsonWriter& JsonWriter::begin_object() {
  before_value();
  text_ += '{';
  first_.push_back(true);
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  before_value();
  text_ += '[';
  first_.push_back(true);
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  WEIR_ASSERT(!first_.empty() && !after_key_, "end_object closes an object");
  const bool empty = first_.back();
  first_.pop_back();
  if (!empty) newline();
  text_ += '}';
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  WEIR_ASSERT(!first_.empty() && !after_key_, "end_array closes an array");
  const bool empty = first_.back();
  first_.pop_back();
  if (!empty) newline();
  text_ += ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  WEIR_ASSERT(!after_key_, "a key is followed by its value");
  before_value();
  append_quoted(text_, name);
  text_ += pretty_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_quoted(text_, text);
  return *this;
}

JsonWriter& JsonWriter::value(bool boolean) {
  return raw(boolean ? "true" : "false");
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  before_value();
  append_number(text_, number);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  before_value();
  append_number(text_, number);
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  before_value();
  append_number(text_, number);
  return *this;
}

JsonWriter& JsonWriter::null() {
  return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  text_ += json;
  return *this;
}

}  // namespace weir
