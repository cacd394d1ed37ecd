// SPDX-License-Identifier: Apache-2.0
// Evaluation of one row, by walking the tree. Null is "unknown" and wins over an error, as it does in CEL; false decides an
// `&&` and true an `||` over both.
#include "expr/evaluate.h"

#include "expr/arithmetic.h"
#include "expr/functions.h"

namespace weir {

namespace {

constexpr std::string_view kTooMuchWork = "this needs too much work";
constexpr std::string_view kNotBoolean = "this is no boolean";
constexpr std::uint64_t kBytesPerUnit = 16;

bool is_literal_null(const Node& node) {
  return node.op == Op::Literal && node.literal.is_null();
}

// How much there is to look at in a value, in units of work.
std::uint64_t weight(const Value& value) {
  switch (value.type) {
    case ValueType::Text:
    case ValueType::Bytes:
    case ValueType::Number: return 1 + value.extra / kBytesPerUnit;
    case ValueType::List: return 1 + value.list->items.size();
    case ValueType::Map:
      return 1 + value.map->entries.size() * value.map->entries.size();  // each key looks for its twin
    default: return 1;
  }
}

// Of several operands none of which decides: an unknown one before a faulty one.
Value undecided(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return {};
  return left.is_error() ? left : right;
}

// A list of which nobody knows the rest: what it does not show leaves the answer open.
bool is_open(const Value& value) {
  return value.type == ValueType::List && value.list->open;
}

bool is_plain(const Value& value) {
  return !value.is_null() && !value.is_error();
}

Value as_boolean(const Value& value) {
  return value.type == ValueType::Boolean || !is_plain(value) ? value : Value::type_error(kNotBoolean);
}

// && when `decisive` is false, || when it is true.
Value connect(const Node& node, Frame& frame, bool decisive) {
  Value outcome = Value::of(!decisive);
  for (const Node& child : node.children) {
    const Value value = as_boolean(evaluate(child, frame));
    if (value.type == ValueType::Boolean) {
      if (value.is_true() == decisive) return value;
    } else if (value.is_null() || !outcome.is_null()) {
      outcome = outcome.is_error() && value.is_error() ? outcome : value;
    }
  }
  return outcome;
}

Value test_equal(const Node& node, Frame& frame) {
  const bool wanted = node.op == Op::Equal;
  const bool null_left = is_literal_null(node.children[0]);
  const bool null_right = is_literal_null(node.children[1]);
  if (null_left || null_right) {
    const Node& other = node.children[null_left ? 1 : 0];
    const Value value = evaluate(other, frame);
    // A field that holds something else than it should holds something.
    return value.is_error() && other.op != Op::Field ? value : Value::of(value.is_null() == wanted);
  }
  const Value left = evaluate(node.children[0], frame);
  const Value right = evaluate(node.children[1], frame);
  if (!is_plain(left) || !is_plain(right)) return undecided(left, right);
  const bool lists = left.type == ValueType::List && right.type == ValueType::List;
  const bool as_sets = lists && node.as_sets;
  if (!frame.spend(as_sets ? 2 * weight(left) * weight(right) : weight(left) + weight(right)))
    return Value::error(kTooMuchWork);
  if (as_sets) {
    const Value same = equal_sets(*left.list, *right.list);
    return same.is_null() ? same : Value::of(same.is_true() == wanted);
  }
  if (is_open(left) || is_open(right)) return {};
  return compare_values(node.op, left, right);
}

// Windows divide with a fraction, so that a share of counts is one, and never by zero: a share of nothing is unknown.
Value divide_in_window(Op op, const Value& left, const Value& right, Frame& frame) {
  if (right.is_numeric() && to_double(right) == 0) {
    const bool nothing = left.is_numeric() && to_double(left) == 0;
    return nothing ? Value() : Value::error("division by zero");
  }
  const bool fraction = op == Op::Divide && left.is_numeric() && right.is_numeric();
  return calculate(op, fraction ? Value::of(to_double(left)) : left, right, frame.scratch);
}

// Operators that need both sides and take neither null nor error.
Value binary(const Node& node, Frame& frame) {
  const Value left = evaluate(node.children[0], frame);
  const Value right = evaluate(node.children[1], frame);
  if (!is_plain(left) || !is_plain(right)) return undecided(left, right);
  if (!frame.spend(weight(left) + weight(right))) return Value::error(kTooMuchWork);
  switch (node.op) {
    case Op::In: return test_in(left, right);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: return compare_values(node.op, left, right);
    case Op::Divide:
    case Op::Remainder:
      if (frame.measures != nullptr) return divide_in_window(node.op, left, right, frame);
      return calculate(node.op, left, right, frame.scratch);
    default:
      if (is_open(left) || is_open(right)) return {};
      return calculate(node.op, left, right, frame.scratch);
  }
}

// A key that a record's object lacks is an absent field, one that a map of the expression lacks is an error.
Value look_up(const MapValue& map, const Value& key, Frame& frame) {
  if (!frame.spend(1 + map.entries.size() / kBytesPerUnit)) return Value::error(kTooMuchWork);
  const Value* found = map.find(key);
  if (found != nullptr) return *found;
  return map.of_record ? Value() : Value::error("no such key");
}

Value select(const Node& node, Frame& frame) {
  const Value operand = evaluate(node.children[0], frame);
  if (!is_plain(operand)) return operand;
  if (operand.type != ValueType::Map) return Value::type_error("only objects have fields");
  return look_up(*operand.map, Value::text(node.name), frame);
}

Value index(const Node& node, Frame& frame) {
  const Value operand = evaluate(node.children[0], frame);
  const Value key = evaluate(node.children[1], frame);
  if (!is_plain(operand) || !is_plain(key)) return undecided(operand, key);
  if (operand.type == ValueType::Map) return look_up(*operand.map, key, frame);
  if (operand.type != ValueType::List) return Value::type_error("only lists and objects are indexed");
  if (!key.is_numeric()) return Value::type_error("a position in a list is an integer");
  if (is_open(operand)) return {};
  const double position = to_double(key);
  const std::vector<Value>& items = operand.list->items;
  if (!(position >= 0) || position >= static_cast<double>(items.size()))
    return Value::error("the position lies outside the list");
  const auto at = static_cast<std::size_t>(position);
  return static_cast<double>(at) == position ? items[at] : Value::type_error("a position in a list is an integer");
}

Value has(const Node& node, Frame& frame) {
  const Node& child = node.children[0];
  if (child.op == Op::Field) return Value::of(frame.fields.present(child));
  const Value operand = evaluate(child.children[0], frame);
  if (operand.is_null()) return Value::of(false);
  if (operand.is_error()) return operand;
  if (operand.type != ValueType::Map) return Value::type_error("only objects have fields");
  return Value::of(operand.map->find(Value::text(child.name)) != nullptr);
}

Value call(const Node& node, Frame& frame) {
  constexpr std::size_t kMostArguments = 8;
  const FunctionSpec& function = *node.function;
  std::array<Value, kMostArguments> arguments;
  const std::size_t count = node.children.size();
  bool unknown = false;
  const Value* fault = nullptr;
  std::uint64_t work = 1;
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = evaluate(node.children[i], frame);
    if (arguments[i].is_error() && fault == nullptr) fault = &arguments[i];
    unknown = unknown || (arguments[i].is_null() && !function.sees_null);
    if (arguments[i].type == ValueType::Text) work += weight(arguments[i]);
    unknown = unknown || (is_open(arguments[i]) && !function.of_pairs);
  }
  if (function.of_pairs && arguments[0].type == ValueType::List) work += weight(arguments[0]) * weight(arguments[1]);
  if (unknown) return {};
  if (fault != nullptr) return *fault;
  if (!frame.spend(work)) return Value::error(kTooMuchWork);
  for (std::size_t i = 0; i < count; ++i) {
    if (!accepts(function, i, static_type(arguments[i].type)))
      return Value::type_error("the function does not take such a value");
  }
  if (node.pattern != nullptr) return Value::of(node.pattern->matches(arguments[0].text()));
  return function.run({arguments.data(), count}, frame.scratch);
}

Value list(const Node& node, Frame& frame) {
  std::vector<Value> items;
  items.reserve(node.children.size());
  for (const Node& child : node.children) {
    items.push_back(evaluate(child, frame));
    if (items.back().is_error()) return items.back();
  }
  return frame.scratch.keep(std::move(items));
}

Value map(const Node& node, Frame& frame) {
  MapValue made;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const Value key = evaluate(node.children[i], frame);
    const Value value = evaluate(node.children[i + 1], frame);
    if (key.is_error()) return key;
    if (value.is_error()) return value;
    const bool usable = key.type == ValueType::Boolean || key.type == ValueType::Integer ||
                        key.type == ValueType::Unsigned || key.type == ValueType::Text;
    if (!usable) return Value::type_error("a key is a text, an integer or a boolean");
    if (made.find(key) != nullptr) return Value::error("a key stands twice");
    made.entries.emplace_back(key, value);
  }
  return frame.scratch.keep(std::move(made.entries));
}

