// SPDX-License-Identifier: Apache-2.0
// Cramer's V of side against value, less its bias in small samples (W. Bergsma 2013).
#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

OfGroups v_of(Counts reference, Counts current, double) {
  const double v = cramers_v(reference, current);
  return {.statistic = v, .effect = v, .p = 1};
}

DriftMeasured measure(const DriftInput& in) {
  return measure_groups(in, {.of = &v_of, .p = GroupTest::P::ChiSquare});
}

}  // namespace

const DriftSpec kCramersVDrift = {"cramers_v",
                                  "How strongly the value depends on the side that it comes from.",
                                  DriftScope::Categories,
                                  0.1,
                                  "bias-corrected Cramer's V, 0 to 1",
                                  &measure};

}  // namespace weir
