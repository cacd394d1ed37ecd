// SPDX-License-Identifier: Apache-2.0
// From what was written to what it means: names become fields, variables, functions and measures, every node gets a type,
// and what needs no record is computed. After these three steps a tree can be run.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "expr/ast.h"
#include "expr/expression.h"

namespace weir {

struct TypingScope {
  /// The field of that path, or nothing when there is none (in a plan every path is a field).
  std::function<std::optional<FieldRef>(const std::string& path)> field;
  std::span<const MeasureSpec> measures;  // in windows
  bool windows = false;                   // names are measures; fields stand inside their arguments
  bool checked = true;  // false: unknown names become errors of evaluation, as in CEL without a type checker
};

/// Gives every name its meaning.
std::optional<Fault> resolve_names(Expression& expression, const TypingScope& surroundings);

/// Gives every node its type. A literal text that meets a timestamp becomes one.
std::optional<Fault> check_types(Expression& expression, bool windows);

/// Computes what needs no record. What would be an error stays as it is: it may never be reached.
void fold_constants(Expression& expression, bool windows = false);

}  // namespace weir
