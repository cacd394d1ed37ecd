// SPDX-License-Identifier: Apache-2.0
// A JSON value laid out flat, for checks that look at all of it: one node after another in the order of the text, each
// container knowing where it ends. One pass over the text, no tree, and nothing is allocated once the tape has grown to the
// size of the usual record; numbers of up to 18 digits are read on the way.
//
// The text comes from decoders, which hold it to RFC 8259; here only what would lead astray is looked for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "weir/batch.h"

namespace weir {

struct JsonNode {
  enum class Type : std::uint8_t { Null, Boolean, Number, Text, Array, Object };

  Type type = Type::Null;
  bool small = false;       // of numbers: the value is number x 10^-scale, with at most 18 digits
  std::uint8_t scale = 0;   // of small numbers
  std::uint32_t end = 0;    // the node behind this value
  std::uint32_t count = 0;  // elements, or members: a member is a text, its name, and the value behind it
  std::int64_t number = 0;  // of small numbers; 0 or 1 of a boolean
  std::string_view text;    // of texts without escapes, of numbers as written

  [[nodiscard]] bool is_container() const noexcept { return type >= Type::Array; }
};

class JsonTape {
 public:
  static constexpr std::size_t kMaxDepth = 1024;

  /// Lays out `text`, which has to outlive the tape's content. False: it is no JSON, or deeper than kMaxDepth.
  bool read(std::string_view text);
  /// Lays out a value that a decoder has taken apart already.
  bool read(Kind kind, const Cell& cell);

  [[nodiscard]] const JsonNode& operator[](std::uint32_t index) const { return nodes_[index]; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

 private:
  bool fill();
  bool scalar();
  bool quoted();
  bool number();
  bool word(std::string_view expected, JsonNode::Type type, std::int64_t value);
  void skip_blanks();

  std::vector<JsonNode> nodes_;
  std::vector<std::uint32_t> open_;
  Arena arena_;
  std::string written_;  // of a number that came without text
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

/// The exact value of a number.
[[nodiscard]] Decimal decimal_of(const JsonNode& number);
/// Equal as JSON Schema means it: numbers by value, members in any order.
[[nodiscard]] bool equal(const JsonTape& a, std::uint32_t node_a, const JsonTape& b, std::uint32_t node_b);
/// Equal values have the same hash.
[[nodiscard]] std::uint64_t hash_of(const JsonTape& tape, std::uint32_t node);

}  // namespace weir
