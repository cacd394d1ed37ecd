// SPDX-License-Identifier: Apache-2.0
// An editor sees YAML's guess about a scalar (`5`, 5, true), and any scalar may hold a variable. So a number is a number or
// a text that reads as one or holds a `$`; what the schema cannot tell (paths, expressions, ids) is left to `weir lint`.
#include "rules/schema.h"

#include <algorithm>

#include "base/json_writer.h"
#include "rules/keys.h"
#include "rules/load.h"

namespace weir {
namespace {

constexpr std::string_view kScalar = R"({"type":["string","number","boolean"]})";
constexpr std::string_view kLiteral = R"({"type":["string","number","boolean","null"]})";
constexpr std::string_view kBoolean = R"({"anyOf":[{"type":"boolean"},{"type":"string","pattern":"\\$"}]})";
constexpr std::string_view kCount =
    R"({"anyOf":[{"type":"integer","minimum":0},{"type":"string","pattern":"^[0-9]+$|\\$"}]})";
constexpr std::string_view kNumber =
    R"({"anyOf":[{"type":"number"},{"type":"string","pattern":"^[-+]?[0-9.]|[Nn][Aa][Nn]|[Ii]nf|\\$"}]})";
constexpr std::string_view kDuration =
    R"({"type":"string","pattern":"^([0-9]+(\\.[0-9]+)?(us|ms|s|m|h|d|w))+$|^0$|\\$"})";
constexpr std::string_view kTime = R"({"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]|\\$"})";
constexpr std::string_view kVote =
    R"({"anyOf":[{"type":"integer","minimum":1},{"type":"string","pattern":"^[1-9][0-9]*( of [1-9][0-9]*)?$|\\$"}]})";
constexpr std::string_view kSet = R"({"$ref":"#/definitions/set"})";

std::string list_of(std::string_view item) {
  return R"({"type":"array","items":)" + std::string(item) + "}";
}
std::string one_or_list(std::string_view item) {
  return R"({"anyOf":[)" + std::string(item) + "," + list_of(item) + "]}";
}
std::string map_of(std::string_view value) {
  return R"({"type":"object","additionalProperties":)" + std::string(value) + "}";
}

std::string choice(std::span<const std::string_view> choices) {
  JsonWriter json;
  json.begin_object().key("anyOf").begin_array().begin_object().key("enum").begin_array();
  for (const std::string_view word : choices) {
    if (word == "true" || word == "false") json.value(word == "true");  // what YAML makes of the bare word
    json.value(word);
  }
  json.end_array().end_object().raw(R"({"type":"string","pattern":"\\$"})").end_array().end_object();
  return json.take();
}

std::string object_of(const Keys& keys);

std::string shape_of(const KeySpec& key) {
  switch (key.shape) {
    case Shape::Boolean: return std::string(kBoolean);
    case Shape::Count: return std::string(kCount);
    case Shape::Number: return std::string(kNumber);
    case Shape::Text:
    case Shape::Path: return std::string(kScalar);
    case Shape::Texts:
    case Shape::Paths: return one_or_list(kScalar);
    case Shape::Literals: return list_of(kLiteral);
    case Shape::Duration: return std::string(kDuration);
    case Shape::Time: return std::string(kTime);
    case Shape::Choice: return choice(key.choices);
    case Shape::Choices: return one_or_list(choice(key.choices));
    case Shape::Vote: return std::string(kVote);
    case Shape::Section: return object_of(*key.table);
    case Shape::Sections: return list_of(object_of(*key.table));
    case Shape::Numbers: return map_of(kNumber);
    case Shape::Segments: return R"({"anyOf":[)" + one_or_list(kScalar) + "," + map_of(list_of(kLiteral)) + "]}";
    case Shape::Anything: return "{}";
    case Shape::Vars: return map_of(kLiteral);
    case Shape::Sets: return map_of(kSet);
    case Shape::Templates: return map_of(R"({"$ref":"#/definitions/field"})");
    case Shape::Fields:
      return map_of(
          R"({"anyOf":[{"$ref":"#/definitions/field"},{"type":"array","items":{"$ref":"#/definitions/field"}}]})");
    case Shape::Records: return list_of(R"({"$ref":"#/definitions/record"})");
  }
  return "{}";
}

/// A schema with the summary as its description, which editors show.
void add_property(JsonWriter& json, std::string_view name, std::string_view summary, const std::string& schema) {
  json.key(name)
      .begin_object()
      .field("description", summary)
      .key("allOf")
      .begin_array()
      .raw(schema)
      .end_array()
      .end_object();
}

std::string object_of(const Keys& keys) {
  JsonWriter json;
  json.begin_object().field("type", "object").key("properties").begin_object();
  for (const KeySpec& key : keys.keys) add_property(json, key.name, key.summary, shape_of(key));
  json.end_object().field("additionalProperties", keys.open).key("required").begin_array();
  for (const KeySpec& key : keys.keys) {
    if (key.required) json.value(key.name);
  }
  json.end_array().end_object();
  return json.take();
}

std::string param_schema(const ParamSpec& param) {
  switch (param.type) {
    case ParamType::Boolean: return std::string(kBoolean);
    case ParamType::Count: return std::string(kCount);
    case ParamType::Number: return std::string(kNumber);
    case ParamType::Text:
    case ParamType::Field: return std::string(kScalar);
    case ParamType::Choice: return choice(param.choices);
    case ParamType::Scalar: return std::string(kLiteral);
    case ParamType::Scalars: return std::string(kSet);
    case ParamType::Texts:
    case ParamType::Fields: return one_or_list(kScalar);
    case ParamType::Duration: return std::string(kDuration);
    case ParamType::Files: return one_or_list(kScalar);
    case ParamType::Json: return "{}";
  }
  return "{}";
}

const ParamSpec* bare_param(const CheckSpec& spec, bool on_field) {
  for (const std::string_view name : spec.column_params) {
    for (const ParamSpec& param : spec.params) {
      if (!on_field && param.name == name && param.type == ParamType::Fields) return &param;
    }
  }
  return spec.params.empty() ? nullptr : &spec.params.front();
}

/// The bare value, or a map of parameters.
std::string check_schema(const CheckSpec& spec, bool on_field) {
  JsonWriter json;
  json.begin_object().key("anyOf").begin_array();
  if (const ParamSpec* bare = bare_param(spec, on_field)) json.raw(param_schema(*bare));
  const bool any_map = std::any_of(spec.params.begin(), spec.params.end(),
                                   [](const ParamSpec& param) { return param.type == ParamType::Json; });
  if (any_map) json.raw(R"({"type":"object"})");
  json.begin_object().field("type", "object").key("properties").begin_object();
  for (const ParamSpec& param : spec.params) add_property(json, param.name, param.summary, param_schema(param));
  json.end_object().field("additionalProperties", false).key("required").begin_array();
  for (const ParamSpec& param : spec.params) {
    if (param.required) json.value(param.name);
  }
  json.end_array().end_object().end_array().end_object();
  return json.take();
}

/// What stands under a field, or in an entry of `records`: checks and options.
std::string body_schema(bool on_field) {
  JsonWriter json;
  json.begin_object().field("type", "object").key("properties").begin_object();
  for (const CheckSpec* spec : check_specs()) {
    if (on_field ? spec->on_field : spec->on_record)
      add_property(json, spec->name, spec->summary, check_schema(*spec, on_field));
  }
  for (const KeySpec& key : option_keys().keys) add_property(json, key.name, key.summary, shape_of(key));
  for (const KeySpec& key : field_keys().keys) {
    if (on_field) add_property(json, key.name, key.summary, shape_of(key));
  }
  json.end_object().field("additionalProperties", false);
  if (!on_field) {
    json.key("oneOf").begin_array();
    for (const CheckSpec* spec : check_specs()) {
      if (spec->on_record) json.begin_object().key("required").begin_array().value(spec->name).end_array().end_object();
    }
    json.end_array();
  }
  json.end_object();
  return json.take();
}

}  // namespace

std::string rule_file_schema() {
  const std::string set = R"({"anyOf":[)" + list_of(kLiteral) + R"(,{"type":"string","pattern":"\\$"},)" +
                          object_of(set_file_keys()) + "]}";
  JsonWriter json;
  json.begin_object()
      .field("$schema", "http://json-schema.org/draft-07/schema#")
      .field("title", "weir rule file")
      .field("description", "What has to hold for the records of one stream.")
      .key("allOf")
      .begin_array()
      .raw(object_of(top_keys()))
      .end_array()
      .key("definitions")
      .begin_object();
  json.key("set").raw(set);
  json.key("field").raw(body_schema(true));
  json.key("record").raw(body_schema(false));
  json.end_object().end_object();
  return json.take() + "\n";
}

}  // namespace weir
