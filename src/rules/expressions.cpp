// SPDX-License-Identifier: Apache-2.0
// An expression knows the offset of its fault; the YAML node knows where its bytes stand in the file.
#include "rules/expressions.h"

#include <algorithm>

#include "measures/registry.h"
#include "rules/codes.h"
#include "rules/values.h"

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
  if (node.plain && error.help.ends_with("is not closed"))
    error.help += "; within {} a comma ends a value that has no quotes";
  findings.error(std::move(error), codes::kExpression, node.where());
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// `kafka.` leads to what comes with a message; another name behind it would be a field that is always absent.
bool knows_envelope(Findings& findings, const YamlNode& node) {
  const std::string_view text = node.text;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"' || text[at] == '\'' || text[at] == '`') {
      const char quote = text[at++];
      while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
      ++at;
      continue;
    }
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_word(text[at])) ++at;
    const bool first = begin == 0 || text[begin - 1] != '.';
    if (!first || text.substr(begin, at - begin) != "kafka" || at == text.size() || text[at] != '.') continue;
    const std::size_t name_at = ++at;
    while (at < text.size() && is_word(text[at])) ++at;
    const std::string name(text.substr(name_at, at - name_at));
    const std::vector<std::string_view>& known = envelope_names();
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    findings.error(codes::kExpressionName, node.where(name_at, static_cast<int>(name.size())),
                   "a message has no " + backquoted("kafka." + name),
                   {.label = did_you_mean(name, known),
                    .help = "it has " + listed(known) + "; a field of the record is written `kafka`." + name});
    return false;
  }
  return true;
}

}  // namespace

std::optional<CompiledPredicate> compile_expression(Findings& findings, const YamlNode& node,
                                                    const FieldLookup& field) {
  if (!knows_envelope(findings, node)) return std::nullopt;
  Result<CompiledPredicate> compiled = compile_predicate(node.text, context_for(node, field));
  if (compiled) return *std::move(compiled);
  tell(findings, compiled.error(), node);
  return std::nullopt;
}

std::optional<CompiledCondition> compile_window_condition(Findings& findings, const YamlNode& node,
                                                          const FieldLookup& field) {
  if (!knows_envelope(findings, node)) return std::nullopt;
  Result<CompiledCondition> compiled = compile_condition(node.text, context_for(node, field));
  if (compiled) return *std::move(compiled);
  tell(findings, compiled.error(), node);
  return std::nullopt;
}

}  // namespace weir
