// SPDX-License-Identifier: Apache-2.0
// Sums of doubles with twice their digits: a double and what rounding it lost.
//
// Each addition is exact up to about 2^-104 of the result, so that a sum does not depend on the order of its terms in any
// digit that a double shows. Idea: O. Møller 1965, D. Knuth (TAOCP 2, 4.2.2); products: T. J. Dekker 1971.
#pragma once

#include <cmath>

namespace weir {

struct DoubleDouble {
  double high = 0;
  double low = 0;

  [[nodiscard]] double value() const noexcept { return high; }
  bool operator==(const DoubleDouble&) const = default;
};

/// a + b without any loss.
[[nodiscard]] inline DoubleDouble exact_sum(double a, double b) noexcept {
  const double sum = a + b;
  const double of_b = sum - a;
  return {sum, (a - (sum - of_b)) + (b - of_b)};
}

/// a x b without any loss, while neither is beyond 2^996 and the product is no subnormal number.
[[nodiscard]] inline DoubleDouble exact_product(double a, double b) noexcept {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1: halves of 26 bits
  const double product = a * b;
  const double a_shifted = kSplit * a;
  const double a_high = a_shifted - (a_shifted - a);
  const double a_low = a - a_high;
  const double b_shifted = kSplit * b;
  const double b_high = b_shifted - (b_shifted - b);
  const double b_low = b - b_high;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/// Brings the two parts into order. What is infinite has no low part.
[[nodiscard]] inline DoubleDouble normal(double high, double low) noexcept {
  const double sum = high + low;
  if (!std::isfinite(sum)) return {std::isfinite(high) ? sum : high, 0};
  return {sum, low - (sum - high)};
}

[[nodiscard]] inline DoubleDouble operator+(const DoubleDouble& a, const DoubleDouble& b) noexcept {
  const DoubleDouble high = exact_sum(a.high, b.high);
  const DoubleDouble low = exact_sum(a.low, b.low);
  const DoubleDouble sum = normal(high.high, high.low + low.high);
  return normal(sum.high, sum.low + low.low);
}

[[nodiscard]] inline DoubleDouble operator+(const DoubleDouble& a, double b) noexcept {
  const DoubleDouble high = exact_sum(a.high, b);
  return normal(high.high, high.low + a.low);
}

[[nodiscard]] inline DoubleDouble operator-(const DoubleDouble& a, const DoubleDouble& b) noexcept {
  return a + DoubleDouble{-b.high, -b.low};
}

/// a / b for a whole b > 0.
[[nodiscard]] inline DoubleDouble operator/(const DoubleDouble& a, double b) noexcept {
  const double quotient = a.high / b;
  const DoubleDouble back = exact_product(quotient, b);
  const double rest = ((a.high - back.high) - back.low + a.low) / b;
  return std::isfinite(rest) ? normal(quotient, rest) : DoubleDouble{quotient, 0};
}

}  // namespace weir
