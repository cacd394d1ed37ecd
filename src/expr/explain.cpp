// SPDX-License-Identifier: Apache-2.0
// The arithmetic for a person: the part of the expression that decided, with each field's value behind its name.
//   amount (3) * qty (4) <= total (10) is false: 12 <= 10
// Values of fields go through show(), which redacts; what was computed from a redacted field is left out.
#include <algorithm>

#include "expr/expression.h"
#include "expr/run.h"

namespace weir {

namespace {

class Explanation {
 public:
  Explanation(const Expression& expression, const Subject& subject, std::size_t row)
      : expression_(expression), subject_(subject), fields_(subject), row_(row) {
    fields_.move_to(row);
  }

  std::string of(const Node& node) {
    const Value value = result(node);
    if (value.is_error()) return of_error(node);
    if (value.is_null()) return with_values(node) + " is unknown";
    if (value.type != ValueType::Boolean)
      return with_values(node) + " has no answer: it is " + std::string(plain_name(value.type)) + ", not true or false";
    if (value.is_false() && node.op == Op::And)
      return of(*std::find_if(node.children.begin(), node.children.end(),
                              [this](const Node& child) { return result(child).is_false(); }));
    return with_values(node) + (value.is_true() ? " is true" : " is false") + computed(node);
  }

  void parts_of(const Node& node, std::vector<std::string>& out) {
    if (node.op != Op::And && node.op != Op::Or) {
      out.push_back(of(node));
      return;
    }
    for (const Node& child : node.children) parts_of(child, out);
  }

 private:
  Value result(const Node& node) {
    Frame frame{.fields = fields_, .scratch = scratch_};
    return evaluate(node, frame);
  }

  // The deepest node that has no answer though its parts have one.
  std::string of_error(const Node& node) {
    const bool inside_is_bound = node.op >= Op::All && node.op <= Op::Transform;  // its body needs the element
    for (std::size_t i = 0; i < (inside_is_bound ? 1 : node.children.size()); ++i) {
      const Node& child = node.children[i];
      if (child.op != Op::Field && child.op != Op::Literal && result(child).is_error()) return of_error(child);
    }
    return with_values(node) + " has no answer: " + reason(node);
  }

  std::string reason(const Node& node) {
    const Value value = result(node);
    const bool two_sided =
        value.wrong_type && node.children.size() == 2 && node.op >= Op::Add && node.op <= Op::GreaterEqual;
    if (two_sided) {
      const Value left = result(node.children[0]);
      const Value right = result(node.children[1]);
      if (left.is_error()) return std::string(left.text());
      if (right.is_error()) return std::string(right.text());
      const bool order = node.op >= Op::Less;
      return std::string(plain_name(left.type)) + " and " + std::string(plain_name(right.type)) +
             (order ? " have no order" : " cannot be combined");
    }
    return std::string(value.text());
  }

  // 12 <= 10, where a side was computed.
  std::string computed(const Node& node) {
    const bool comparison = node.op >= Op::Equal && node.op <= Op::GreaterEqual;
    if (!comparison || redacted(node)) return "";
    const auto is_shown = [](const Node& side) { return side.op == Op::Field || side.op == Op::Literal; };
    if (is_shown(node.children[0]) && is_shown(node.children[1])) return "";
    constexpr std::string_view kSymbols[] = {"==", "!=", "<", "<=", ">", ">="};
    const auto symbol = kSymbols[static_cast<std::size_t>(node.op) - static_cast<std::size_t>(Op::Equal)];
    return ": " + show(result(node.children[0])) + " " + std::string(symbol) + " " + show(result(node.children[1]));
  }

  bool redacted(const Node& node) const {
    if (node.op == Op::Field) return subject_.fields[subject_.columns[node.slot]].redacted;
    return std::any_of(node.children.begin(), node.children.end(),
                       [this](const Node& child) { return redacted(child); });
  }

  // The node's text with each field's value behind its first mention.
  std::string with_values(const Node& node) const {
    std::vector<const Node*> fields;
    collect(node, fields);
    std::sort(fields.begin(), fields.end(), [](const Node* a, const Node* b) { return a->begin < b->begin; });
    std::vector<bool> shown(expression_.fields.size(), false);
    std::string out;
    std::uint32_t at = node.begin;
    for (const Node* field : fields) {
      if (shown[field->slot]) continue;
      shown[field->slot] = true;
      out += expression_.text.substr(at, field->end - at);
      out += " (" + show(subject_, row_, field->slot) + ")";
      at = field->end;
    }
    return out + expression_.text.substr(at, node.end - at);
  }

  static void collect(const Node& node, std::vector<const Node*>& into) {
    if (node.op == Op::Field) into.push_back(&node);
    for (const Node& child : node.children) collect(child, into);
  }

  const Expression& expression_;
  const Subject& subject_;
  RowFields fields_;
  std::size_t row_;
  Scratch scratch_;
};

}  // namespace

std::string explain_row(const Expression& expression, const Subject& subject, std::size_t row) {
  return Explanation(expression, subject, row).of(expression.root);
}

std::vector<std::string> explain_parts(const Predicate& predicate, const Subject& subject, std::size_t row) {
  const auto* const written = dynamic_cast<const ExpressionPredicate*>(&predicate);
  if (written == nullptr) return {};
  std::vector<std::string> out;
  Explanation(written->expression(), subject, row).parts_of(written->expression().root, out);
  return out;
}

}  // namespace weir
