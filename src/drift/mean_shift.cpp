// SPDX-License-Identifier: Apache-2.0
// Welch's t: whether the means differ. Moments are exact however large the window, so nothing limits the resolution.
#include <algorithm>
#include <cmath>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/samples.h"

namespace weir {

namespace {

double variance_of(const Profile& profile) {
  return profile.finite > 1 ? std::max(0.0, profile.m2) / static_cast<double>(profile.finite - 1) : 0;
}

DriftMeasured measure(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  if (a.finite > 1 && b.finite > 1) {
    const double shift = b.mean - a.mean;
    const double spread = spread_of_reference(in);
    out.effect = out.effect_low = out.effect_high = std::abs(shift) / spread;
    const double variance_a = variance_of(a);
    const double variance_b = variance_of(b);
    if (variance_a <= 0 && variance_b <= 0) {
      // Two constants: t has no value, and how likely one is to draw n of the one and m of the other has.
      out.statistic = 0;
      const bool same = shift == 0;
      const auto p = [&](double effect) { return same ? 1 : ks_tail(1, effective_size(a.finite, b.finite, effect)); };
      set_p(out, p(in.design_effect), p(1));
    } else {
      const auto test = [&](double effect) {
        const double by = std::max(1.0, effect);
        return welch(a.mean, variance_a, static_cast<double>(a.finite) / by, b.mean, variance_b,
                     static_cast<double>(b.finite) / by);
      };
      const WelchResult found = test(in.design_effect);
      out.statistic = found.t;
      set_p(out, found.p, in.design_effect > 1 ? test(1).p : found.p);
    }
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.finite, b.finite, in);
  return out;
}

}  // namespace

const DriftSpec kMeanShiftDrift = {"mean_shift",
                                   "Whether the mean of a number moved.",
                                   DriftScope::Numbers,
                                   0.1,
                                   "difference of the means in robust spreads of the reference (IQR / 1.349)",
                                   &measure};

}  // namespace weir
