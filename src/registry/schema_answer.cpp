// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_answer.h"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/text.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 60;

std::optional<std::int64_t> number_of(const JsonValue* value) {
  if (value == nullptr || value->type != JsonValue::Type::Number) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto [stop, fault] = std::from_chars(value->text.data(), end, number);
  if (fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::uint32_t positive_of(const JsonValue* value) {
  const std::int64_t number = number_of(value).value_or(0);
  return number > 0 && number <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(number) : 0;
}

std::string text_of(const JsonValue* value) {
  return value != nullptr && value->type == JsonValue::Type::Text ? value->text : "";
}

std::optional<SchemaLanguage> language_of(std::string_view type) {
  if (type.empty() || type == "AVRO") return SchemaLanguage::Avro;
  if (type == "PROTOBUF") return SchemaLanguage::Protobuf;
  if (type == "JSON") return SchemaLanguage::Json;
  return std::nullopt;
}

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=') || text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xffU));
  }
  return out;
}

}  // namespace

Result<WrittenSchema> read_schema(const JsonValue& document) {
  const Error garbled{.message = "an answer without a schema in it"};
  if (document.type != JsonValue::Type::Object) return garbled;
  const JsonValue* const text = document.find("schema");
  if (text == nullptr || text->type != JsonValue::Type::Text) return garbled;
  const std::string type = text_of(document.find("schemaType"));
  const std::optional<SchemaLanguage> language = language_of(type);
  if (!language)
    return Error{.message = "a schema in the language `" + shorten(type, kMostWords) + "`, which weir does not read",
                 .code = "language"};
  WrittenSchema schema{.language = *language,
                       .text = *language == SchemaLanguage::Protobuf ? protobuf_text(text->text) : text->text,
                       .references = {},
                       .id = positive_of(document.find("id")),
                       .subject = text_of(document.find("subject")),
                       .version = positive_of(document.find("version"))};
  const JsonValue* const references = document.find("references");
  if (references == nullptr || references->type == JsonValue::Type::Null) return schema;
  if (references->type != JsonValue::Type::Array) return garbled;
  for (const JsonValue& item : references->items) {
    WrittenReference reference{.name = text_of(item.find("name")), .subject = text_of(item.find("subject"))};
    const std::optional<std::int64_t> version = number_of(item.find("version"));
    if (reference.name.empty() || reference.subject.empty() || !version)
      return Error{.message = "an answer with a reference that lacks its name, its subject or its version"};
    reference.version = *version;
    schema.references.push_back(std::move(reference));
  }
  return schema;
}

SubjectVersion read_versions(const JsonValue& document) {
  SubjectVersion first;
  for (const JsonValue& item : document.items) {
    SubjectVersion next{.subject = text_of(item.find("subject")), .version = positive_of(item.find("version"))};
    if (next.subject.empty() || next.version == 0) continue;
    if (first.subject.empty() || next.subject < first.subject ||
        (next.subject == first.subject && next.version < first.version))
      first = std::move(next);
  }
  return first;
}

std::string protobuf_text(std::string text) {
  constexpr char kFirstField = '\x0a';  // the name of a FileDescriptorProto; a file of a FileDescriptorSet
  const std::optional<std::string> file = from_base64(text);
  if (!file || !file->starts_with(kFirstField)) return text;
  std::string set(1, kFirstField);
  std::size_t size = file->size();
  for (; size >= 0x80; size >>= 7) set.push_back(static_cast<char>((size & 0x7fU) | 0x80U));
  set.push_back(static_cast<char>(size));
  return set + *file;
}

}  // namespace weir
