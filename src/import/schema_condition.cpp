// SPDX-License-Identifier: Apache-2.0
// Each keyword gives one condition; those of a schema hold together. `type` comes first, so that what follows is asked of values
// of the right type only: `false && no answer` is false. A keyword without a type beside it is guarded by the type that it is
// about, as the standard has it.
#include "import/schema_condition.h"

#include <algorithm>
#include <array>

#include "import/regex.h"
#include "import/schema_keywords.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr int kDeepest = 12;
constexpr std::size_t kLongest = 4000;  // an expression has at most 4096 bytes

std::string type_condition(const std::string& value, const std::string& type) {
  if (type == "null") return value + " == null";
  if (type == "number") return "(type(" + value + ") == int || type(" + value + ") == double)";
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes = {
      {{"string", "string"}, {"integer", "int"}, {"boolean", "bool"}, {"object", "map"}, {"array", "list"}}};
  for (const auto& [theirs, ours] : kTypes) {
    if (theirs == type) return "type(" + value + ") == " + std::string(ours);
  }
  return "";
}

/// The type that a keyword says something about.
std::string_view type_of_keyword(std::string_view key) {
  if (key == "pattern" || key == "minLength" || key == "maxLength") return "string";
  if (key == "minItems" || key == "maxItems" || key == "items" || key == "contains") return "array";
  if (key == "required" || key == "properties" || key == "additionalProperties" || key == "minProperties" ||
      key == "maxProperties" || key == "propertyNames")
    return "object";
  return key == "minimum" || key == "maximum" || key == "multipleOf" ? "number" : "";
}

std::string member_of(const std::string& value, const std::string& name) {
  return (value.empty() ? "" : value + ".") + field_in_expression(path_of(name));
}

std::string name_list(const SuiteNode& map) {
  std::string list = "[";
  for (const SuiteMember& member : map.members) list += (list.size() == 1 ? "" : ", ") + quoted(member.key);
  return list + "]";
}

/// Whether every two of the schemas name different types: then one at most can hold.
bool are_apart(const std::vector<SuiteNode>& schemas) {
  std::vector<std::string> seen;
  for (const SuiteNode& schema : schemas) {
    const std::vector<std::string> types = schema["type"].texts();
    if (types.empty()) return false;
    for (const std::string& type : types) {
      const std::string name = type == "integer" ? "number" : type;
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) return false;
      seen.push_back(name);
    }
  }
  return true;
}

bool is_simple(std::string_view condition) {
  return condition.find("&&") == std::string_view::npos && condition.find("||") == std::string_view::npos &&
         condition.find('?') == std::string_view::npos;
}

/// Whether one pair of brackets holds all of it.
bool is_bracketed(std::string_view condition) {
  if (!condition.starts_with('(')) return false;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const char c = condition[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || c == '`') quote = c;
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return i + 1 == condition.size();
  }
  return false;
}

std::string in_brackets(const std::string& condition) {
  return is_simple(condition) || is_bracketed(condition) ? condition : "(" + condition + ")";
}

}  // namespace

std::string element_name(std::size_t depth) {
  constexpr std::string_view kNames = "xyzuvw";
  return depth < kNames.size() ? std::string(1, kNames[depth]) : "x" + std::to_string(depth);
}

std::optional<std::string> SchemaCondition::of(const SuiteNode& schema, const std::string& value) {
  if (schema.is_boolean()) return schema.boolean ? "true" : "false";
  if (!schema.is_map() || depth_ >= kDeepest) return std::nullopt;
  ++depth_;
  std::vector<std::string> parts;
  std::optional<std::string> out = "true";
  const auto add = [&](const SuiteMember& member) {
    const std::optional<std::string> part = keyword(schema, member, value);
    if (!part) {
      out = std::nullopt;
    } else if (*part != "true") {
      parts.push_back(*part);
    }
  };
  // The type first: what follows it is then about values of that type.
  for (const SuiteMember& member : schema.members) {
    if (member.key == "type") add(member);
  }
  for (const SuiteMember& member : schema.members) {
    if (member.key != "type" && is_schema_rule(member.key) && out) add(member);
  }
  --depth_;
  if (!out) return out;
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : " && ") + (parts.size() == 1 ? part : in_brackets(part));
  if (text.size() > kLongest) return std::nullopt;
  return text.empty() ? "true" : text;
}

std::optional<std::string> SchemaCondition::any_of(const std::vector<SuiteNode>& schemas, const std::string& value,
                                                   bool exactly) {
  if (schemas.empty()) return std::nullopt;
  const bool counted = exactly && schemas.size() > 1 && !are_apart(schemas);
  std::string text;
  for (const SuiteNode& schema : schemas) {
    const std::optional<std::string> part = of(schema, value);
    if (!part) return std::nullopt;
    text += (text.empty() ? "" : counted ? " + " : " || ") + (counted ? "(" + *part + " ? 1 : 0)" : in_brackets(*part));
    if (text.size() > kLongest) return std::nullopt;
  }
  return counted ? text + " == 1" : text;
}

std::optional<std::string> SchemaCondition::when(const SuiteNode& schema, const std::string& value) {
  const std::optional<std::string> condition = of(schema["if"], value);
  const std::optional<std::string> then = schema.has("then") ? of(schema["then"], value) : "true";
  const std::optional<std::string> otherwise = schema.has("else") ? of(schema["else"], value) : "true";
  if (!condition || !then || !otherwise) return std::nullopt;
  if (*then == "true" && *otherwise == "true") return "true";
  return "(" + *condition + ") ? (" + *then + ") : (" + *otherwise + ")";
}

