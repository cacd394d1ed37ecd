// SPDX-License-Identifier: Apache-2.0
// An Avro schema, read from its JSON into a flat list of nodes that name each other by index, so that a type may hold itself.
//
// Schemas come from strangers: the text, the names, the nesting and the number of nodes are bounded, and every fault says where
// in the schema it is (`in orders.Order, field lines: …`). Held to the specification 1.12, with what its libraries also take: a
// type in one more pair of braces, names with letters beyond ASCII. A logical type that does not fit its type is ignored, as the
// specification wants it. Defaults are looked at only where they are needed (decode/avro_resolve.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "weir/result.h"
#include "weir/schemas.h"

namespace weir {

enum class AvroType : std::uint8_t {
  Null,
  Boolean,
  Int,
  Long,
  Float,
  Double,
  Bytes,
  String,
  Record,
  Enum,
  Array,
  Map,
  Union,
  Fixed,
};
/// As schemas write it: "long".
[[nodiscard]] std::string_view word_of(AvroType type);

enum class AvroLogical : std::uint8_t {
  None,
  Decimal,
  Uuid,
  Date,
  TimeMillis,
  TimeMicros,
  TimestampMillis,
  TimestampMicros,
  TimestampNanos,
  LocalTimestampMillis,
  LocalTimestampMicros,
  LocalTimestampNanos,
  Duration,
};

struct AvroField {
  std::string name;
  std::vector<std::string> aliases;
  std::uint32_t node = 0;
  std::optional<JsonValue> fallback;  // `default`
};

struct AvroNode {
  AvroType type = AvroType::Null;
  AvroLogical logical = AvroLogical::None;
  std::uint32_t size = 0;   // Fixed: bytes
  std::uint32_t scale = 0;  // Decimal
  std::uint32_t precision = 0;
  std::string name;                     // Record, Enum, Fixed: the full name
  std::vector<std::string> aliases;     // full names
  std::vector<AvroField> fields;        // Record
  std::vector<std::string> symbols;     // Enum
  std::optional<std::string> fallback;  // Enum: the symbol that stands for unknown ones
  std::vector<std::uint32_t> below;     // Union: the branches; Array, Map: the elements, alone
};

struct AvroSchema {
  static constexpr std::size_t kMostBytes = 1U << 20;  // of the text and all that it refers to
  static constexpr std::size_t kMostNodes = 50'000;
  static constexpr std::size_t kMostDepth = 200;      // of the JSON
  static constexpr std::size_t kLongestName = 1'000;  // of a full name, bytes
  static constexpr std::uint32_t kLargestFixed = 1U << 20;

  std::vector<AvroNode> nodes;
  std::uint32_t root = 0;
};

[[nodiscard]] Result<AvroSchema> parse_avro_schema(const SchemaText& schema);

/// The parsing canonical form: the same for schemas that read the same bytes in the same way.
[[nodiscard]] std::string avro_canonical_form(const AvroSchema& schema);
/// CRC-64-AVRO of the canonical form.
[[nodiscard]] std::uint64_t avro_fingerprint(const AvroSchema& schema);

/// A record in single-object encoding: C3 01, the fingerprint of its schema (8 bytes, little endian), then the datum.
struct AvroObject {
  std::uint64_t fingerprint = 0;
  std::string_view body;
};
/// Nothing where the bytes do not begin so.
[[nodiscard]] std::optional<AvroObject> avro_single_object(std::string_view bytes);

}  // namespace weir
