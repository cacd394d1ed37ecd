// SPDX-License-Identifier: Apache-2.0
// What a profile knows of its numbers, counted on any edges.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "drift/edges.h"
#include "drift/profile.h"

namespace weir {

namespace {

std::vector<std::uint64_t> count_items(const std::vector<double>& on,
                                       const std::vector<std::pair<double, std::uint64_t>>& items) {
  std::vector<std::uint64_t> cells(on.size() + 1);
  std::size_t cell = 0;
  for (const auto& [value, weight] : items) {
    while (cell < on.size() && is_beyond(on, cell, value)) ++cell;
    cells[cell] += weight;
  }
  return cells;
}

std::vector<std::uint64_t> count_values(const std::vector<double>& on, const std::vector<double>& sorted) {
  std::vector<std::uint64_t> cells(on.size() + 1);
  std::size_t cell = 0;
  for (const double value : sorted) {
    while (cell < on.size() && is_beyond(on, cell, value)) ++cell;
    ++cells[cell];
  }
  return cells;
}

// Cells read as a distribution function: straight within a cell, a step at an atom.
class Cumulated {
 public:
  Cumulated(const std::vector<double>& edges, const std::vector<std::uint64_t>& cells) : edges_(edges), cells_(cells) {
    below_.reserve(cells.size() + 1);
    below_.push_back(0);
    for (const std::uint64_t count : cells) below_.push_back(below_.back() + static_cast<double>(count));
  }

  struct Mass {
    double below = 0;
    double doubt = 0;
  };
  /// Values < at, or <= at.
  [[nodiscard]] Mass up_to(double at, bool inclusive) const {
    const auto place = std::lower_bound(edges_.begin(), edges_.end(), at);
    const auto cell = static_cast<std::size_t>(place - edges_.begin());
    if (place != edges_.end() && *place == at) {
      const bool with_atom = inclusive && is_atom_cell(edges_, cell + 1);
      return {below_[cell + (with_atom ? 2 : 1)], 0};
    }
    const CellExtent extent = extent_of(edges_, cell);
    const double width = extent.high - extent.low;
    const double share = width > 0 ? std::clamp((at - extent.low) / width, 0.0, 1.0) : 0.5;
    const auto mass = static_cast<double>(cells_[cell]);
    return {below_[cell] + share * mass, std::max(share, 1 - share) * mass};
  }
  [[nodiscard]] double value_at(double mass) const {
    const auto place = std::upper_bound(below_.begin() + 1, below_.end(), mass);
    std::size_t cell = static_cast<std::size_t>(place - below_.begin()) - 1;
    if (cell >= cells_.size()) {  // all of it: where the last cell with values ends
      cell = cells_.size() - 1;
      while (cell > 0 && cells_[cell] == 0) --cell;
    }
    const CellExtent extent = extent_of(edges_, cell);
    const auto in_cell = static_cast<double>(cells_[cell]);
    if (in_cell == 0) return extent.low;
    return std::lerp(extent.low, extent.high, std::clamp((mass - below_[cell]) / in_cell, 0.0, 1.0));
  }

 private:
  const std::vector<double>& edges_;
  const std::vector<std::uint64_t>& cells_;
  std::vector<double> below_;
};

/// On edges that stand in a row among those of the profile: cells added up. Empty where they do not.
std::vector<std::uint64_t> added_up(const Profile& profile, const std::vector<double>& on) {
  const std::vector<double>& edges = *profile.edges;
  if (on.empty() || on.size() > edges.size()) return {};
  const auto first = std::lower_bound(edges.begin(), edges.end(), on.front());
  if (static_cast<std::size_t>(edges.end() - first) < on.size()) return {};
  if (std::memcmp(on.data(), &*first, on.size() * sizeof(double)) != 0) return {};  // by their bits: ten times as fast
  const auto begin = profile.cells.begin() + (first - edges.begin());
  const auto end = begin + static_cast<std::ptrdiff_t>(on.size());
  // An atom at an end has to be whole.
  if (is_atom_cell(edges, static_cast<std::size_t>(first - edges.begin()) + on.size())) return {};
  std::vector<std::uint64_t> out(begin, end + 1);
  out.front() = std::accumulate(profile.cells.begin(), begin, out.front());
  out.back() = std::accumulate(end + 1, profile.cells.end(), out.back());
  return out;
}

std::vector<std::uint64_t> spread(const Profile& profile, const std::vector<double>& on, double& error) {
  const Cumulated mass(*profile.edges, profile.cells);
  std::vector<std::uint64_t> cells;
  cells.reserve(on.size() + 1);
  std::uint64_t before = 0;
  double doubt = 0;
  for (std::size_t i = 0; i < on.size(); ++i) {
    const Cumulated::Mass up_to = mass.up_to(on[i], is_atom_cell(on, i));
    doubt = std::max(doubt, up_to.doubt);
    // Rounded as a sum, so that the cells add up to all values.
    const auto here = std::clamp(static_cast<std::uint64_t>(std::llround(up_to.below)), before, profile.finite);
    cells.push_back(here - before);
    before = here;
  }
  cells.push_back(profile.finite - before);
  error = profile.cell_error + doubt / static_cast<double>(profile.finite);
  return cells;
}

}  // namespace

std::vector<std::uint64_t> Profile::counts_on(const std::vector<double>& on, double* error) const {
  double unused = 0;
  double& off = error == nullptr ? unused : *error;
  off = 0;
  if (finite == 0) return std::vector<std::uint64_t>(on.size() + 1);
  if (edges != nullptr && (edges.get() == &on || *edges == on)) {
    if (cell_error == 0 || !has_raw()) {
      off = cell_error;
      return cells;
    }
  }
  if (has_raw()) return count_values(on, raw);
  if (!sketch.empty()) {
    off = sketch_error;
    return count_items(on, sketch);
  }
  if (edges == nullptr || cells.empty()) return {};
  if (std::vector<std::uint64_t> sums = added_up(*this, on); !sums.empty()) {
    off = cell_error;
    return sums;
  }
  return spread(*this, on, off);
}

std::optional<double> Profile::quantile(double share) const {
  if (finite == 0) return std::nullopt;
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(finite - 1);
  const double whole = std::floor(place);
  if (has_raw()) {
    const auto at = static_cast<std::size_t>(whole);
    return std::lerp(raw[at], raw[std::min(at + 1, raw.size() - 1)], place - whole);
  }
  if (!sketch.empty()) {
    std::uint64_t before = 0;
    const auto target = static_cast<std::uint64_t>(whole);
    for (const auto& [value, weight] : sketch) {
      before += weight;
      if (before > target) return value;
    }
    return sketch.back().first;
  }
  if (edges == nullptr || cells.empty()) return std::nullopt;
  return Cumulated(*edges, cells).value_at(std::clamp(share, 0.0, 1.0) * static_cast<double>(finite));
}

Profile Profile::compact(const Edges& on) const {
  Profile small;
  small.elements = elements;
  small.odd = odd;
  small.types = types;
  small.finite = finite;
  small.mean = mean;
  small.m2 = m2;
  small.m3 = m3;
  if (on != nullptr) {
    small.cells = counts_on(*on, &small.cell_error);
    if (!small.cells.empty()) small.edges = on;
  }
  small.categories = categories;
  small.other = other;
  small.exact = exact;
  small.category_error = category_error;
  small.distinct = distinct;
  small.distinct_error = distinct_error;
  small.redacted = redacted;
  small.lengths = lengths;
  small.texts = texts;
  small.windows = windows;
  small.design_effect = design_effect;
  small.design_windows = design_windows;
  return small;
}

}  // namespace weir
