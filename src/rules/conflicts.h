// SPDX-License-Identifier: Apache-2.0
// Rules of one field that cannot hold together, told when the file is loaded and not when the first record fails.
#pragma once

#include <span>

#include "rules/findings.h"
#include "rules/rule_set.h"

namespace weir {

/// False, and told, when a field declared as `type` can never meet a check about `rule.spec->domain`.
bool domain_fits(Findings& findings, const WrittenRule& rule, FieldType type, const YamlNode& key);
/// Looks at the checks of one map: `min` above `max`, `length` outside `min_length`…
void find_contradictions(Findings& findings, std::span<const WrittenRule> rules);

}  // namespace weir
