// SPDX-License-Identifier: Apache-2.0
// From what was written to what runs.
#pragma once

#include <memory>
#include <vector>

#include "rules/findings.h"
#include "rules/load.h"
#include "rules/rule_set.h"

namespace weir {

struct Compiled {
  std::shared_ptr<Plan> plan;
  std::vector<Params> written;                // by index of Plan::rules
  std::vector<WrittenConditions> conditions;  // by index of Plan::window_rules
  std::vector<LaterRule> later;
};

/// Makes every check and compiles every expression, telling what is refused.
Compiled compile_plan(RuleSet&& rules, const LoadOptions& options, Findings& findings);

/// The SHA-256 of what a plan means: the same for files that differ in comments, order of keys, names of variables.
[[nodiscard]] std::string fingerprint(const Plan& plan, const Compiled& compiled);
/// What one rule means, as text to compare; ids, places and words for people are left out.
[[nodiscard]] std::string meaning_of(const Plan& plan, const RecordRule& rule, const Params& written);
/// The same for a window rule; of the window that it is about, too.
[[nodiscard]] std::string meaning_of(const Plan& plan, const WindowRule& rule, const WrittenConditions& written);

}  // namespace weir
