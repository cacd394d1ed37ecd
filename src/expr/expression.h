// SPDX-License-Identifier: Apache-2.0
// The expression language: parse, type, run over a Batch. A subset of CEL with CEL's results, plus percent, duration and
// timestamp literals, and the measure functions in windows. `docs/expressions.md` says what is in it.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/check.h"
#include "weir/fields.h"
#include "weir/measure.h"
#include "weir/result.h"
#include "weir/spec.h"

namespace weir {

/// A field that an expression names: its column, and the type that the rule file declares for it.
struct FieldRef {
  std::uint32_t column = 0;
  FieldType type = FieldType::Any;
};

/// What surrounds an expression when it is compiled. Errors carry file, line and column of the fault: `where` is the place
/// of the first byte of the text in the rule file, and a fault at byte n of one line lies at column where.column + n.
struct ExpressionContext {
  SourceSpan where;
  /// Gives the column of a field path, adding it to the plan's table.
  std::function<FieldRef(const FieldPath&)> field;
  /// The measures that a window condition may call.
  std::span<const MeasureSpec> measures = {};
};

// Codes of the errors below, for the table of diagnostics: W140 what is written is no expression, W141 a function or measure
// that does not exist, W142 types that do not go together, W143 a rate against a bare number, W144 too long or nested too
// deeply. A fault in a regular expression is W142.

/// A compiled expression with the positions of the columns that it reads; index i of Subject::columns is columns[i].
/// The caller hands a Subject whose `columns` is exactly this list.
struct CompiledPredicate {
  std::unique_ptr<const Predicate> predicate;
  std::vector<std::uint32_t> columns;
  /// How the expression takes the values of each column: a CSV cell of a field that nobody declared is to be read so.
  std::vector<CellType> cell_types;
};

/// Compiles a boolean expression over one record (`when`, `expr`). Every fault that can be told at load is an Error.
Result<CompiledPredicate> compile_predicate(std::string_view text, const ExpressionContext& context);

/// The record check `expr`: fails where the predicate is false or an error, skips where it is unknown.
std::unique_ptr<const Check> make_expr_check(CompiledPredicate compiled, std::string text);

/// The expression of such a check; null: it is another one.
[[nodiscard]] const Predicate* predicate_of(const Check& check);
/// What each part between `&&` and `||` came to in that row, with the values of its fields. Of a predicate that
/// compile_predicate gave.
[[nodiscard]] std::vector<std::string> explain_parts(const Predicate& predicate, const Subject& subject,
                                                     std::size_t row);

/// A compiled window condition. `cell_types` goes with the columns of all calls, in their order: how a CSV cell of a field
/// that nobody declared is to be read.
struct CompiledCondition {
  std::unique_ptr<const Condition> condition;
  std::vector<MeasureCall> calls;                 // an inner one before the one around it; equal ones once
  std::vector<std::vector<CellType>> cell_types;  // by call and column
};

/// Compiles a window condition (`null_rate(email) <= 5%`). Every fault that can be told at load is an Error.
Result<CompiledCondition> compile_condition(std::string_view text, const ExpressionContext& context);

}  // namespace weir
