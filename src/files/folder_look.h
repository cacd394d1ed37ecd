// SPDX-License-Identifier: Apache-2.0
// What a folder is like for whoever wants to write into it, and what a state folder holds: looked at, never changed. Nothing
// is made, nothing is locked; a weir that runs there does not notice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/result.h"
#include "weir/time.h"

namespace weir {

struct FolderLook {
  bool exists = false;
  bool is_folder = false;
  std::string why_not_writable;  // empty: files can be made there; of a folder that is not there: that it could be made
  std::optional<std::uint64_t> bytes_free;
};

/// Of a folder that is not there yet, what the folder above it allows: weir makes one folder, not several.
[[nodiscard]] FolderLook look_at_folder(const std::string& path);

/// Why no file can be written under that name, with the remedy; nothing: it can. No file is made.
[[nodiscard]] std::optional<Error> why_no_file(const std::string& path);

struct StateLook {
  std::string used_by;              // "process 17 on host-a"; empty: nobody holds the lock
  bool has_state = false;           // there is a state.db
  std::optional<Error> unreadable;  // it makes no sense, or is of another program or version
  std::optional<Instant> saved_at;  // the last time that something was written
  struct Stream {
    std::string name;
    std::int64_t partitions = 0;
  };
  std::vector<Stream> streams;  // that have snapshots
};

[[nodiscard]] StateLook look_at_state(const std::string& path);

}  // namespace weir
