// SPDX-License-Identifier: Apache-2.0
// What comparing record rules and comparing window rules have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/plan_diff.h"

namespace weir {

/// Gathers the aspects in which a rule differs.
class RuleComparison {
 public:
  void add(std::string_view name, std::string_view before, std::string_view after, ChangeKind kind) {
    if (before == after) return;
    const std::string label = name.empty() ? "" : std::string(name) + " ";
    before_ += (before_.empty() ? "" : ", ") + label + (before.empty() ? "none" : std::string(before));
    after_ += (after_.empty() ? "" : ", ") + label + (after.empty() ? "none" : std::string(after));
    kind_ = !kind_ || *kind_ == kind ? kind : ChangeKind::Changed;
  }
  [[nodiscard]] std::optional<RuleChange> change(const std::string& id) const {
    if (!kind_) return std::nullopt;
    return RuleChange{.kind = *kind_, .id = id, .before = before_, .after = after_};
  }

 private:
  std::optional<ChangeKind> kind_;
  std::string before_;
  std::string after_;
};

/// From "<= 5%" to "<= 4%": whether the demand grew.
[[nodiscard]] ChangeKind direction_of_bound(std::string_view before, std::string_view after);

/// The window rules of two plans.
void compare_windows(const PlanMeaning& before, const PlanMeaning& after, std::vector<RuleChange>& changes);

}  // namespace weir
