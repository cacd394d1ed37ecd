// SPDX-License-Identifier: Apache-2.0
// Several columns at once, from means and co-moments alone (Eigen).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

constexpr std::size_t kMostColumns = 64;

/// n rows of d columns: means, d x d sums of products about them, row by row, and sums of fourth powers about them, or none:
/// then rows are taken for normal ones.
struct Scatter {
  double n = 0;
  std::span<const double> means;
  std::span<const double> comoments;
  std::span<const double> m4 = {};
  [[nodiscard]] std::size_t columns() const noexcept { return means.size(); }
};

/// The largest change of a correlation, and the p of that pair times the number of pairs (Fisher's z, Bonferroni). Pairs with
/// a column that does not vary on a side have none.
///
/// Heavy tails make correlations vary more: those of n elliptical rows as much as those of n / (1 + k) normal ones, k a third of the
/// excess kurtosis of a column, at least 0 (R. Muirhead, Aspects of Multivariate Statistical Theory, 1982; M. Browne 1984). Taken
/// is the mean of the two columns, over both sides by their rows. Simulated at 5 %, d = 3 and 10, n = 100 and 1,000, N / n = 1
/// and 10: normal rows 2.8-5.2 %, rows of t(5) 4.9-6.0 % (23-62 % without), columns of t(5) with a part in common 2.7-5.3 %, a
/// lognormal column (sigma 1 and 1.5) among normal ones 1.4-3.8 %.
struct CorrelationChange {
  double change = 0;
  double reference = 0;
  double current = 0;
  std::size_t a = 0;
  std::size_t b = 0;
  double p = 1;
  bool known = false;  // there is a pair
};
[[nodiscard]] CorrelationChange correlation_change(const Scatter& reference, const Scatter& current,
                                                   double design_effect);

/// Distance of the two means in units of the spread of the reference; Hotelling's T-squared, of the covariances of both sides
/// pooled, against the F law; tails are no matter to it (as above: 3.6-7.0 %). Directions in which the reference has no spread are left out and counted.
struct MeansDistance {
  double distance = 0;
  double t_squared = 0;
  double p = 1;
  std::size_t left_out = 0;
  bool known = false;  // there is a direction in which the reference has spread
};
[[nodiscard]] MeansDistance mahalanobis(const Scatter& reference, const Scatter& current, double design_effect);

/// How much of the spread lies beside the leading components, which hold `share` of the variance of both sides pooled: the mean
/// square of what a row keeps when it is told by its components, about the means of the reference, in standardised columns.
/// effect: ratio of the two, less 1.
///
/// With k as above, of all columns by their part in what lies beside, a squared length of covariance R has the variance
/// 2 (1 + k) tr R^2 + k (tr R)^2. Simulated as above: normal rows 4.2-6.1 %, rows of t(5)
/// 1.1-4.9 % (14-30 % without), columns of t(5) 1.2-5.2 %, a lognormal column among normal ones 2.5-5.5 %.
struct PcaError {
  double reference = 0;
  double current = 0;
  double effect = 0;
  double z = 0;
  double p = 1;
  std::size_t components = 0;
  bool known = false;  // there are two columns with spread
};
[[nodiscard]] PcaError pca_error(const Scatter& reference, const Scatter& current, double design_effect,
                                 double share = 0.8);

}  // namespace weir
