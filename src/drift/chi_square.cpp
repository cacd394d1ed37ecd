// SPDX-License-Identifier: Apache-2.0
// Homogeneity of two samples of categories on the union of both, never goodness of fit: a value that the reference lacks has a
// finite statistic. Rare groups are put together until the law holds. Significance says nothing about size, so the effect
// is the population stability index over the same groups.
#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

OfGroups chi_square_of(Counts reference, Counts current, double design_effect) {
  const ChiSquare found = chi_square(reference, current, design_effect);
  return {.statistic = found.statistic, .effect = psi(reference, current, design_effect).corrected, .p = found.p};
}

DriftMeasured measure(const DriftInput& in) {
  DriftMeasured out = measure_groups(in, {.of = &chi_square_of, .p = GroupTest::P::Own, .regrouped = true});
  if (!out.computed) return out;
  // Shown is the table as it is, as every statistics package has it; it is decided by the groups that the law holds for.
  const Groups& groups = in.sides->groups();
  const ChiSquare shown = chi_square(groups.reference, groups.current, in.design_effect);
  out.statistic = shown.statistic;
  out.p_value = shown.p;
  return out;
}

}  // namespace

const DriftSpec kChiSquareDrift = {
    "chi_square",
    "Whether values have the same shares on both sides.",
    DriftScope::Categories,
    0.1,
    "population stability index over the same groups, less what it comes to without drift",
    &measure};

}  // namespace weir
