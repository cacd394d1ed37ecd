// SPDX-License-Identifier: Apache-2.0
// An expression knows the offset of its fault; the YAML node knows where its bytes stand in the file.
#include "rules/expressions.h"

#include <algorithm>

#include "measures/registry.h"
#include "rules/codes.h"

namespace weir {
namespace {

/// Compiled as if it began at line 1, column 1, so that the fault's line and column say where in the text it lies.
ExpressionContext context_for(const YamlNode& node, const FieldLookup& field) {
  return {.where = {.file = *node.file, .line = 1, .column = 1}, .field = field, .measures = measure_specs()};
}

void tell(Findings& findings, Error error, const YamlNode& node) {
  if (findings.is_spoiled(node.where())) return;
  std::size_t offset = 0;
  for (int line = 1; line < error.where.line; ++line)
    offset = std::min(node.text.find('\n', offset), node.text.size() - 1) + 1;
  offset += static_cast<std::size_t>(std::max(error.where.column, 1) - 1);
  error.where = node.where(offset, error.where.length);
  findings.error(std::move(error), codes::kExpression, node.where());
}

}  // namespace

std::optional<CompiledPredicate> compile_expression(Findings& findings, const YamlNode& node,
                                                    const FieldLookup& field) {
  Result<CompiledPredicate> compiled = compile_predicate(node.text, context_for(node, field));
  if (compiled) return *std::move(compiled);
  tell(findings, compiled.error(), node);
  return std::nullopt;
}

void check_condition(Findings& findings, const YamlNode& node, const FieldLookup& field) {
  const Result<CompiledCondition> compiled = compile_condition(node.text, context_for(node, field));
  if (!compiled) tell(findings, compiled.error(), node);
}

}  // namespace weir
