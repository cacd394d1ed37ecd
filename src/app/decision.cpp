// SPDX-License-Identifier: Apache-2.0
// The order matters: a history that was written cannot be taken back, so it comes last.
#include "app/decision.h"

#include <utility>

#include "app/command.h"
#include "app/telling.h"
#include "base/escape.h"

namespace weir {
namespace {

std::string file_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

Result<std::unique_ptr<StateFile>> open_state(const std::optional<std::string>& path, const std::string& rules_file,
                                              const Plan& plan, Surroundings& surroundings) {
  if (!path) return std::unique_ptr<StateFile>();
  Result<std::unique_ptr<StateFile>> state =
      StateFile::open(*path, {.stream = file_name(rules_file), .ruleset = plan.ruleset});
  if (state && (*state)->is_new()) {
    print(surroundings.err, "weir: `" + visible(*path) + "` is not there yet: this run begins a new history\n");
  }
  return state;
}

int refuse_state(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the history cannot be used, nothing was run");
}

bool keep_state(StateFile* state, const Report& report, bool all_written, Surroundings& surroundings) {
  if (state == nullptr) return true;
  const bool trusted = report.exit_code != ExitCode::kUnjudged && !report.halted;
  if (!trusted || !all_written) {
    print(surroundings.err, "weir: the history was left as it was\n");
    return true;
  }
  const Status written = state->commit();
  if (!written) tell(surroundings, written.error());
  return written.ok();
}

SummaryOut::SummaryOut(const std::optional<std::string>& path, Surroundings& surroundings)
    : surroundings_(surroundings) {
  if (!path) return;
  Result<PendingFile> file = PendingFile::open(*path);
  opened_ = file.ok();
  if (opened_) file_ = std::move(*file);
  if (!opened_) tell(surroundings_, file.error());
}

bool SummaryOut::write(std::string_view summary) {
  if (!file_) return opened_;
  if (summary.empty()) {
    print(surroundings_.err, "weir: no summary was written, as not every record was judged\n");
    return true;
  }
  Status written = file_->write(summary);
  if (written) written = file_->commit();
  if (!written) tell(surroundings_, written.error());
  return written.ok();
}

void print_faults(Surroundings& surroundings, const Report& report) {
  for (const InputReport& input : report.inputs) {
    if (!input.error.empty()) tell(surroundings, {.message = input.error});
  }
  for (const std::string& fault : report.faults) tell(surroundings, {.message = fault});
}

int decide(Surroundings& surroundings, Report report, bool all_written) {
  if (!all_written && report.exit_code != ExitCode::kUnjudged) {
    report.exit_code = ExitCode::kNotWritten;
    report.verdict = Verdict::Error;
  }
  print(surroundings.err, decision_line(report) + "\n");
  return report.exit_code;
}

}  // namespace weir
