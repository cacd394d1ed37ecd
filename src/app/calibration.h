// SPDX-License-Identifier: Apache-2.0
// From a replay to what to expect: alarms a day that nothing stands behind, and tolerances that would be quiet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/drift_replay.h"
#include "stats/poisson.h"

namespace weir {

/// So rare shall false alarms of a rule be.
inline constexpr double kDaysForOneAlarm = 30;

struct TestCalibration {
  std::string test;
  double tolerance = 0;                 // as it is now
  double worst = 0;                     // the largest effect seen
  std::uint64_t significant = 0;        // windows in which the change is more than chance
  std::optional<double> proposed = {};  // only where the one that is set is too small
};

struct RuleCalibration {
  const ReplayedRule* rule = nullptr;
  std::uint64_t windows = 0;
  std::uint64_t drifted = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t alarms = 0;
  double days = 0;        // of windows that were judged
  CountInterval per_day;  // 95 %, as alarms are few
  std::vector<TestCalibration> tests;

  [[nodiscard]] double alarms_per_day() const { return days > 0 ? static_cast<double>(alarms) / days : 0; }
};

struct Calibration {
  std::vector<RuleCalibration> rules;
  std::uint64_t alarms = 0;
  double days = 0;  // the longest of any rule
  double alarms_per_day = 0;
  CountInterval per_day;
};

/// Of a rule that compares with windows before: those of each series in which it is not known yet how dependent records are,
/// though later ones know. A stream that has run for a day is past that, and alarms in it that a replay would predict for ever.
void leave_out_beginning(ReplayedRule& rule);

[[nodiscard]] Calibration calibrate(const DriftReplay& replay);

[[nodiscard]] std::string calibration_table(const Calibration& calibration, const DriftReplay& replay);
/// `tolerance:` of the rules that would be too loud; empty where there is none.
[[nodiscard]] std::string proposed_yaml(const Calibration& calibration);
[[nodiscard]] std::string calibration_json(const Calibration& calibration, const DriftReplay& replay,
                                           std::string_view rules);

}  // namespace weir
