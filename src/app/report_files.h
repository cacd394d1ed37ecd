// SPDX-License-Identifier: Apache-2.0
// The reports of a run. Their files are opened before the first record is read, so that a wrong path is told at once and
// not after an hour, and get their names when they are whole.
#pragma once

#include <optional>
#include <vector>

#include "app/check_settings.h"
#include "files/pending_file.h"
#include "report/report.h"

namespace weir {

class ReportFiles {
 public:
  ReportFiles(const std::vector<ReportTarget>& targets, Surroundings& surroundings);

  /// Writes them all; every one that could not be written has had its line on stderr. False when there was one.
  bool write(const Report& report, const WriteOptions& options);

 private:
  struct Target {
    ReportTarget asked;
    std::optional<PendingFile> file;  // nothing for standard output, and for what could not be opened
  };
  bool write_one(Target& target, const Report& report, const WriteOptions& options);

  std::vector<Target> targets_;
  Surroundings& surroundings_;
  bool all_opened_ = true;
};

}  // namespace weir
