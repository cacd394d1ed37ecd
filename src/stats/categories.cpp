// SPDX-License-Identifier: Apache-2.0
// Distances of two rows of counts. No sum overflows with counts up to 2^53; a side without counts has no distance: 0.
#include "stats/categories.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "stats/policy.h"

namespace weir {
namespace {

double total(Counts counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return static_cast<double>(sum);
}

// Sum of term(share of a, share of b) over the cells. Quotients and not products with 1 / n: rounded once, so that equal
// shares are equal and their distance is 0.
template <typename Term>
double sum_over_shares(Counts a, Counts b, Term term) {
  const double n = total(a);
  const double m = total(b);
  if (n == 0 || m == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    sum += term(static_cast<double>(a[i]) / n, static_cast<double>(b[i]) / m);
  }
  return sum;
}

std::size_t filled(Counts a, Counts b) {
  std::size_t cells = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) cells += (a[i] | b[i]) != 0 ? 1 : 0;
  return cells;
}

double chi_square_tail(double degrees, double x) {
  if (!(degrees > 0) || !(x > 0)) return 1;
  const double p = boost::math::gamma_q(degrees / 2, x / 2, MathPolicy{});
  return std::isfinite(p) ? p : 0;
}

// (1 + u) ln(1 + u) + (1 - u) ln(1 - u), without cancellation where shares are nearly equal, and without logarithms there.
double mixing(double u) {
  const double u2 = u * u;
  if (u2 < 0.01) {
    // sum of u^2k / (k (2k - 1))
    return u2 * (1 + u2 * (1.0 / 6 + u2 * (1.0 / 15 + u2 * (1.0 / 28 + u2 * (1.0 / 45 + u2 * (1.0 / 66 + u2 / 91))))));
  }
  double sum = (1 + u) * std::log1p(u);
  if (u < 1) sum += (1 - u) * std::log1p(-u);
  return sum;
}

}  // namespace

ChiSquare chi_square(Counts a, Counts b, double design_effect) {
  ChiSquare result;
  const double n = total(a);
  const double m = total(b);
  if (n == 0 || m == 0) return result;
  // (a_i - expected)^2 / expected of both rows together is n m (p - q)^2 / (a_i + b_i).
  double sum = 0;
  std::size_t cells = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if ((a[i] | b[i]) == 0) continue;
    ++cells;
    const double x = static_cast<double>(a[i]);
    const double y = static_cast<double>(b[i]);
    const double difference = x / n - y / m;
    sum += difference * difference / (x + y);
  }
  result.statistic = sum * n * m / std::max(design_effect, 1.0);
  result.degrees = static_cast<double>(cells) - 1;
  result.p = chi_square_tail(result.degrees, result.statistic);
  return result;
}

ChiSquare g_test(Counts a, Counts b, double design_effect) {
  ChiSquare result;
  const double n = total(a);
  const double m = total(b);
  if (n == 0 || m == 0) return result;
  const auto term = [](double count, double expected) { return count > 0 ? count * std::log(count / expected) : 0.0; };
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double x = static_cast<double>(a[i]);
    const double y = static_cast<double>(b[i]);
    if (x + y == 0) continue;
    sum += term(x, (x + y) * (n / (n + m))) + term(y, (x + y) * (m / (n + m)));
  }
  result.statistic = std::max(0.0, 2 * sum / std::max(design_effect, 1.0));
  result.degrees = static_cast<double>(filled(a, b)) - 1;
  result.p = chi_square_tail(result.degrees, result.statistic);
  return result;
}

double jensen_shannon(Counts a, Counts b) {
  const double sum = sum_over_shares(a, b, [](double p, double q) {
    const double both = p + q;
    return both > 0 ? both / 2 * mixing(std::fabs(p - q) / both) : 0.0;
  });
  return std::sqrt(std::clamp(sum / (2 * std::numbers::ln2), 0.0, 1.0));
}

double total_variation(Counts a, Counts b) {
  return std::min(1.0, sum_over_shares(a, b, [](double p, double q) { return std::fabs(p - q); }) / 2);
}

double hellinger(Counts a, Counts b) {
  const double sum = sum_over_shares(a, b, [](double p, double q) {
    const double difference = std::sqrt(p) - std::sqrt(q);
    return difference * difference;
  });
  return std::sqrt(std::min(1.0, sum / 2));
}

double l_infinity(Counts a, Counts b) {
  double largest = 0;
  sum_over_shares(a, b, [&](double p, double q) {
    largest = std::max(largest, std::fabs(p - q));
    return 0.0;
  });
  return largest;
}

