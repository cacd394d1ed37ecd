// SPDX-License-Identifier: Apache-2.0
// P(D_n >= d) of one sample against its own distribution. As in R. Simard and P. L'Ecuyer (Computing the two-sided
// Kolmogorov-Smirnov distribution, 2011) each region has its method; t = n d^2:
//
//   n < 80, t < 1.8      Durbin's recursion, exact, O(n (n d)^2): at most 21 000 steps (n < 20: t < 2.2)
//   n >= 80, t < 1.8     W. Pelz and I. J. Good (1976), the limit with its terms to n^-3/2, and one more, fitted; 0.1 us
//   else                 twice Smirnov's one-sided tail, less the samples that go too far on both sides
//
// Smirnov's sum over j has n (1 - d) terms. They lie on a bell that is many j wide once n d is large, so the sum is the
// integral, and the integral is the sum over a dozen places (the trapezoidal rule, which converges geometrically on a bell);
// then the cost does not grow with n.
//
// Every part but Durbin's and the plain sum takes a broken n; for those log p is drawn straight between the two whole n.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "stats/samples.h"

namespace weir {
namespace {

using std::numbers::pi;

constexpr double kDurbinUpTo = 80;
constexpr double kPlainUpTo = 100;

// 1 - P(D_n < d) for n <= 80, n d^2 < 2.2 and d < 1/2: the k-th entry of n!/n^n H^n (G. Marsaglia, W. W. Tsang, J. Wang 2003),
// row by row, because one entry of the power is all we need. Nothing in H is negative.
double durbin(int n, double d) {
  constexpr int kMost = 31;
  const double nd = n * d;
  if (nd <= 0.5) return 1;
  const int k = static_cast<int>(std::ceil(nd));
  const int size = 2 * k - 1;
  if (size > kMost) return 0;  // n d < sqrt(1.8 n) + 1 <= 13: not reached
  const double h = k - nd;

  std::array<double, kMost + 2> over{1};  // 1 / j!
  for (std::size_t j = 1; j < over.size(); ++j) over[j] = over[j - 1] / static_cast<double>(j);
  std::array<double, kMost> rim{};  // first column from above, last row from the right
  double power = 1;
  const auto last = static_cast<std::size_t>(size - 1);
  for (std::size_t i = 0; i <= last; ++i) {
    power *= h;
    rim[i] = (1 - power) * over[i + 1];
  }
  rim[last] = (1 - 2 * power + std::pow(std::max(0.0, 2 * h - 1), size)) * over[last + 1];

  std::array<double, kMost> row{};
  row[static_cast<std::size_t>(k - 1)] = 1;
  for (int step = 1; step <= n; ++step) {
    const double factor = static_cast<double>(step) / n;
    std::array<double, kMost> next{};
    for (std::size_t i = 0; i < last; ++i) {
      const double here = row[i];
      next[0] += here * rim[i];
      for (std::size_t j = 1; j <= i + 1; ++j) next[j] += here * over[i + 1 - j];
    }
    for (std::size_t j = 0; j <= last; ++j) next[j] += row[last] * rim[last - j];
    for (std::size_t j = 0; j <= last; ++j) row[j] = next[j] * factor;
  }
  return 1 - row[static_cast<std::size_t>(k - 1)];
}

// What Pelz and Good leave over, times n^2: a function of z = sqrt(n) d alone, up to terms of n^-5/2. Least squares over
// exact values at 90 z and eleven n from 100 to 800, as a Chebyshev series on [0.25, 1.36]; below, it is nothing beside 1.
// tests/reference/ks_tail_rest.py makes the numbers. Without them the relative error at n = 80 is 4e-5, with them 6e-7.
double rest(double z) {
  constexpr std::array<double, 14> kSeries = {0.0012966, 0.0002577,  -0.0061062, -0.0166562, 0.0051297,
                                              0.0170588, -0.0142423, -0.002255,  0.011212,   -0.0079697,
                                              0.0005274, 0.0035961,  -0.0032195, 0.0011553};
  constexpr double kLow = 0.25;
  constexpr double kHigh = 1.36;
  if (z < kLow || z > kHigh) return 0;
  const double x = (2 * z - kLow - kHigh) / (kHigh - kLow);
  double one = 0;
  double two = 0;
  for (std::size_t i = kSeries.size() - 1; i > 0; --i) {
    const double next = 2 * x * one - two + kSeries[i];
    two = one;
    one = next;
  }
  return x * one - two + kSeries[0];
}

// The four terms as theta series in q = exp(-pi^2 / (8 z^2)), which converge for small z: the k-th goes with q^((2k - 1)^2),
// and two sums over all whole k with exp(-pi^2 k^2 / (2 z^2)) = q^(4 k^2).
double pelz_good(double n, double z) {
  constexpr double kPi2 = pi * pi;
  constexpr double kPi4 = kPi2 * kPi2;
  constexpr double kPi6 = kPi4 * kPi2;
  const double z2 = z * z;
  const double log_q = -kPi2 / (8 * z2);
  if (log_q < -700) return 1;  // z < 0.042
  const double q = std::exp(log_q);
  const double q2 = q * q;
  const double q4 = q2 * q2;
  const double q8 = q4 * q4;
  const double z4 = z2 * z2;
  const double z6 = z4 * z2;
  const double z8 = z4 * z4;

  const double b1 = kPi2 / 4;
  const double a2 = 6 * z6 + 2 * z4;
  const double b2 = (2 * z4 - 5 * z2) * kPi2 / 4;
  const double c2 = kPi4 * (1 - 2 * z2) / 16;
  const double a3 = -30 * z6 - 90 * z8;
  const double b3 = kPi2 * (135 * z4 - 96 * z6) / 4;
  const double c3 = kPi4 * (-60 * z2 + 212 * z4) / 16;
  const double d3 = kPi6 * (5 - 30 * z2) / 64;

  double k0 = 0;
  double k1 = 0;
  double k2 = 0;
  double k3 = 0;
  double even2 = 0;
  double even3 = 0;
  double odd_power = q;         // q^((2k - 1)^2)
  double odd_ratio = q8;        // q^(8k)
  double even_power = q4;       // q^(4 k^2)
  double even_ratio = q4 * q8;  // q^(4 (2k + 1))
  for (int k = 1; k <= 16 && odd_power > 1e-18 * q; ++k) {
    const double odd = (2.0 * k - 1) * (2.0 * k - 1);
    k0 += odd_power;
    k1 += odd_power * (b1 * odd - z2);
    k2 += odd_power * (a2 + odd * (b2 + odd * c2));
    k3 += odd_power * (a3 + odd * (b3 + odd * (c3 + odd * d3)));
    odd_power *= odd_ratio;
    odd_ratio *= q8;
    const double square = static_cast<double>(k) * k;
    even2 += square * even_power;
    even3 += square * even_power * (3 * z2 - kPi2 * square);
    even_power *= even_ratio;
    even_ratio *= q8;
  }
  constexpr double kRoot = 2.5066282746310002;  // sqrt(2 pi)
  const double z3 = z2 * z;
  k0 *= kRoot / z;
  k1 *= kRoot / (6 * z4);
  k2 = k2 * kRoot / (72 * z6 * z) - even2 * kPi2 * kRoot / (36 * z3);
  k3 = k3 * kRoot / (6480 * z8 * z2) + even3 * kPi2 * kRoot / (216 * z6);
  const double root = std::sqrt(n);
  return 1 - k0 - k1 / root - k2 / n - k3 / (n * root) + rest(z) / (n * n);
}

// P(D+ >= d) = sum over j <= n (1 - d) of d C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j), N. V. Smirnov 1944.
double smirnov_sum(int n, double d) {
  double sum = std::exp(n * std::log1p(-d));
  double log_binomial = 0;
  for (int j = 1; j < n; ++j) {
    const double u = static_cast<double>(j) / n;
    if (u + d >= 1) break;
    log_binomial += std::log(static_cast<double>(n - j + 1) / j);
    sum += d * std::exp(log_binomial + (j - 1) * std::log(d + u) + (n - j) * std::log1p(-d - u));
  }
  return sum;
}

// Between whole n: straight in log p.
template <typename Tail>
double between(double n, Tail tail) {
  const double whole = std::floor(n);
  const double low = tail(static_cast<int>(whole));
  if (n == whole) return low;
  const double high = tail(static_cast<int>(whole) + 1);
  const double part = n - whole;
  return std::exp((1 - part) * std::log(low) + part * std::log(high));
}

// ln n! less Stirling's formula.
double stirling_rest(double n) {
  const double over = 1 / n;
  return over * (1.0 / 12 - over * over * (1.0 / 360));
}

double smirnov(double n, double d) {
  const auto plain = [&] { return between(n, [d](int whole) { return smirnov_sum(whole, d); }); };
  if (n < kPlainUpTo || d > 0.6) return plain();

  // With u = j/n the term is exp(-n K(u)) times what changes slowly, K the information of u about u + d.
  const auto information = [d](double u) { return -(u * std::log1p(d / u) + (1 - u) * std::log1p(-d / (1 - u))); };
  double u = (1 - d) / 2 - d / 6;
  double curvature = 0;
  for (int i = 0; i < 2; ++i) {
    const double v = u + d;
    const double slope = d / (1 - v) + d / v - std::log1p(d / u) + std::log1p(-d / (1 - u));
    curvature = d * d * (1 / (u * v * v) + 1 / ((1 - u) * (1 - v) * (1 - v)));
    u = std::clamp(u - slope / curvature, u / 2, (u + 1 - d) / 2);
  }
  // The first terms, which no Stirling describes, must not count; they are about (1 - d)^n.
  if (n * (-std::log1p(-d) - information(u)) < 15) return plain();

  // u = (1 - d) / (1 + e^-x): the bell falls off doubly exponentially on both sides of its top.
  const double top = u / (1 - d - u);  // e^x
  const double slope_of_u = u * (1 - u / (1 - d));
  const double step = std::min(0.5, 1 / (slope_of_u * std::sqrt(n * curvature)));
  const double whole_rest = stirling_rest(n);
  const double scale = d * std::sqrt(n / (2 * pi)) * step;
  const auto term = [&](double e) {  // at e^x
    const double share = e / (1 + e);
    const double at = (1 - d) * share;
    const double other = 1 - at;
    const double density = at * (1 - share) / ((at + d) * std::sqrt(at * other));
    return scale * density *
           std::exp(-n * information(at) + whole_rest - stirling_rest(n * at) - stirling_rest(n * other));
  };
  const double forth = std::exp(step);
  double sum = term(top);
  for (const double factor : {forth, 1 / forth}) {
    double e = top;
    for (int i = 0; i < 60; ++i) {
      e *= factor;
      if (e * n < 1) break;
      const double one = term(e);
      sum += one;
      if (one < 1e-9 * sum) break;
    }
  }
  return sum;
}

// The share of Smirnov's samples that go too far on the other side as well. In the limit exp(-6 t); both crossings overshoot,
// and far out they cost more than the limit says. Within 3 % where it counts.
double both_sides(double n, double t) {
  const double z = std::sqrt(t) + 1 / (6 * std::sqrt(n));
  return std::exp(-6 * z * z - 20.0 / 3 * t * t / n);
}

}  // namespace

double ks_tail(double d, double n) {
  if (std::isnan(d) || std::isnan(n)) return d + n;
  if (d <= 0 || n <= 0) return 1;
  if (n < 1) return 1 - n * (1 - ks_tail(d, 1));  // less than one value says less than one value
  if (d >= 1) return 0;
  const double t = n * d * d;
  if (t > 375) return 0;  // it is below exp(-2 t)
  const bool small = n < kDurbinUpTo;
  double p = 0;
  if (d < 0.5 && t < (n < 20 ? 2.2 : 1.8)) {
    p = small ? between(n, [d](int whole) { return durbin(whole, d); }) : pelz_good(n, d * std::sqrt(n));
  } else {
    p = 2 * smirnov(n, d);
    if (d < 0.5) p *= 1 - both_sides(n, t);
  }
  return std::clamp(p, 0.0, 1.0);
}

}  // namespace weir
