// SPDX-License-Identifier: Apache-2.0
// What each keyword means to compiling, group by group. A keyword that a draft does not have is passed over in it.
#include <algorithm>
#include <array>

#include "base/small_number.h"
#include "base/text.h"
#include "checks/json_schema_compile.h"
#include "checks/json_schema_uri.h"

namespace weir {

namespace {

struct NamedType {
  std::string_view name;
  std::uint8_t bits;
  std::string_view in_words;
};
constexpr std::array<NamedType, 7> kTypes = {{{"null", schema_type::kNull, "null"},
                                              {"boolean", schema_type::kBoolean, "a boolean"},
                                              {"number", schema_type::kNumber | schema_type::kInteger, "a number"},
                                              {"integer", schema_type::kInteger, "a whole number"},
                                              {"string", schema_type::kText, "a text"},
                                              {"array", schema_type::kArray, "an array"},
                                              {"object", schema_type::kObject, "an object"}}};

template <class T>
T& made(std::unique_ptr<T>& group) {
  if (group == nullptr) group = std::make_unique<T>();
  return *group;
}

constexpr std::size_t kManyNames = 8;

}  // namespace

std::string types_in_words(std::uint8_t types) {
  std::string out;
  for (const NamedType& type : kTypes) {
    if ((types & type.bits) != type.bits) continue;
    if (type.name == "integer" && (types & schema_type::kNumber) != 0) continue;
    out += (out.empty() ? "" : " or ") + std::string(type.in_words);
  }
  return out;
}

NumberBound::NumberBound(Decimal bound) : value(std::move(bound)) {
  for (std::uint32_t scale = 0; scale < ceiling.size(); ++scale) {
    ceiling[scale] = value.ceiling_at(scale);
    floor[scale] = value.floor_at(scale);
  }
}

/// Records of a stream tend to hold their members in the order of the schema.
const ObjectRules::Name* ObjectRules::find(std::string_view name, std::size_t& expected) const {
  if (expected < names.size() && names[expected].text == name) return &names[expected++];
  if (index.empty()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i].text != name) continue;
      expected = i + 1;
      return &names[i];
    }
    return nullptr;
  }
  const auto found = index.find(name);
  if (found == index.end()) return nullptr;
  expected = found->second + std::size_t{1};
  return &names[found->second];
}

/// type, enum, const
void SchemaCompiler::values(SchemaNode& node) {
  if (const JsonValue* type = find("type")) {
    const bool list = type->type == JsonValue::Type::Array;
    std::vector<std::string> names;
    if (list) names = texts(*type, "type");
    if (type->type == JsonValue::Type::Text) names.push_back(type->text);
    if (names.empty()) fault("type", "`type` takes the name of a type, or a list of names");
    for (const std::string& name : names) {
      const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const NamedType& t) { return t.name == name; });
      if (known == kTypes.end()) {
        fault("type", "unknown type `" + shorten(name, 40) + "`",
              "types are null, boolean, number, integer, string, array and object");
      } else {
        node.types = static_cast<std::uint8_t>(node.types | known->bits);
      }
    }
  }
  const auto add = [&](const JsonValue& value) {
    auto constant = std::make_unique<SchemaConstant>();
    append_json(constant->text, value);
    if (!constant->tape.read(constant->text)) return;
    if (constant->tape[0].type == JsonNode::Type::Text) {
      node.constant_texts.insert(constant->tape[0].text);
    } else {
      node.other_constants = true;
    }
    node.constants.push_back(std::move(constant));
  };
  if (const JsonValue* list = find("enum")) {
    if (list->type != JsonValue::Type::Array) return fault("enum", "`enum` takes a list of values");
    node.has_enum = true;
    for (const JsonValue& value : list->items) add(value);
  }
  const JsonValue* const only = find("const", SchemaDraft::Draft6);
  if (only == nullptr) return;
  auto constant = std::make_unique<SchemaConstant>();
  append_json(constant->text, *only);
  if (!constant->tape.read(constant->text)) return;
  // Beside an `enum` both have to hold.
  const bool possible =
      !node.has_enum || std::any_of(node.constants.begin(), node.constants.end(),
                                    [&](const auto& value) { return equal(value->tape, 0, constant->tape, 0); });
  node.constants.clear();
  node.constant_texts.clear();
  node.other_constants = false;
  node.has_enum = node.is_const = true;
  if (possible) add(*only);
}

