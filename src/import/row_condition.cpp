// SPDX-License-Identifier: Apache-2.0
#include "import/condition.h"
#include "import/words.h"

namespace weir {
namespace {

/// The objects of Great Expectations 1.x: {"type": "comparison", "column": {"name": …}, "operator": …, "parameter": …}.
Result<std::string> condition_of_object(const SuiteNode& node, int depth) {
  constexpr int kDeepest = 20;
  if (depth > kDeepest) return Error{.message = "it is nested too deeply"};
  const std::string type = node["type"].text_or(node["condition_type"].text_or());
  if (type == "and" || type == "or") {
    std::string text;
    for (const SuiteNode& part : node["conditions"].items) {
      const Result<std::string> one = condition_of_object(part, depth + 1);
      if (!one) return one;
      text += (text.empty() ? "(" : type == "and" ? " && (" : " || (") + *one + ")";
    }
    if (!text.empty()) return text;
  }
  const SuiteNode& column = node["column"];
  const std::string name = column.text_or(column["name"].text_or());
  if (name.empty()) return Error{.message = "its form is not understood"};
  const std::string field = field_in_expression(path_of(name));
  if (type == "nullity") return field + (node["is_null"].is_true() ? " == null" : " != null");
  const std::string sign = lower(node["operator"].text_or());
  const SuiteNode& parameter = node["parameter"];
  if (sign == "in" || sign == "not_in" || sign == "not in") {
    const std::optional<std::string> list = literals(parameter);
    if (list && parameter.is_list()) return sign == "in" ? field + " in " + *list : "!(" + field + " in " + *list + ")";
  }
  const std::optional<std::string> value = literal(parameter);
  if (value && (sign == "==" || sign == "!=" || sign == "<" || sign == "<=" || sign == ">" || sign == ">="))
    return field + " " + sign + " " + *value;
  return Error{.message = "the operator `" + sign + "` has no counterpart in weir"};
}

}  // namespace

Result<std::string> translate_row_condition(const SuiteNode& condition, std::string_view parser) {
  if (condition.is_map()) return condition_of_object(condition, 0);
  if (!condition.is_text()) return Error{.message = "its form is not understood"};
  const bool pandas = parser.empty() || parser == "pandas" || parser.starts_with("great_expectations");
  Result<std::string> translated =
      translate_condition(condition.text, pandas ? ConditionDialect::Pandas : ConditionDialect::Sql);
  return translated;
}

std::string regex_of_like(std::string_view pattern) {
  std::string regex = "(?s)^";
  constexpr std::string_view kSpecial = "\\.+*?()|[]{}^$";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    const bool plain = c == '\\' && i + 1 < pattern.size();
    if (plain) c = pattern[++i];
    if (!plain && c == '%') {
      regex += ".*";
    } else if (!plain && c == '_') {
      regex += '.';
    } else {
      if (kSpecial.find(c) != std::string_view::npos) regex += '\\';
      regex += c;
    }
  }
  return regex + "$";
}

}  // namespace weir
