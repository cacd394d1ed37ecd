// SPDX-License-Identifier: Apache-2.0
// Window rules in a report: what their windows came to, and how a window is named to a person.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace weir {

/// An entry for each window rule of the plan, and a warning for records that no window holds.
void add_window_rules(Report& report, const Plan& plan, const WindowOutcome& outcome, const ReportOptions& options);

/// What the windows of a rule came to together: the gravest word that the counts allow.
Verdict outcome_of(const RuleInfo& info, const WindowCounts& counts);

/// "2026-01-31 12:03–12:04Z"; the day alone for a whole one; "whole input" where there are no windows (`whole`), "no times"
/// for a window of so many records that have none. Not escaped.
std::string period_of(const WindowVerdict& verdict, bool whole = true);
/// "country=DE, channel=web"; empty without segments. Not escaped.
std::string segment_of(const WindowVerdict& verdict);
/// Both. Not escaped.
std::string place_of(const WindowVerdict& verdict, bool whole = true);
/// "3, expected >= 100 (why)"; what was expected is left out beside a cause where the reader knows it. Not escaped.
std::string evidence_of(const WindowVerdict& verdict, std::string_view known = {});
/// "got 3", or "no data".
std::string only_of(const WindowVerdict& verdict);

}  // namespace weir
