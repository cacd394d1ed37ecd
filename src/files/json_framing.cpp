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

/// Numbers lines of a block: counts from where it stood.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  /// Line ends before text[at]; `at` never goes back.
  std::uint64_t before(std::size_t at) {
    lines_ += static_cast<std::uint64_t>(std::count(text_.data() + at_, text_.data() + at, '\n'));
    at_ = at;
    return lines_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
};

class JsonFraming final : public Framing {
 public:
  JsonFraming(bool array, std::uint32_t record_max_bytes)
      : array_(array), record_max_bytes_(record_max_bytes), walk_(array ? JsonWalk::Style::Element : JsonWalk::Style::Stream) {}

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
  std::size_t column_ = 0;               // of the first byte of the next block
  bool surplus_ = false;                 // something stands behind the array
  std::uint64_t surplus_at_ = 0;
};

std::size_t JsonFraming::frame(Block& block, bool at_end) {
  block.messages.items.clear();
  const std::string_view text(block.buffer.data(), block.size);
  LineCounter lines(text);
  std::size_t done = 0;
  while (!surplus_) {
    done = between(text, done, block, lines);
    if (done == text.size() || surplus_) break;
    const std::size_t newline = text.rfind('\n', done);
    walk_.begin(newline == std::string_view::npos ? column_ + done : done - newline - 1);
    const JsonWalk::Found found = walk_.go_on(text, done, done, false, record_max_bytes_);
    if (found.stop == JsonWalk::Stop::More && !at_end) break;
    const std::size_t end = text.find_last_not_of(kWhite, found.at - 1) + 1;
    add_message(block, done, end, lines.before(done) + 1, record_max_bytes_);
    settle(found);
    done = found.at;
  }
  end_block(block, text, done, lines);
  return surplus_ ? text.size() : done;
}

/// Passes over what stands between records: white space, and the brackets and commas of an array.
std::size_t JsonFraming::between(std::string_view text, std::size_t at, Block& block, LineCounter& lines) {
  const auto fault = [&] { add_message(block, at, at + 1, lines.before(at) + 1, record_max_bytes_); };
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
  block.lines = lines.before(size);
  const std::size_t newline = size == 0 ? std::string_view::npos : text.rfind('\n', size - 1);
  // Asked again for a longer text, the column must still be that of its first byte.
  if (size > 0) column_ = newline == std::string_view::npos ? column_ + size : size - newline - 1;
}

std::size_t JsonFraming::pass_over(std::string_view more) {
  const JsonWalk::Found found = walk_.go_on(more, 0, 0, true, record_max_bytes_);
  if (found.stop == JsonWalk::Stop::More) return kGoesOn;
  settle(found);
  const std::size_t newline = found.at == 0 ? std::string_view::npos : more.rfind('\n', found.at - 1);
  column_ = newline == std::string_view::npos ? 0 : found.at - newline - 1;
  return found.at;
}

Status JsonFraming::state(bool at_end) const {
  if (!array_) return Done{};
  if (surplus_) {
    const bool before = place_ == Place::BeforeArray;
    return Error{.message = (before ? "expected `[` at byte " : "the JSON array ends, but the input goes on at byte ") + std::to_string(surplus_at_),
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
