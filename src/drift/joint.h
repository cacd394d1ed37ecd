// SPDX-License-Identifier: Apache-2.0
// What tests of several fields share.
#pragma once

#include <cstdint>
#include <optional>

#include "drift/measuring.h"
#include "stats/columns.h"

namespace weir {

[[nodiscard]] Scatter scatter_of(const JointProfile& profile);
/// Nothing where both sides have enough rows for their columns; otherwise why they have not.
[[nodiscard]] std::optional<DriftMeasured> too_few_rows(const DriftInput& in);
/// The effect is exact: means and products are sums.
void set_joint(DriftMeasured& out, double statistic, double effect, double p, double independent);

}  // namespace weir
