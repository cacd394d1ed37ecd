// SPDX-License-Identifier: Apache-2.0
// Where records begin and end in the bytes of an input: one file a format.
//
// What cannot be cut properly is never dropped and never ends the run: it becomes a message that the decoder finds
// undecodable, and the next record is looked for behind it. Where records lie does not depend on the size of the blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "files/source.h"

namespace weir {

class Framing {
 public:
  static constexpr std::size_t kGoesOn = std::string_view::npos;
  /// Bytes beyond the record limit that must be seen before a record is known to be too long: a line ending, or the byte
  /// behind a closing quote.
  static constexpr std::size_t kLookAhead = 4;

  virtual ~Framing() = default;

  /// How much of buffer[0, size) is done with: everything up to the first record that is not whole, all of it `at_end`. The
  /// block begins where the last call stopped. Formats whose records cannot be found without a walk over every byte add
  /// the messages here; the others leave it to cut().
  virtual std::size_t frame(Block& block, bool at_end) = 0;
  /// The record that frame() left at the very beginning of the block is too long. It goes on in `more`, behind the block:
  /// where it ends there, or kGoesOn.
  virtual std::size_t pass_over(std::string_view more) = 0;
  /// Finds the messages of a block that frame() has left alone. Any thread.
  virtual void cut(Block&) const {}
  /// What is wrong with the input as a whole; asked when the blocks before the fault are out and at the end.
  [[nodiscard]] virtual Status state(bool /*at_end*/) const { return Done{}; }
};

/// One document a line.
std::unique_ptr<Framing> make_line_framing(std::uint32_t record_max_bytes);
/// One array whose elements are the records, or documents one after another.
std::unique_ptr<Framing> make_json_framing(Format format, std::uint32_t record_max_bytes);
/// RFC 4180. The first record is the header; it is no message and stands in Messages::header.
std::unique_ptr<Framing> make_csv_framing(char separator, std::uint32_t record_max_bytes, std::string header);

/// Protobuf messages, each behind its length.
std::unique_ptr<Framing> make_protobuf_framing(std::uint32_t record_max_bytes);

/// Where the CSV record at the beginning of `text` ends. Quoted line ends belong to it, as long as the quote is closed properly
/// within the limit; else the record ends with the line of the stray quote, so that one quote never swallows a file.
struct CsvRecordEnd {
  bool known = false;    // false: more text is needed
  std::size_t size = 0;  // of the record without its line ending
  std::size_t next = 0;  // where the next one begins
};
[[nodiscard]] CsvRecordEnd find_csv_record_end(std::string_view text, char separator, std::uint32_t record_max_bytes,
                                               bool at_end);

/// Adds the record buffer[begin, end) to the block; one longer than the limit keeps its beginning.
void add_message(Block& block, std::size_t begin, std::size_t end, std::uint64_t line, std::uint32_t record_max_bytes);

}  // namespace weir