void SchemaCompiler::number_rules(SchemaNode& node) {
  const auto bound = [&](std::string_view key, std::optional<NumberBound> NumberRules::*rule) {
    if (const auto value = number(key)) made(node.numbers).*rule = NumberBound(*value);
  };
  bound("minimum", &NumberRules::minimum);
  bound("maximum", &NumberRules::maximum);
  if (draft_ == SchemaDraft::Draft4) {
    const auto exclusive = [&](std::string_view key) {
      const JsonValue* const value = find(key);
      if (value != nullptr && value->type != JsonValue::Type::Boolean)
        fault(key, "`" + std::string(key) + "` takes true or false in draft 4");
      return value != nullptr && value->boolean && node.numbers != nullptr;
    };
    if (exclusive("exclusiveMinimum")) std::swap(node.numbers->minimum, node.numbers->above);
    if (exclusive("exclusiveMaximum")) std::swap(node.numbers->maximum, node.numbers->below);
  } else {
    bound("exclusiveMinimum", &NumberRules::above);
    bound("exclusiveMaximum", &NumberRules::below);
  }
  const auto step = number("multipleOf");
  if (!step) return;
  if (step->is_zero() || step->is_negative()) return fault("multipleOf", "`multipleOf` takes a number above 0");
  NumberRules& rules = made(node.numbers);
  rules.step = step;
  const std::optional<SmallNumber> small = small_number_of(*step);
  if (!small || small->scale > 18) return;
  rules.small_step = small->unscaled;
  rules.step_scale = small->scale;
}

void SchemaCompiler::text_rules(SchemaNode& node) {
  std::uint64_t length = 0;
  if (count("minLength", length)) made(node.texts).min_length = length;
  if (count("maxLength", length)) made(node.texts).max_length = length;
  if (const auto written = text("pattern")) {
    TextRules& rules = made(node.texts);
    rules.pattern_text = *written;
    rules.pattern = pattern(*written, "pattern");
  }
  const auto format = text("format");
  if (!format || !options_.formats) return;
  for (const TextFormat& known : formats()) {
    if (known.name == *format) made(node.texts).format = &known;
  }
}

void SchemaCompiler::array_rules(SchemaNode& node) {
  const JsonValue* const items = find("items");
  const bool list = items != nullptr && items->type == JsonValue::Type::Array;
  if (list && draft_ == SchemaDraft::Draft2020) {
    fault("items", "`items` takes one schema in draft 2020-12", "a schema for each place is written `prefixItems`");
  } else if (list) {
    ArrayRules& rules = made(node.arrays);
    for (std::size_t i = 0; i < items->items.size(); ++i)
      rules.prefix.push_back(below(items->items[i], "/items/" + std::to_string(i)));
    rules.rest = schema("additionalItems");
  } else if (items != nullptr) {
    made(node.arrays).rest = schema("items");
  }
  if (find("prefixItems", SchemaDraft::Draft2020) != nullptr)
    made(node.arrays).prefix = schemas("prefixItems", SchemaDraft::Draft2020);
  if (find("contains", SchemaDraft::Draft6) != nullptr) {
    ArrayRules& rules = made(node.arrays);
    rules.contains = schema("contains");
    rules.contains_counts = draft_ == SchemaDraft::Draft2020;
    count("minContains", rules.min_contains, SchemaDraft::Draft2019);
    count("maxContains", rules.max_contains, SchemaDraft::Draft2019);
  }
  std::uint64_t size = 0;
  if (count("minItems", size)) made(node.arrays).min_items = size;
  if (count("maxItems", size)) made(node.arrays).max_items = size;
  const JsonValue* const unique = find("uniqueItems");
  if (unique == nullptr) return;
  if (unique->type != JsonValue::Type::Boolean) return fault("uniqueItems", "`uniqueItems` takes true or false");
  if (unique->boolean) made(node.arrays).unique = true;
}

