// SPDX-License-Identifier: Apache-2.0
// That the records of a topic began to be written with another schema: from which to which, what is different, and who can
// still read whom.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/schemas.h"

namespace weir {

/// Who reads whose records: Backward, the new schema those of the old one; Forward, the old schema those of the new one.
enum class Compatibility : std::uint8_t { None, Backward, Forward, Full };
/// "none", "backward", "forward", "full": as registries call them.
[[nodiscard]] std::string_view word_of(Compatibility compatibility);

/// What is different between two schemas.
struct SchemaDifference {
  static constexpr std::size_t kMost = 100;  // differences that are told; `more` counts the others

  std::vector<std::string> differences;        // "`total`: int -> long", "`note` added, default null"
  std::size_t more = 0;                        // beyond kMost
  std::optional<Compatibility> compatibility;  // nothing: it cannot be said
  std::string why_not_backward;                // "`total`: the new schema reads int, written was string"; may be empty
  std::string why_not_forward;
};

/// The records of a topic come with a schema that they did not come with before.
struct SchemaChange {
  std::string topic;
  bool of_key = false;  // of the records' keys, not of their values
  std::string from_key;
  std::string to_key;
  std::shared_ptr<const SchemaText> from;  // null: `to` is the first of its kind, or says what was said before
  std::shared_ptr<const SchemaText> to;
  SchemaDifference difference;
  std::int32_t partition = 0;  // where the first record of the new schema was seen
  std::int64_t offset = 0;
};

/// "orders-value version 3 (id 7)", or what is known of it.
[[nodiscard]] std::string schema_title(const SchemaText& schema, std::string_view key);
/// "the values of orders went from A to B: `total`: int -> long; backward compatible".
[[nodiscard]] std::string in_words(const SchemaChange& change);

}  // namespace weir
