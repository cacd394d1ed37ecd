// SPDX-License-Identifier: Apache-2.0
// Numbers that no double holds (1e400) are in no sum and no sketch, and sums of squares of large ones go beyond as well. A
// measure that lacks them says so: it may be anything, and a bound on it is inconclusive.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "measures/measured_of.h"
#include "summary/counters.h"

namespace weir {

[[nodiscard]] inline Measured open_at(double number, std::string why) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return Measured::within(number, -kInfinity, kInfinity, std::move(why));
}

[[nodiscard]] inline Measured too_large() {
  return open_at(0, "the numbers are too large to be added up");
}

[[nodiscard]] inline Measured unless_too_large(const Measured& value) {
  return value.kind == Measured::Kind::Number && !std::isfinite(value.number) ? too_large() : value;
}

[[nodiscard]] inline Measured unless_beyond(const Counters& counters, const Measured& value) {
  if (counters.beyond == 0) return unless_too_large(value);
  return open_at(value.as_number().value_or(0), std::to_string(counters.beyond) + " of the numbers are beyond 1.8e308");
}

}  // namespace weir
