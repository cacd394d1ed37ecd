// SPDX-License-Identifier: Apache-2.0
// B. L. Welch (The generalization of Student's problem when several different population variances are involved, 1947).
#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "stats/policy.h"
#include "stats/samples.h"

namespace weir {

WelchResult welch(double mean_a, double variance_a, double n, double mean_b, double variance_b, double m) {
  WelchResult out;
  // One value has no variance; what is not a number says nothing. Both are "no sign of a difference".
  if (!(n > 1) || !(m > 1) || !(variance_a >= 0) || !(variance_b >= 0)) return out;
  if (std::isinf(variance_a) || std::isinf(variance_b)) return out;
  const double of_a = variance_a / n;
  const double of_b = variance_b / m;
  // By the larger one, so that nothing overflows or vanishes when it is squared.
  const double scale = std::max(of_a, of_b);
  if (scale == 0) {
    out.degrees = n + m - 2;
    if (mean_a == mean_b) return out;
    out.t = std::copysign(std::numeric_limits<double>::infinity(), mean_a > mean_b ? 1.0 : -1.0);
    out.p = 0;
    return out;
  }
  const double a = of_a / scale;
  const double b = of_b / scale;
  const double share = a / (a + b);
  out.degrees = 1 / (share * share / (n - 1) + (1 - share) * (1 - share) / (m - 1));
  const double half_difference = mean_a / 2 - mean_b / 2;
  const double spread = std::sqrt(scale) * std::sqrt(a + b);
  const double difference = mean_a - mean_b;
  out.t = std::isfinite(difference) ? difference / spread : 2 * (half_difference / spread);
  if (std::isnan(out.t)) return WelchResult{};
  if (std::isinf(out.t)) {
    out.p = 0;
    return out;
  }
  const boost::math::students_t_distribution<double, MathPolicy> law(out.degrees);
  out.p = std::min(1.0, 2 * boost::math::cdf(boost::math::complement(law, std::abs(out.t))));
  return out;
}

}  // namespace weir
