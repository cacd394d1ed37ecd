// SPDX-License-Identifier: Apache-2.0
// Where edges lie: learned from values, from a sketch, from finer cells.
//
// Equi-depth: a cell ends behind the value with which the cells so far hold i/B of the mass. The edge itself is no value of the
// data but the shortest decimal between that value and the next one, so that a file with edges shows none of the values
// that are rare.
#include "drift/edges.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>
#include <utility>

#include "drift/profile.h"
#include "summary/histogram.h"

namespace weir {

namespace {

// A value, what it stands for, and how many items of a sketch that comes from: an item that stands for many is no proof that
// they were equal.
struct Run {
  double value = 0;
  std::uint64_t weight = 0;
  bool repeated = false;
};

class RunsToEdges {
 public:
  RunsToEdges(std::uint64_t total, std::size_t cells, std::uint64_t least)
      : total_(static_cast<double>(total)), cells_(static_cast<double>(cells)), least_(least) {}

  void add(const Run& run) {
    const bool atom = run.repeated && run.weight >= least_ && static_cast<double>(run.weight) * cells_ >= total_;
    if (due_ && !atom) end_cell(run.value);
    so_far_ += static_cast<double>(run.weight);
    if (atom) {
      edges_.push_back(run.value);
      edges_.push_back(run.value);
    }
    before_ = run.value;
    // One edge however many of the shares i/B were passed at once, and none behind the last value.
    const double passed = std::floor(so_far_ * cells_ / total_);
    due_ = passed > passed_ && !atom;
    passed_ = passed;
  }
  [[nodiscard]] std::vector<double> take() { return std::move(edges_); }

 private:
  void end_cell(double next) {
    if (const std::optional<double> edge = shortest_between(before_, next)) edges_.push_back(*edge);
  }

