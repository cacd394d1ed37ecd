// SPDX-License-Identifier: Apache-2.0
// Bounds for numbers: where they end sharply, or far enough outside.
#pragma once

#include <vector>

#include "suggest/advise.h"

namespace weir {

/// The numbers grow from record to record (counters, epochs): what is the largest today is none tomorrow.
[[nodiscard]] bool grows(const FieldProfile& field);
/// A few values lie so far out that the next sample's largest says nothing about them.
[[nodiscard]] bool has_heavy_tail(const FieldProfile& field);

void suggest_bounds(const FieldProfile& field, bool is_key, std::vector<Suggestion>& rules);

}  // namespace weir
