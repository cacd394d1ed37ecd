// SPDX-License-Identifier: Apache-2.0
// The parameters of one written check, typed by its spec.
#pragma once

#include <optional>
#include <string_view>

#include "rules/findings.h"
#include "rules/rule_set.h"
#include "rules/sets.h"
#include "rules/yaml.h"

namespace weir {

/// Fills `rule.params` and `rule.columns` from the value behind the check's key; rule.spec and rule.field come filled.
/// A bare value is the first parameter; under `records` it is the first that names columns. False when something is wrong.
bool read_params(Findings& findings, SetReader& sets, const YamlNode& key, const YamlNode& value, WrittenRule& rule);

}  // namespace weir
