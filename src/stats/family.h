// SPDX-License-Identifier: Apache-2.0
// Many tests at once, dependent records, and tests that may be looked at after every window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "stats/cells.h"

namespace weir {

/// Adjusted p-values: those up to q are the discoveries with a false discovery rate of q. Benjamini and Hochberg (1995), or
/// with `any_dependence` Benjamini and Yekutieli (2001).
[[nodiscard]] std::vector<double> adjusted(std::span<const double> p, bool any_dependence = false);

/// How many dependent records are worth one independent one. By window the counts over the same cells; for each edge the
/// variance of the window shares, with autocovariances up to three windows (Bartlett's weights), over F (1 - F) / n; the
/// median over the edges, at least 1. Nothing for fewer than kFewestWindows windows that hold something, or when their cells differ.
constexpr std::size_t kFewestWindows = 30;
[[nodiscard]] std::optional<double> design_effect(std::span<const std::vector<std::uint64_t>> windows);

/// An e-detector on counts of K cells (J. Shin, A. Ramdas, A. Rinaldo 2023): at each window the sum over every start of the
/// likelihood ratio of a Dirichlet-multinomial centred on the reference against the reference. Without drift the mean time
/// to the first alarm at 1/alpha is at least 1/alpha windows, however often one looks. O(K) a start, at most kMostStarts.
///
/// Shares that were learned from N records are not those of the world: against 60 windows of a tenth of N any of them is wrong
/// beyond doubt. So what is held against the alternative is the Dirichlet-multinomial law of N records more like these, and the
/// promise is one on average over references.
///
/// Its state are the counts of the last kMostStarts windows: another that was given windows(), in order, is the same.
class EDetector {
 public:
  static constexpr std::size_t kMostStarts = 60;
  /// Shares are made to add up to 1, each at least a ten-thousandth: what the reference never saw is rare, not impossible.
  explicit EDetector(std::vector<double> reference_shares,
                     double reference_records = std::numeric_limits<double>::infinity());
  /// Counts of one more window over the cells of the reference; gives the logarithm of the e-value.
  double add(Counts window);
  [[nodiscard]] double log_e() const noexcept { return log_e_; }
  [[nodiscard]] const std::vector<std::vector<std::uint64_t>>& windows() const noexcept { return windows_; }

 private:
  [[nodiscard]] double log_ratio(std::span<const std::uint64_t> counts) const;

  std::vector<double> weights_;     // of the Dirichlet law
  std::vector<double> log_shares_;  // of the reference
  double log_weights_ = 0;          // sum of log Gamma of the weights, less that of their sum
  std::vector<double> known_;       // the same of the reference: its records by cell; empty: shares are known
  double log_known_ = 0;
  std::vector<std::vector<std::uint64_t>> windows_;  // newest last
  double log_e_ = 0;
};

}  // namespace weir
