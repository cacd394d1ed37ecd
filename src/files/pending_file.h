// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all. It is written under a temporary name beside its target and takes the target's
// name when everything is on the disk; whatever goes wrong before that leaves the target as it was.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class PendingFile {
 public:
  /// Opens a temporary file beside `path`. A path that is no regular file (/dev/stdout, a pipe) is written directly, as there is
  /// nothing to replace; a symbolic link is followed, and the file that it names is replaced.
  static Result<PendingFile> open(const std::string& path);

  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&& other) noexcept;
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  /// Without a commit() the temporary file goes and the target stays as it was.
  ~PendingFile();

  /// Adds bytes, buffered. After an error every later call gives the same error.
  Status write(std::string_view bytes);
  /// Writes what is buffered, waits for the disk and gives the file its name. Nothing may follow it.
  Status commit();

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  PendingFile() = default;
  Status flush();
  Error fail(const char* what, int reason);
  void abandon() noexcept;

  std::string path_;       // as it was given, for messages
  std::string target_;     // behind symbolic links
  std::string temporary_;  // empty: written directly
  std::string buffer_;
  std::string failure_;  // message of the first error
  std::uint64_t bytes_ = 0;
  int descriptor_ = -1;
};

/// open, write, commit.
Status write_file(const std::string& path, std::string_view bytes);

}  // namespace weir
