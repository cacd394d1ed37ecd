// SPDX-License-Identifier: Apache-2.0
// Evaluation without a batch: names are bound to values instead of columns.
#include "expr/evaluate_text.h"

#include "expr/evaluate.h"
#include "expr/parser.h"
#include "expr/typing.h"

namespace weir {

namespace {

class BoundFields final : public FieldSource {
 public:
  BoundFields(const Expression& expression, std::span<const Binding> bindings)
      : expression_(expression), bindings_(bindings) {}
  [[nodiscard]] Value value(const Node& field, Scratch&) const override {
    return bindings_[expression_.fields[field.slot].column].value;
  }
  [[nodiscard]] bool present(const Node&) const override { return true; }

 private:
  const Expression& expression_;
  std::span<const Binding> bindings_;
};

}  // namespace

std::variant<Evaluated, Fault> evaluate_text(std::string_view text, std::span<const Binding> bindings, bool checked) {
  std::variant<Expression, Fault> parsed = parse_expression(text);
  if (const Fault* fault = std::get_if<Fault>(&parsed)) return *fault;
  Evaluated out{
      .value = {}, .expression = std::move(std::get<Expression>(parsed)), .scratch = std::make_unique<Scratch>()};

  TypingScope surroundings;
  surroundings.checked = checked;
  surroundings.field = [bindings](const std::string& path) -> std::optional<FieldRef> {
    for (std::size_t i = 0; i < bindings.size(); ++i) {
      if (bindings[i].name == path) return FieldRef{.column = static_cast<std::uint32_t>(i), .type = FieldType::Any};
    }
    return std::nullopt;
  };
  std::optional<Fault> fault = resolve_names(out.expression, surroundings);
  if (!fault && checked) fault = check_types(out.expression, false);
  if (fault) return *fault;
  fold_constants(out.expression);

  const BoundFields fields(out.expression, bindings);
  Frame frame{.fields = fields, .scratch = *out.scratch};
  out.value = evaluate(out.expression.root, frame);
  return out;
}

}  // namespace weir
