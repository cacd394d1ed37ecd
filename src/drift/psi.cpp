// SPDX-License-Identifier: Apache-2.0
// Population stability index with half a count in each cell, and a p by its own law: psi / (1/n + 1/m) follows chi-square. The
// effect is the index less what it comes to without drift, so it lies at 0 however few records there are.
#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

OfGroups psi_of(Counts reference, Counts current, double design_effect) {
  const Psi found = psi(reference, current, design_effect);
  return {.statistic = found.value, .effect = found.corrected, .p = found.p};
}

DriftMeasured measure(const DriftInput& in) {
  return measure_groups(in, {.of = &psi_of, .p = GroupTest::P::Own, .regrouped = true});
}

}  // namespace

const DriftSpec kPsiDrift = {"psi", "How far shares of groups moved: the population stability index.", DriftScope::Any,
                             0.1,   "population stability index, less what it comes to without drift", &measure};

}  // namespace weir
