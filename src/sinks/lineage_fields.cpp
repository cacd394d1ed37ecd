// SPDX-License-Identifier: Apache-2.0
// The fields of a schema as the lineage of a topic shows them: names and types of the uppermost ones, in the words of the
// schema's own language.
#include <algorithm>

#include "base/json_value.h"
#include "decode/avro_schema.h"
#include "sinks/lineage_event.h"

namespace weir {
namespace {

constexpr std::size_t kMostFields = 1'000;
constexpr std::size_t kMostDepth = 64;

/// "long", "union<null, string>", "record orders.Address".
std::string type_words(const AvroSchema& schema, std::uint32_t at) {
  const AvroNode& node = schema.nodes[at];
  std::string words(word_of(node.type));
  if (!node.name.empty()) return words + " " + node.name;
  if (node.type == AvroType::Union) {
    std::string branches;
    for (const std::uint32_t branch : node.below) {
      const AvroNode& one = schema.nodes[branch];
      branches += (branches.empty() ? "" : ", ") + (one.name.empty() ? std::string(word_of(one.type)) : one.name);
    }
    return words + "<" + branches + ">";
  }
  if (!node.below.empty()) {
    const AvroNode& element = schema.nodes[node.below.front()];
    words += "<" + (element.name.empty() ? std::string(word_of(element.type)) : element.name) + ">";
  }
  return words;
}

std::vector<LineageField> fields_of_avro(const SchemaText& text) {
  std::vector<LineageField> fields;
  const Result<AvroSchema> schema = parse_avro_schema(text);
  if (!schema) return fields;
  for (const AvroField& field : schema->nodes[schema->root].fields) {
    if (fields.size() < kMostFields) fields.push_back({.name = field.name, .type = type_words(*schema, field.node)});
  }
  return fields;
}

std::string type_words(const JsonValue& property) {
  const JsonValue* const type = property.find("type");
  if (type == nullptr) return "";
  if (type->type == JsonValue::Type::Text) return type->text;
  std::string words;
  for (const JsonValue& one : type->items) words += (words.empty() ? "" : " | ") + one.text;
  return words;
}

std::vector<LineageField> fields_of_json(const SchemaText& text) {
  std::vector<LineageField> fields;
  const Result<JsonValue> schema = parse_json(text.text, kMostDepth);
  if (!schema || schema->type != JsonValue::Type::Object) return fields;
  const JsonValue* const properties = schema->find("properties");
  if (properties == nullptr || properties->type != JsonValue::Type::Object) return fields;
  for (const auto& [name, property] : properties->members) {
    if (fields.size() < kMostFields) fields.push_back({.name = name, .type = type_words(property)});
  }
  return fields;
}

}  // namespace

std::vector<LineageField> lineage_fields(const SchemaText& schema) {
  switch (schema.language) {
    case SchemaLanguage::Avro: return fields_of_avro(schema);
    case SchemaLanguage::Json: return fields_of_json(schema);
    case SchemaLanguage::Protobuf: break;
  }
  return {};
}

}  // namespace weir
