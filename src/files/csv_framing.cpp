// SPDX-License-Identifier: Apache-2.0
// CSV and TSV records. Most lines hold no quote at all and cost two searches; only quoted line ends need care.
#include <algorithm>
#include <cstring>

#include "files/framing.h"

namespace weir {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// What a quoted field that opens at text[open] comes to.
struct Quoted {
  enum class End : std::uint8_t { Closed, Stray, Unknown } end = End::Unknown;
  std::size_t at = 0;  // of the closing quote, also of one that is followed by something else (Stray)
};

Quoted close_of(std::string_view text, std::size_t open, char separator, bool at_end) {
  for (std::size_t at = open + 1;;) {
    at = text.find('"', at);
    if (at == kNone) return {at_end ? Quoted::End::Stray : Quoted::End::Unknown, text.size()};
    if (at + 1 == text.size()) return {at_end ? Quoted::End::Closed : Quoted::End::Unknown, at};
    const char next = text[at + 1];
    if (next == '"') {
      at += 2;
      continue;
    }
    if (next == separator || next == '\n') return {Quoted::End::Closed, at};
    if (next == '\r') {
      if (at + 2 == text.size()) return {at_end ? Quoted::End::Stray : Quoted::End::Unknown, at};
      if (text[at + 2] == '\n') return {Quoted::End::Closed, at};
    }
    return {Quoted::End::Stray, at};
  }
}

/// The next quote in text[at, limit) that opens a field, or kNone.
std::size_t opening_quote(std::string_view text, std::size_t at, std::size_t limit, char separator) {
  while (at < limit) {
    const auto* const found = static_cast<const char*>(std::memchr(text.data() + at, '"', limit - at));
    if (found == nullptr) return kNone;
    const auto quote = static_cast<std::size_t>(found - text.data());
    if (quote == 0 || text[quote - 1] == separator) return quote;
    at = quote + 1;
  }
  return kNone;
}

CsvRecordEnd ends_at(std::string_view text, std::size_t newline, bool at_end) {
  if (newline == kNone) return {.known = at_end, .size = text.size(), .next = text.size()};
  const bool carriage_return = newline > 0 && text[newline - 1] == '\r';
  return {.known = true, .size = carriage_return ? newline - 1 : newline, .next = newline + 1};
}

class CsvFraming final : public Framing {
 public:
  CsvFraming(char separator, std::uint32_t record_max_bytes, std::string header)
      : separator_(separator), record_max_bytes_(record_max_bytes), header_(std::move(header)) {}

  std::size_t frame(Block& block, bool at_end) override;

  /// A quote cannot be closed within the limit any more, so the line end decides.
  std::size_t pass_over(std::string_view more) override {
    const std::size_t end = more.find('\n');
    return end == kNone ? kGoesOn : end + 1;
  }

 private:
  char separator_;
  std::uint32_t record_max_bytes_;
  std::string header_;
  bool header_passed_ = false;
};

std::size_t CsvFraming::frame(Block& block, bool at_end) {
  Messages& messages = block.messages;
  messages.items.clear();
  messages.header = header_;
  const std::string_view text(block.buffer.data(), block.size);
  std::size_t begin = 0;
  std::uint64_t lines = 0;
  while (begin < text.size()) {
    const CsvRecordEnd end = find_csv_record_end(text.substr(begin), separator_, record_max_bytes_, at_end);
    if (!end.known) break;
    if (end.size == 0) {
      // an empty line
    } else if (!header_passed_) {
      header_passed_ = true;
    } else {
      add_message(block, begin, begin + end.size, lines + 1, record_max_bytes_);
    }
    lines += static_cast<std::uint64_t>(std::count(text.data() + begin, text.data() + begin + end.next, '\n'));
    begin += end.next;
  }
  block.lines = lines;
  return begin;
}

}  // namespace

CsvRecordEnd find_csv_record_end(std::string_view text, char separator, std::uint32_t record_max_bytes, bool at_end) {
  // Enough to know that a quote is not closed within the limit.
  const bool enough = at_end || text.size() >= record_max_bytes + Framing::kLookAhead;
  std::size_t at = 0;
  std::size_t newline = text.find('\n');
  for (;;) {
    if (newline != kNone && newline < at) newline = text.find('\n', at);
    const std::size_t open = opening_quote(text, at, std::min(newline, text.size()), separator);
    if (open == kNone) return ends_at(text, newline, at_end);
    const Quoted quoted = close_of(text, open, separator, at_end);
    const bool crosses = newline != kNone && quoted.at > newline;
    if (quoted.end == Quoted::End::Unknown && !enough) return {};
    if (quoted.end != Quoted::End::Closed || quoted.at >= record_max_bytes) {
      // The field is broken, or too long. Over a line end nobody can say what belongs to it: the line is the record.
      if (crosses || quoted.at >= text.size()) return ends_at(text, newline, at_end);
    }
    at = quoted.at + 1;
  }
}

std::unique_ptr<Framing> make_csv_framing(char separator, std::uint32_t record_max_bytes, std::string header) {
  return std::make_unique<CsvFraming>(separator, record_max_bytes, std::move(header));
}

}  // namespace weir
