// SPDX-License-Identifier: Apache-2.0
// Two samples of numbers, compared value by value. All spans are ascending and finite.
#pragma once

#include <cstdint>
#include <span>

namespace weir {

/// Largest distance of the two distribution functions.
struct KsDistance {
  double d = 0;
  double at = 0;        // the value where it is reached
  double signed_d = 0;  // positive: the share of values up to `at` is larger in `a`
};
[[nodiscard]] KsDistance ks_distance(std::span<const double> a, std::span<const double> b);

/// P(D >= d) without drift, exact, ties of the pooled sample respected: T. Viehmann (Numerically more stable computation of
/// the p-values for the two-sample Kolmogorov-Smirnov test, 2021), restricted to the distinct values where there are ties. No
/// cancellation however small it is. O(n m); above 10^9 that is too long, and ks_tail with n m / (n + m) answers.
[[nodiscard]] double ks_exact_p(std::span<const double> a, std::span<const double> b, double d);
[[nodiscard]] double ks_exact_p(std::uint64_t n, std::uint64_t m, double d);  // without ties

/// P(D_n >= d) of one sample of n values against its own distribution, for finite n: what n m / (n + m) values on both sides
/// come close to. Relative error below 1e-6 where it is above 1e-12, and below 1 % in the whole range down to 1e-300. `n` may be
/// broken. Below n = 100 some 10 us, above it about 1 us.
[[nodiscard]] double ks_tail(double d, double n);

/// Area between the two distribution functions: the raw Wasserstein-1 distance.
[[nodiscard]] double wasserstein(std::span<const double> a, std::span<const double> b);

/// Cramer-von Mises, two samples; p exact for n, m <= 20 (all arrangements counted), else by the limit with the moments of
/// T. W. Anderson (1962). Tied values count with the mean of the squares on both sides of them, not by mid-ranks, which go
/// astray where n and m differ; without ties that is the same.
struct CvmResult {
  double statistic = 0;
  double p = 1;
  double effect = 0;  // root of the mean squared distance of the two distribution functions, 0 to 0.58 (0.71 with ties)
};
[[nodiscard]] CvmResult cramer_von_mises(std::span<const double> a, std::span<const double> b);

/// Welch's t from moments: mean, variance (n - 1) and size of both sides.
struct WelchResult {
  double t = 0;
  double degrees = 0;
  double p = 1;
};
[[nodiscard]] WelchResult welch(double mean_a, double variance_a, double n, double mean_b, double variance_b, double m);

/// The value at q (n - 1) of the sorted values, straight between neighbours.
[[nodiscard]] double sorted_quantile(std::span<const double> sorted, double q);

}  // namespace weir
