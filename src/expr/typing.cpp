// SPDX-License-Identifier: Apache-2.0
// Types, from the leaves up. Only what is certain is an error: a field that nobody declared may hold anything, and what it
// holds is known only when there is a record.
#include "expr/typing.h"

#include <array>

#include "base/timestamp.h"
#include "expr/functions.h"
#include "expr/zone.h"

namespace weir {

namespace {

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

StaticType measure_type(MeasureResult result) {
  switch (result) {
    case MeasureResult::Number: return StaticType::Number;
    case MeasureResult::Count: return StaticType::Integer;
    case MeasureResult::Rate: return StaticType::Rate;
    case MeasureResult::Duration: return StaticType::Duration;
    case MeasureResult::Values: return StaticType::List;
    case MeasureResult::Any: return StaticType::Any;
  }
  return StaticType::Any;
}

bool is_open(StaticType type) {
  return type == StaticType::Any || type == StaticType::Null;
}
bool is_order(Op op) {
  return op >= Op::Less && op <= Op::GreaterEqual;
}
bool is_literal(const Node& node, ValueType type) {
  return node.op == Op::Literal && node.literal.type == type;
}
bool is_bare_number(const Node& node) {
  const bool zero = node.literal.is_numeric() && to_double(node.literal) == 0;  // no share, however written
  return node.op == Op::Literal && node.literal.is_numeric() && !node.percent && !zero;
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

class Types {
 public:
  Types(Expression& expression, bool windows) : expression_(expression), windows_(windows) {}

  std::optional<Fault> run() {
    visit(expression_.root);
    return fault_;
  }

 private:
  void fail(const Node& node, std::string_view code, std::string message, std::string label = "",
            std::string help = "") {
    if (fault_) return;
    fault_ = Fault{node.begin, node.end, code, std::move(message), std::move(label), std::move(help)};
  }

  [[nodiscard]] std::string written(const Node& node) const {
    return "`" + expression_.text.substr(node.begin, node.end - node.begin) + "`";
  }
  [[nodiscard]] static std::string name_of(const Node& node) {
    return node.op == Op::Field && node.declared == FieldType::Date ? "a date" : std::string(plain_name(node.type));
  }

  void visit(Node& node) {
    if (fault_) return;
    for (Node& child : node.children) visit(child);
    if (fault_) return;
    node.type = type_of(node);
  }

  StaticType type_of(Node& node) {
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

  void want_boolean(const Node& node) {
    if (is_open(node.type) || node.type == StaticType::Boolean) return;
    fail(node, kTypeCode, written(node) + " is " + name_of(node) + ", and a condition is needed here");
  }

  StaticType selected(const Node& node) {
    const Node& operand = node.children[0];
    if (!is_open(operand.type) && operand.type != StaticType::Map) {
      fail(node, kTypeCode, written(operand) + " is " + name_of(operand) + " and has no field `" + node.name + "`");
    }
    return StaticType::Any;
  }

  StaticType indexed(const Node& node) {
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
  StaticType op_list(const Node& node) {
    if (node.op == Op::List) return StaticType::List;
    const Node& range = node.children[0];
    if (!is_open(range.type) && range.type != StaticType::List && range.type != StaticType::Map) {
      fail(range, kTypeCode, written(range) + " is " + name_of(range) + " and has no elements");
    }
    if (node.op != Op::Transform || node.children.size() == 3) want_boolean(node.children[1]);
    return StaticType::List;
  }

  StaticType called(Node& node) {
    if (node.function == nullptr) return StaticType::Any;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& argument = node.children[i];
      if (accepts(*node.function, i, argument.type)) continue;
      fail(argument, kTypeCode, "`" + node.name + "` does not take " + name_of(argument),
           "this is " + name_of(argument), "it is called " + std::string(node.function->signature));
      return StaticType::Any;
    }
    const bool zoned = node.children.size() == 2 && node.name.starts_with("get");
    if (zoned && is_literal(node.children[1], ValueType::Text) && !zone_offset(node.children[1].literal.text())) {
      fail(node.children[1], kTypeCode, "this is no time zone that expressions know", "",
           "write UTC or an offset like +02:00");
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

  StaticType negated(const Node& node) {
    const StaticType type = node.children[0].type;
    const bool signed_type = type == StaticType::Integer || type == StaticType::Number || type == StaticType::Rate ||
                             type == StaticType::Duration;
    if (!is_open(type) && !signed_type)
      fail(node, kTypeCode, written(node.children[0]) + " is " + name_of(node.children[0]) + " and has no sign");
    return type;
  }

  StaticType calculated(Node& node) {
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

  StaticType refuse(const Node& node) {
    fail(node, kTypeCode,
         name_of(node.children[0]) + " and " + name_of(node.children[1]) + " cannot be " + std::string(verb(node.op)));
    return StaticType::Any;
  }

  // One side is known: what can the result be?
  StaticType half_known(const Node& node, const Node& known) {
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
  void literal_to_time(Node& literal, const Node& other) {
    if (!is_literal(literal, ValueType::Text)) return;
    const std::string text(literal.literal.text());
    if (other.type == StaticType::Timestamp) {
      const std::optional<Instant> instant = parse_timestamp(is_date(text) ? text + "T00:00:00Z" : text);
      if (!instant)
        return fail(literal, kTypeCode, written(literal) + " is no timestamp", "",
                    "write one like 2026-01-31T12:00:00Z");
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

  void compared(Node& node) {
    Node& left = node.children[0];
    Node& right = node.children[1];
    if (windows_ && baseline(left, right)) return;
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

  static bool has_order(StaticType type) {
    return is_open(type) || is_numeric(type) || type == StaticType::Text || type == StaticType::Bytes ||
           type == StaticType::Boolean || type == StaticType::Timestamp || type == StaticType::Duration;
  }

  [[nodiscard]] std::string describe(const Node& node) const {
    if (node.op == Op::Field) return "`" + node.name + "` is declared " + name_of(node) + " and";
    return written(node) + " is " + name_of(node) + " and";
  }

  // What the author may have meant.
  [[nodiscard]] std::string hint(const Node& left, const Node& right) const {
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

  void contained(Node& node) {
    const Node& value = node.children[0];
    Node& container = node.children[1];
    const StaticType type = container.type;
    if (!is_open(type) && type != StaticType::List && type != StaticType::Map) {
      const std::string help = type == StaticType::Text && !is_open(value.type)
                                   ? "to look into a text write text.contains(part)"
                                   : "a list is written [1, 2, 3]";
      return fail(container, kTypeCode, "`in` looks into lists and objects, and this is " + name_of(container), "",
                  help);
    }
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

  StaticType chosen(const Node& node) {
    want_boolean(node.children[0]);
    const StaticType a = node.children[1].type;
    const StaticType b = node.children[2].type;
    if (a == b || b == StaticType::Null) return a;
    if (a == StaticType::Null) return b;
    return is_numeric(a) && is_numeric(b) ? StaticType::Number : StaticType::Any;
  }

  // ---- windows

  StaticType measured(const Node& node) {
    if (node.measure->signature == "expression") want_boolean(node.children[0]);
    if (node.measure->name == "change" && !is_numeric(node.children[0].type) && !is_open(node.children[0].type) &&
        node.children[0].type != StaticType::Duration) {
      fail(node.children[0], kTypeCode, "only numbers change by a share");
    }
    if (node.measure->name == "quantile") {
      const double share = to_double(node.children[1].literal);
      if (!(share >= 0 && share <= 1))
        fail(node.children[1], kTypeCode, "a quantile lies between 0 and 1", "", "the p99 is quantile(field, 0.99)");
    }
    return node.measure->name == "other" || node.measure->name == "forecast" ? node.children.back().type
                                                                             : measure_type(node.measure->result);
  }

  // row_count >= last: a baseline stands for the measure's own value in that window.
  bool baseline(const Node& left, const Node& right) {
    const bool is_left = left.type == StaticType::Baseline;
    const bool is_right = right.type == StaticType::Baseline;
    if (!is_left && !is_right) return false;
    const Node& other = is_left ? right : left;
    if (other.op != Op::Measure)
      fail(is_left ? left : right, kTypeCode, "a baseline is compared with a measure", "",
           "for example row_count >= last");
    return true;
  }

  void rates(const Node& left, const Node& right) {
    const bool rate_left = left.type == StaticType::Rate && !left.percent;
    const Node& rate = rate_left ? left : right;
    const Node& other = rate_left ? right : left;
    if (rate.type != StaticType::Rate) return;
    if (rate.percent) {
      if (other.type == StaticType::Integer)
        fail(rate, kTypeCode, written(other) + " is a count, and this is a percentage", "", "write a plain number");
      return;
    }
    if (!is_bare_number(other)) return;
    const double bare = to_double(other.literal);
    const double percent = bare <= 1 && bare >= -1 ? bare * 100 : bare;
    fail(other, kBareRateCode, written(rate) + " is a rate and is compared with a bare number",
         "write `" + show(Value::of(percent)) + "%`",
         "5% is one in twenty; a bare number leaves open whether it is a fraction or a percentage");
  }

  Expression& expression_;
  bool windows_;
  std::optional<Fault> fault_;
};

}  // namespace

std::optional<Fault> check_types(Expression& expression, bool windows) {
  return Types(expression, windows).run();
}

}  // namespace weir
