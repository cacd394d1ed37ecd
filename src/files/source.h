// SPDX-License-Identifier: Apache-2.0
// A file, a pipe or standard input as a source: decompressed, in blocks that end between records, so that memory stays
// flat whatever the file's length and several threads can each take a block.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weir/messages.h"
#include "weir/plan.h"
#include "weir/result.h"

namespace weir {

/// A stretch of input that holds whole records only (or the beginning of one that is too long).
struct Block {
  std::string buffer;        // the bytes, a zero byte, then more: at least Messages::kPadding that may be read
  std::size_t size = 0;      // bytes that belong to the input
  std::uint64_t offset = 0;  // of the first byte, in the decompressed input
  std::uint64_t lines = 0;   // lines that end in the block; set by cut()
  bool truncated = false;    // the block is the beginning of one record longer than the limit; the rest was passed over
  std::uint64_t lines_passed_over = 0;  // line ends in that rest
  Messages messages;                    // views into buffer; set by cut()
  std::shared_ptr<ColumnRows> rows;     // of a file that is laid out in columns; messages.columns points to it
};

struct FileOptions {
  Format format = Format::Auto;          // Auto: by the name's ending, then by the first bytes
  std::size_t block_bytes = 256 * 1024;  // stays in cache; a block grows up to the record limit when it must
  std::uint32_t record_max_bytes = 1U << 20;
  /// Of files that are laid out in columns only what this plan's fields name is read, unless whole rows are wanted. Null: all.
  const Plan* plan = nullptr;
  bool whole_rows = false;  // for sinks, which write records with all of their fields
};

class FileSource {
 public:
  virtual ~FileSource() = default;
  /// Opens `path` ("-" is standard input). gzip and zstd are known by their first bytes, also when members follow each other.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path, const FileOptions& options);

  /// Reads the next block into `block`, keeping its memory. False at the end. An error is a fault of the input as a whole
  /// (read error, compressed data cut short).
  virtual Result<bool> next(Block& block) = 0;
  /// Finds the messages of a block. Const and safe to call from any thread while next() runs in another. A block may hold
  /// none. Messages may be counted once cut() was called, also in formats whose records next() has found on its way.
  virtual void cut(Block& block) const = 0;
  /// Never Auto: what the input turned out to be. Known after open().
  [[nodiscard]] virtual Format format() const = 0;
  /// Bytes of the file read so far, and its size (0 when unknown), for progress.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
  [[nodiscard]] virtual std::uint64_t bytes_total() const = 0;
};

}  // namespace weir
