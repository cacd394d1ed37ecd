// SPDX-License-Identifier: Apache-2.0
// Exact decimal numbers on paper: digits in a text, added and compared as they are at school. Slow, and sharing nothing with
// the numbers of the product.
#pragma once

#include <string>
#include <string_view>

namespace weir::testing {

/// (-1)^negative x digits x 10^exponent, without zeros at either end of the digits; zero has none.
struct SlowNumber {
  bool negative = false;
  std::string digits;
  long exponent = 0;

  /// A number as JSON writes it.
  static SlowNumber read(std::string_view json);

  [[nodiscard]] bool is_whole() const { return exponent >= 0; }
  /// Digits after the point, and digits in all as SQL counts them: 0.05 has two.
  [[nodiscard]] long scale() const { return exponent < 0 ? -exponent : 0; }
  [[nodiscard]] long precision() const;
  [[nodiscard]] bool is_multiple_of(const SlowNumber& step) const;
  [[nodiscard]] SlowNumber plus(const SlowNumber& other) const;
  [[nodiscard]] SlowNumber negated() const;
  /// Negative, zero or positive.
  [[nodiscard]] int compare(const SlowNumber& other) const;
  [[nodiscard]] bool operator==(const SlowNumber& other) const = default;
  [[nodiscard]] std::string text() const { return (negative ? "-" : "") + digits + "e" + std::to_string(exponent); }
};

}  // namespace weir::testing
