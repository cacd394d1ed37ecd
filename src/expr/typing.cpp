// SPDX-License-Identifier: Apache-2.0
// Types, from the leaves up. Only what is certain is an error: a field that nobody declared may hold anything, and what it
// holds is known only when there is a record.
#include "expr/typing.h"

#include <array>

#include "base/timestamp.h"
#include "expr/functions.h"
#include "expr/types.h"
#include "expr/zone.h"

namespace weir {

namespace {

bool is_order(Op op) {
  return op >= Op::Less && op <= Op::GreaterEqual;
}
bool is_literal(const Node& node, ValueType type) {
  return node.op == Op::Literal && node.literal.type == type;
}
std::string_view verb(Op op) {
  switch (op) {
    case Op::Add: return "added";
    case Op::Subtract: return "subtracted";
    case Op::Multiply: return "multiplied";
    case Op::Divide: return "divided";
    default: return "combined";
  }
}

}  // namespace

StaticType declared_type(FieldType type) {
  switch (type) {
    case FieldType::Any: return StaticType::Any;
    case FieldType::String:
    case FieldType::Uuid: return StaticType::Text;
    case FieldType::Integer: return StaticType::Integer;
    case FieldType::Number:
    case FieldType::Decimal: return StaticType::Number;
    case FieldType::Boolean: return StaticType::Boolean;
    case FieldType::Timestamp:
    case FieldType::Date: return StaticType::Timestamp;
    case FieldType::Object: return StaticType::Map;
    case FieldType::Array: return StaticType::List;
  }
  return StaticType::Any;
}

void Types::fail(const Node& node, std::string_view code, std::string message, std::string label, std::string help) {
  if (fault_) return;
  fault_ = Fault{node.begin, node.end, code, std::move(message), std::move(label), std::move(help)};
}

std::string Types::written(const Node& node) const {
  return "`" + expression_.text.substr(node.begin, node.end - node.begin) + "`";
}
std::string Types::name_of(const Node& node) {
  return node.op == Op::Field && node.declared == FieldType::Date ? "a date" : std::string(plain_name(node.type));
}

void Types::visit(Node& node) {
  if (fault_) return;
  const bool windows = windows_;
  if (node.op == Op::Measure && node.measure->signature == "expression") windows_ = false;  // it is about one record
  for (Node& child : node.children) visit(child);
  windows_ = windows;
  if (fault_) return;
  node.type = type_of(node);
}

StaticType Types::type_of(Node& node) {
  switch (node.op) {
    case Op::Literal: return node.percent ? StaticType::Rate : static_type(node.literal.type);
    case Op::Field: return declared_type(node.declared);
    case Op::Select: return selected(node);
    case Op::Index: return indexed(node);
    case Op::Call: return called(node);
    case Op::List:
    case Op::Filter: return op_list(node);
    case Op::Transform: op_list(node); return StaticType::List;
    case Op::Map: return StaticType::Map;
    case Op::Negate: return negated(node);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Remainder: return calculated(node);
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: compared(node); return StaticType::Boolean;
    case Op::In: contained(node); return StaticType::Boolean;
    case Op::Not:
    case Op::And:
    case Op::Or:
      for (const Node& child : node.children) want_boolean(child);
      return StaticType::Boolean;
    case Op::Conditional: return chosen(node);
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne: op_list(node); return StaticType::Boolean;
    case Op::Has: return StaticType::Boolean;
    case Op::Measure: return measured(node);
    case Op::Baseline: return StaticType::Baseline;
    default: return StaticType::Any;
  }
}

void Types::want_boolean(const Node& node) {
  if (is_open(node.type) || node.type == StaticType::Boolean) return;
  fail(node, kTypeCode, written(node) + " is " + name_of(node) + ", and a condition is needed here");
}

StaticType Types::selected(const Node& node) {
  const Node& operand = node.children[0];
  if (!is_open(operand.type) && operand.type != StaticType::Map) {
    fail(node, kTypeCode, written(operand) + " is " + name_of(operand) + " and has no field `" + node.name + "`");
  }
  return StaticType::Any;
}

StaticType Types::indexed(const Node& node) {
  const Node& operand = node.children[0];
  const Node& key = node.children[1];
  const bool list = operand.type == StaticType::List;
  if (!is_open(operand.type) && !list && operand.type != StaticType::Map) {
    fail(node, kTypeCode, written(operand) + " is " + name_of(operand) + ", and only lists and objects are indexed");
  } else if (list && !is_open(key.type) && !is_numeric(key.type)) {
    fail(key, kTypeCode, "a position in a list is an integer, and this is " + name_of(key));
  }
  return StaticType::Any;
}

// The range of a macro and its condition; a list literal.
StaticType Types::op_list(const Node& node) {
  if (node.op == Op::List) return StaticType::List;
  const Node& range = node.children[0];
  if (!is_open(range.type) && range.type != StaticType::List && range.type != StaticType::Map) {
    fail(range, kTypeCode, written(range) + " is " + name_of(range) + " and has no elements");
  }
  if (node.op != Op::Transform || node.children.size() == 3) want_boolean(node.children[1]);
  return StaticType::List;
}

StaticType Types::called(Node& node) {
  if (node.function == nullptr) return StaticType::Any;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& argument = node.children[i];
    if (accepts(*node.function, i, argument.type)) continue;
    fail(argument, kTypeCode, "`" + node.name + "` does not take " + name_of(argument), "this is " + name_of(argument),
         "it is called " + std::string(node.function->signature));
    return StaticType::Any;
  }
  const bool zoned = node.children.size() == 2 && node.name.starts_with("get");
  if (zoned && is_literal(node.children[1], ValueType::Text) && !zone_offset(node.children[1].literal.text())) {
    fail(node.children[1], kTypeCode, "this is no time zone that expressions know", "",
         "write UTC or an offset like +02:00");
  }
  if (windows_ && node.function->of_pairs) {
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& other = node.children[1 - i];
      if (!is_list_measure(node.children[i]) || other.op != Op::List) continue;
      for (const Node& item : other.children) list_item(item);
    }
  }
  // abs, min and max give what they are given.
  if (node.function->result != StaticType::Any || node.function->sees_null) return node.function->result;
  StaticType shared = node.children[0].type;
  for (const Node& argument : node.children) {
    if (argument.type != shared)
      shared = is_numeric(argument.type) && is_numeric(shared) ? StaticType::Number : StaticType::Any;
  }
  return shared;
}

