// SPDX-License-Identifier: Apache-2.0
// Numbers as findings say them: few digits, and never more than a person reads.
#pragma once

#include <string>

namespace weir {

/// "41 %", "0.13 %", "0 %".
[[nodiscard]] std::string percent(double share);
/// Up to four digits that matter: "120", "0.00125", "1200000", "1.2e+15".
[[nodiscard]] std::string plain(double number);
/// The number with the fewest digits within reach.
[[nodiscard]] double rounded(double number, double within);

}  // namespace weir
