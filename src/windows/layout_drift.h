// SPDX-License-Identifier: Apache-2.0
// What panes keep for drift rules.
#pragma once

#include <cstdint>
#include <vector>

#include "windows/layout.h"

namespace weir {

/// What a drift test may ask about a field: numbers and categories both, unless its declared type says that it is no
/// number or no text. Edges are those of a baseline; a reference that is learned finds its own from what is kept here.
[[nodiscard]] SummarySpec drift_summary(const Plan& plan, const DriftRule& rule);
/// Its place among the fields of the pane, made where there is none.
[[nodiscard]] std::int32_t drift_field_of(PaneSpec& spec, std::uint32_t lens, SummarySpec wanted);
[[nodiscard]] std::int32_t scatter_of(PaneSpec& spec, std::uint32_t lens, const std::vector<std::uint32_t>& columns);

}  // namespace weir