double cramers_v(Counts a, Counts b) {
  const double n = total(a);
  const double m = total(b);
  const auto cells = static_cast<double>(filled(a, b));
  if (n == 0 || m == 0 || cells < 2) return 0;
  // Chi-square over its size when both sides weigh the same, and the size that has its noise: n + m when they do.
  const double phi_squared =
      sum_over_shares(a, b, [](double p, double q) { return p + q > 0 ? (p - q) * (p - q) / (2 * (p + q)) : 0.0; });
  const double size = 4 * n * (m / (n + m));
  if (!(size > 2)) return 0;
  const double corrected = std::max(0.0, phi_squared - (cells - 1) / (size - 1));
  const double columns = cells - (cells - 1) * (cells - 1) / (size - 1);
  const double rows = 2 - 1 / (size - 1);
  const double most = std::min(columns, rows) - 1;
  return most > 0 ? std::min(1.0, std::sqrt(corrected / most)) : 0;
}

TwoShares two_shares(double k, double n, double l, double m) {
  TwoShares result;
  if (!(n > 0) || !(m > 0)) return result;
  const double pooled = (k + l) / (n + m);
  const double variance = pooled * (1 - pooled) * (1 / n + 1 / m);
  if (!(variance > 0)) return result;
  result.z = (k / n - l / m) / std::sqrt(variance);
  result.p = std::erfc(std::fabs(result.z) / std::numbers::sqrt2);
  return result;
}

// Weights of the tables against the likeliest one, by the quotient of neighbours, outwards from it: no factorials, hence no
// digits lost. Tables up to a relative 1e-7 likelier count as equally likely: their weights are rounded.
double fisher_exact(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  const double n = static_cast<double>(a) + static_cast<double>(b);  // first row
  const double m = static_cast<double>(c) + static_cast<double>(d);
  const double k = static_cast<double>(a) + static_cast<double>(c);  // first column
  const double l = static_cast<double>(b) + static_cast<double>(d);
  if (n == 0 || m == 0 || k == 0 || l == 0) return 1;
  const double pooled = n + m;
  const double spread = std::sqrt((n / pooled) * (m / pooled) * k * (l / pooled));
  // Beyond, the normal law is as good: its error is about 1 / spread of p, and the tables could not be counted.
  constexpr double kMostSpread = 1e4;
  if (spread > kMostSpread) {
    return two_shares(static_cast<double>(a), n, static_cast<double>(c), m).p;
  }
  const double least = std::max(0.0, k - m);
  const double most = std::min(n, k);
  const double mode = std::clamp(std::floor((n + 1) * ((k + 1) / (pooled + 2))), least, most);
  const auto up = [&](double x) { return (n - x) * (k - x) / ((x + 1) * (m - k + x + 1)); };  // weight of x + 1 over x
  const auto down = [&](double x) { return x * (m - k + x) / ((n - x + 1) * (k - x + 1)); };  // of x - 1 over x
  const auto observed = static_cast<double>(a);
  constexpr double kNothing = 1e-300;  // not 0: the least of all doubles times 0.9 is itself again
  double limit = 1;
  for (double x = mode; x < observed && limit > kNothing; ++x) limit *= up(x);
  for (double x = mode; x > observed && limit > kNothing; --x) limit *= down(x);
  if (limit <= kNothing) return 0;
  limit *= 1 + 1e-7;
  double all = 1;
  double unlikely = limit >= 1 ? 1 : 0;
  const auto count = [&](double weight) {
    all += weight;
    if (weight <= limit) unlikely += weight;
  };
  double weight = 1;
  for (double x = mode; x < most && weight > kNothing; ++x) count(weight *= up(x));
  weight = 1;
  for (double x = mode; x > least && weight > kNothing; --x) count(weight *= down(x));
  return std::min(1.0, unlikely / all);
}

double fisher_odds_ratio(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  if ((a | b) == 0 || (c | d) == 0 || (a | c) == 0 || (b | d) == 0) return 1;
  if (b == 0 || c == 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(a) * static_cast<double>(d) / (static_cast<double>(b) * static_cast<double>(c));
}

double binomial_tail(std::uint64_t k, std::uint64_t n, double share) {
  if (k == 0) return 1;
  if (k > n || !(share > 0)) return 0;
  if (share >= 1) return 1;
  const double x = static_cast<double>(k);
  const double mean = static_cast<double>(n) * share;
  const double variance = mean * (1 - share);
  // The series of the incomplete beta function loses its digits with sizes that large; the normal law is good there.
  constexpr double kMostVariance = 1e9;
  if (variance < kMostVariance) {
    const double p = boost::math::ibeta(x, static_cast<double>(n) - x + 1, share, MathPolicy{});
    if (std::isfinite(p)) return std::clamp(p, 0.0, 1.0);
  }
  return std::erfc((x - 0.5 - mean) / std::sqrt(2 * variance)) / 2;
}

}  // namespace weir
