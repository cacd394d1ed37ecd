// SPDX-License-Identifier: Apache-2.0
// The record check `expr`: the expression has to hold. A record for which it is unknown (a null met it) is not judged; one
// for which it has no answer (a text where a number is needed, a division by zero) fails and says so.
#include "expr/expression.h"
#include "expr/run.h"

namespace weir {

namespace {

class ExprCheck final : public Check {
 public:
  ExprCheck(CompiledPredicate compiled, std::string text) : compiled_(std::move(compiled)), text_(std::move(text)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    Truth truth;
    compiled_.predicate->decide(subject, truth);
    evaluated.subtract(truth.unknown);
    failing = evaluated;
    failing.subtract(truth.yes);
  }

  [[nodiscard]] Reason explain(const Subject& subject, std::size_t element) const override {
    const bool wrong_type = predicate().is_type_error(subject, element);
    return Reason{.code = wrong_type ? "type" : "expr",
                  .message = predicate().explain(subject, element),
                  .value = values(subject, element)};
  }

  [[nodiscard]] std::string expected() const override { return text_; }
  [[nodiscard]] const Predicate& written() const { return *compiled_.predicate; }

 private:
  // make_expr_check takes what compile_predicate gave, which is always one of these.
  [[nodiscard]] const ExpressionPredicate& predicate() const {
    return static_cast<const ExpressionPredicate&>(*compiled_.predicate);
  }

  // "3" for one field, "a = 3, b = 4" for several.
  [[nodiscard]] std::string values(const Subject& subject, std::size_t row) const {
    const std::vector<FieldUse>& fields = predicate().expression().fields;
    if (fields.size() == 1) return show(subject, row, 0);
    std::string out;
    for (std::size_t i = 0; i < fields.size(); ++i)
      out += (i == 0 ? "" : ", ") + fields[i].path + " = " + show(subject, row, i);
    return out;
  }

  CompiledPredicate compiled_;
  std::string text_;
};

}  // namespace

const Predicate* predicate_of(const Check& check) {
  const auto* const expression = dynamic_cast<const ExprCheck*>(&check);
  return expression == nullptr ? nullptr : &expression->written();
}

std::unique_ptr<const Check> make_expr_check(CompiledPredicate compiled, std::string text) {
  return std::make_unique<const ExprCheck>(std::move(compiled), std::move(text));
}

}  // namespace weir
