// SPDX-License-Identifier: Apache-2.0
// One walk through both samples, from one distinct value of the pooled sample to the next.
#include "stats/samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir {
namespace {

/// Calls visit(value, i, j) for each distinct value: i values of `a` and j values of `b` are not above it.
template <typename Visit>
void walk(std::span<const double> a, std::span<const double> b, Visit visit) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const double value = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    visit(value, i, j);
  }
}

}  // namespace

KsDistance ks_distance(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return {};
  const auto n = static_cast<std::int64_t>(a.size());
  const auto m = static_cast<std::int64_t>(b.size());
  // In whole numbers: of two places with the same distance the first is told, whatever the division would round.
  std::int64_t largest = 0;
  double at = a[0] < b[0] ? a[0] : b[0];
  walk(a, b, [&](double value, std::size_t i, std::size_t j) {
    const std::int64_t difference = static_cast<std::int64_t>(i) * m - static_cast<std::int64_t>(j) * n;
    if (std::abs(difference) <= std::abs(largest)) return;
    largest = difference;
    at = value;
  });
  const double signed_d = static_cast<double>(largest) / (static_cast<double>(n) * static_cast<double>(m));
  return {std::abs(signed_d), at, signed_d};
}

double wasserstein(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 0;
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  double area = 0;
  double before = 0;
  double height = 0;  // between the last distinct value and this one; 0 in front of the first
  walk(a, b, [&](double value, std::size_t i, std::size_t j) {
    if (height > 0) {
      const double width = value - before;
      // Two finite values can be further apart than the largest double, and still span a finite area.
      area += std::isfinite(width) ? height * width : height * (value / 2 - before / 2) * 2;
    }
    before = value;
    height = std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m);
  });
  return area;
}

double sorted_quantile(std::span<const double> sorted, double q) {
  if (sorted.empty() || std::isnan(q)) return std::numeric_limits<double>::quiet_NaN();
  const double place = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], place - static_cast<double>(below));
}

}  // namespace weir
