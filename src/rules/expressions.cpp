// SPDX-License-Identifier: Apache-2.0
// An expression knows the offset of its fault; the YAML node knows where its bytes stand in the file.
#include "rules/expressions.h"

#include <algorithm>

#include "rules/codes.h"

namespace weir {
namespace {

/// Compiled as if it began at line 1, column 1, so that the fault's column is its offset.
ExpressionContext context_for(const YamlNode& node, const FieldLookup& field) {
  return {.where = {.file = *node.file, .line = 1, .column = 1}, .field = field};
}

void tell(Findings& findings, Error error, const YamlNode& node) {
  const bool placed = error.where.line == 1 && error.where.column > 0;
  error.where = placed ? node.where(static_cast<std::size_t>(error.where.column - 1), error.where.length) : node.where();
  findings.error(std::move(error), codes::kExpression, node.where());
}

}  // namespace

std::optional<CompiledPredicate> compile_expression(Findings& findings, const YamlNode& node, const FieldLookup& field) {
  Result<CompiledPredicate> compiled = compile_predicate(node.text, context_for(node, field));
  if (compiled) return *std::move(compiled);
  if (!findings.is_spoiled(node.where())) tell(findings, compiled.error(), node);
  return std::nullopt;
}

void check_condition(Findings& findings, const YamlNode& node, const FieldLookup& field) {
  const Status status = check_window_condition(node.text, context_for(node, field));
  if (!status && !findings.is_spoiled(node.where())) tell(findings, status.error(), node);
}

}  // namespace weir
