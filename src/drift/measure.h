// SPDX-License-Identifier: Apache-2.0
// The effect of one drift test as the value of a measure: `must: psi(amount) < 0.1`. No p, no family, no memory.
#pragma once

#include <string_view>

#include "weir/drift.h"
#include "weir/measured.h"

namespace weir {

class FieldSummary;

/// Of a rule about one field whose reference is a file. Too few values, or a test that does not apply, is no data; what was
/// kept in cells or in a sketch gives an interval.
[[nodiscard]] Measured measure_distance(const DriftRule& rule, std::string_view test, const FieldSummary& field);

}  // namespace weir
