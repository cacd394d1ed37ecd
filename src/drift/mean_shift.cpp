// SPDX-License-Identifier: Apache-2.0
// Welch's t: whether the means differ. Moments are exact however large the window, so nothing limits the resolution.
//
// t has its law where both means are nearly normal. Cochran's rule (Sampling Techniques, 1977) says when one is: with g the
// skewness of the values, a mean of n >= 25 g^2 of them has a skewness of g / sqrt(n), at most 0.2, and a test at 5 % rejects up
// to 6 %. In the difference of a mean of n and one of N > n of the same law the skewness of the two takes each other away, all of
// it where n = N; with less than 25 g^2 (1 - n / N) the test decides nothing. g is that of the larger side, at least that of
// the smaller one: too little of a long tail lies in a small sample to judge it by. Simulated at 5 % without drift, n = 30 to
// 10,000, N / n = 1 to 100, of what is judged: normal values 4.6-5.9 %, t with 2 degrees 3-5 %, exponential ones (60 % zeros or
// none) 4-6.5 %, lognormal ones (sigma 1.5) 2.6-6.5 %, where up to 20 % would be rejected with no such rule.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/measuring.h"
#include "drift/specs.h"
#include "drift/words.h"
#include "stats/samples.h"

namespace weir {

namespace {

constexpr double kCochran = 25;

double variance_of(const Profile& profile) {
  return profile.finite > 1 ? std::max(0.0, profile.m2) / static_cast<double>(profile.finite - 1) : 0;
}

// How many values the smaller side needs, 0 without skewness.
double needed_of(const Profile& a, const Profile& b, double design_effect) {
  const Profile& larger = a.finite >= b.finite ? a : b;
  const double g = std::max(a.skewness(), b.skewness());
  const double cochran = kCochran * g * g * std::max(1.0, design_effect);
  return cochran / (1 + cochran / static_cast<double>(larger.finite));
}

// Says nothing of a change that would be drift if the law could be trusted.
void require_normal_means(DriftMeasured& out, const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  if (out.kind != DriftMeasured::Kind::Value || out.effect <= in.tolerance) return;
  const double needed = std::ceil(needed_of(a, b, in.design_effect));
  if (static_cast<double>(std::min(a.finite, b.finite)) >= needed) return;
  const bool known = std::isfinite(a.m3) && std::isfinite(b.m3);
  const double skewness = std::round(10 * std::max(a.skewness(), b.skewness())) / 10;
  out.kind = DriftMeasured::Kind::TooFew;
  out.cause =
      known ? "the values are so skewed (" + plain(skewness) + ") that " : "how skewed the values are is not known: ";
  out.cause += with_commas(static_cast<std::uint64_t>(needed)) + " are needed" +
               (a.finite < b.finite ? " in the reference" : "") + ", or use ks";
}

DriftMeasured measure(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  const bool sums = std::isfinite(a.mean) && std::isfinite(a.m2) && std::isfinite(b.mean) && std::isfinite(b.m2);
  if (!sums)
    return not_applicable(
        "a side has no mean: a baseline does not tell it below its floor, or the numbers are too large");
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
  require_normal_means(out, in);
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
