// SPDX-License-Identifier: Apache-2.0
// Verdicts and measured values in JSON, the same in the report and on the wire: docs/reports.md.
#pragma once

#include <string_view>

#include "base/json_writer.h"
#include "weir/measured.h"
#include "weir/rule.h"
#include "weir/window_verdict.h"

namespace weir {

/// "pass", "warn", "fail", "no_data", "inconclusive", "error".
std::string_view word_of(Verdict verdict);
/// "record", "window", "drift".
std::string_view word_of(RuleKind kind);
/// "error", "warn".
std::string_view word_of(Severity severity);
/// "count", "tag", "drop", "quarantine", "halt".
std::string_view word_of(OnFail action);

/// A measure's value for programs: numbers as numbers with the digits that they have, durations in seconds, times and texts
/// as texts, null for no data.
void write_measured(JsonWriter& json, const Measured& value);
/// The members that say which window it is and what it came to: `window`, `segment`, `outcome`, `observed`, `expected`
/// and, where they apply, `low`, `high`, `cause`, `windows`, `partial`, `revised`, `drift`.
void write_window_members(JsonWriter& json, const WindowVerdict& verdict);
/// One window as an object.
void write_window(JsonWriter& json, const WindowVerdict& verdict);

}  // namespace weir
