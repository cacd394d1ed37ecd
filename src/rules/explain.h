// SPDX-License-Identifier: Apache-2.0
// What a rule file means, in words: for `weir explain`. Codes are explained by codes.h.
#pragma once

#include <string>
#include <string_view>

#include "rules/codes.h"
#include "rules/load.h"

namespace weir {

/// Every rule with its class, what has to hold, what becomes of a failing record, what it remembers and how that can err,
/// and the bound of all memory together. Needs loaded.plan.
std::string explain_rules(const Loaded& loaded);
/// One rule, by its id; empty when there is none.
std::string explain_rule(const Loaded& loaded, std::string_view id);

}  // namespace weir
