// SPDX-License-Identifier: Apache-2.0
// json-array and json-stream. Both walk over every byte once, in next(), because only the walk tells where a block may end.
//
// In an array, a record is what stands between two commas. Where nothing stands (`[1,,2]`, `[1,]`) the comma or bracket itself
// becomes a message, so that the fault is seen. An array that is not closed, or text behind its `]`, is a fault of the whole input.
#include <algorithm>

#include "files/framing.h"
#include "files/json_walk.h"

namespace weir {

namespace {

constexpr std::string_view kWhite = " \t\r\n";

std::size_t skip_white(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kWhite, at), text.size());
}

/// Where on its line the byte behind `text` stands, when the first byte of `text` stands at `column`.
std::size_t column_behind(std::string_view text, std::size_t column) {
  const std::size_t newline = text.rfind('\n');
  return newline == std::string_view::npos ? column + text.size() : text.size() - newline - 1;
}

/// Lines and columns of a block, counted from where it stood: looking back over the block for each record would cost the square
/// of its size where it is one long line.
class LineCounter {
 public:
  LineCounter(std::string_view text, std::size_t column) : text_(text), column_(column) {}
  /// Goes on to text[at]; never back.
  void move_to(std::size_t at) {
    const std::string_view passed = text_.substr(at_, at - at_);
    const auto ends = static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
    lines_ += ends;
    column_ = ends == 0 ? column_ + passed.size() : column_behind(passed, column_);
    at_ = at;
  }
  [[nodiscard]] std::uint64_t lines_before() const { return lines_; }
  [[nodiscard]] std::size_t column() const { return column_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
  std::size_t column_;
};

class JsonFraming final : public Framing {
 public:
  JsonFraming(bool array, std::uint32_t record_max_bytes)
      : array_(array),
        record_max_bytes_(record_max_bytes),
        walk_(array ? JsonWalk::Style::Element : JsonWalk::Style::Stream) {}

  std::size_t frame(Block& block, bool at_end) override;
  std::size_t pass_over(std::string_view more) override;
  [[nodiscard]] Status state(bool at_end) const override;

 private:
  enum class Place : std::uint8_t { BeforeArray, FirstElement, AfterElement, AfterComma, AfterArray, Stream };

  std::size_t between(std::string_view text, std::size_t at, Block& block, LineCounter& lines);
  void settle(const JsonWalk::Found& found);
  void end_block(Block& block, std::string_view text, std::size_t size, LineCounter& lines);

  bool array_;
  std::uint32_t record_max_bytes_;
  JsonWalk walk_;
  Place place_ = array_ ? Place::BeforeArray : Place::Stream;
  std::size_t column_ = 0;              // of the first byte of the next block
  std::size_t column_passed_over_ = 0;  // of the first byte behind what was passed over so far
  bool surplus_ = false;                // something stands behind the array
  std::uint64_t surplus_at_ = 0;
};

std::size_t JsonFraming::frame(Block& block, bool at_end) {
  block.messages.items.clear();
  const std::string_view text(block.buffer.data(), block.size);
  LineCounter lines(text, column_);
  std::size_t done = 0;
  while (!surplus_) {
    done = between(text, done, block, lines);
    if (done == text.size() || surplus_) break;
    lines.move_to(done);
    walk_.begin(lines.column());
    const JsonWalk::Found found = walk_.go_on(text, done, done, false, record_max_bytes_);
    if (found.stop == JsonWalk::Stop::More && !at_end) break;
    // White space behind a record is no part of it, but one that is waited for beyond the limit is given up in any case.
    const bool given_up = found.at - done >= std::size_t{record_max_bytes_} + kLookAhead;
    const std::size_t end = given_up ? found.at : text.find_last_not_of(kWhite, found.at - 1) + 1;
    add_message(block, done, end, lines.lines_before() + 1, record_max_bytes_);
    settle(found);
    done = found.at;
  }
  end_block(block, text, done, lines);
  return surplus_ ? text.size() : done;
}

/// Passes over what stands between records: white space, and the brackets and commas of an array.
std::size_t JsonFraming::between(std::string_view text, std::size_t at, Block& block, LineCounter& lines) {
  const auto fault = [&] {
    lines.move_to(at);
    add_message(block, at, at + 1, lines.lines_before() + 1, record_max_bytes_);
  };
  for (;;) {
    at = skip_white(text, at);
    if (at == text.size() || place_ == Place::Stream) return at;
    const char c = text[at];
    if (place_ == Place::AfterArray || (place_ == Place::BeforeArray && c != '[')) {
      surplus_ = true;
      surplus_at_ = block.offset + at;
      return at;
    }
    if (place_ == Place::BeforeArray) {
      place_ = Place::FirstElement;
    } else if (c == ',') {
      if (place_ != Place::AfterElement) fault();
      place_ = Place::AfterComma;
    } else if (c == ']') {
      if (place_ == Place::AfterComma) fault();
      place_ = Place::AfterArray;
    } else {
      return at;
    }
    ++at;
  }
}

void JsonFraming::settle(const JsonWalk::Found& found) {
  if (array_) place_ = found.stop == JsonWalk::Stop::NewRecord ? Place::AfterComma : Place::AfterElement;
}

void JsonFraming::end_block(Block& block, std::string_view text, std::size_t size, LineCounter& lines) {
  lines.move_to(size);
  block.lines = lines.lines_before();
  column_ = lines.column();
  // Where the block holds not one whole record it may be passed over, beginning behind all of it.
  if (size == 0) column_passed_over_ = column_behind(text, column_);
}

std::size_t JsonFraming::pass_over(std::string_view more) {
  const JsonWalk::Found found = walk_.go_on(more, 0, 0, true, record_max_bytes_);
  column_passed_over_ = column_behind(more.substr(0, found.at), column_passed_over_);
  if (found.stop == JsonWalk::Stop::More) return kGoesOn;
  settle(found);
  column_ = column_passed_over_;
  return found.at;
}

Status JsonFraming::state(bool at_end) const {
  if (!array_) return Done{};
  if (surplus_) {
    const bool before = place_ == Place::BeforeArray;
    return Error{.message = (before ? "expected `[` at byte " : "the JSON array ends, but the input goes on at byte ") +
                            std::to_string(surplus_at_),
                 .help = "where each line holds a document, the format is `json`"};
  }
  const bool closed = place_ == Place::AfterArray || place_ == Place::BeforeArray;
  if (at_end && !closed) return Error{.message = "the JSON array is cut short: its closing `]` is missing"};
  return Done{};
}

}  // namespace

std::unique_ptr<Framing> make_json_framing(Format format, std::uint32_t record_max_bytes) {
  return std::make_unique<JsonFraming>(format == Format::JsonArray, record_max_bytes);
}

}  // namespace weir
