// SPDX-License-Identifier: Apache-2.0
// P(largest distance at the edges >= d) of two samples without drift, known by cell.
//
// Given what the cells hold of both samples, each way to deal the n + m values to the two sides is as likely as any other.
// Count independent coin tosses instead, n / (n + m) for `a`, cell after cell, and ask at the end for those walks that gave `a`
// n values: the same law, but each step of the walk is the same binomial wherever it stands. So one row of states is
// carried through the cells: how many values of `a` there are up to here, for the walks that never left the band of width d.
// Exact, ties and all; sizes below the level always. Cost: cells x band (about 2.7 sqrt(e), e = n m / (n + m)) x width of a step.
//
// Where that is too much, or the sizes are divided by a design effect, the walk is its limit, a Brownian motion
// that is asked to end in 0, carried on kNodes points across the band by a rule of quadrature with Gregory's weights at its
// ends. Steps that are short against the distance of the points go to the neighbours only, with the right variance.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "stats/cells.h"
#include "stats/samples.h"

namespace weir {
namespace {

constexpr double kMostWork = 4e6;            // multiplications, about a millisecond
constexpr std::size_t kMostCells = 8192;     // beyond, the law of single values
constexpr double kLeastOfDifference = 1e-9;  // below, 1 - (walks that stay) has no digits left

struct Walk {
  std::vector<double> cells;  // what each holds of both sides, without empty ones
  double n = 0;
  double m = 0;
};

// Binomial(count, share), cut where less than 1e-17 of the largest is left.
struct Step {
  std::vector<double> chance;
  std::int64_t least = 0;
};

Step binomial(double count, double share) {
  Step step;
  const double odds = share / (1 - share);
  const double mode = std::min(count, std::floor((count + 1) * share));
  constexpr double kNegligible = 1e-17;
  std::vector<double> below;
  double weight = 1;
  for (double k = mode; k > 0; --k) {
    weight *= k / ((count - k + 1) * odds);
    if (weight < kNegligible) break;
    below.push_back(weight);
  }
  step.least = static_cast<std::int64_t>(mode) - static_cast<std::int64_t>(below.size());
  step.chance.assign(below.rbegin(), below.rend());
  weight = 1;
  for (double k = mode; weight >= kNegligible; ++k) {
    step.chance.push_back(weight);
    if (k >= count) break;
    weight *= (count - k) / (k + 1) * odds;
  }
  double sum = 0;
  for (const double chance : step.chance) sum += chance;
  for (double& chance : step.chance) chance /= sum;
  return step;
}

// How wide the rows and steps of the exact walk would be.
double exact_work(const Walk& walk, double d) {
  const double share = walk.n / (walk.n + walk.m);
  const double band = std::min(2 * d * walk.n * (1 - share), walk.n) + 1;
  double work = 0;
  constexpr double kReach = 18;  // standard deviations from end to end of a step
  for (const double cell : walk.cells) {
    work += band * std::min(cell + 1, kReach * std::sqrt(cell * share * (1 - share)) + 2);
  }
  return work;
}

// log x! - (x log x - x): half a logarithm and Stirling's series, so that large terms never meet.
double rest_of_factorial(double x) {
  if (x < 20) {
    double product = 1;
    for (double k = 2; k <= x; ++k) product *= k;
    return std::log(product) - x * std::log(x) + x;
  }
  const double inverse = 1 / x;
  return 0.5 * std::log(2 * std::numbers::pi * x) +
         inverse * (1.0 / 12 - inverse * inverse * (1.0 / 360 - inverse * inverse / 1260));
}

// The chance that Binomial(n + m, n / (n + m)) is n.
double chance_of_end(double n, double m) {
  return std::exp(rest_of_factorial(n + m) - rest_of_factorial(n) - rest_of_factorial(m));
}

double exact_stays(const Walk& walk, double d) {
  const double share = walk.n / (walk.n + walk.m);
  const double half = d * walk.n * (1 - share) * (1 - 1e-12);  // in values of `a`: inside is below d, strictly
  std::vector<double> row = {1};
  std::vector<double> next;
  std::int64_t least = 0;
  double pooled = 0;
  for (const double cell : walk.cells) {
    pooled += cell;
    const double middle = pooled * share;
    // The states strictly inside of the band; behind the last cell, n alone.
    const bool last = pooled >= walk.n + walk.m;
    const std::int64_t from = last
                                  ? static_cast<std::int64_t>(walk.n)
                                  : std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(middle - half)) + 1);
    const std::int64_t to =
        last ? from
             : std::min(static_cast<std::int64_t>(walk.n), static_cast<std::int64_t>(std::ceil(middle + half)) - 1);
    if (to < from) return 0;
    const Step step = binomial(cell, share);
    const auto steps = static_cast<std::int64_t>(step.chance.size());
    next.assign(static_cast<std::size_t>(to - from + 1), 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::int64_t shift =
          least + static_cast<std::int64_t>(i) + step.least;  // state that the first chance leads to
      const std::int64_t begin = std::max<std::int64_t>(0, from - shift);
      const std::int64_t end = std::min(steps, to - shift + 1);
      double* out = next.data() + (shift - from);
      const double here = row[i];
      for (std::int64_t k = begin; k < end; ++k) out[k] += here * step.chance[static_cast<std::size_t>(k)];
    }
    row.swap(next);
    least = from;
  }
  return row[0] / chance_of_end(walk.n, walk.m);
}

