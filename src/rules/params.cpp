// SPDX-License-Identifier: Apache-2.0
// From YAML to Params. What a value means is the check's business; here it only gets the type that the spec declares, and
// literals pass through as they were written.
#include "rules/params.h"

#include <algorithm>

#include "rules/codes.h"
#include "rules/keys.h"
#include "rules/read_rules.h"
#include "rules/section.h"

namespace weir {
namespace {

template <class T>
std::optional<ParamValue> as_param(std::optional<T> value) {
  if (!value) return std::nullopt;
  return ParamValue(*std::move(value));
}

std::optional<ParamValue> read_value(Findings& findings, SetReader& sets, const ParamSpec& spec, const YamlNode& node,
                                     const std::string& what) {
  switch (spec.type) {
    case ParamType::Boolean: return as_param(read_boolean(findings, node, what));
    case ParamType::Count: return as_param(read_count(findings, node, what));
    case ParamType::Number: return as_param(read_number(findings, node, what));
    case ParamType::Text: return as_param(read_scalar(findings, node, what));
    case ParamType::Choice: return as_param(read_choice(findings, node, what, spec.choices));
    case ParamType::Scalar: return as_param(read_literal(findings, node, what));
    case ParamType::Scalars: return as_param(sets.read(node, what));
    case ParamType::Texts: return as_param(read_texts(findings, node, what));
    case ParamType::Duration: return as_param(read_duration(findings, node, what));
    case ParamType::Field: {
      if (!read_path(findings, node, what)) return std::nullopt;
      return as_param(read_scalar(findings, node, what));
    }
    case ParamType::Fields: {
      if (!read_paths(findings, node, what)) return std::nullopt;
      return as_param(read_texts(findings, node, what));
    }
    case ParamType::Files: return as_param(sets.read_files(node, what));
    case ParamType::Json: return ParamValue(Scalar{.text = to_json(node), .plain = true, .where = node.where()});
  }
  return std::nullopt;
}

const ParamSpec* find_param(const CheckSpec& spec, std::string_view name) {
  const auto found =
      std::find_if(spec.params.begin(), spec.params.end(), [&](const ParamSpec& param) { return param.name == name; });
  return found == spec.params.end() ? nullptr : &*found;
}

/// What a value without a name is: under `records` the list of fields, where the check takes one.
const ParamSpec* bare_param(const CheckSpec& spec, bool on_field) {
  for (const std::string_view name : spec.column_params) {
    const ParamSpec* const param = find_param(spec, name);
    if (!on_field && param != nullptr && param->type == ParamType::Fields) return param;
  }
  return spec.params.empty() ? nullptr : &spec.params.front();
}

/// `{file, column}` is a value, not a map of parameters.
bool is_set_file(const ParamSpec* bare, const YamlNode& value) {
  return bare != nullptr && bare->type == ParamType::Scalars && value.find("file") != nullptr;
}

/// A map in which nothing is named like a parameter is the value of the parameter that takes any: a schema in place.
const ParamSpec* param_of_map(const CheckSpec& spec, const YamlNode& value) {
  for (const YamlNode::Member& member : value.members) {
    if (find_param(spec, member.key->text) != nullptr) return nullptr;
  }
  const auto any = std::find_if(spec.params.begin(), spec.params.end(),
                                [](const ParamSpec& p) { return p.type == ParamType::Json; });
  return any == spec.params.end() || value.members.empty() ? nullptr : &*any;
}

/// The columns that parameters name, behind the field itself.
void add_columns(WrittenRule& rule) {
  if (rule.field) rule.columns.push_back(*rule.field);
  if (!rule.field && rule.spec->of_whole) rule.columns.push_back(FieldPath::whole());
  for (const std::string_view name : rule.spec->column_params) {
    std::vector<std::string> paths;
    if (const Scalar* one = rule.params.get<Scalar>(name)) paths.push_back(one->text);
    if (const auto* many = rule.params.get<std::vector<Scalar>>(name)) {
      for (const Scalar& path : *many) paths.push_back(path.text);
    }
    for (const std::string& path : paths) {
      Result<FieldPath> parsed = FieldPath::parse(path);
      if (parsed) rule.columns.push_back(*std::move(parsed));
    }
  }
  for (const FieldPath& path : rule.columns) rule.params.fields.push_back(path.text());
}

bool read_named(Findings& findings, SetReader& sets, const YamlNode& map, WrittenRule& rule) {
  const CheckSpec& spec = *rule.spec;
  bool fine = true;
  for (const YamlNode::Member& member : map.members) {
    const ParamSpec* const param = find_param(spec, member.key->text);
    if (param == nullptr) {
      std::vector<std::string_view> names;
      for (const ParamSpec& known : spec.params) names.push_back(known.name);
      unknown_key(findings, *member.key, "the check `" + std::string(spec.name) + "`", names);
      fine = false;
      continue;
    }
    std::optional<ParamValue> value = read_value(findings, sets, *param, *member.value, backquoted(param->name));
    fine = fine && value.has_value();
    if (value)
      rule.params.entries.push_back({.name = param->name, .value = *std::move(value), .where = member.value->where()});
  }
  return fine;
}

}  // namespace

bool read_params(Findings& findings, SetReader& sets, const YamlNode& key, const YamlNode& value, WrittenRule& rule) {
  const CheckSpec& spec = *rule.spec;
  rule.params.where = key.where();
  const ParamSpec* bare = bare_param(spec, rule.field.has_value());
  const ParamSpec* const of_map = value.is_map() ? param_of_map(spec, value) : nullptr;
  if (of_map != nullptr) bare = of_map;
  if (of_map == nullptr && value.is_map() && !is_set_file(bare, value)) {
    if (!read_named(findings, sets, value, rule)) return false;
  } else if (bare == nullptr) {
    wrong_shape(findings, value, backquoted(spec.name), "a map of parameters");
    return false;
  } else {
    std::optional<ParamValue> read = read_value(findings, sets, *bare, value, backquoted(spec.name));
    if (!read) return false;
    rule.params.entries.push_back({.name = bare->name, .value = *std::move(read), .where = value.where()});
  }
  for (const ParamSpec& param : spec.params) {
    if (!param.required || rule.params.find(param.name) != nullptr) continue;
    findings.error(codes::kMissingParam, key.where(),
                   "`" + std::string(spec.name) + "` needs `" + std::string(param.name) + "`",
                   {.label = {}, .help = std::string(param.summary)});
    return false;
  }
  add_columns(rule);
  return true;
}

}  // namespace weir
