// SPDX-License-Identifier: Apache-2.0
// Reports to write: what a run over orders finds, one that went well, one made of the worst text that a record can hold.
#pragma once

#include <cstddef>

#include "report/report.h"

namespace weir::testing {

/// Fails, warnings, a rule without data, passing rules; one input.
Report orders_report();
/// Everything holds.
Report calm_report();
/// Three inputs, one of them cut short, and a rule that could not be judged: exit 3.
Report broken_report();
/// Quotes, markup, control bytes, escape sequences, `]]>`, what is no UTF-8: in every text that a writer shows.
Report hostile_report();
/// `failing` rules that fail with `samples` each, and `passing` ones.
Report wide_report(std::size_t failing, std::size_t samples, std::size_t passing);

/// All that is hostile, in one text.
const std::string& hostile_text();

}  // namespace weir::testing
