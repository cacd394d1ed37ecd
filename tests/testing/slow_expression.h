// SPDX-License-Identifier: Apache-2.0
// Expressions as trees that can be printed in weir's language and decided by walking, with the three-valued logic written out.
#pragma once

#include <string>
#include <vector>

#include "testing/slow_json.h"

namespace weir::testing {

enum class SlowTruth { Yes, No, Unknown, Error };

/// A field that an expression may see, null where nothing is there; values that stand for null are nulls already.
using SlowLookup = const SlowJson* (*)(const void* context, const std::string& path);

struct SlowExpression {
  enum class Kind {
    Compare,     // left op right
    In,          // left in [literals]
    IsNull,      // left == null
    Has,         // has(left)
    Flag,        // left, a boolean field
    StartsWith,  // left.startsWith(literal)
    And,
    Or,
    Not,  // of the children
  };
  /// A field, or a literal: 5, -1.5, "text", true.
  struct Operand {
    bool is_field = true;
    std::string text;
  };

  Kind kind = Kind::Flag;
  Operand left;
  Operand right;
  std::string op;  // ==, !=, <, <=, >, >=
  std::vector<std::string> literals;
  std::vector<SlowExpression> children;

  [[nodiscard]] std::string print() const;
  [[nodiscard]] SlowTruth decide(SlowLookup field, const void* context) const;
  /// Every field that it names.
  void add_fields(std::vector<std::string>& out) const;
};

}  // namespace weir::testing