// ---- macros

// all, exists: the first element that decides ends it.
Value quantify(const Node& node, Frame& frame, std::span<const Value> items, bool open, bool decisive) {
  Value outcome = open ? Value() : Value::of(!decisive);
  for (const Value& item : items) {
    if (!frame.spend(1)) return Value::error(kTooMuchWork);
    frame.locals[node.slot] = item;
    const Value value = as_boolean(evaluate(node.children[1], frame));
    if (value.type == ValueType::Boolean) {
      if (value.is_true() == decisive) return value;
    } else if (value.is_null() || !outcome.is_null()) {
      outcome = outcome.is_error() && value.is_error() ? outcome : value;
    }
  }
  return outcome;
}

// exists_one visits every element: an error or an unknown anywhere leaves no answer.
Value exactly_one(const Node& node, Frame& frame, std::span<const Value> items, bool more) {
  std::size_t found = 0;
  Value open = more ? Value() : Value::of(true);
  for (const Value& item : items) {
    if (!frame.spend(1)) return Value::error(kTooMuchWork);
    frame.locals[node.slot] = item;
    const Value value = as_boolean(evaluate(node.children[1], frame));
    if (value.is_true()) ++found;
    if (!is_plain(value)) open = is_plain(open) ? value : undecided(open, value);
  }
  return is_plain(open) ? Value::of(found == 1) : open;
}