StaticType Types::negated(const Node& node) {
  const StaticType type = node.children[0].type;
  const bool signed_type = type == StaticType::Integer || type == StaticType::Number || type == StaticType::Rate ||
                           type == StaticType::Duration;
  if (!is_open(type) && !signed_type)
    fail(node, kTypeCode, written(node.children[0]) + " is " + name_of(node.children[0]) + " and has no sign");
  return type;
}

StaticType Types::calculated(Node& node) {
  Node& left = node.children[0];
  Node& right = node.children[1];
  if (node.op == Op::Add || node.op == Op::Subtract) {
    literal_to_time(left, right);
    literal_to_time(right, left);
  }
  const StaticType a = left.type;
  const StaticType b = right.type;
  if (is_open(a) && is_open(b)) return StaticType::Any;
  if (is_open(a) || is_open(b)) return half_known(node, is_open(a) ? right : left);
  if (is_numeric(a) && is_numeric(b)) {
    if (node.op == Op::Remainder && (a == StaticType::Rate || b == StaticType::Rate)) refuse(node);
    if (node.op == Op::Divide && (windows_ || b == StaticType::Rate))
      return a == StaticType::Rate && b != StaticType::Rate ? a : StaticType::Number;
    if (a == b) return a;
    return a == StaticType::Rate || b == StaticType::Rate
               ? (node.op == Op::Multiply ? StaticType::Number : StaticType::Rate)
               : StaticType::Number;
  }
  const bool sum = node.op == Op::Add;
  if (sum && a == b && (a == StaticType::Text || a == StaticType::Bytes || a == StaticType::List)) return a;
  if (sum || node.op == Op::Subtract) {
    if (a == StaticType::Duration && b == StaticType::Duration) return a;
    if (a == StaticType::Timestamp && b == StaticType::Duration) return a;
    if (sum && a == StaticType::Duration && b == StaticType::Timestamp) return b;
    if (!sum && a == StaticType::Timestamp && b == StaticType::Timestamp) return StaticType::Duration;
  }
  return refuse(node);
}

StaticType Types::refuse(const Node& node) {
  fail(node, kTypeCode,
       name_of(node.children[0]) + " and " + name_of(node.children[1]) + " cannot be " + std::string(verb(node.op)));
  return StaticType::Any;
}

// One side is known: what can the result be?
StaticType Types::half_known(const Node& node, const Node& known) {
  const StaticType type = known.type;
  const bool sum = node.op == Op::Add;
  const bool timely = type == StaticType::Timestamp || type == StaticType::Duration;
  if (is_numeric(type)) return StaticType::Any;  // an integer or a number
  if (timely && (sum || node.op == Op::Subtract)) return StaticType::Any;
  if (sum && (type == StaticType::Text || type == StaticType::Bytes || type == StaticType::List)) return type;
  if (type == StaticType::Text && node.op == Op::Subtract) return StaticType::Any;
  fail(known, kTypeCode, name_of(known) + " cannot be " + std::string(verb(node.op)));
  return StaticType::Any;
}

// ---- comparisons