void SchemaCompiler::object_rules(SchemaNode& node) {
  const auto name_in = [](ObjectRules& rules, const std::string& text) -> ObjectRules::Name& {
    const auto known = rules.index.find(text);
    if (known != rules.index.end()) return rules.names[known->second];
    rules.names.push_back({.text = text});
    rules.index.emplace(text, static_cast<std::uint32_t>(rules.names.size() - 1));
    return rules.names.back();
  };
  const JsonValue* const properties = map("properties");
  const JsonValue* const required = find("required");
  if (properties != nullptr || required != nullptr) {
    ObjectRules& rules = made(node.objects);
    std::vector<std::string> needed;
    if (required != nullptr) needed = texts(*required, "required");
    // The index holds views of the names, which must not move while it is made.
    rules.names.reserve((properties == nullptr ? 0 : properties->members.size()) + needed.size());
    if (properties != nullptr) {
      for (const auto& [key, value] : properties->members)
        name_in(rules, key).schema = below(value, pointer_to("/properties", key));
    }
    for (const std::string& key : needed) {
      ObjectRules::Name& name = name_in(rules, key);
      if (name.required == ObjectRules::kNotRequired) name.required = rules.required++;
    }
    rules.index.clear();
    if (rules.names.size() > kManyNames) {
      for (std::uint32_t i = 0; i < rules.names.size(); ++i) rules.index.emplace(rules.names[i].text, i);
    }
  }
  if (const JsonValue* patterns = map("patternProperties")) {
    for (const auto& [key, value] : patterns->members) {
      made(node.objects)
          .patterns.push_back({pattern(key, "patternProperties"), below(value, pointer_to("/patternProperties", key))});
    }
  }
  if (find("additionalProperties") != nullptr) made(node.objects).additional = schema("additionalProperties");
  if (find("propertyNames", SchemaDraft::Draft6) != nullptr)
    made(node.objects).property_names = schema("propertyNames");
  std::uint64_t size = 0;
  if (count("minProperties", size)) made(node.objects).min_properties = size;
  if (count("maxProperties", size)) made(node.objects).max_properties = size;
  if (const JsonValue* dependent = map("dependentRequired", SchemaDraft::Draft2019)) {
    for (const auto& [key, names] : dependent->members)
      made(node.objects).dependent_required.emplace_back(key, texts(names, "dependentRequired"));
  }
  if (const JsonValue* dependent = map("dependentSchemas", SchemaDraft::Draft2019)) {
    for (const auto& [key, value] : dependent->members) {
      made(node.objects).dependent_schemas.emplace_back(key, below(value, pointer_to("/dependentSchemas", key)));
    }
  }
  // Newer drafts took it apart into those two and let it be read still.
  const JsonValue* const dependencies = map("dependencies");
  if (dependencies == nullptr) return;
  for (const auto& [key, value] : dependencies->members) {
    ObjectRules& rules = made(node.objects);
    if (value.type == JsonValue::Type::Array) {
      rules.dependent_required.emplace_back(key, texts(value, "dependencies"));
    } else {
      rules.dependent_schemas.emplace_back(key, below(value, pointer_to("/dependencies", key)));
    }
  }
}

void SchemaCompiler::applicators(SchemaNode& node) {
  for (const std::uint32_t schema : schemas("allOf")) node.all_of.push_back(schema);
  node.any_of = schemas("anyOf");
  node.one_of = schemas("oneOf");
  node.negated = schema("not");
  node.condition = schema("if", SchemaDraft::Draft7);
  if (node.condition != kNoSchema) {
    node.then = schema("then");
    node.otherwise = schema("else");
  }
  node.unevaluated_items = schema("unevaluatedItems", SchemaDraft::Draft2019);
  node.unevaluated_properties = schema("unevaluatedProperties", SchemaDraft::Draft2019);
}

}  // namespace weir
