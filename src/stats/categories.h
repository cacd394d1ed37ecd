// SPDX-License-Identifier: Apache-2.0
// Two samples of categories, as counts over the same categories. A design effect above 1 divides the sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/cells.h"

namespace weir {

/// Which cells belong together so that the chi-square law holds: the smaller side is expected to have >= 1 in all groups and
/// >= 5 in 80 %. The rarest of both sides together are one pile; a new category stays visible unless it is that rare. When a
/// pile of all rare ones is still too small it joins the rarest common cell, unless its split is itself far from chance.
/// By cell the group, in order of first appearance. Nothing moves while all cells are expected to have 5.
[[nodiscard]] std::vector<std::size_t> regroup(Counts reference, Counts current, double design_effect = 1);
[[nodiscard]] std::vector<std::uint64_t> grouped(Counts counts, std::span<const std::size_t> groups);

/// Homogeneity of two rows of counts; cells that are empty in both are left out. No correction of Yates. When a side is empty,
/// here and below, there is no difference: statistic and distance 0, p 1.
struct ChiSquare {
  double statistic = 0;
  double degrees = 0;
  double p = 1;
};
[[nodiscard]] ChiSquare chi_square(Counts a, Counts b, double design_effect = 1);
[[nodiscard]] ChiSquare g_test(Counts a, Counts b, double design_effect = 1);

/// Population stability index with half a count added to each cell. Without drift psi / (1/n + 1/m) follows chi-square with
/// K - 1 degrees of freedom; with a true psi of t, the non-central one with lambda = t / (1/n + 1/m).
struct Psi {
  double value = 0;
  double corrected = 0;  // less its mean without drift, never below 0
  double p = 1;
  double low = 0;  // 95 % interval of the true one
  double high = 0;
};
[[nodiscard]] Psi psi(Counts reference, Counts current, double design_effect = 1);
/// Cells joined in order to K groups of about equal mass on both sides together, K = clamp(min(n, m) / 10, 5, 20); an atom that
/// holds half of such a mass stays a group of its own, between neighbours that may be one group. By cell the group.
///
/// Not of equal mass in the reference: with groups that the reference chose by its own counts, chi-square at 5 % rejected 6.5 %
/// of 30 values against 30, 10 % of 300 and 11 % of 3,000 against 30 of the reference. By what both hold together, how a group
/// is dealt to the sides is pure chance: 3.7-5.2 % (PSI 3.3-4.9 %) for 30, 50 and 100 values on one side and 1, 10 or 100 times
/// as many on the other.
[[nodiscard]] std::vector<std::size_t> psi_groups(Counts reference, Counts current, std::span<const bool> atom = {});

[[nodiscard]] double jensen_shannon(Counts a, Counts b);  // distance: root of the divergence, base 2, 0 to 1
[[nodiscard]] double total_variation(Counts a, Counts b);
[[nodiscard]] double hellinger(Counts a, Counts b);
[[nodiscard]] double l_infinity(Counts a, Counts b);
/// Bias-corrected (W. Bergsma 2013), 0 to 1; both sides weigh the same, whatever their sizes.
[[nodiscard]] double cramers_v(Counts a, Counts b);

/// Two shares: k of n against l of m.
struct TwoShares {
  double z = 0;
  double p = 1;
};
[[nodiscard]] TwoShares two_shares(double k, double n, double l, double m);  // pooled z
/// Two-sided, exact: all tables of these margins that are no likelier. By the normal law where the cell would spread by more
/// than 10,000, which is beyond any use of it. An empty row or column: p 1, odds ratio 1; b c = 0 otherwise: infinity.
[[nodiscard]] double fisher_exact(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d);
[[nodiscard]] double fisher_odds_ratio(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d);
/// P(X >= k) for X ~ Binomial(n, share).
[[nodiscard]] double binomial_tail(std::uint64_t k, std::uint64_t n, double share);

}  // namespace weir
