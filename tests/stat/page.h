// SPDX-License-Identifier: Apache-2.0
// The tables of docs/statistics.md stand between `<!-- table NAME -->` and `<!-- end -->`. A test makes its table anew and holds it
// against the page; with WEIR_UPDATE_GOLDEN=1 it writes it there.
#pragma once

#include <string>

namespace weir::stat {

/// Fails the test where the page says something else.
void hold_against_page(const std::string& name, const std::string& table);

/// "4.3 %"
[[nodiscard]] std::string percent(double share, int digits = 1);

}  // namespace weir::stat
