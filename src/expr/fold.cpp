// SPDX-License-Identifier: Apache-2.0
// Constants are computed once, when the rule is loaded: `["a", "b"]` becomes one list, timestamp("…") one instant. The
// programs over columns recognise their shapes by it.
#include <algorithm>

#include "expr/evaluate.h"
#include "expr/functions.h"
#include "expr/typing.h"

namespace weir {

namespace {

bool is_constant(const Node& node) {
  switch (node.op) {
    case Op::Name:
    case Op::Field:
    case Op::Local:
    case Op::Every:
    case Op::Has:
    case Op::Measure:
    case Op::Baseline:
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
    case Op::Filter:
    case Op::Transform: return false;
    default: break;
  }
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const Node& child) { return child.op == Op::Literal; });
}

void fold(Node& node, Scratch& constants, bool windows) {
  if (node.op == Op::Measure) return;  // its arguments are not evaluated
  // has(x.y) asks about the selection itself, which therefore has to stay one.
  const bool keeps_child = node.op == Op::Has;
  for (Node& child : node.children) {
    if (!keeps_child) fold(child, constants, windows);
    for (Node& inner : child.children) {
      if (keeps_child) fold(inner, constants, windows);
    }
  }
  if (node.op == Op::Literal || !is_constant(node)) return;
  const NoFields none;
  const std::span<const Value> no_measures;
  Frame frame{.fields = none, .scratch = constants, .measures = windows ? &no_measures : nullptr};
  const Value value = evaluate(node, frame);
  if (value.is_error() || (value.is_null() && node.op != Op::Call)) return;
  if (value.is_null() && !node.function->sees_null) return;  // unknown is not the null that somebody wrote
  node.op = Op::Literal;
  node.literal = value;
  node.type = node.type == StaticType::Any ? static_type(value.type) : node.type;
  node.children.clear();
}

}  // namespace

void fold_constants(Expression& expression, bool windows) {
  fold(expression.root, *expression.constants, windows);
}

}  // namespace weir
