// SPDX-License-Identifier: Apache-2.0
#include "stats/poisson.h"

#include <cmath>

namespace weir {
namespace {

/// The probability of the largest term, and the sum of all terms in units of it; `ratio(i)` is that of term i to the one before.
template <class Ratio>
double tail_sum(double first, double mean, Ratio ratio) {
  double sum = 1;
  double term = 1;
  for (double i = 1; term > sum * 1e-17; ++i) {
    term *= ratio(i);
    sum += term;
  }
  return std::exp(first * std::log(mean) - mean - std::lgamma(first + 1) + std::log(sum));
}

/// P(X <= count) for a mean, by the tail whose terms fall from the first one on.
double at_most(std::uint64_t count, double mean) {
  if (mean <= 0) return 1;
  const double n = static_cast<double>(count);
  if (mean < n + 1) return 1 - tail_sum(n + 1, mean, [&](double i) { return mean / (n + 1 + i); });
  return tail_sum(n, mean, [&](double i) { return i > n ? 0 : (n + 1 - i) / mean; });
}

/// The mean under which P(X <= count) is `share`; it falls as the mean grows.
double mean_for(std::uint64_t count, double share) {
  double low = 0;
  double high = static_cast<double>(count) + 10;
  while (at_most(count, high) > share) high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-13 * high; ++step) {
    const double middle = (low + high) / 2;
    (at_most(count, middle) > share ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

CountInterval poisson_interval(std::uint64_t count, double confidence) {
  const double tail = (1 - confidence) / 2;
  // P(X >= count) = tail is P(X <= count - 1) = 1 - tail.
  return {.low = count == 0 ? 0 : mean_for(count - 1, 1 - tail), .high = mean_for(count, tail)};
}

}  // namespace weir
