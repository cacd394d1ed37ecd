// SPDX-License-Identifier: Apache-2.0
// Sees when the records of a topic begin to be written with another schema.
//
// A schema that was not seen before is compared with the one that records of its kind were written with last: of the same
// name (an Avro record's full name, a Protobuf file's first message, a JSON Schema's $id or title) or of the same subject. A
// topic that holds several kinds of records therefore has several histories, and the first schema of a kind is no change.
// While producers go over to a new version, both versions come in turns: each is compared once, when it comes first.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "weir/schema_change.h"

namespace weir {

class SchemaWatch {
 public:
  /// The schema of a record; nothing, and cheap, when it was seen before.
  [[nodiscard]] std::optional<SchemaChange> see(const std::string& topic, bool of_key, std::string_view key,
                                                const std::shared_ptr<const SchemaText>& schema);

  /// Remembered of each topic and part; beyond it all but the newest are forgotten.
  static constexpr std::size_t kMost = 1'000;

 private:
  struct Seen {
    std::shared_ptr<const SchemaText> schema;
    std::string kind;
    std::uint64_t last = 0;
  };
  using History = std::map<std::string, Seen, std::less<>>;

  std::map<std::pair<std::string, bool>, History> histories_;
  std::uint64_t clock_ = 0;
};

}  // namespace weir
