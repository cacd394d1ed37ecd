// SPDX-License-Identifier: Apache-2.0
// Expressions that stand in YAML scalars: compiled by src/expr, faults placed in the rule file.
#pragma once

#include <functional>
#include <optional>

#include "expr/expression.h"
#include "rules/findings.h"
#include "rules/yaml.h"

namespace weir {

using FieldLookup = std::function<FieldRef(const FieldPath&)>;

/// Compiles the text of `node`; tells its fault and gives nothing when there is one.
std::optional<CompiledPredicate> compile_expression(Findings& findings, const YamlNode& node, const FieldLookup& field);
/// The same for the text of a window condition.
std::optional<CompiledCondition> compile_window_condition(Findings& findings, const YamlNode& node,
                                                          const FieldLookup& field);

}  // namespace weir
