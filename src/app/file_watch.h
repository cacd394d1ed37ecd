// SPDX-License-Identifier: Apache-2.0
// Notices that files change: by inotify on their folders, because editors and Kubernetes do not write into a file but put
// another in its place, the latter by turning the link `..data` around.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "weir/result.h"

namespace weir {

class FileWatch {
 public:
  /// Watches nothing yet. An error where the system has no more watches to give.
  static Result<FileWatch> make();
  FileWatch(FileWatch&& other) noexcept;
  FileWatch& operator=(FileWatch&&) = delete;
  ~FileWatch();

  /// From now on these files, and no others. A folder that cannot be watched is named in the error; the rest is.
  Status watch(const std::vector<std::string>& files);
  /// Readable when something happened in one of the folders.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Takes what happened; true when it may concern one of the files.
  bool take_changes();

 private:
  explicit FileWatch(int descriptor) : descriptor_(descriptor) {}
  bool concerns(int folder, const std::string& name) const;

  int descriptor_ = -1;
  std::map<int, std::set<std::string>> names_;  // by watched folder
};

}  // namespace weir
