// SPDX-License-Identifier: Apache-2.0
// Records of any format but tables as JSON, for people and for whoever reads JSON only: of Avro and Protobuf by their schema,
// whether a file's head, `source.schema` or the message itself names it; of Parquet row by row; JSON as it stands.
//
// What stands around a record (an envelope) is part of it here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "decode/envelope_places.h"
#include "decode/payload_schemas.h"
#include "weir/messages.h"
#include "weir/plan.h"

namespace weir {

/// One thread uses it; the plan outlives it. Where the plan names an Avro schema, records come out as they are resolved to it:
/// with the names that rules, and `redact`, know.
class DatumJson {
 public:
  explicit DatumJson(const Plan& plan);
  DatumJson(const DatumJson&) = delete;
  DatumJson& operator=(const DatumJson&) = delete;

  /// The record of messages.items[item]; good until the next call. Nothing: it cannot be read by a schema, or has none.
  /// What is JSON already is not looked at: it need not be valid.
  std::optional<std::string_view> write(const Messages& messages, std::size_t item, Format format);

 private:
  std::optional<std::string_view> by_schema(const SchemaReader& reader, std::string_view body);
  /// Of records that name no schema; null: they are JSON, or nobody can read them.
  std::shared_ptr<const SchemaText> given_to(const Messages& messages, bool typed);

  const Plan& plan_;
  Places nowhere_;  // no field is asked for
  SchemaReaders schemas_;
  std::shared_ptr<const SchemaText> written_;
  std::shared_ptr<const SchemaText> header_;
  std::string json_;
};

}  // namespace weir
