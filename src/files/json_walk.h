// SPDX-License-Identifier: Apache-2.0
// Follows the structure of JSON text byte by byte, only as far as is needed to tell where a document ends: strings, escapes,
// nesting. It judges nothing, that is the decoder's business, but it notices where broken text gives way to a new record.
//
// Two rules keep a fault from spreading. A string ends with its line, because no string may hold a line end. And a `{` or `[`
// that cannot stand where it is (after a value, or where a key is due) begins a new record when it is the first thing on its
// line and indented no deeper than the record itself, or when the record is beyond the limit anyway. Neither can fire in
// a valid document, however it is laid out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

class JsonWalk {
 public:
  enum class Style : std::uint8_t { Stream, Element };
  enum class Stop : std::uint8_t {
    More,       // the text ended first
    End,        // the document ended
    NewRecord,  // the document is broken; another one begins here
  };
  struct Found {
    Stop stop = Stop::More;
    std::size_t at = 0;
  };

  explicit JsonWalk(Style style) : style_(style) {}

  /// Begins a document at text[at], whose first byte is no white space. `column` is the byte's place on its line.
  void begin(std::size_t column) { *this = JsonWalk(style_, column); }
  /// Goes on from text[at] to the end of the document. The document begins at text[from], or before this text when `too_long`.
  Found go_on(std::string_view text, std::size_t at, std::size_t from, bool too_long, std::size_t limit);

 private:
  JsonWalk(Style style, std::size_t column) : style_(style), column_(column) {}
  void open(char bracket);
  bool close(char bracket);
  [[nodiscard]] bool misplaced() const noexcept;
  bool walk_string(std::string_view text, std::size_t& at);

  Style style_;
  bool in_string_ = false;
  bool escaped_ = false;
  bool deep_ = false;  // was deeper than the bits below remember: then nothing counts as misplaced
  char last_ = 0;      // `{` `[` `,` `:`, `v` for the end of a value, 0 at the beginning
  std::uint32_t depth_ = 0;
  std::uint64_t objects_ = 0;  // lowest bit: the innermost container is an object
  std::size_t column_ = 0;
};

}  // namespace weir
