// SPDX-License-Identifier: Apache-2.0
// Edges of cells: where a cell ends, which of them hold one value only, and how cells are made larger.
//
// Cut as summary/histogram.h has it: cell i holds edges[i - 1] <= x < edges[i], the first and the last are open, and a value that
// stands twice has a closed cell of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir {

[[nodiscard]] inline bool is_atom_cell(const std::vector<double>& edges, std::size_t cell) noexcept {
  return cell > 0 && cell < edges.size() && edges[cell - 1] == edges[cell];
}

/// Whether a value lies beyond the cell that ends at that edge.
[[nodiscard]] inline bool is_beyond(const std::vector<double>& edges, std::size_t edge, double value) noexcept {
  return value > edges[edge] || (value == edges[edge] && !is_atom_cell(edges, edge));
}

/// From where to where a cell reaches. An open one is taken to be as wide as the cell beside it.
struct CellExtent {
  double low = 0;
  double high = 0;
};
[[nodiscard]] CellExtent extent_of(const std::vector<double>& edges, std::size_t cell) noexcept;

/// The same edges with sixteen more beyond each end, so that it is known how far what lies beyond a reference (in another unit,
/// say) lies: away from zero each doubles the range, up to 65 536 times; towards zero each halves the distance, down to 1/4 096.
[[nodiscard]] std::vector<double> with_tails(const std::vector<double>& edges);

/// The number with the fewest decimal digits strictly between two others, near the middle of them; nothing when no double
/// lies there.
[[nodiscard]] std::optional<double> shortest_between(double low, double high) noexcept;

/// Leaves edges out until every cell holds `least` values and every atom `least_of_atom`. What lies between two atoms, and
/// cells that nothing lies in, may stay.
[[nodiscard]] std::vector<double> coarsened(const std::vector<double>& edges, const std::vector<std::uint64_t>& cells,
                                            std::uint64_t least, std::uint64_t least_of_atom);

}  // namespace weir
