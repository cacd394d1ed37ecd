// SPDX-License-Identifier: Apache-2.0
// --quarantine and --clean of a run: opened before the first record, fed with every step, given their names only when every
// record was judged. What goes wrong with them is told once and does not stop the judging.
#pragma once

#include <memory>
#include <string>

#include "app/check_settings.h"
#include "files/record_writer.h"

namespace weir {

class RecordFiles {
 public:
  RecordFiles(const CheckSettings& settings, const Plan& plan, Surroundings& surroundings);

  /// Whether the engine has to say which records fail and why.
  [[nodiscard]] bool wanted() const noexcept { return sink_ != nullptr; }
  void begin_input(const std::string& path, Format format);
  void add(const Messages& messages, const Outcome& outcome);
  /// False when a file that was asked for could not be written.
  bool finish(bool read_everything);

 private:
  void keep_first_fault(const Status& status);

  Surroundings& surroundings_;
  std::unique_ptr<RecordSink> sink_;  // null when nothing was asked for, and after a fault
  bool written_ = true;
};

}  // namespace weir
