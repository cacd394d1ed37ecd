// SPDX-License-Identifier: Apache-2.0
//
// Writes one record after the other as NDJSON or CSV: knows how each format spells a text, a number, a null and a field
// that is absent. CSV cannot tell null from absent, both are an empty cell.

#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace bench {

enum class Format { ndjson, csv };

class RecordWriter {
 public:
  RecordWriter(std::FILE* file, Format format) : file_(file), json_(format == Format::ndjson) {
    buffer_.reserve(kFlushBytes + 4096);
  }

  void header() {
    if (!json_)
      buffer_ += "order_id,customer_id,amount,currency,country,status,email,created_at,qty,weight,score,note\n";
  }
  void begin() {
    first_ = true;
    if (json_) buffer_ += '{';
  }
  void end() {
    if (json_) buffer_ += '}';
    buffer_ += '\n';
    if (buffer_.size() >= kFlushBytes) flush();
  }
  void absent() {
    if (!json_) separate();
  }
  void null(std::string_view key) {
    name(key);
    if (json_) buffer_ += "null";
  }
  void text(std::string_view key, std::string_view value) {
    name(key);
    const bool quote = json_ || value.find_first_of(",\"") != std::string_view::npos;
    if (quote) buffer_ += '"';
    for (const char c : value) {
      if (c == '"') buffer_ += json_ ? '\\' : '"';
      if (c == '\\' && json_) buffer_ += '\\';
      buffer_ += c;
    }
    if (quote) buffer_ += '"';
  }
  // `value` in units of 10^-digits, written out with all its digits.
  void number(std::string_view key, int64_t value, int digits = 0) {
    name(key);
    if (value < 0) {
      buffer_ += '-';
      value = -value;
    }
    int64_t unit = 1;
    for (int i = 0; i < digits; ++i) unit *= 10;
    whole(static_cast<uint64_t>(value / unit), 1);
    if (digits == 0) return;
    buffer_ += '.';
    whole(static_cast<uint64_t>(value % unit), digits);
  }
  void flush() {
    if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) std::perror("generate"), std::exit(1);
    buffer_.clear();
  }

 private:
  void separate() {
    if (!first_) buffer_ += ',';
    first_ = false;
  }
  void name(std::string_view key) {
    separate();
    if (json_) {
      buffer_ += '"';
      buffer_ += key;
      buffer_ += "\":";
    }
  }
  void whole(uint64_t value, int width) {
    char digits[20];
    const auto length = std::to_chars(digits, digits + sizeof digits, value).ptr - digits;
    buffer_.append(static_cast<size_t>(width > length ? width - length : 0), '0')
        .append(digits, static_cast<size_t>(length));
  }

  static constexpr size_t kFlushBytes = size_t{1} << 20;

  std::FILE* file_;
  bool json_;
  bool first_ = true;
  std::string buffer_;
};

}  // namespace bench
