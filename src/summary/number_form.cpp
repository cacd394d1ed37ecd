// SPDX-License-Identifier: Apache-2.0
// Numbers that have to be read from their text.
#include "summary/number_form.h"

#include <charconv>
#include <cmath>

#include "base/decimal.h"

namespace weir {

NumberForm form_of_written(const Cell& cell) {
  const std::string_view text = cell.text();
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Every double that a whole number is rounded to is whole, so this one was none.
  if (fault == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value != std::trunc(value)) {
    return {value, NumberSort::Fraction, value < 0 ? -1 : 1};
  }
  const Decimal number = number_of(Kind::Number, cell);
  if (number.is_nan()) return {std::nan(""), NumberSort::NaN, 0};
  const NumberSort infinity = number.is_negative() ? NumberSort::NegativeInfinity : NumberSort::PositiveInfinity;
  const int sign = number.is_negative() ? -1 : number.is_zero() ? 0 : 1;
  if (!number.is_finite()) return {number.to_double(), infinity, sign};
  return {number.to_double() + 0.0, number.is_whole() ? NumberSort::Whole : NumberSort::Fraction, sign};
}

double nearest_to(std::int64_t unscaled, std::uint32_t scale) noexcept {
  return Decimal(unscaled, scale).to_double();
}

}  // namespace weir
