// SPDX-License-Identifier: Apache-2.0
// What stands in the keys of messages: the columns of `kafka.key.FIELD`, read as JSON or by a schema. A key is read only where a
// rule looks into one; a message whose key cannot be read then cannot be read either.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/envelope_places.h"
#include "decode/json_documents.h"
#include "decode/json_reader.h"
#include "decode/payload_schemas.h"
#include "weir/batch.h"
#include "weir/messages.h"
#include "weir/plan.h"

namespace weir {

/// DecodeFailure::code of a message whose key cannot be read.
inline constexpr std::string_view kKeyFault = "key";

/// `kafka.key.FIELD`.
[[nodiscard]] bool looks_into_key(const FieldPath& path);

class KeyReader {
 public:
  explicit KeyReader(const Plan& plan);
  /// Fills the columns that look into keys, behind what was read of the values.
  void read(const Messages& messages, Batch& batch);

 private:
  void take(const Messages& messages, std::size_t row, Batch& batch);
  void take_framed(std::size_t row, std::string_view key, std::string_view body, Batch& batch);
  void read_json(std::uint32_t row, const IndexedJson& json, Batch& batch);
  void read_typed(std::uint32_t row, std::string_view body, SchemaReader& reader, Batch& batch);
  void refuse(std::size_t row, const std::string& reason, Batch& batch, std::size_t at = 0);

  struct Task {
    SchemaReader* reader = nullptr;  // null: JSON
    std::string_view body;           // without data(): there is no key
  };
  const Plan& plan_;
  bool wanted_ = false;
  Places plain_;
  Places connect_;  // keys with their schema beside them
  std::unique_ptr<JsonReader> plain_reader_;
  std::unique_ptr<JsonReader> connect_reader_;
  SchemaReaders schemas_;
  JsonDocuments documents_;
  std::vector<std::string_view> bodies_;  // by row, of those that are JSON
  std::vector<Task> tasks_;               // by row
  bool plain_begun_ = false;
  bool connect_begun_ = false;
};

}  // namespace weir
