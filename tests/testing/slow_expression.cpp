// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_expression.h"

#include "testing/slow_number.h"

namespace weir::testing {

namespace {

using Type = SlowJson::Type;

SlowTruth truth_of(bool holds) {
  return holds ? SlowTruth::Yes : SlowTruth::No;
}

bool is_missing(const SlowJson* value) {
  return value == nullptr || value->type == Type::Null;
}

SlowTruth compare(const SlowJson* left, const std::string& op, const SlowJson* right) {
  if (is_missing(left) || is_missing(right)) return SlowTruth::Unknown;
  if (op == "==") return truth_of(left->equals(*right));
  if (op == "!=") return truth_of(!left->equals(*right));
  int order = 0;
  if (left->type == Type::Number && right->type == Type::Number) {
    order = SlowNumber::read(left->text).compare(SlowNumber::read(right->text));
  } else if (left->type == Type::Text && right->type == Type::Text) {
    order = left->text.compare(right->text);  // UTF-8 sorts by bytes as by code points
  } else if (left->type == Type::Boolean && right->type == Type::Boolean) {
    order = left->text.compare(right->text);  // false before true
  } else {
    return SlowTruth::Error;
  }
  if (op == "<") return truth_of(order < 0);
  if (op == "<=") return truth_of(order <= 0);
  if (op == ">") return truth_of(order > 0);
  return truth_of(order >= 0);
}

/// What decides settles it; then the unknown outlasts the faulty.
SlowTruth fold(const std::vector<SlowTruth>& parts, SlowTruth decisive, SlowTruth otherwise) {
  for (const SlowTruth wanted : {decisive, SlowTruth::Unknown, SlowTruth::Error}) {
    for (const SlowTruth part : parts) {
      if (part == wanted) return wanted;
    }
  }
  return otherwise;
}

}  // namespace

std::string SlowExpression::print() const {
  switch (kind) {
    case Kind::Compare: return left.text + " " + op + " " + right.text;
    case Kind::IsNull: return left.text + " == null";
    case Kind::Has: return "has(" + left.text + ")";
    case Kind::Flag: return left.text;
    case Kind::StartsWith: return left.text + ".startsWith(" + literals[0] + ")";
    case Kind::Not: return "!(" + children[0].print() + ")";
    case Kind::In:
    case Kind::And:
    case Kind::Or: break;
  }
  std::string out;
  if (kind == Kind::In) {
    for (const std::string& literal : literals) out += (out.empty() ? "" : ", ") + literal;
    return left.text + " in [" + out + "]";
  }
  for (const SlowExpression& child : children)
    out += (out.empty() ? "(" : kind == Kind::And ? " && (" : " || (") + child.print() + ")";
  return out;
}

SlowTruth SlowExpression::decide(SlowLookup field, const void* context) const {
  if (kind == Kind::And || kind == Kind::Or || kind == Kind::Not) {
    std::vector<SlowTruth> parts;
    for (const SlowExpression& child : children) parts.push_back(child.decide(field, context));
    if (kind == Kind::And) return fold(parts, SlowTruth::No, SlowTruth::Yes);
    if (kind == Kind::Or) return fold(parts, SlowTruth::Yes, SlowTruth::No);
    if (parts[0] == SlowTruth::Yes) return SlowTruth::No;
    return parts[0] == SlowTruth::No ? SlowTruth::Yes : parts[0];
  }
  const SlowJson* const value = field(context, left.text);
  if (kind == Kind::IsNull) return truth_of(is_missing(value));
  if (kind == Kind::Has) return truth_of(value != nullptr);
  if (is_missing(value)) return SlowTruth::Unknown;
  if (kind == Kind::Flag) return value->type == Type::Boolean ? truth_of(value->text == "true") : SlowTruth::Error;
  if (kind == Kind::StartsWith) {
    return value->type == Type::Text ? truth_of(value->text.starts_with(slow_parse(literals[0])->text))
                                     : SlowTruth::Error;
  }
  if (kind == Kind::In) {
    for (const std::string& literal : literals) {
      if (value->equals(*slow_parse(literal))) return SlowTruth::Yes;
    }
    return SlowTruth::No;
  }
  if (right.is_field) return compare(value, op, field(context, right.text));
  const std::optional<SlowJson> literal = slow_parse(right.text);
  return compare(value, op, &*literal);
}

void SlowExpression::add_fields(std::vector<std::string>& out) const {
  if (!left.text.empty()) out.push_back(left.text);
  if (kind == Kind::Compare && right.is_field) out.push_back(right.text);
  for (const SlowExpression& child : children) child.add_fields(out);
}

}  // namespace weir::testing
