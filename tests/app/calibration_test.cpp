// SPDX-License-Identifier: Apache-2.0
// From replayed windows to alarms a day and to tolerances.
#include "app/calibration.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <chrono>

namespace weir {
namespace {

using Catch::Approx;

/// A rule with a window for each effect, all of them significant; the engine's own verdicts follow from `tolerance`.
ReplayedRule rule_of(const std::vector<double>& effects, double tolerance, std::uint32_t fire = 1,
                     std::uint32_t of = 1) {
  ReplayedRule rule;
  rule.id = "drift.amount";
  rule.paths = {"amount"};
  rule.every = std::chrono::hours(1);
  rule.fire = fire;
  rule.of = of;
  rule.clear = 1;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const bool drifted = effects[i] > tolerance;
    rule.windows.push_back(
        {.series = 0,
         .start = Instant(std::chrono::hours(i)),
         .drifted = drifted,
         .firing = drifted,
         .inconclusive = false,
         .tests = {{.test = "ks", .effect = effects[i], .tolerance = tolerance, .significant = true}}});
  }
  return rule;
}

TEST_CASE("Alarms are counted when they begin, by the days that were judged") {
  DriftReplay replay;
  std::vector<double> effects(48, 0.01);
  effects[10] = effects[11] = 0.2;  // one alarm of two windows
  effects[30] = 0.3;
  replay.rules.push_back(rule_of(effects, 0.05));
  const Calibration calibration = calibrate(replay);
  CHECK(calibration.rules[0].alarms == 2);
  CHECK(calibration.rules[0].drifted == 3);
  CHECK(calibration.rules[0].days == Approx(2));
  CHECK(calibration.alarms_per_day == Approx(1));
  CHECK(calibration.per_day.low == Approx(poisson_interval(2).low / 2));
  CHECK(calibration.per_day.high == Approx(poisson_interval(2).high / 2));
}

TEST_CASE("The tolerance proposed would have been quiet, and the next smaller one would not") {
  DriftReplay replay;
  std::vector<double> effects(48, 0.01);
  effects[5] = 0.0712;
  effects[30] = 0.113;
  replay.rules.push_back(rule_of(effects, 0.05));
  const Calibration calibration = calibrate(replay);
  REQUIRE(calibration.rules[0].tests.size() == 1);
  const TestCalibration& test = calibration.rules[0].tests[0];
  CHECK(test.worst == 0.113);
  REQUIRE(test.proposed);
  CHECK(*test.proposed == Approx(0.12));  // two digits, rounded up
  CHECK(proposed_yaml(calibration).find("tolerance: {ks: 0.12}") != std::string::npos);
}

TEST_CASE("Lone windows do not count against a rule that wants two of three") {
  DriftReplay replay;
  std::vector<double> effects(48, 0.01);
  effects[5] = 0.3;
  effects[30] = effects[31] = 0.08;
  ReplayedRule rule = rule_of(effects, 0.05, 2, 3);
  for (ReplayedWindow& window : rule.windows) window.firing = false;
  replay.rules.push_back(rule);
  const Calibration calibration = calibrate(replay);
  REQUIRE(calibration.rules[0].tests[0].proposed);
  CHECK(*calibration.rules[0].tests[0].proposed == Approx(0.08));
}

TEST_CASE("What is quiet as it is gets no proposal") {
  DriftReplay replay;
  replay.rules.push_back(rule_of(std::vector<double>(48, 0.04), 0.05));
  const Calibration calibration = calibrate(replay);
  CHECK(!calibration.rules[0].tests[0].proposed);
  CHECK(proposed_yaml(calibration).empty());
  CHECK(calibration.per_day.high == Approx(poisson_interval(0).high / 2));
}

TEST_CASE("A change that is only chance needs no tolerance") {
  DriftReplay replay;
  ReplayedRule rule = rule_of(std::vector<double>(48, 0.4), 0.05);
  for (ReplayedWindow& window : rule.windows) {
    window.drifted = window.firing = false;
    window.tests[0].significant = false;
  }
  replay.rules.push_back(rule);
  CHECK(!calibrate(replay).rules[0].tests[0].proposed);
}

TEST_CASE("Series are counted apart: an alarm in each of two segments is two alarms in the same time") {
  DriftReplay replay;
  ReplayedRule rule = rule_of({0.01, 0.2, 0.01}, 0.05);
  const ReplayedRule other = rule_of({0.2, 0.01, 0.01}, 0.05);
  for (ReplayedWindow window : other.windows) {
    window.series = 1;
    rule.windows.push_back(window);
  }
  replay.rules.push_back(rule);
  const Calibration calibration = calibrate(replay);
  CHECK(calibration.rules[0].alarms == 2);
  CHECK(calibration.rules[0].days == Approx(3.0 / 24));
}

}  // namespace
}  // namespace weir
