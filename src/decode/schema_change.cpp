// SPDX-License-Identifier: Apache-2.0
#include "decode/schema_change.h"

#include <algorithm>
#include <utility>

#include "base/json_value.h"
#include "decode/avro_schema.h"

namespace weir {
namespace {

constexpr std::size_t kLongestWords = 400;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kJsonDepth = 200;

/// Cut between two letters of UTF-8.
void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  text.resize(most);
  text += "…";
}

std::string_view word_of(SchemaLanguage language) {
  switch (language) {
    case SchemaLanguage::Avro: return "Avro";
    case SchemaLanguage::Protobuf: return "Protobuf";
    case SchemaLanguage::Json: return "JSON Schema";
  }
  return "";
}

}  // namespace

void DifferenceList::add(std::string words) {
  if (out_.differences.size() >= SchemaDifference::kMost) {
    ++out_.more;
    return;
  }
  cut(words, kLongestWords);
  out_.differences.push_back(std::move(words));
}

std::string named(std::string_view path) {
  std::string text(path);
  cut(text, kLongestName);
  return "`" + text + "`";
}

SchemaDifference compare_schemas(const SchemaText& from, const SchemaText& to) {
  SchemaDifference out;
  if (from.language != to.language) {
    DifferenceList(out).add("the language: " + std::string(word_of(from.language)) + " -> " +
                            std::string(word_of(to.language)));
    out.compatibility = Compatibility::None;
    out.why_not_backward = out.why_not_forward = "they are of different languages";
    return out;
  }
  switch (to.language) {
    case SchemaLanguage::Avro: out = compare_avro(from, to); break;
    case SchemaLanguage::Protobuf: out = compare_protobuf(from, to); break;
    case SchemaLanguage::Json: out = compare_json_schemas(from, to); break;
  }
  cut(out.why_not_backward, kLongestWords);
  cut(out.why_not_forward, kLongestWords);
  return out;
}

std::string schema_kind(const SchemaText& schema) {
  std::string kind;
  if (schema.language == SchemaLanguage::Avro) {
    if (const Result<AvroSchema> avro = parse_avro_schema(schema)) kind = avro->nodes[avro->root].name;
  } else if (schema.language == SchemaLanguage::Protobuf) {
    kind = protobuf_kind(schema);
  } else if (const Result<JsonValue> json = parse_json(schema.text, kJsonDepth)) {
    for (const std::string_view key : {"$id", "title"}) {
      const JsonValue* const value = json->find(key);
      if (kind.empty() && value != nullptr && value->type == JsonValue::Type::Text) kind = value->text;
    }
  }
  return kind;
}

}  // namespace weir
