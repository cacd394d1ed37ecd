// SPDX-License-Identifier: Apache-2.0
// The measures that a window condition calls, taken out of its tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ast.h"
#include "expr/expression.h"
#include "weir/fields.h"
#include "weir/measure.h"

namespace weir {

/// `calls`, `cell_types` and `types` go side by side.
struct WindowCalls {
  std::vector<MeasureCall> calls;
  std::vector<std::vector<CellType>> cell_types;
  std::vector<StaticType> types;
};

/// A baseline that stands for itself becomes a call: `row_count >= last` is `row_count >= past(row_count, last)`, and of a
/// list or a text `fingerprint(schema) == past(fingerprint(schema), last)`.
std::optional<Fault> lower_baselines(Expression& expression, std::span<const MeasureSpec> measures);

/// Numbers the measures of a typed tree (Node::slot), an inner one before the one around it.
Result<WindowCalls> collect_calls(Expression& expression, const ExpressionContext& context);

/// The expression between these bytes with its blanks normalised and without comments.
[[nodiscard]] std::string normalised(std::string_view expression);
/// A measure as its history is called: "quantile(amount, 0.99)".
[[nodiscard]] std::string written_call(const Node& measure, std::string_view expression);

/// The place of a fault in the rule file: a fault at byte n of the text lies at column where.column + n, or on a later line
/// when the text has several.
[[nodiscard]] Error located(const Fault& fault, std::string_view text, const SourceSpan& where);

}  // namespace weir
