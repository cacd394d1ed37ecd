// SPDX-License-Identifier: Apache-2.0
// From the text of a rule to something that runs, with every fault at its place in the rule file.
#include "expr/condition.h"
#include "expr/expression.h"
#include "expr/functions.h"
#include "expr/parser.h"
#include "expr/run.h"
#include "expr/typing.h"
#include "expr/window_calls.h"

namespace weir {

namespace {

TypingScope surroundings_of(const ExpressionContext& context, bool windows) {
  TypingScope surroundings;
  surroundings.windows = windows;
  surroundings.measures = context.measures;
  surroundings.field = [&context](const std::string& path) -> std::optional<FieldRef> {
    Result<FieldPath> parsed = FieldPath::parse(path);
    return parsed ? std::optional(context.field(*parsed)) : std::nullopt;
  };
  return surroundings;
}

// How each field is taken: as a number where it meets one, as a boolean where it is a condition.
void collect_cell_types(const Node& node, std::vector<CellType>& into) {
  const bool arithmetic = node.op >= Op::Negate && node.op <= Op::Remainder;
  const bool comparison = (node.op >= Op::Equal && node.op <= Op::In);
  const bool logic = node.op == Op::And || node.op == Op::Or || node.op == Op::Not;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    collect_cell_types(child, into);
    if (child.op != Op::Field) continue;
    const Node* other = node.children.size() == 2 ? &node.children[1 - i] : nullptr;
    StaticType beside = other == nullptr ? StaticType::Any : other->type;
    if (node.op == Op::In && i == 0 && other->op == Op::Literal && other->literal.type == ValueType::List &&
        !other->literal.list->items.empty()) {
      beside = static_type(other->literal.list->items[0].type);
    }
    const bool multiplied =
        arithmetic && node.op != Op::Add && node.op != Op::Subtract && beside != StaticType::Duration;
    if (multiplied || ((arithmetic || comparison) && is_numeric(beside))) into[child.slot] = CellType::Number;
    if (logic || (node.op == Op::Conditional && i == 0) || (comparison && beside == StaticType::Boolean))
      into[child.slot] = CellType::Boolean;
  }
}

Fault no_condition(const Node& node, std::string message) {
  return Fault{.begin = node.begin,
               .end = node.end,
               .code = kTypeCode,
               .message = std::move(message),
               .label = {},
               .help = "compare it with a bound: row_count >= 100"};
}

}  // namespace

Error located(const Fault& fault, std::string_view text, const SourceSpan& where) {
  Error error{.message = fault.message,
              .where = where,
              .code = std::string(fault.code),
              .label = fault.label,
              .help = fault.help};
  const std::string_view before = text.substr(0, fault.begin);
  const std::size_t line_break = before.rfind('\n');
  for (const char c : before) error.where.line += c == '\n' ? 1 : 0;
  error.where.column = line_break == std::string_view::npos ? where.column + static_cast<int>(fault.begin)
                                                            : static_cast<int>(fault.begin - line_break);
  error.where.length = static_cast<int>(fault.end - fault.begin);
  return error;
}

Result<CompiledPredicate> compile_predicate(std::string_view text, const ExpressionContext& context) {
  std::variant<Expression, Fault> parsed = parse_expression(text);
  if (const Fault* fault = std::get_if<Fault>(&parsed)) return located(*fault, text, context.where);
  Expression expression = std::move(std::get<Expression>(parsed));
  std::optional<Fault> fault = resolve_names(expression, surroundings_of(context, false));
  if (!fault) fault = check_types(expression, false);
  const StaticType type = expression.root.type;
  if (!fault && type != StaticType::Boolean && type != StaticType::Any) {
    fault = Fault{.begin = expression.root.begin,
                  .end = expression.root.end,
                  .code = kTypeCode,
                  .message = "this is " + std::string(plain_name(type)) + ", and a rule needs a condition",
                  .label = {},
                  .help = "compare it with something"};
  }
  if (fault) return located(*fault, text, context.where);
  fold_constants(expression);

  CompiledPredicate compiled;
  for (const FieldUse& field : expression.fields) compiled.columns.push_back(field.column);
  compiled.cell_types.assign(expression.fields.size(), CellType::Text);
  if (expression.root.op == Op::Field) compiled.cell_types[0] = CellType::Boolean;
  collect_cell_types(expression.root, compiled.cell_types);
  compiled.predicate = std::make_unique<const ExpressionPredicate>(std::move(expression));
  return compiled;
}

Result<CompiledCondition> compile_condition(std::string_view text, const ExpressionContext& context) {
  std::variant<Expression, Fault> parsed = parse_expression(text);
  if (const Fault* fault = std::get_if<Fault>(&parsed)) return located(*fault, text, context.where);
  Expression expression = std::move(std::get<Expression>(parsed));
  std::optional<Fault> fault = resolve_names(expression, surroundings_of(context, true));
  if (!fault) fault = check_types(expression, true);
  if (!fault && expression.root.type != StaticType::Boolean) {
    fault = no_condition(expression.root, "a window rule states what must hold, and this is " +
                                              std::string(plain_name(expression.root.type)));
  }
  if (!fault) fault = lower_baselines(expression, context.measures);
  if (fault) return located(*fault, text, context.where);
  Result<WindowCalls> collected = collect_calls(expression, context);
  if (!collected) return collected.error();
  WindowCalls calls = *std::move(collected);
  if (calls.calls.empty())
    return located(no_condition(expression.root, "a window rule is about measures, and this names none"), text,
                   context.where);
  fold_constants(expression, true);

  CompiledCondition compiled;
  compiled.condition = std::make_unique<const ExpressionCondition>(std::move(expression), calls);
  compiled.calls = std::move(calls.calls);
  compiled.cell_types = std::move(calls.cell_types);
  return compiled;
}

}  // namespace weir
