// SPDX-License-Identifier: Apache-2.0
// A boolean expression as loops over columns. The shapes that rules are made of (a field against a constant, a field against
// a field, membership, null tests, tests of a text, and &&, || and ! of these) each run as one tight loop that builds
// masks, 64 rows a word; whatever else stands in an expression is evaluated row by row, and only for the rows that are still
// open.
#pragma once

#include <memory>

#include "expr/ast.h"
#include "weir/check.h"

namespace weir {

class Program {
 public:
  virtual ~Program() = default;
  /// Decides the rows of `open`; the bits of other rows in `out` mean nothing. The masks of `out` come sized and cleared.
  virtual void run(const Subject& subject, const Mask& open, Truth& out) const = 0;
  /// About how many nanoseconds a row costs; && and || run their cheap parts first, which spares rows to the dear ones.
  [[nodiscard]] virtual int cost() const { return 3; }
};

/// The program of a typed and folded tree. It points into the tree, which has to outlive it and keep its place.
[[nodiscard]] std::unique_ptr<const Program> make_program(const Node& node);

/// The same by evaluating every row: what all other programs have to agree with.
[[nodiscard]] std::unique_ptr<const Program> make_row_program(const Node& node);

/// One of the loops of column_programs.cpp when the node has such a shape, else null.
[[nodiscard]] std::unique_ptr<const Program> make_column_program(const Node& node);

}  // namespace weir