// filter, map and map with a filter. What is unknown is not kept.
Value rebuild(const Node& node, Frame& frame, std::span<const Value> items, bool open) {
  const bool filtered = node.op == Op::Filter || node.children.size() == 3;
  std::vector<Value> out;
  for (const Value& item : items) {
    if (!frame.spend(1)) return Value::error(kTooMuchWork);
    frame.locals[node.slot] = item;
    if (filtered) {
      const Value keep = as_boolean(evaluate(node.children[1], frame));
      if (keep.is_error()) return keep;
      if (!keep.is_true()) continue;
    }
    out.push_back(node.op == Op::Filter ? item : evaluate(node.children.back(), frame));
    if (out.back().is_error()) return out.back();
  }
  return frame.scratch.keep(std::move(out), open);
}

Value macro(const Node& node, Frame& frame) {
  const Value range = evaluate(node.children[0], frame);
  if (!is_plain(range)) return range;
  std::vector<Value> keys;
  std::span<const Value> items;
  if (range.type == ValueType::List) {
    items = range.list->items;
  } else if (range.type == ValueType::Map) {
    if (!frame.scratch.afford(range.map->entries.size() * sizeof(Value))) return Value::error(kTooMuchWork);
    for (const auto& [key, value] : range.map->entries) keys.push_back(key);
    items = keys;
  } else {
    return Value::type_error("only lists and objects have elements");
  }
  const bool open = is_open(range);
  switch (node.op) {
    case Op::All: return quantify(node, frame, items, open, false);
    case Op::Exists: return quantify(node, frame, items, open, true);
    case Op::ExistsOne: return exactly_one(node, frame, items, open);
    default: return rebuild(node, frame, items, open);
  }
}

Value conditional(const Node& node, Frame& frame) {
  const Value condition = as_boolean(evaluate(node.children[0], frame));
  if (!is_plain(condition)) return condition;
  return evaluate(node.children[condition.is_true() ? 1 : 2], frame);
}

}  // namespace

Value compare_values(Op op, const Value& left, const Value& right) {
  if (op == Op::Equal || op == Op::NotEqual) return Value::of(equal(left, right) == (op == Op::Equal));
  const Comparison comparison = compare(left, right);
  if (comparison == Comparison::Incomparable) return Value::type_error("values of these types have no order");
  if (comparison == Comparison::Unordered) return Value::of(false);
  const bool equal = comparison == Comparison::Equal;
  const bool less = comparison == Comparison::Less;
  switch (op) {
    case Op::Less: return Value::of(less);
    case Op::LessEqual: return Value::of(less || equal);
    case Op::Greater: return Value::of(!less && !equal);
    default: return Value::of(!less);
  }
}

Value test_in(const Value& value, const Value& container) {
  if (container.type == ValueType::Map) return Value::of(container.map->find(value) != nullptr);
  if (container.type != ValueType::List) return Value::type_error("`in` looks into lists and objects");
  for (const Value& item : container.list->items) {
    if (equal(value, item)) return Value::of(true);
  }
  return container.list->open ? Value() : Value::of(false);
}

Value evaluate(const Node& node, Frame& frame) {
  switch (node.op) {
    case Op::Literal: return node.literal;
    case Op::Field: return frame.fields.value(node, frame.scratch);
    case Op::Local: return frame.locals[node.slot];
    case Op::Select: return select(node, frame);
    case Op::Index: return index(node, frame);
    case Op::Has: return has(node, frame);
    case Op::Call: return call(node, frame);
    case Op::List: return list(node, frame);
    case Op::Map: return map(node, frame);
    case Op::And: return connect(node, frame, false);
    case Op::Or: return connect(node, frame, true);
    case Op::Conditional: return conditional(node, frame);
    case Op::Equal:
    case Op::NotEqual: return test_equal(node, frame);
    case Op::Not: {
      const Value value = as_boolean(evaluate(node.children[0], frame));
      return is_plain(value) ? Value::of(!value.is_true()) : value;
    }
    case Op::Negate: {
      const Value value = evaluate(node.children[0], frame);
      return is_plain(value) ? negate(value) : value;
    }
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
    case Op::Filter:
    case Op::Transform: return macro(node, frame);
    case Op::Measure:
      if (frame.measures != nullptr) return (*frame.measures)[node.slot];
      return Value::error("this means nothing for a single record");
    case Op::Name:
    case Op::Every:
    case Op::Baseline: return Value::error("this means nothing for a single record");
    default: return binary(node, frame);
  }
}

}  // namespace weir
