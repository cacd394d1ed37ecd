// SPDX-License-Identifier: Apache-2.0
// How much of the spread lies beside the few directions that hold most of it: records that no longer keep to the ways in
// which fields went together. From means and products alone; no row is kept.
#include <cmath>
#include <utility>

#include "drift/joint.h"
#include "drift/specs.h"

namespace weir {

namespace {

DriftMeasured measure(const DriftInput& in) {
  if (std::optional<DriftMeasured> few = too_few_rows(in)) return *std::move(few);
  const Scatter a = scatter_of(*in.joint_reference);
  const Scatter b = scatter_of(*in.joint_current);
  const PcaError found = pca_error(a, b, in.design_effect);
  if (!found.known) return not_applicable("fewer than two of the fields vary, or their numbers are too large");
  DriftMeasured out;
  set_joint(out, found.current, std::abs(found.effect), found.p, in.design_effect > 1 ? pca_error(a, b, 1).p : found.p);
  return out;
}

}  // namespace

const DriftSpec kPcaDrift = {
    "pca", "Whether records keep to the directions in which the fields vary most.", DriftScope::SeveralFields,
    0.1,   "error of the principal components, current over reference, less 1",     &measure};

}  // namespace weir
