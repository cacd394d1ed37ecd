// SPDX-License-Identifier: Apache-2.0
// Several columns at once, from means and co-moments alone (Eigen).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir {

constexpr std::size_t kMostColumns = 64;

/// n rows of d columns: means, and d x d sums of products about them, row by row.
struct Scatter {
  double n = 0;
  std::span<const double> means;
  std::span<const double> comoments;
  [[nodiscard]] std::size_t columns() const noexcept { return means.size(); }
};

/// The largest change of a correlation, and the p of that pair times the number of pairs (Fisher's z, Bonferroni). Pairs with
/// a column that does not vary on a side have none. As for normal rows: heavy tails are taken for more certain than they are.
struct CorrelationChange {
  double change = 0;
  double reference = 0;
  double current = 0;
  std::size_t a = 0;
  std::size_t b = 0;
  double p = 1;
};
[[nodiscard]] CorrelationChange correlation_change(const Scatter& reference, const Scatter& current,
                                                   double design_effect);

/// Distance of the two means in units of the spread of the reference; Hotelling's T-squared, of the covariances of both sides
/// pooled, against the F law. Directions in which the reference has no spread are left out and counted.
struct MeansDistance {
  double distance = 0;
  double t_squared = 0;
  double p = 1;
  std::size_t left_out = 0;
};
[[nodiscard]] MeansDistance mahalanobis(const Scatter& reference, const Scatter& current, double design_effect);

/// How much of the spread lies beside the leading components, which hold `share` of the variance of both sides pooled: the mean
/// square of what a row keeps when it is told by its components, about the means of the reference, in standardised columns.
/// effect: ratio of the two, less 1. z as for normal rows: heavy tails are taken for more certain than they are.
struct PcaError {
  double reference = 0;
  double current = 0;
  double effect = 0;
  double z = 0;
  double p = 1;
  std::size_t components = 0;
};
[[nodiscard]] PcaError pca_error(const Scatter& reference, const Scatter& current, double design_effect,
                                 double share = 0.8);

}  // namespace weir
