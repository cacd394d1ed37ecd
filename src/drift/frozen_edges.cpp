// SPDX-License-Identifier: Apache-2.0
#include "drift/frozen_edges.h"

#include <algorithm>

#include "drift/edges.h"

namespace weir {

namespace {

constexpr std::size_t kSample = 16'384;  // values that edges are learned from: 64 a cell
constexpr std::uint64_t kChance = 5;
constexpr std::size_t kFewValues = 512;  // 4 KB; a window's own 256 cells take half of that

}  // namespace

bool fits_badly(const Profile& window, const std::vector<double>& edges) {
  if (window.finite == 0) return false;
  if (edges.empty()) return window.finite >= kChance;
  const std::vector<std::uint64_t> counts = window.counts_on(edges);
  const auto cells = static_cast<double>(counts.size());
  const auto finite = static_cast<double>(window.finite);
  const double most_at_ends = std::min(4 / cells, 0.25) * finite;
  const double most_inside = std::min(8 / cells, 0.5) * finite;
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    const bool end = cell == 0 || cell + 1 == counts.size();
    if (is_atom_cell(edges, cell) || counts[cell] < kChance) continue;
    if (static_cast<double>(counts[cell]) > (end ? most_at_ends : most_inside)) return true;
  }
  return false;
}

/// Of few values all; of more an evenly spaced sample of each window, in proportion to its size.
std::vector<double> learn_from(std::span<const Profile* const> windows) {
  std::uint64_t finite = 0;
  bool all_raw = true;
  for (const Profile* const window : windows) {
    finite += window->finite;
    all_raw = all_raw && (window->finite == 0 || window->has_raw());
  }
  std::vector<double> values;
  for (const Profile* const window : windows) {
    if (window->finite == 0) continue;
    if (all_raw && finite <= 2 * kSample) {
      values.insert(values.end(), window->raw.begin(), window->raw.end());
      continue;
    }
    const double part = static_cast<double>(window->finite) / static_cast<double>(finite);
    const auto most = static_cast<double>(std::min<std::uint64_t>(finite, kSample));
    const auto points = std::max<std::size_t>(1, static_cast<std::size_t>(part * most));
    for (std::size_t i = 0; i < points; ++i) {
      const auto at = window->quantile((static_cast<double>(i) + 0.5) / static_cast<double>(points));
      if (at) values.push_back(*at);
    }
  }
  std::sort(values.begin(), values.end());
  return learn_edges(values, kDriftCells);
}

Profile on_its_own(const Profile& window) {
  if (window.finite == 0 || (window.has_raw() && window.finite <= kFewValues)) return window;
  return window.compact(std::make_shared<const std::vector<double>>(learn_edges(window, kDriftCells)));
}

Profile pool_on(const Profile::Edges& edges, std::span<const Profile* const> windows) {
  Profile out;
  bool first = true;
  for (const Profile* const window : windows) {
    if (first) {
      out = window->compact(edges);
      first = false;
    } else {
      out.add(*window);
    }
    // As one window of numbers alone, so many of them: with many different values they are not compared one by one.
    constexpr std::size_t kMostOfNumbers = 256;
    if (out.categories.size() > kMostOfNumbers && out.finite == out.values()) {
      out.distinct = std::max(out.distinct, static_cast<double>(out.categories.size()));
      out.categories.clear();
      out.exact = false;
      out.other = out.category_error = out.values();
    }
  }
  return out;
}

}  // namespace weir
