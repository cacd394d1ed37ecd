// SPDX-License-Identifier: Apache-2.0
// How a run that judged ends, the same for `weir check` and `weir merge`: the history is kept or left as it was, the summary
// is written or not, and the last line names the exit code.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/surroundings.h"
#include "files/pending_file.h"
#include "files/state_file.h"
#include "report/report.h"
#include "weir/plan.h"

namespace weir {

/// The history of --state, or null without one; a new one is announced. Its stream is the name of the rule file.
Result<std::unique_ptr<StateFile>> open_state(const std::optional<std::string>& path, const std::string& rules_file,
                                              const Plan& plan, Surroundings& surroundings);
/// Nothing was judged: exit code 3.
int refuse_state(Surroundings& surroundings, const Error& error);
/// Writes what the run added, unless the run cannot be trusted, ended early, or is to be repeated for an output that could
/// not be written. False when it could not be written.
bool keep_state(StateFile* state, const Report& report, bool all_written, Surroundings& surroundings);

/// The file of --summary-out, opened before the first record so that a wrong path is told at once.
class SummaryOut {
 public:
  SummaryOut(const std::optional<std::string>& path, Surroundings& surroundings);
  /// An empty summary is that of a run which was not whole: nothing is written then. False when it could not be written.
  bool write(std::string_view summary);

 private:
  Surroundings& surroundings_;
  std::optional<PendingFile> file_;
  bool opened_ = true;
};

/// Everything wrong with the inputs and the run, one line each, for --quiet: the table tells it otherwise.
void print_faults(Surroundings& surroundings, const Report& report);

/// The last line, and the exit code that it names. What could not be read (3) weighs more than what could not be written.
int decide(Surroundings& surroundings, Report report, bool all_written);

}  // namespace weir
