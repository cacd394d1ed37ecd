// SPDX-License-Identifier: Apache-2.0
// One run of `weir check`: everything that lives from the first record to the decision.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/check_settings.h"
#include "app/progress.h"
#include "app/record_files.h"
#include "files/shelf_file.h"
#include "files/state_file.h"
#include "weir/engine.h"

namespace weir {

class CheckRun {
 public:
  /// `state` may be null.
  CheckRun(const CheckSettings& settings, std::shared_ptr<const Plan> plan, RecordFiles& records, StateFile* state,
           Surroundings& surroundings);

  /// Judges the records of every input; the windows are still open then.
  void judge();
  [[nodiscard]] bool read_everything() const;
  /// Whether every record was read and judged: otherwise windows would be judged on a part of them.
  [[nodiscard]] bool is_whole() const { return read_everything() && !outcome_.halted; }
  /// Judges the windows.
  void finish();
  [[nodiscard]] Report report(double seconds);

  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] std::vector<InputReport> inputs() const;
  /// What ordered checks had to give up at their bound: a rule that looked less far than it was written says so.
  [[nodiscard]] std::vector<std::string> forgotten_keys();

 private:
  void judge_others();
  void judge_inputs();
  Status judge_file(InputReport& input, std::uint32_t index);
  void judge_topic();
  [[nodiscard]] std::vector<std::string> faults() const;

  const CheckSettings& settings_;
  std::shared_ptr<const Plan> plan_;
  RecordFiles& records_;
  StateFile* state_;
  Instant now_;
  ShelfFile shelf_;
  Engine engine_;
  ProgressLine progress_;
  Outcome outcome_;
  std::vector<InputReport> inputs_;
  std::vector<InputReport> others_;
  std::vector<std::string> schema_changes_;  // of the topic, in words
};

/// Where panes go that lie still: TMPDIR, or /tmp.
[[nodiscard]] std::string shelf_folder(const Surroundings& surroundings);
/// What makes a run's windows wrong: values of the history that could not be read, panes that could not be kept.
[[nodiscard]] std::vector<std::string> window_faults(const ShelfFile& shelf, const StateFile* state);

}  // namespace weir
