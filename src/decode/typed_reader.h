// SPDX-License-Identifier: Apache-2.0
// Readers of records whose shape a schema tells: Avro, Protobuf. One reader is made for one schema and one field tree, and is
// used by one thread; it reads one record at a time into a row.
//
// How values of any schema language come out, so that a rule means the same everywhere:
//   integers            Kind::Integer, without text; beyond 64 bits signed: Kind::Number with its digits
//   float, double       the shortest decimal that reads back as the same float or double: Kind::Integer, Decimal or Number;
//                       NaN and infinities: Kind::Number
//   decimals            exact, with the digits of their scale: Kind::Decimal, or Kind::Number beyond 18 digits
//   text, enum names    Kind::Text, valid UTF-8 or the record is undecodable
//   bytes, fixed        Kind::Text in base64
//   uuid                Kind::Text, 8-4-4-4-12
//   timestamps          Kind::Text as RFC 3339 in UTC: "2026-01-01T00:00:00Z", with 3, 6 or 9 digits where there is a fraction;
//                       local ones without Z; beyond the years 1 to 9999 the number as it is
//   date                Kind::Text "2026-01-01"; time of day "12:34:56.789"
//   duration            Kind::Text as ISO 8601: "P1M2DT3.004S"
//   null, unset         Kind::Null for a null, Kind::Absent for what is not there
//   union, oneof        the value itself
//   record, map         Kind::Object; array, repeated: Kind::Array; their Cell is JSON, made only where a rule names them
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/field_tree.h"
#include "weir/batch.h"
#include "weir/plan.h"
#include "weir/result.h"
#include "weir/schemas.h"

namespace weir {

class TypedReader {
 public:
  virtual ~TypedReader() = default;
  /// Binds the columns of a batch; rows come in ascending order.
  virtual void begin(Batch& batch) = 0;
  /// False: it could not be read, fault() says why, and the row is empty.
  virtual bool read(std::uint32_t row, std::string_view bytes) = 0;
  /// Reads what it can read faster of many records at once, into the rows from `first` on; `left` gets the other rows, for read().
  virtual void read_many(std::uint32_t first, std::span<const std::string_view> records,
                         std::vector<std::uint32_t>& left) {
    for (std::uint32_t i = 0; i < records.size(); ++i) left.push_back(first + i);
  }
  /// Of the last read() or json() that failed; its row is not set.
  [[nodiscard]] virtual const DecodeFailure& fault() const = 0;
  /// The record as JSON for people and for whoever reads JSON only: the values as above, numbers as numbers, members in the
  /// order of the schema. False: it could not be read.
  virtual bool json(std::string_view bytes, std::string& out) = 0;
  /// The top-level fields by their names, in the order of the schema.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
};

struct TypedRequest {
  const Plan& plan;                    // limits, what to note (extra fields, seen fields)
  const FieldTree& tree;               // where the fields of the plan lie
  const SchemaText& schema;            // the records were written with it
  const SchemaText* reader = nullptr;  // Avro: resolved to this one
  std::string message = {};  // Protobuf: the full name of the message type; empty: told by the record or the only one
  bool indexed = false;      // Protobuf: message indexes stand in front of each record, as behind a registry's id
};
/// An error: the schema cannot be used; the message says where and why.
[[nodiscard]] Result<std::unique_ptr<TypedReader>> make_avro_reader(const TypedRequest& request);
[[nodiscard]] Result<std::unique_ptr<TypedReader>> make_protobuf_reader(const TypedRequest& request);

}  // namespace weir
