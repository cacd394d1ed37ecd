// SPDX-License-Identifier: Apache-2.0
// How far the means of several fields moved together, in the spread of the reference: a move against the grain counts for
// more than one along it.
#include <utility>

#include "drift/joint.h"
#include "drift/specs.h"

namespace weir {

namespace {

DriftMeasured measure(const DriftInput& in) {
  if (std::optional<DriftMeasured> few = too_few_rows(in)) return *std::move(few);
  const Scatter a = scatter_of(*in.joint_reference);
  const Scatter b = scatter_of(*in.joint_current);
  const MeansDistance found = mahalanobis(a, b, in.design_effect);
  if (!found.known) return not_applicable("none of the fields varies in the reference, or their numbers are too large");
  DriftMeasured out;
  set_joint(out, found.t_squared, found.distance, found.p, in.design_effect > 1 ? mahalanobis(a, b, 1).p : found.p);
  return out;
}

}  // namespace

const DriftSpec kMahalanobisDrift = {
    "mahalanobis", "How far the means of several fields moved together.", DriftScope::SeveralFields,
    0.2,           "distance of the means in spreads of the reference",   &measure};

}  // namespace weir
