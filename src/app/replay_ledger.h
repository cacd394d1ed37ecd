// SPDX-License-Identifier: Apache-2.0
// Which records of a quarantine file were sent back: ids, one a line, in `FILE.replayed` beside it. A file that was rotated away,
// F.1, has the ledger of F: its records were F's when they were sent.
//
// No transaction holds a topic and a file. The ledger is synced after the transaction whose records it names: whoever is killed
// between the two sends those once more.
#pragma once

#include <memory>
#include <string>

#include "app/replay_choice.h"
#include "files/rotating_file.h"
#include "weir/result.h"

namespace weir {

class ReplayLedger {
 public:
  [[nodiscard]] static std::string path_of(const std::string& quarantine);
  /// What it holds goes to `choice`. One that is not there yet is empty.
  static Status read(const std::string& path, ReplayChoice& choice);

  /// To write: with a lock, so that a second command on the same file does not begin.
  static Result<std::unique_ptr<ReplayLedger>> open(const std::string& path);
  Status add(const std::string& id);
  Status sync() { return file_->sync(); }

 private:
  explicit ReplayLedger(std::unique_ptr<RotatingFile> file) : file_(std::move(file)) {}
  std::unique_ptr<RotatingFile> file_;
};

}  // namespace weir
