// SPDX-License-Identifier: Apache-2.0
// Window rules from what was written to what runs. The columns that they read belong to the plan of all rules.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
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
  /// Fields that record rules compare with the reference of a drift rule.
  std::function<std::vector<std::string>()> compared;
  /// Told once references were read: the drift rule that compares one of these fields with a file.
  std::function<void(const std::string& path, const DriftRule& rule)> compare;
};

/// Which drift rule says what a field is compared with outside of it: of those about this field alone that have a file as
/// their reference the first one written. --select does not change it.
class FileReferences {
 public:
  explicit FileReferences(const RuleSet& rules);
  /// Index into RuleSet::window_rules, or -1.
  [[nodiscard]] std::int32_t find(const std::string& path) const;
  /// What there is in its place, for a label: "its drift rule compares windows with windows", or nothing.
  [[nodiscard]] std::string instead(const std::string& path) const;
  [[nodiscard]] static std::string remedy(const std::string& path);

 private:
  struct Known {
    std::int32_t with_file = -1;
    bool switched_off = false;
    bool with_windows = false;
  };
  std::unordered_map<std::string, Known> known_;
};

/// Fills Plan::windows, Plan::window_rules, Plan::drift_rules, Plan::time and Plan::note_fields. Gives the conditions as they were written, by
/// index of Plan::window_rules.
std::vector<WrittenConditions> compile_windows(const RuleSet& rules, const FileReferences& references, Plan& plan,
                                               const PlanColumns& columns, const LoadOptions& options,
                                               Findings& findings);

/// Tells what is wrong with the calls of one condition beyond their types.
void check_calls(const std::vector<MeasureCall>& calls, const WindowBlock& block, const YamlNode& condition,
                 const Plan& plan, const FileReferences& references, const PlanColumns& columns, Findings& findings);

}  // namespace weir
