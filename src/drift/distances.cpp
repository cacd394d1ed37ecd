// SPDX-License-Identifier: Apache-2.0
// Distances of two distributions over the same groups. None of them has a law that is of use, so a chi-square test of the same
// groups says whether they are more than chance.
#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

template <double (*kDistance)(Counts, Counts)>
OfGroups distance_of(Counts reference, Counts current, double) {
  const double distance = kDistance(reference, current);
  return {.statistic = distance, .effect = distance, .p = 1};
}

template <double (*kDistance)(Counts, Counts)>
DriftMeasured measure(const DriftInput& in) {
  return measure_groups(in, {.of = &distance_of<kDistance>, .p = GroupTest::P::Borrowed});
}

}  // namespace

const DriftSpec kJsDrift = {"js",
                            "How well a record tells which side it comes from: the Jensen-Shannon distance.",
                            DriftScope::Any,
                            0.1,
                            "Jensen-Shannon distance, 0 to 1",
                            &measure<jensen_shannon>};

const DriftSpec kTvDrift = {"tv",
                            "What share of the records would have to change: the total variation.",
                            DriftScope::Any,
                            0.05,
                            "half the sum of the differences of shares, 0 to 1",
                            &measure<total_variation>};

const DriftSpec kLInfDrift = {"l_inf", "How far the share moved that moved most.", DriftScope::Any,
                              0.05,    "largest difference of a share, 0 to 1",    &measure<l_infinity>};

const DriftSpec kHellingerDrift = {"hellinger",
                                   "How far shares moved, small ones weighed up: the Hellinger distance.",
                                   DriftScope::Any,
                                   0.1,
                                   "Hellinger distance, 0 to 1",
                                   &measure<hellinger>};

}  // namespace weir
