// SPDX-License-Identifier: Apache-2.0
// A number cell as summaries count it: its nearest double, and what sort of number it is.
#pragma once

#include <cstdint>

#include "weir/batch.h"

namespace weir {

enum class NumberSort : std::uint8_t { Whole, Fraction, NaN, PositiveInfinity, NegativeInfinity };

struct NumberForm {
  double nearest = 0;
  NumberSort sort = NumberSort::Whole;
  int sign = 0;  // of the number itself: 1e-400 is no zero
};

[[nodiscard]] constexpr int sign_of(std::int64_t number) noexcept {
  return (number > 0 ? 1 : 0) - (number < 0 ? 1 : 0);
}

/// For Kind::Number, whose text has to be read.
[[nodiscard]] NumberForm form_of_written(const Cell& cell);
/// For Kind::Decimal whose digits do not fit a double.
[[nodiscard]] double nearest_to(std::int64_t unscaled, std::uint32_t scale) noexcept;

/// kind is Integer, Decimal or Number. Zero has no sign.
[[nodiscard]] inline NumberForm number_form(Kind kind, const Cell& cell) {
  if (kind == Kind::Integer) return {static_cast<double>(cell.number), NumberSort::Whole, sign_of(cell.number)};
  if (kind == Kind::Number) return form_of_written(cell);
  constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  std::int64_t number = cell.number;
  // Both are exact as doubles, so the quotient is rounded once.
  const double nearest = number <= kExact && number >= -kExact ? static_cast<double>(number) / kPowers[cell.scale]
                                                               : nearest_to(number, cell.scale);
  std::uint32_t scale = cell.scale;
  for (; scale > 0 && number % 10 == 0; --scale) number /= 10;
  return {nearest, scale == 0 ? NumberSort::Whole : NumberSort::Fraction, sign_of(number)};
}

}  // namespace weir
