// SPDX-License-Identifier: Apache-2.0
// Files to read from and what was read, for the tests of sources and sinks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/source.h"

namespace weir::testing {

/// A folder that goes when the test is over.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(std::string_view name) const { return root_ + "/" + std::string(name); }
  /// Writes a file, compressed when its name ends in .gz or .zst, and gives its path.
  std::string write(std::string_view name, std::string_view content) const;
  std::string write_raw(std::string_view name, std::string_view bytes) const;

 private:
  std::string root_;
};

[[nodiscard]] std::string read_file(const std::string& path);

struct Record {
  std::string bytes;
  std::uint64_t line = 0;  // within the input
  std::uint64_t offset = 0;
  bool whole = true;

  bool operator==(const Record&) const = default;
};

struct Reading {
  Format format = Format::Auto;
  std::vector<Record> records;
  std::uint64_t lines = 0;
  std::string header;
  std::string error;  // of open() or next(), empty when all was read
  std::string help;
  std::size_t largest_buffer = 0;
};

/// Opens, reads to the end or to the first error.
[[nodiscard]] Reading read_all(const std::string& path, const FileOptions& options = {});
[[nodiscard]] std::vector<std::string> bytes_of(const Reading& reading);

}  // namespace weir::testing
