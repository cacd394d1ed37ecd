// SPDX-License-Identifier: Apache-2.0
// Population stability index: sum of (c - r) ln(c / r) over the shares, half a count added to each cell.
//
// Its interval needs the non-centralities at which the value seen is a rare one from above or from below. They are found
// by Newton's rule on Sankaran's approximation (M. Sankaran 1963: a power of the non-central chi-square is nearly normal,
// within 0.5 % or a quarter of 1/n + 1/m) and takes a microsecond; searching the exact law takes a hundred.
#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "stats/categories.h"
#include "stats/policy.h"

namespace weir {
namespace {

// ln(c / r) = 2 atanh(u), u = (c - r) / (c + r); a few terms do where the shares are nearly equal.
double log_ratio(double current, double reference) {
  const double u = (current - reference) / (current + reference);
  const double u2 = u * u;
  if (u2 > 0.01) return std::log(current / reference);
  return 2 * u * (1 + u2 * (1.0 / 3 + u2 * (1.0 / 5 + u2 * (1.0 / 7 + u2 * (1.0 / 9 + u2 * (1.0 / 11 + u2 / 13))))));
}

// The normal deviate of x under the non-central chi-square law.
double deviate(double x, double degrees, double lambda) {
  const double mean = degrees + lambda;
  const double twice = degrees + 2 * lambda;
  const double h = 1 - 2.0 / 3 * mean * (degrees + 3 * lambda) / (twice * twice);
  const double p = twice / (mean * mean);
  const double shift = (h - 1) * (1 - 3 * h);
  return (std::pow(x / mean, h) - (1 + h * p * (h - 1 - 0.5 * (2 - h) * shift * p))) /
         (h * std::sqrt(2 * p) * (1 + 0.5 * shift * p));
}

// The non-centrality at which x has the normal deviate `wanted`; 0 where already the central law has less. The deviate falls
// as lambda grows; Newton's rule within a bracket takes about five rounds.
double non_centrality(double x, double degrees, double wanted) {
  if (!(x > 0) || deviate(x, degrees, 0) <= wanted) return 0;
  double low = 0;
  double high = x + 10 * std::sqrt(x) + 20;
  const double root = std::sqrt(x) - wanted;
  double lambda = std::clamp(root * std::fabs(root) - degrees, 0.01 * high, 0.99 * high);
  for (int round = 0; round < 40; ++round) {
    const double step = std::max(lambda, 1.0) * 1e-6;
    const double value = deviate(x, degrees, lambda) - wanted;
    const double slope = (deviate(x, degrees, lambda + step) - wanted - value) / step;
    (value > 0 ? low : high) = lambda;
    const double newton = slope < 0 ? lambda - value / slope : low;
    const double next = newton > low && newton < high ? newton : (low + high) / 2;
    const bool settled = std::fabs(next - lambda) <= 1e-7 * high;
    lambda = next;
    if (settled) break;
  }
  return lambda;
}

}  // namespace

Psi psi(Counts reference, Counts current, double design_effect) {
  Psi result;
  double n = 0;
  double m = 0;
  std::size_t filled = 0;
  const std::size_t cells = std::min(reference.size(), current.size());
  for (std::size_t i = 0; i < cells; ++i) {
    n += static_cast<double>(reference[i]);
    m += static_cast<double>(current[i]);
    filled += (reference[i] | current[i]) != 0 ? 1 : 0;
  }
  if (n == 0 || m == 0 || filled < 2) return result;
  const auto k = static_cast<double>(filled);
  for (std::size_t i = 0; i < cells; ++i) {
    if ((reference[i] | current[i]) == 0) continue;
    const double r = (static_cast<double>(reference[i]) + 0.5) / (n + 0.5 * k);
    const double c = (static_cast<double>(current[i]) + 0.5) / (m + 0.5 * k);
    result.value += (c - r) * log_ratio(c, r);
  }
  const double unit = (1 / n + 1 / m) * std::max(design_effect, 1.0);
  const double degrees = k - 1;
  const double x = result.value / unit;
  result.corrected = std::max(0.0, result.value - degrees * unit);
  if (x > 0) {
    const double p = boost::math::gamma_q(degrees / 2, x / 2, MathPolicy{});
    result.p = std::isfinite(p) ? p : 0;
  }
  constexpr double kDeviate = 1.959963984540054;  // 2.5 % on each side
  result.low = non_centrality(x, degrees, kDeviate) * unit;
  result.high = non_centrality(x, degrees, -kDeviate) * unit;
  return result;
}

}  // namespace weir
