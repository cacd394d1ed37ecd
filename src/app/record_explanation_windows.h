// SPDX-License-Identifier: Apache-2.0
// Which windows a single record lies in, and what it gives to them.
#pragma once

#include <vector>

#include "app/record_explanation.h"
#include "weir/engine.h"

namespace weir {

/// `judged` holds the record alone; `put_aside`: rules over accepted records do not see it.
[[nodiscard]] std::vector<ExplainedWindow> explain_windows(const Plan& plan, const Judged& judged, bool put_aside);

}  // namespace weir
