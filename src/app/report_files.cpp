// SPDX-License-Identifier: Apache-2.0
// Opens and writes the reports that were asked for.
#include "app/report_files.h"

#include <utility>

#include "app/rule_file.h"
#include "app/telling.h"

namespace weir {

ReportFiles::ReportFiles(const std::vector<ReportTarget>& targets, Surroundings& surroundings)
    : surroundings_(surroundings) {
  for (const ReportTarget& asked : targets) {
    Target target{.asked = asked, .file = std::nullopt};
    if (asked.path != "-") {
      Result<PendingFile> file = PendingFile::open(asked.path);
      if (!file) {
        tell(surroundings_, file.error());
        all_opened_ = false;
        continue;
      }
      target.file = std::move(*file);
    }
    targets_.push_back(std::move(target));
  }
}

bool ReportFiles::write(const Report& report, const WriteOptions& options) {
  bool all_written = all_opened_;
  for (Target& target : targets_) all_written = write_one(target, report, options) && all_written;
  return all_written;
}

bool ReportFiles::write_one(Target& target, const Report& report, const WriteOptions& options) {
  WriteOptions plain = options;
  plain.color = target.file ? false : options.color;
  const std::string text = target.asked.format->write(report, plain);
  Status written = Done{};
  if (target.file) {
    written = target.file->write(text);
    if (written) written = target.file->commit();
  } else {
    written = write_output(surroundings_, "-", text);
  }
  if (!written) tell(surroundings_, written.error());
  return written.ok();
}

}  // namespace weir
