// SPDX-License-Identifier: Apache-2.0
// What a drift rule found in a window in which amounts were a hundred times what they were, for whoever shows it.
#pragma once

#include <memory>

#include "weir/window_verdict.h"

namespace weir::testing {

inline std::shared_ptr<const DriftVerdict> scaled_amounts(bool with_psi = true) {
  auto drift = std::make_shared<DriftVerdict>();
  drift->verdict = Verdict::Fail;
  drift->drifted = drift->firing = true;
  drift->drifted_of_last = 2;
  drift->summary = "amount: scaled by 100 (ks 0.62, tolerance 0.05)";
  drift->picked = "ks: numbers";
  DriftTestResult ks;
  ks.test = "ks";
  ks.outcome = Verdict::Fail;
  ks.measured.kind = DriftMeasured::Kind::Value;
  ks.measured.statistic = ks.measured.effect = 0.62;
  ks.measured.effect_low = 0.61;
  ks.measured.effect_high = 0.63;
  ks.measured.p_value = 1e-300;
  ks.tolerance = 0.05;
  ks.p_adjusted = 2e-300;
  drift->tests.push_back(ks);
  DriftTestResult psi;
  psi.test = "psi";
  psi.outcome = Verdict::Inconclusive;
  psi.measured.kind = DriftMeasured::Kind::TooFew;
  psi.measured.cause = "12 values, 30 are needed";
  psi.tolerance = 0.1;
  if (with_psi) drift->tests.push_back(psi);
  drift->findings.push_back(
      {.kind = DriftFindingKind::Scaled, .text = "scaled by 100", .effect = 0.62, .example = "", .count = 0});
  drift->picture.numbers = true;
  drift->picture.labels = {"0 to 10", "10 to <20>", "missing"};
  drift->picture.starts = {0, 10, 20, 30};
  drift->picture.reference = {0.75, 0.25, 0};
  drift->picture.current = {0.1, 0.2, 0.7};
  drift->reference_values = 10'000;
  drift->current_values = 980;
  drift->severity = 12.4;
  return drift;
}

}  // namespace weir::testing
