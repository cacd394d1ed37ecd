// SPDX-License-Identifier: Apache-2.0
// Two samples that are known as counts over the same cells in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir {

using Counts = std::span<const std::uint64_t>;

/// The distance of the distribution functions of the values lies within [low, high]: low is reached at an edge; between two
/// edges it can be larger by what the cell holds. `atom`: by cell, whether it holds one value only (empty: none does).
struct CellKs {
  double low = 0;
  double high = 0;
  std::size_t cell = 0;   // behind which low is reached
  double signed_low = 0;  // positive: more of `a` lies up to there
};
[[nodiscard]] CellKs ks_of_cells(Counts a, Counts b, std::span<const bool> atom = {});

/// P(largest distance at the edges >= d) without drift, for cells of these pooled counts and an effective size n m / (n + m),
/// less when records depend on each other. Exact (given the pooled counts) where that costs up to a millisecond, else by the
/// limit, within 2 %. Less conservative than ks_tail where cells are few or atoms heavy. Empty sides, one cell: 1.
[[nodiscard]] double ks_cells_p(Counts a, Counts b, double d, double effective);

/// Bounds of the Wasserstein-1 distance, and a point between them with values spread evenly in cells; the outer cells end at
/// `least` and `most`.
struct CellDistance {
  double low = 0;
  double point = 0;
  double high = 0;
};
[[nodiscard]] CellDistance wasserstein_of_cells(Counts a, Counts b, std::span<const double> edges, double least,
                                                double most);

/// n m / (n + m) times the mean squared distance of the distribution functions at the edges, each weighted by what lies
/// about it: without ties Cramer-von Mises' statistic. (Mid-ranks would add to it what ties and unequal sizes make.)
/// p by a law of the same first three moments; effect: the root of the mean square.
struct CellCvm {
  double statistic = 0;
  double p = 1;
  double effect = 0;
};
[[nodiscard]] CellCvm cvm_of_cells(Counts a, Counts b, double design_effect = 1);

}  // namespace weir