double limit_stays(const Walk& walk, double z) {
  constexpr std::size_t kNodes = 193;
  const double h = 2 * z / (kNodes - 1);
  constexpr double kGregory[] = {3.0 / 8, 7.0 / 6, 23.0 / 24};
  const auto weight = [&](std::size_t i) {
    const std::size_t from_end = std::min(i, kNodes - 1 - i);
    return from_end < 3 ? h * kGregory[from_end] : h;
  };
  const double pooled = walk.n + walk.m;
  // Density of the walks that are inside, at the points; before the first edge they all stand in the middle.
  std::vector<double> row(kNodes, 0);
  std::vector<double> next(kNodes, 0);
  std::vector<double> kernel;
  bool spread = false;
  double waiting = 0;  // variance of steps at the start that were too short to be seen on the points
  for (std::size_t c = 0; c + 1 < walk.cells.size(); ++c) {
    double variance = walk.cells[c] / pooled;
    if (!spread) {
      waiting += variance;
      if (waiting < h * h) continue;
      for (std::size_t i = 0; i < kNodes; ++i) {
        const double x = (static_cast<double>(i) - (kNodes - 1) / 2.0) * h;
        row[i] = std::exp(-x * x / (2 * waiting)) / std::sqrt(2 * std::numbers::pi * waiting);
      }
      spread = true;
      continue;
    }
    if (variance < h * h) {
      const double aside = variance / (2 * h * h);
      next[0] = next[kNodes - 1] = 0;
      for (std::size_t i = 1; i + 1 < kNodes; ++i) {
        next[i] = (1 - 2 * aside) * row[i] + aside * (row[i - 1] + row[i + 1]);
      }
      row.swap(next);
      continue;
    }
    constexpr double kReach = 6.5;  // standard deviations; beyond is 1e-10
    const std::size_t reach =
        std::min<std::size_t>(kNodes - 1, static_cast<std::size_t>(kReach * std::sqrt(variance) / h) + 1);
    kernel.resize(reach + 1);
    for (std::size_t k = 0; k <= reach; ++k) {
      const double x = static_cast<double>(k) * h;
      kernel[k] = std::exp(-x * x / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
    }
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t j = 0; j < kNodes; ++j) {
      const double here = row[j] * weight(j);
      const std::size_t up = std::min(reach, kNodes - 1 - j);
      const std::size_t down = std::min(reach, j);
      for (std::size_t k = 0; k <= up; ++k) next[j + k] += here * kernel[k];
      for (std::size_t k = 1; k <= down; ++k) next[j - k] += here * kernel[k];
    }
    row.swap(next);
  }
  // The last step leads to 0; over the density of ending there at all, 1 / sqrt(2 pi).
  const double variance = walk.cells.back() / pooled;
  if (!spread) return 1;  // all but the last cell hold next to nothing
  if (variance < h * h) return std::min(1.0, row[kNodes / 2] * std::sqrt(2 * std::numbers::pi));
  double sum = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double x = (static_cast<double>(i) - (kNodes - 1) / 2.0) * h;
    sum += row[i] * weight(i) * std::exp(-x * x / (2 * variance));
  }
  return sum / std::sqrt(variance);
}

}  // namespace

double ks_cells_p(Counts a, Counts b, double d, double effective) {
  Walk walk;
  const std::size_t cells = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < cells; ++i) {
    const double count = static_cast<double>(a[i]) + static_cast<double>(b[i]);
    walk.n += static_cast<double>(a[i]);
    walk.m += static_cast<double>(b[i]);
    if (count > 0) walk.cells.push_back(count);
  }
  if (walk.n == 0 || walk.m == 0 || walk.cells.size() < 2 || !(d > 0)) return 1;
  if (walk.cells.size() > kMostCells) return ks_tail(d, effective);
  const double own = walk.n * walk.m / (walk.n + walk.m);
  const bool independent = effective >= own * (1 - 1e-9);
  const bool exact = independent && exact_work(walk, d) <= kMostWork;
  const double p = 1 - (exact ? exact_stays(walk, d) : limit_stays(walk, d * std::sqrt(effective)));
  if (p < kLeastOfDifference) return ks_tail(d, effective);
  return std::min(p, 1.0);
}

}  // namespace weir
