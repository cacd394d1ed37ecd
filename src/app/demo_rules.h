// SPDX-License-Identifier: Apache-2.0
// The rule file of `weir demo`: its text, written into the demo's folder, where people change it.
#pragma once

#include <string_view>

namespace weir {

[[nodiscard]] std::string_view demo_rules();

}  // namespace weir
