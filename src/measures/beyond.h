// SPDX-License-Identifier: Apache-2.0
// Numbers that no double holds (1e400) are in no sum and no sketch. A measure that lacks them says so: it may be anything,
// and a bound on it is inconclusive.
#pragma once

#include <limits>
#include <string>

#include "measures/measured_of.h"
#include "summary/counters.h"

namespace weir {

[[nodiscard]] inline Measured unless_beyond(const Counters& counters, Measured value) {
  if (counters.beyond == 0) return value;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return Measured::within(value.as_number().value_or(0), -kInfinity, kInfinity,
                          std::to_string(counters.beyond) + " of the numbers are beyond 1.8e308");
}

}  // namespace weir
