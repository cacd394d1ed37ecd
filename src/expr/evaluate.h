// SPDX-License-Identifier: Apache-2.0
// The value of a tree for one record. The columns of a batch are judged by programs (program.h); what these cannot do, and
// every explanation, comes here.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "expr/ast.h"
#include "expr/value.h"

namespace weir {

/// Where the fields of one record come from.
class FieldSource {
 public:
  virtual ~FieldSource() = default;
  /// The value of a Field node: Null when it is absent or null, an Error when it is not what the rule file declares.
  [[nodiscard]] virtual Value value(const Node& field, Scratch& scratch) const = 0;
  /// Whether the field is there at all, null or not.
  [[nodiscard]] virtual bool present(const Node& field) const = 0;
};

/// Of an expression that has none: constants, and conditions over measures.
class NoFields final : public FieldSource {
 public:
  [[nodiscard]] Value value(const Node&, Scratch&) const override { return {}; }
  [[nodiscard]] bool present(const Node&) const override { return false; }
};

/// What one evaluation needs beside the tree.
struct Frame {
  /// Elements visited, bytes compared and the like; beyond it the record is an error. A record of 1 MiB in an expression
  /// of two nested macros reaches it, ordinary records never do.
  static constexpr std::uint64_t kMaxWork = 10'000'000;

  const FieldSource& fields;
  Scratch& scratch;
  /// Of a window condition: what its calls came to, by Node::slot. Null elsewhere.
  const std::span<const Value>* measures = nullptr;
  std::uint64_t work = 0;
  std::array<Value, kMaxDepth> locals{};

  [[nodiscard]] bool spend(std::uint64_t units) { return (work += units) <= kMaxWork; }
};

/// Never fails: Null where nothing is known, an Error where there is no answer.
[[nodiscard]] Value evaluate(const Node& node, Frame& frame);

/// One of the six comparisons, of values that are neither null nor errors: a boolean or an Error.
[[nodiscard]] Value compare_values(Op op, const Value& left, const Value& right);
/// `value in container`, likewise; Null where it may be among the values that a measure could not keep.
[[nodiscard]] Value test_in(const Value& value, const Value& container);

/// The field's value as its declaration reads it: a text declared as timestamp is one, 5.0 declared integer is 5.
[[nodiscard]] Value value_of_field(FieldType declared, Kind kind, const Cell& cell, Scratch& scratch);

}  // namespace weir
