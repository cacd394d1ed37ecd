// SPDX-License-Identifier: Apache-2.0
// What differs in meaning between two plans: rules by their ids, not lines of text.
#pragma once

#include <string>
#include <vector>

#include "weir/plan.h"

namespace weir {

enum class ChangeKind : unsigned char { Added, Removed, Tighter, Looser, Changed };

struct RuleChange {
  ChangeKind kind = ChangeKind::Changed;
  std::string id;
  std::string before;  // "<= 100000"; empty for a rule that is new
  std::string after;   // empty for a rule that is gone
};

/// A plan with what each of its rules means as text, by index; where the texts differ the rules do, seen or not.
struct PlanMeaning {
  const Plan& plan;
  std::vector<std::string> meanings = {};
};

/// In the order of the new plan; what is gone comes last.
[[nodiscard]] std::vector<RuleChange> compare_plans(const PlanMeaning& before, const PlanMeaning& after);

[[nodiscard]] std::string_view word_of(ChangeKind kind);

}  // namespace weir
