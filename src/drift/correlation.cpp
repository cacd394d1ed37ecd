// SPDX-License-Identifier: Apache-2.0
// The pair of fields whose correlation changed most.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "drift/joint.h"
#include "drift/specs.h"

namespace weir {

Scatter scatter_of(const JointProfile& profile) {
  return {
      .n = static_cast<double>(profile.rows), .means = profile.means, .comoments = profile.comoments, .m4 = profile.m4};
}

std::optional<DriftMeasured> too_few_rows(const DriftInput& in) {
  if (in.joint_reference == nullptr || in.joint_current == nullptr) {
    return not_applicable("it compares several fields together");
  }
  const JointProfile& a = *in.joint_reference;
  const JointProfile& b = *in.joint_current;
  if (a.means.size() != b.means.size() || a.comoments.size() != a.means.size() * a.means.size() ||
      b.comoments.size() != a.comoments.size() || a.means.size() < 2) {
    return not_applicable("the two sides have different fields");
  }
  const std::uint64_t least = std::max<std::uint64_t>(in.least, 5 * a.means.size());
  if (a.rows >= least && b.rows >= least) return std::nullopt;
  DriftMeasured out;
  out.kind = DriftMeasured::Kind::TooFew;
  out.cause = with_commas(std::min(a.rows, b.rows)) + " records in which all fields are numbers" +
              (b.rows < least ? "" : " in the reference") + ", " + with_commas(least) + " are needed";
  return out;
}

void set_joint(DriftMeasured& out, double statistic, double effect, double p, double independent) {
  out.kind = DriftMeasured::Kind::Value;
  out.computed = true;
  out.statistic = statistic;
  out.effect = out.effect_low = out.effect_high = effect;
  set_p(out, p, independent);
}

namespace {

DriftMeasured measure(const DriftInput& in) {
  if (std::optional<DriftMeasured> few = too_few_rows(in)) return *std::move(few);
  const Scatter a = scatter_of(*in.joint_reference);
  const Scatter b = scatter_of(*in.joint_current);
  const CorrelationChange found = correlation_change(a, b, in.design_effect);
  if (!found.known) return not_applicable("no two of the fields vary on both sides");
  DriftMeasured out;
  set_joint(out, found.current, found.change < 0 ? -found.change : found.change, found.p,
            in.design_effect > 1 ? correlation_change(a, b, 1).p : found.p);
  return out;
}

}  // namespace

const DriftSpec kCorrelationDrift = {"correlation",
                                     "Whether a correlation of two of the fields changed.",
                                     DriftScope::SeveralFields,
                                     0.1,
                                     "largest change of a correlation, 0 to 2",
                                     &measure};

}  // namespace weir
