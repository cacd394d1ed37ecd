// SPDX-License-Identifier: Apache-2.0
// A comparison for people: what moved, in words and drawn.
#pragma once

#include <string_view>
#include <vector>

#include "drift/compare.h"
#include "drift/input.h"

namespace weir {

/// Of a field in which at least one test found drift: the largest first, at most five.
[[nodiscard]] std::vector<DriftFinding> findings_of(const FieldPair& pair, const FieldResult& result,
                                                    Groups::Of groups);
/// A unit that changed; with `shape` quantiles and spread that moved, values cut off, everything one value.
void find_in_numbers(const FieldPair& pair, bool shape, std::vector<DriftFinding>& into);
/// Correlations, means and directions of several fields.
void find_in_fields(const FieldPair& pair, std::string_view test, double effect, std::vector<DriftFinding>& into);

[[nodiscard]] DriftPicture picture_of(const FieldPair& pair, Groups::Of groups);

}  // namespace weir
