// SPDX-License-Identifier: Apache-2.0
// A schema as an answer of a registry has it: {"schema": "...", "schemaType": "AVRO", "references": [...]}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "weir/result.h"
#include "weir/schemas.h"

namespace weir {

struct WrittenReference {
  std::string name;
  std::string subject;
  std::int64_t version = 0;  // below 1: the newest
};

struct WrittenSchema {
  SchemaLanguage language = SchemaLanguage::Avro;
  std::string text;
  std::vector<WrittenReference> references;
  std::uint32_t id = 0;       // 0: it does not say
  std::string subject;        // empty: it does not say
  std::uint32_t version = 0;  //
};

/// An error with the code "language" where the schema is whole and in a language that weir does not read; with none where
/// this is no answer with a schema.
[[nodiscard]] Result<WrittenSchema> read_schema(const JsonValue& document);

/// The first of [{"subject": "orders-value", "version": 3}, ...] by name; an empty subject where there is none.
struct SubjectVersion {
  std::string subject;
  std::uint32_t version = 0;
};
[[nodiscard]] SubjectVersion read_versions(const JsonValue& document);

/// A Protobuf file that was registered in its binary form comes as base64: here as a set of one file. A .proto text, in
/// which there is always a character that base64 has not, stays as it is.
[[nodiscard]] std::string protobuf_text(std::string text);

}  // namespace weir
