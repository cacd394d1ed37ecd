// SPDX-License-Identifier: Apache-2.0
// What a condition comes to over the intervals that sketches answer with: see intervals.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "expr/value.h"
#include "weir/measured.h"

namespace weir {

/// The points of the call's interval at which a condition is evaluated; its ends come first and last.
struct IntervalPoints {
  std::size_t call = 0;
  std::vector<Value> points;
};

/// Points that stand for all of a measure's interval. `bounds`: what the measure is compared with.
[[nodiscard]] std::vector<Value> points_within(const Measured& measured, std::vector<double> bounds);

/// Whether `differs` holds for some combination of points in place of their calls' values.
[[nodiscard]] bool any_combination(std::vector<Value> values, std::vector<IntervalPoints> intervals,
                                   const std::function<bool(std::span<const Value>)>& differs);

}  // namespace weir
