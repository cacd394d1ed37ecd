// SPDX-License-Identifier: Apache-2.0
#include "rules/schema_file.h"

#include <algorithm>
#include <array>

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

}  // namespace weir
