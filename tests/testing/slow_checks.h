// SPDX-License-Identifier: Apache-2.0
// Whether one value that is there satisfies a check, for the checks that need nothing else.
#pragma once

#include "testing/slow_rules.h"

namespace weir::testing {

[[nodiscard]] bool slow_holds(const SlowRule& rule, const SlowJson& value);

/// Values that `unique` takes for one: numbers by value, texts, booleans; arrays and objects as they are written.
[[nodiscard]] std::string slow_key(const SlowJson& value);

}  // namespace weir::testing
