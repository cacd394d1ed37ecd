// SPDX-License-Identifier: Apache-2.0
// Window rules from what was written to what runs. The columns that they read belong to the plan of all rules.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "rules/expressions.h"
#include "rules/findings.h"
#include "rules/load.h"
#include "rules/rule_set.h"

namespace weir {

/// What the plan that is being built does for window rules.
struct PlanColumns {
  std::function<std::uint32_t(const FieldPath&)> column;
  FieldLookup lookup;
  /// A field that nobody declared is read as the first rule takes it.
  std::function<void(std::uint32_t column, CellType type)> assume;
  std::function<bool(const RuleInfo&)> kept;
  /// Whether a record rule of that id is judged, or would be but for --select.
  std::function<bool(const std::string& id)> judged;
  /// Takes a rule in again that --select left out: a window rule that is judged asks how often it failed.
  std::function<void(const std::string& id)> take;
  /// Whether the file has a record rule of that id, judged or not.
  std::function<bool(const std::string& id)> written;
  /// The ids of all record rules, for suggestions.
  std::function<std::vector<std::string_view>()> record_rules;
};

/// Fills Plan::windows, Plan::window_rules, Plan::drift_rules, Plan::time and Plan::note_fields. Gives the conditions as they were written, by
/// index of Plan::window_rules; rules that compare with a reference go to `later`.
std::vector<WrittenConditions> compile_windows(const RuleSet& rules, Plan& plan, const PlanColumns& columns,
                                               const LoadOptions& options, std::vector<LaterRule>& later,
                                               Findings& findings);

/// Tells what is wrong with the calls of one condition beyond their types.
void check_calls(const std::vector<MeasureCall>& calls, const WindowBlock& block, const YamlNode& condition,
                 const PlanColumns& columns, Findings& findings);

}  // namespace weir
