// SPDX-License-Identifier: Apache-2.0
// How a report is shortened until its page fits.
#pragma once

#include <array>
#include <cstddef>

#include "report/report.h"

namespace weir {

/// How much of a report goes onto the page.
struct Limits {
  std::size_t samples;      // a rule
  std::size_t code_points;  // of any one text
  std::size_t inputs;
};
/// From generous to bare.
inline constexpr std::array<Limits, 8> kLimits = {
    {{20, 400, 100}, {10, 300, 50}, {5, 200, 50}, {3, 150, 20}, {1, 100, 20}, {0, 80, 10}, {0, 40, 5}, {0, 16, 3}}};

/// A copy that holds no more than the limits allow; the counts stay complete.
[[nodiscard]] Report shortened(const Report& report, const Limits& limits);

}  // namespace weir
