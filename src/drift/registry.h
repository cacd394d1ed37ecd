// SPDX-License-Identifier: Apache-2.0
// Every drift test, by name. Each stands in a file of its own.
#pragma once

#include <span>
#include <string_view>

#include "weir/drift.h"

namespace weir {

[[nodiscard]] std::span<const DriftSpec* const> drift_tests();
[[nodiscard]] const DriftSpec* find_drift_test(std::string_view name);

}  // namespace weir
