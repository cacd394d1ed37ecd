// SPDX-License-Identifier: Apache-2.0
// A file of lines that grows, is synced, and is put aside when it is full: F, then F.1, F.2, …, the oldest removed.
//
// Lines wait in memory until sync(): they are written and synced at once, so that many lines cost one sync, and a line counts
// only then. Whatever goes wrong before (no space, a disk that fails to sync), the lines stay in memory and are written
// again at the same place, so none is lost and none is there twice or in part. What a process that died left of an
// unfinished line is cut off at open(). The lines that wait are bounded: append() says no until a sync() succeeds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class RotatingFile {
 public:
  struct Options {
    std::uint64_t max_bytes = std::uint64_t{100} << 20;  // of a file; a longer line has one of its own; 0: no limit
    unsigned files = 10;                                 // with the one that is written
    std::uint64_t most_waiting = std::uint64_t{4} << 20;
  };

  /// Opens or creates it, takes the lock that keeps a second process away, cuts off an unfinished line.
  static Result<std::unique_ptr<RotatingFile>> open(const std::string& path, const Options& options);
  ~RotatingFile();
  RotatingFile(const RotatingFile&) = delete;
  RotatingFile& operator=(const RotatingFile&) = delete;

  /// Takes a line that ends with a line end. False: there is no room; try again after a sync().
  bool append(std::string_view line);
  /// Everything that was appended is on the disk when it succeeds.
  Status sync();

  [[nodiscard]] std::uint64_t appended() const noexcept { return appended_; }  // lines
  [[nodiscard]] std::uint64_t durable() const noexcept { return durable_; }    // lines, the first of them
  [[nodiscard]] std::uint64_t cut_bytes() const noexcept { return cut_bytes_; }
  /// Files that were removed because there were too many.
  [[nodiscard]] std::uint64_t removed() const noexcept { return removed_; }
  /// Why the last rotation failed, or empty; the file grows on meanwhile.
  [[nodiscard]] const std::string& rotation_fault() const noexcept { return rotation_fault_; }

 private:
  RotatingFile(std::string path, const Options& options);
  Status open_file();
  Status cut_unfinished_line();
  Status follow();
  Status write_waiting();
  Status rotate();
  [[nodiscard]] std::string name_of(unsigned number) const;

  std::string path_;
  Options options_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;   // of the file up to which it is synced
  std::string waiting_;      // what comes behind it
  std::size_t written_ = 0;  // of that, not synced
  std::uint64_t appended_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t cut_bytes_ = 0;
  std::uint64_t removed_ = 0;
  bool may_rotate_ = true;  // false: it failed, and nothing was synced since
  std::string rotation_fault_;
};

}  // namespace weir
