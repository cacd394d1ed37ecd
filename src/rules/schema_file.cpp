// SPDX-License-Identifier: Apache-2.0
#include "rules/schema_file.h"

#include <algorithm>
#include <array>

#include "decode/field_tree.h"
#include "decode/typed_reader.h"
#include "rules/codes.h"

namespace weir {

namespace {

SchemaLanguage language_of(std::string_view path, Format format) {
  constexpr std::array<std::string_view, 4> kProtobuf = {".proto", ".desc", ".pb", ".protoset"};
  const bool protobuf = std::any_of(kProtobuf.begin(), kProtobuf.end(),
                                    [path](std::string_view ending) { return path.ends_with(ending); });
  if (protobuf || format == Format::Protobuf) return SchemaLanguage::Protobuf;
  return format == Format::Json ? SchemaLanguage::Json : SchemaLanguage::Avro;
}

}  // namespace

std::shared_ptr<const SchemaText> read_schema(const NamedFile& file, Format format, const LoadOptions& options,
                                              Findings& findings) {
  if (file.path.empty()) return nullptr;
  Result<std::string> text = options.read_file(file.path);
  if (!text) {
    findings.error(codes::kCannotRead, file.where, text.error().message, {.label = {}, .help = text.error().help});
    return nullptr;
  }
  auto schema = std::make_shared<SchemaText>();
  schema->language = language_of(file.path, format);
  schema->text = *std::move(text);
  schema->name = file.path;
  return schema;
}

void check_schemas(const Plan& plan, const RuleSet& rules, Findings& findings) {
  const FieldTree no_fields(1);
  const auto usable = [&](const std::shared_ptr<const SchemaText>& schema, const NamedFile& file, bool key) {
    if (schema == nullptr || schema->language == SchemaLanguage::Json) return;
    const bool protobuf = schema->language == SchemaLanguage::Protobuf;
    const std::string message = key ? "" : plan.payload.message;
    TypedRequest request{.plan = plan, .tree = no_fields, .schema = *schema, .message = message};
    const auto made = protobuf ? make_protobuf_reader(request) : make_avro_reader(request);
    if (made) return;
    std::string words = made.error().message;
    if (words.find(schema->name) == std::string::npos) words.insert(0, schema->name + ": ");
    // By the indexes of a registry's record any message can be found: what fails then is the message's name.
    request.message.clear();
    request.indexed = true;
    if (protobuf && !message.empty() && make_protobuf_reader(request)) {
      findings.error(codes::kSchema, rules.message_where, "`message`: " + made.error().message,
                     {.label = {}, .help = "full names, with the package: `shop.Order`"});
      return;
    }
    findings.error(codes::kSchema, file.where, (key ? "`key_schema`: " : "`schema`: ") + words,
                   {.label = "this schema cannot be used", .help = made.error().help});
  };
  usable(plan.payload.schema, rules.schema_file, false);
  usable(plan.payload.key_schema, rules.key_schema_file, true);
}

}  // namespace weir
