// SPDX-License-Identifier: Apache-2.0
// What the bytes of a schema's data look like and what they stand for, once the schema they were written with is resolved to the
// one that they are read with. Everything that walks data (decode/avro_skip.h, avro_json.h, avro_program.h) walks shapes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// How the bytes are to be read.
enum class AvroForm : std::uint8_t {
  Null,
  Boolean,
  Int,   // a varint of at most 32 bits
  Long,  // a varint of at most 64 bits
  Float,
  Double,
  Bytes,  // a length, then so many bytes
  Fixed,
  Enum,
  Record,
  Array,
  Map,
  Union,
  Mismatch,  // the schema to read with has no place for it: such a record cannot be read
};

/// What comes out.
enum class AvroOutput : std::uint8_t {
  Plain,  // numbers, booleans, enum names, containers
  Float,  // the number as a float, as a double
  Double,
  Text,  // must be UTF-8
  Base64,
  Decimal,
  Uuid,  // of 16 bytes; one in a string is Text
  Duration,
  Date,
  TimeMillis,
  TimeMicros,
  TimestampMillis,
  TimestampMicros,
  TimestampNanos,
  LocalTimestampMillis,
  LocalTimestampMicros,
  LocalTimestampNanos,
};

/// A stretch of AvroShapes::pool.
struct AvroText {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t at = kNone;
  std::uint32_t size = 0;
  [[nodiscard]] bool there() const noexcept { return at != kNone; }
};

struct AvroShape {
  static constexpr std::int32_t kNowhere = -1;

  /// A field as it stands in the bytes.
  struct Written {
    AvroText name;
    std::uint32_t shape = 0;
    std::int32_t member = kNowhere;  // which of `members` it is; nowhere: nobody reads it
  };
  /// A field of the record that comes out.
  struct Member {
    AvroText name;
    std::uint32_t shape = 0;
    AvroText fallback;  // of a field that is not in the bytes: the datum that stands for it
  };

  AvroForm form = AvroForm::Null;
  AvroOutput output = AvroOutput::Plain;
  std::uint32_t size = 0;            // Fixed: bytes
  std::uint32_t scale = 0;           // Decimal
  std::uint32_t least = 0;           // it never takes fewer bytes
  bool in_order = true;              // Record: members come in the order of the bytes
  std::vector<std::uint32_t> below;  // Union: the branches; Array, Map: the elements, alone
  std::vector<AvroText> symbols;     // Enum: by index; a text that is not there: no such symbol to read
  std::vector<Written> written;      // Record
  std::vector<Member> members;       // Record
  std::string fault;                 // Mismatch
};

struct AvroShapes {
  std::vector<AvroShape> all;
  std::uint32_t root = 0;
  std::string pool;

  [[nodiscard]] const AvroShape& operator[](std::uint32_t index) const { return all[index]; }
  [[nodiscard]] std::string_view text(const AvroText& text) const { return {pool.data() + text.at, text.size}; }
};

}  // namespace weir
