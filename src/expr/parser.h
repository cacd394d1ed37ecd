// SPDX-License-Identifier: Apache-2.0
// From text to a tree of what was written. Names mean nothing yet: that is the business of names.h.
#pragma once

#include <string_view>
#include <variant>

#include "expr/ast.h"

namespace weir {

/// CEL's grammar without messages; `&&` and `||` chains become one node each. At most kMaxExpressionBytes and kMaxDepth.
std::variant<Expression, Fault> parse_expression(std::string_view text);

}  // namespace weir
