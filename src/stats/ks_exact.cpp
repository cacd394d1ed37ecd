// SPDX-License-Identifier: Apache-2.0
// The exact law of the two-sample Kolmogorov-Smirnov distance.
//
// Without drift all orders of the pooled sample are equally likely: a path from (0, 0) to (n, m), one step for each value. Let
// C(i, j) be the share of the paths to (i, j) that have been at a point with |i/n - j/m| >= d. The last step came from
// (i-1, j) in i of i + j cases, so
//
//   C(i, j) = 1 where |i/n - j/m| >= d, else (i C(i-1, j) + j C(i, j-1)) / (i + j)
//
// and C(n, m) is the p (T. Viehmann 2021, arXiv 2102.08037). Only sums of what is not negative: each digit counts, also at
// 1e-300. With ties the distance is seen only behind the last of equal values, that is for some i + j, which is why we go
// through the table by diagonals i + j = s: a diagonal is tested as a whole or not at all, and has no dependence in itself.
//
// Past the band |i/n - j/m| < d all is 1, so only what lies within is kept. Time O((n + m) x width of the band), at most
// O(n m); memory O(min(n, m)). Rounding: 3 roundings a diagonal, relative error below 3 (n + m) 1e-16.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "stats/samples.h"

namespace weir {
namespace {

// Stands for a share of 1, so that shares of 1e-500 on the way to a p of 1e-200 are still numbers.
constexpr double kOne = 0x1p+900;

constexpr std::uint64_t kMostCells = 1'000'000'000;

std::int64_t floor_divided(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/// `tested(s)`: whether the distance can be seen behind the first s values.
template <typename Tested>
double tail(std::uint64_t of_a, std::uint64_t of_b, double d, Tested tested) {
  if (std::isnan(d)) return d;
  if (of_a == 0 || of_b == 0 || d <= 0) return 1;
  if (of_a > kMostCells / of_b) {
    const auto n = static_cast<double>(of_a);
    const auto m = static_cast<double>(of_b);
    return ks_tail(d, n / (n / m + 1));
  }
  const auto n = static_cast<std::int64_t>(std::min(of_a, of_b));
  const auto m = static_cast<std::int64_t>(std::max(of_a, of_b));
  // Distances are whole multiples of 1 / lcm(n, m); `d` is one up to its rounding.
  const std::int64_t common = std::gcd(n, m);
  const std::int64_t up = m / common;    // a step in i moves the distance by this
  const std::int64_t down = n / common;  // and one in j by that
  const double steps = d * static_cast<double>(n) * static_cast<double>(up);
  if (steps > static_cast<double>(n) * static_cast<double>(up) + 0.5) return 0;
  const auto limit = static_cast<std::int64_t>(std::ceil(steps - std::max(1e-7, steps * 1e-12)));
  if (limit <= 0) return 1;

  // One place more on both sides: the neighbours of the band, which hold 1.
  std::vector<double> before(static_cast<std::size_t>(n) + 3, 0.0);
  std::vector<double> now(before.size(), 0.0);
  std::vector<double> index(before.size());
  std::iota(index.begin(), index.end(), -1.0);
  std::int64_t low = 0;
  std::int64_t high = 0;
  for (std::int64_t s = 1; s <= n + m; ++s) {
    before[static_cast<std::size_t>(low)] = kOne;       // i = low - 1
    before[static_cast<std::size_t>(high) + 2] = kOne;  // i = high + 1
    high = std::min({high + 1, n, s});
    low = std::max(low, s - m);
    if (tested(static_cast<std::size_t>(s))) {
      // |i up - (s - i) down| < limit
      low = std::max(low, floor_divided(s * down - limit, up + down) + 1);
      high = std::min(high, -floor_divided(-(s * down + limit), up + down) - 1);
    }
    if (low > high) return 1;
    const auto whole = static_cast<double>(s);
    const double share = 1 / whole;
    const double* old = before.data() + 1;
    double* fresh = now.data() + 1;
    const double* weight = index.data() + 1;
    for (std::int64_t i = low; i <= high; ++i) {
      fresh[i] = (weight[i] * old[i - 1] + (whole - weight[i]) * old[i]) * share;
    }
    std::swap(before, now);
  }
  return std::min(1.0, before[static_cast<std::size_t>(n) + 1] / kOne);
}

}  // namespace

double ks_exact_p(std::span<const double> a, std::span<const double> b, double d) {
  // By s: whether the value behind the first s of the pooled sample is another one.
  std::vector<bool> ends(a.size() + b.size() + 1, false);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const double value = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    ends[i + j] = true;
  }
  return tail(a.size(), b.size(), d, [&ends](std::size_t s) { return ends[s]; });
}

double ks_exact_p(std::uint64_t n, std::uint64_t m, double d) {
  return tail(n, m, d, [](std::size_t) { return true; });
}

}  // namespace weir
