// SPDX-License-Identifier: Apache-2.0
// NDJSON: a record is a line. This is the hot path of `weir check`: next() looks for one line end a block, the rest is done
// by cut() in the worker's thread.
#include <algorithm>
#include <cstring>

#include "files/framing.h"

namespace weir {

namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

class LineFraming final : public Framing {
 public:
  explicit LineFraming(std::uint32_t record_max_bytes) : record_max_bytes_(record_max_bytes) {}

  std::size_t frame(Block& block, bool at_end) override {
    const std::string_view text(block.buffer.data(), block.size);
    if (at_end) return text.size();
    const std::size_t last = text.rfind('\n');
    return last == std::string_view::npos ? 0 : last + 1;
  }

  std::size_t pass_over(std::string_view more) override {
    const std::size_t end = more.find('\n');
    return end == std::string_view::npos ? kGoesOn : end + 1;
  }

  void cut(Block& block) const override;

 private:
  std::uint32_t record_max_bytes_;
};

void LineFraming::cut(Block& block) const {
  Messages& messages = block.messages;
  messages.items.clear();
  const std::string_view text(block.buffer.data(), block.size);
  const char* const base = text.data();
  const char* const end = base + text.size();
  std::uint64_t line = 0;
  bool all_whole = !block.truncated;
  for (const char* at = base; at < end;) {
    const auto* const newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const char* const stop = newline == nullptr ? end : newline;
    ++line;
    auto size = static_cast<std::size_t>(stop - at);
    if (newline != nullptr && size > 0 && stop[-1] == '\r') --size;
    const bool whole = size <= record_max_bytes_ && !block.truncated;
    if (!whole) {
      size = std::min<std::size_t>(size, record_max_bytes_);
      all_whole = false;
    }
    // A first byte above the space settles nearly every line.
    const bool blank = size == 0 || (*at <= ' ' && whole && is_blank({at, size}));
    if (!blank) {
      messages.items.push_back({.bytes = {at, size},
                                .line = line,
                                .offset = block.offset + static_cast<std::uint64_t>(at - base),
                                .whole = whole});
    }
    if (newline == nullptr) --line;
    at = stop + 1;
  }
  block.lines = line + block.lines_passed_over;
  messages.stretch = text;
  messages.block = all_whole ? text : std::string_view();
}

}  // namespace

std::unique_ptr<Framing> make_line_framing(std::uint32_t record_max_bytes) {
  return std::make_unique<LineFraming>(record_max_bytes);
}

void add_message(Block& block, std::size_t begin, std::size_t end, std::uint64_t line, std::uint32_t record_max_bytes) {
  const std::size_t size = std::min<std::size_t>(end - begin, record_max_bytes);
  const bool whole = size == end - begin;
  block.messages.items.push_back(
      {.bytes = {block.buffer.data() + begin, size}, .line = line, .offset = block.offset + begin, .whole = whole});
}

}  // namespace weir