std::optional<std::string> SchemaCondition::keyword(const SuiteNode& schema, const SuiteMember& member,
                                                    const std::string& value) {
  const std::string& key = member.key;
  const SuiteNode& node = member.value;
  const bool record = value.empty();
  if (key == "$ref") {
    const SuiteNode* const target = references_.resolve(node.text_or());
    return target == nullptr ? std::nullopt : of(*target, value);
  }
  if (key == "allOf") {
    std::string text;
    for (const SuiteNode& part : node.items) {
      const std::optional<std::string> one = of(part, value);
      if (!one) return std::nullopt;
      if (*one != "true") text += (text.empty() ? "" : " && ") + in_brackets(*one);
    }
    return text.empty() ? "true" : text;
  }
  if (key == "anyOf" || key == "oneOf") return any_of(node.items, value, key == "oneOf");
  if (key == "not") {
    const std::optional<std::string> part = of(node, value);
    if (!part) return std::nullopt;
    return "!(" + *part + ")";
  }
  if (key == "if") return when(schema, value);
  if (key == "type") {
    std::string text;
    for (const std::string& name : node.texts()) {
      if (record && name == "object") return "true";
      const std::string part = record ? "" : type_condition(value, name);
      if (part.empty()) return std::nullopt;
      text += (text.empty() ? "" : " || ") + part;
    }
    if (text.empty()) return std::nullopt;
    return text;
  }
  if (record && key != "properties" && key != "required") return std::nullopt;
  std::optional<std::string> condition;
  if (key == "enum") {
    const std::optional<std::string> list = literals(node);
    if (!list || !node.is_list()) return std::nullopt;
    const bool null =
        std::any_of(node.items.begin(), node.items.end(), [](const SuiteNode& item) { return item.is_null(); });
    return null ? value + " == null || " + value + " in " + *list : value + " in " + *list;
  }
  if (key == "const") {
    const std::optional<std::string> text = literal(node);
    if (!text) return std::nullopt;
    return value + " == " + *text;
  }
  if (key == "pattern" && node.is_text()) condition = value + ".matches(" + quoted(regex_for_re2(node.text)) + ")";
  if (key == "minLength" || key == "minItems" || key == "minProperties")
    condition = "size(" + value + ") >= " + node.text_or("?");
  if (key == "maxLength" || key == "maxItems" || key == "maxProperties")
    condition = "size(" + value + ") <= " + node.text_or("?");
  if (key == "minimum") condition = value + (schema["exclusiveMinimum"].is_true() ? " > " : " >= ") + node.text_or("?");
  if (key == "maximum") condition = value + (schema["exclusiveMaximum"].is_true() ? " < " : " <= ") + node.text_or("?");
  if (key == "exclusiveMinimum") condition = node.is_boolean() ? "true" : value + " > " + node.text_or("?");
  if (key == "exclusiveMaximum") condition = node.is_boolean() ? "true" : value + " < " + node.text_or("?");
  if (key == "properties") condition = properties(node, value);
  if (key == "required" && node.is_list()) {
    std::string text;
    for (const std::string& name : node.texts())
      text += (text.empty() ? "" : " && ") + ("has(" + member_of(value, name) + ")");
    condition = text.empty() ? "true" : text;
  }
  if (key == "additionalProperties") condition = closed(schema, value);
  if (key == "items") condition = items(node, value);
  if (key == "propertyNames" && node["pattern"].is_text() && node.members.size() == 1)
    condition = value + ".all(k, k.matches(" + quoted(regex_for_re2(node["pattern"].text)) + "))";
  if (!condition || condition->find('?') == condition->size() - 1) return std::nullopt;
  const std::string_view about = type_of_keyword(key);
  if (*condition == "true" || record || about.empty() || schema.has("type") || schema.has("$ref")) return condition;
  return "!(" + type_condition(value, std::string(about)) + ") || " + in_brackets(*condition);
}

std::optional<std::string> SchemaCondition::properties(const SuiteNode& list, const std::string& value) {
  std::string text;
  for (const SuiteMember& member : list.members) {
    const std::string field = member_of(value, member.key);
    const std::optional<std::string> one = of(member.value, field);
    if (!one) return std::nullopt;
    if (*one == "true") continue;
    text += (text.empty() ? "" : " && ") + ("(" + field + " == null || " + in_brackets(*one) + ")");
  }
  return text.empty() ? "true" : text;
}

std::optional<std::string> SchemaCondition::closed(const SuiteNode& schema, const std::string& value) {
  const SuiteNode& additional = schema["additionalProperties"];
  if (additional.is_true()) return "true";
  if (!additional.is_false()) return std::nullopt;
  std::string known = "k in " + name_list(schema["properties"]);
  for (const SuiteMember& pattern : schema["patternProperties"].members)
    known += " || k.matches(" + quoted(regex_for_re2(pattern.key)) + ")";
  return value + ".all(k, " + known + ")";
}

std::optional<std::string> SchemaCondition::items(const SuiteNode& schema, const std::string& value) {
  if (!schema.is_map()) return std::nullopt;
  const std::string element = "e" + std::to_string(depth_);
  const std::optional<std::string> one = of(schema, element);
  if (!one || *one == "true") return one;
  return value + ".all(" + element + ", " + *one + ")";
}

}  // namespace weir