  double total_;
  double cells_;
  std::uint64_t least_;
  double so_far_ = 0;
  double passed_ = 0;
  double before_ = 0;
  bool due_ = false;  // a cell ends before the next value
  std::vector<double> edges_;
};

std::optional<double> decimal(double digits, int exponent) noexcept {
  char text[40];
  const int size = std::snprintf(text, sizeof text, "%.0fe%d", digits, exponent);
  double value = 0;
  const auto [end, error] = std::from_chars(text, text + size, value);
  if (error != std::errc() || end != text + size || !std::isfinite(value)) return std::nullopt;
  return value;
}

// 0 <= low < high
std::optional<double> between_positives(double low, double high) noexcept {
  constexpr double kDigits = 1e17;
  constexpr int kLeastExponent = -324;
  constexpr double kSlack = 1e-14;  // of a product that was rounded a few times
  const double middle = low + (high - low) / 2;
  int exponent = static_cast<int>(std::ceil(std::log10(high)));
  double scale = std::pow(10.0, exponent);
  for (; exponent >= kLeastExponent; --exponent, scale /= 10) {
    const double digits = scale > 0 ? std::nearbyint(middle / scale) : kDigits;
    if (!(digits < kDigits)) break;
    for (const double tried : {digits, std::floor(low / scale) + 1}) {
      // Text is exact and slow: only where it may fit.
      const double near = tried * scale;
      if (!(tried > 0) || near < low * (1 - kSlack) || near > high * (1 + kSlack)) continue;
      const std::optional<double> found = decimal(tried, exponent);
      if (found && *found > low && *found < high) return found;
    }
  }
  return middle > low && middle < high ? std::optional(middle) : std::nullopt;
}

}  // namespace

std::optional<double> shortest_between(double low, double high) noexcept {
  if (!(low < high)) return std::nullopt;
  if (low < 0 && high > 0) return 0.0;
  if (low >= 0) return between_positives(low, high);
  const std::optional<double> mirrored = between_positives(-high, -low);
  return mirrored ? std::optional(-*mirrored) : std::nullopt;
}

CellExtent extent_of(const std::vector<double>& edges, std::size_t cell) noexcept {
  if (edges.empty()) return {0, 0};
  const auto width_beside = [&](bool first) {
    const double edge = first ? edges.front() : edges.back();
    if (edges.front() == edges.back()) return edge == 0 ? 1.0 : std::fabs(edge) / 2;
    for (std::size_t i = 1; i < edges.size(); ++i) {
      const std::size_t at = first ? i : edges.size() - i;
      const double width = edges[at] - edges[at - 1];
      if (width > 0) return width;
    }
    return 0.0;
  };
  constexpr double kMost = std::numeric_limits<double>::max();
  if (cell == 0) return {std::max(edges.front() - width_beside(true), -kMost), edges.front()};
  if (cell >= edges.size()) return {edges.back(), std::min(edges.back() + width_beside(false), kMost)};
  return {edges[cell - 1], edges[cell]};
}

std::vector<double> with_tails(const std::vector<double>& edges) {
  constexpr int kTails = 16;
  constexpr int kHalves = 12;
  if (edges.empty()) return edges;
  const double range = edges.back() - edges.front();
  const double width = range > 0 ? range : std::max(std::fabs(edges.front()), 1.0);
  std::vector<double> out(edges);
  const auto put = [&](double edge) {
    if (std::isfinite(edge) && edge < edges.front()) out.push_back(edge);
    if (std::isfinite(edge) && edge > edges.back()) out.push_back(edge);
  };
  for (const double sign : {-1.0, 1.0}) {
    const double end = sign < 0 ? edges.front() : edges.back();
    const bool towards_zero = end * sign < 0;
    for (int k = 1; towards_zero && k <= kHalves; ++k) put(end * std::exp2(-k));
    if (towards_zero) put(0);
    for (int k = 1; k <= (towards_zero ? kTails - kHalves - 1 : kTails); ++k) {
      put((towards_zero ? 0 : end) + sign * width * (std::exp2(towards_zero ? 4 * k : k) - 1));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<double> coarsened(const std::vector<double>& edges, const std::vector<std::uint64_t>& cells,
                              std::uint64_t least, std::uint64_t least_of_atom) {
  std::vector<double> kept;
  std::uint64_t gathered = 0;  // in the cell that is being made
  bool behind_atom = false;    // the last edge that was kept is the second of an atom
  for (std::size_t i = 0; i < edges.size(); ++i) {
    gathered += cells[i];
    const bool atom_next = is_atom_cell(edges, i + 1);
    if (atom_next) {
      const std::uint64_t in_atom = cells[i + 1];
      ++i;
      if (in_atom < least_of_atom) {
        gathered += in_atom;
        continue;
      }
      // What is too little for a cell before the atom joins the cell before it.
      if (gathered > 0 && gathered < least && !kept.empty() && !behind_atom) kept.pop_back();
      kept.push_back(edges[i]);
      kept.push_back(edges[i]);
      behind_atom = true;
      gathered = 0;
    } else if (gathered >= least) {
      kept.push_back(edges[i]);
      behind_atom = false;
      gathered = 0;
    }
  }
  gathered += cells.back();
  if (gathered > 0 && gathered < least && !kept.empty() && !behind_atom) kept.pop_back();
  return kept;
}

std::vector<double> learn_edges(std::span<const double> sorted, std::size_t cells, std::uint64_t least) {
  RunsToEdges edges(sorted.size(), std::max<std::size_t>(1, cells), least);
  for (std::size_t from = 0; from < sorted.size();) {
    std::size_t to = from + 1;
    while (to < sorted.size() && sorted[to] == sorted[from]) ++to;
    edges.add({sorted[from], to - from, to - from >= least});
    from = to;
  }
  return edges.take();
}

std::vector<double> learn_edges(const Profile& profile, std::size_t cells, std::uint64_t least) {
  if (profile.has_raw()) return learn_edges(std::span<const double>(profile.raw), cells, least);
  if (!profile.sketch.empty()) {
    const auto& items = profile.sketch;
    RunsToEdges edges(profile.finite, std::max<std::size_t>(1, cells), least);
    for (std::size_t from = 0; from < items.size();) {
      Run run{items[from].first, items[from].second, false};
      std::size_t to = from + 1;
      for (; to < items.size() && items[to].first == run.value; ++to) run.weight += items[to].second;
      run.repeated = to - from > 1;
      edges.add(run);
      from = to;
    }
    return edges.take();
  }
  if (profile.edges == nullptr || profile.cells.size() != profile.edges->size() + 1) return {};
  const std::uint64_t each = profile.finite / std::max<std::size_t>(1, cells);
  return coarsened(*profile.edges, profile.cells, each, std::max(each, least));
}

std::uint64_t epoch_of(const std::vector<double>& edges) noexcept {
  return Histogram::epoch_of(edges);
}

}  // namespace weir
