// SPDX-License-Identifier: Apache-2.0
// What differs in meaning between two plans: rules by their ids, not lines of text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/load.h"
#include "weir/plan.h"
#include "weir/spec.h"

namespace weir {

enum class ChangeKind : unsigned char { Added, Removed, Tighter, Looser, Changed };

struct RuleChange {
  ChangeKind kind = ChangeKind::Changed;
  std::string id;
  std::string before;  // "<= 100000"; empty for a rule that is new
  std::string after;   // empty for a rule that is gone
};

/// A plan with what is known of its rules beside it, by index.
struct PlanMeaning {
  const Plan& plan;
  std::vector<std::string> meanings = {};              // where the texts differ the rules do, seen or not
  std::span<const Params> written = {};                // the parameters, for lists of values
  std::vector<std::string> window_meanings = {};       // the same of window rules, by their index
  std::span<const WrittenConditions> conditions = {};  // and what was written of them
};

/// In the order of the new plan; what is gone comes last.
[[nodiscard]] std::vector<RuleChange> compare_plans(const PlanMeaning& before, const PlanMeaning& after);

[[nodiscard]] std::string_view word_of(ChangeKind kind);

}  // namespace weir
