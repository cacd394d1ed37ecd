// SPDX-License-Identifier: Apache-2.0
// A compiled boolean expression over the columns of a batch.
#pragma once

#include <memory>
#include <string>

#include "expr/ast.h"
#include "expr/evaluate.h"
#include "expr/program.h"
#include "weir/check.h"

namespace weir {

/// The fields of one row.
class RowFields final : public FieldSource {
 public:
  explicit RowFields(const Subject& subject) : subject_(subject) {}
  void move_to(std::size_t row) { row_ = row; }
  [[nodiscard]] Value value(const Node& field, Scratch& scratch) const override {
    const Column& column = subject_.column(field.slot);
    return value_of_field(field.declared, column.kinds[row_], column.cells[row_], scratch);
  }
  [[nodiscard]] bool present(const Node& field) const override {
    return subject_.column(field.slot).kinds[row_] != Kind::Absent;
  }

 private:
  const Subject& subject_;
  std::size_t row_ = 0;
};

class ExpressionPredicate final : public Predicate {
 public:
  explicit ExpressionPredicate(Expression expression);
  void decide(const Subject& subject, Truth& out) const override;
  [[nodiscard]] std::string explain(const Subject& subject, std::size_t row) const override;
  /// Whether the row has no answer because a value is of a wrong type.
  [[nodiscard]] bool is_type_error(const Subject& subject, std::size_t row) const;
  [[nodiscard]] const Expression& expression() const { return expression_; }

 private:
  Expression expression_;
  std::unique_ptr<const Program> program_;
};

/// What the parts of the expression were in that row, and why that makes it false, unknown or an error.
[[nodiscard]] std::string explain_row(const Expression& expression, const Subject& subject, std::size_t row);

}  // namespace weir