// "2026-01-31" beside a timestamp is meant as one.
void Types::literal_to_time(Node& literal, const Node& other) {
  if (!is_literal(literal, ValueType::Text)) return;
  const std::string text(literal.literal.text());
  if (other.type == StaticType::Timestamp) {
    const std::optional<Instant> instant = parse_timestamp(is_date(text) ? text + "T00:00:00Z" : text);
    if (!instant)
      return fail(literal, kTypeCode, written(literal) + " is no timestamp", "", "write one like 2026-01-31T12:00:00Z");
    literal.literal = Value::timestamp(*instant);
    literal.type = StaticType::Timestamp;
  } else if (other.type == StaticType::Duration) {
    const std::optional<Duration> duration = parse_duration(text);
    if (!duration)
      return fail(literal, kTypeCode, written(literal) + " is no duration", "", "write one like 10m or 1h30m");
    literal.literal = Value::duration(*duration);
    literal.type = StaticType::Duration;
  }
}

void Types::compared(Node& node) {
  Node& left = node.children[0];
  Node& right = node.children[1];
  if (windows_ && baseline(node)) return;
  if (windows_) lists(node);
  literal_to_time(left, right);
  literal_to_time(right, left);
  if (fault_) return;
  const bool null = left.type == StaticType::Null || right.type == StaticType::Null;
  if (null) {
    if (is_order(node.op)) fail(node, kTypeCode, "null has no order", "", "ask with == null or != null");
    return;
  }
  if (windows_) rates(left, right);
  if (left.type == StaticType::Any || right.type == StaticType::Any) {
    const Node& known = left.type == StaticType::Any ? right : left;
    if (is_order(node.op) && !has_order(known.type))
      fail(known, kTypeCode, written(known) + " is " + name_of(known) + " and has no order");
    return;
  }
  const bool same = left.type == right.type || (is_numeric(left.type) && is_numeric(right.type));
  if (!same)
    return fail(right, kTypeCode, describe(left) + " cannot be compared with " + name_of(right),
                "this is " + name_of(right), hint(left, right));
  if (is_order(node.op) && !has_order(left.type))
    fail(node, kTypeCode, name_of(left) + " has no order", "", "only == and != compare it");
}

bool Types::has_order(StaticType type) {
  return is_open(type) || is_numeric(type) || type == StaticType::Text || type == StaticType::Bytes ||
         type == StaticType::Boolean || type == StaticType::Timestamp || type == StaticType::Duration;
}

std::string Types::describe(const Node& node) const {
  if (node.op == Op::Field) return "`" + node.name + "` is declared " + name_of(node) + " and";
  return written(node) + " is " + name_of(node) + " and";
}

// What the author may have meant.
std::string Types::hint(const Node& left, const Node& right) const {
  if (left.type == StaticType::List || right.type == StaticType::List)
    return "whether a list holds a value is asked with `in`, how many it holds with size(...)";
  const bool text_first = left.type == StaticType::Text;
  const Node& text = text_first ? left : right;
  const Node& other = text_first ? right : left;
  if (text.type != StaticType::Text) {
    const bool duration = left.type == StaticType::Duration || right.type == StaticType::Duration;
    return duration && (is_numeric(left.type) || is_numeric(right.type))
               ? "durations are written with a unit: 10s, 5m, 1h30m"
               : "";
  }
  if (is_numeric(other.type)) {
    if (other.op == Op::Literal)
      return "write \"" + expression_.text.substr(other.begin, other.end - other.begin) +
             "\" to compare texts, or double(...) to read the text";
    return text.op == Op::Literal ? "write the number without quotes" : "double(...) reads a text as a number";
  }
  return other.type == StaticType::Timestamp ? "timestamp(...) reads a text as one" : "";
}

void Types::contained(Node& node) {
  const Node& value = node.children[0];
  Node& container = node.children[1];
  const StaticType type = container.type;
  if (!is_open(type) && type != StaticType::List && type != StaticType::Map) {
    const std::string help = type == StaticType::Text && !is_open(value.type)
                                 ? "to look into a text write text.contains(part)"
                                 : "a list is written [1, 2, 3]";
    return fail(container, kTypeCode, "`in` looks into lists and objects, and this is " + name_of(container), "", help);
  }
  if (windows_ && is_list_measure(container)) list_item(value);
  if (container.op != Op::List || is_open(value.type)) return;
  for (Node& item : container.children) {
    literal_to_time(item, value);
    const bool fits =
        is_open(item.type) || item.type == value.type || (is_numeric(item.type) && is_numeric(value.type));
    if (fits || value.op != Op::Field) continue;
    fail(item, kTypeCode, describe(value) + " is never equal to " + name_of(item), "this is " + name_of(item),
         hint(value, item));
  }
}

StaticType Types::chosen(const Node& node) {
  want_boolean(node.children[0]);
  const StaticType a = node.children[1].type;
  const StaticType b = node.children[2].type;
  if (a == b || b == StaticType::Null) return a;
  if (a == StaticType::Null) return b;
  return is_numeric(a) && is_numeric(b) ? StaticType::Number : StaticType::Any;
}

std::optional<Fault> check_types(Expression& expression, bool windows) {
  return Types(expression, windows).run();
}

}  // namespace weir
