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
  std::string before;      // "<= 100000"; empty for a rule that is new
  std::string after;       // empty for a rule that is gone
};

/// In the order of the new plan; what is gone comes last.
[[nodiscard]] std::vector<RuleChange> compare_plans(const Plan& before, const Plan& after);

[[nodiscard]] std::string_view word_of(ChangeKind kind);

}  // namespace weir
