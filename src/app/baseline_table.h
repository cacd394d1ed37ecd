// SPDX-License-Identifier: Apache-2.0
// What a baseline holds, for people: `weir baseline --show`.
#pragma once

#include <cstddef>
#include <string>

#include "drift/baseline.h"

namespace weir {

[[nodiscard]] std::string baseline_table(const Baseline& baseline, std::size_t width);

}  // namespace weir
