// SPDX-License-Identifier: Apache-2.0
// What is different between two schemas of one language, in words, and whether records that were written with one can be
// read with the other.
//
//   Avro         by the specification's rules of resolution: backward, the new schema resolves records of the old one
//   Protobuf     fields are known by their numbers: a number whose type is read as another one is not compatible, a field that
//                comes or goes is; `required` as it was meant
//   JSON Schema  what was valid stays valid: types, required, properties, items, enum, additionalProperties. A property that
//                comes is taken as one that nobody wrote before. Of other keywords it is said that they changed, and no more.
//
// Both schemas come from strangers: what is looked at and what is said is bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/schema_change.h"

namespace weir {

[[nodiscard]] SchemaDifference compare_schemas(const SchemaText& from, const SchemaText& to);

/// What kind of records a schema is of: the full name of an Avro record, the first message of a Protobuf file, $id or title
/// of a JSON Schema. Empty: it has none, or cannot be read.
[[nodiscard]] std::string schema_kind(const SchemaText& schema);

/// Collects differences, so many at most, each of a bounded length.
class DifferenceList {
 public:
  explicit DifferenceList(SchemaDifference& out) : out_(out) {}
  void add(std::string words);

 private:
  SchemaDifference& out_;
};

/// A name as it stands in such words: in backquotes, cut when it is long.
[[nodiscard]] std::string named(std::string_view path);

// ---- by language
[[nodiscard]] SchemaDifference compare_avro(const SchemaText& from, const SchemaText& to);
[[nodiscard]] SchemaDifference compare_json_schemas(const SchemaText& from, const SchemaText& to);
[[nodiscard]] SchemaDifference compare_protobuf(const SchemaText& from, const SchemaText& to);
[[nodiscard]] std::string protobuf_kind(const SchemaText& schema);

}  // namespace weir
