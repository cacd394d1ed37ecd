// SPDX-License-Identifier: Apache-2.0
// Reports to write: what a run over orders finds, one that went well, one made of the worst text that a record can hold.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "report/report.h"
#include "testing/hostile_text.h"

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

/// Window rules in every state: tumbling, by segment, over the whole input.
Report windows_report(ReportOptions options = {});
Plan window_plan();
Outcome window_outcome();
/// A verdict over a window; no times: over the whole input.
WindowVerdict window(std::uint32_t rule, std::string_view start, std::string_view end, Verdict verdict,
                     Measured observed, std::string expected);
std::shared_ptr<const Segment> segment(std::string field, std::optional<std::string> value, bool other = false);

}  // namespace weir::testing
