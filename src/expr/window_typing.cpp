// SPDX-License-Identifier: Apache-2.0
// Types of measures, and what may be compared with a rate, a baseline or a list.
#include "expr/functions.h"
#include "expr/types.h"
#include "expr/typing.h"

namespace weir {

namespace {

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

bool is_bare_number(const Node& node) {
  const bool zero = node.literal.is_numeric() && to_double(node.literal) == 0;  // no share, however written
  return node.op == Op::Literal && node.literal.is_numeric() && !node.percent && !zero;
}

}  // namespace

// ---- windows

bool is_list_measure(const Node& node) {
  return node.op == Op::Measure && node.type == StaticType::List;
}

bool is_set(const Node& node) {
  if (node.op == Op::Filter || node.op == Op::Transform) return is_set(node.children[0]);
  if (node.op != Op::Measure) return false;
  return node.measure->name == "values" || (node.measure->name == "other" && is_set(node.children.back()));
}

StaticType Types::measured(const Node& node) {
  const std::string_view name = node.measure->name;
  if (node.measure->signature == "expression") want_boolean(node.children[0]);
  if (name == "quantile") {
    const double share = to_double(node.children[1].literal);
    if (!(share >= 0 && share <= 1))
      fail(node.children[1], kTypeCode, "a quantile lies between 0 and 1", "", "the p99 is quantile(field, 0.99)");
  }
  if (node.measure->result == MeasureResult::Any && node.children[0].op == Op::Field)
    return declared_type(node.children[0].declared);
  const bool of_measure = node.measure->signature.starts_with("measure");
  if (of_measure && name != "fingerprint") past_of(node.children[0], node.children[0]);
  if (name == "fingerprint") {
    const StaticType type = node.children[0].type;
    if (type != StaticType::List && type != StaticType::Text && type != StaticType::Any)
      fail(node.children[0], kTypeCode, "only a list or a text has a fingerprint");
  }
  if (name == "change" && node.children[0].type == StaticType::Timestamp)
    fail(node.children[0], kTypeCode, "only numbers and durations change by a share");
  const bool as_given = name == "other" || name == "forecast" || name == "past";
  return as_given ? node.children[name == "other" ? 1 : 0].type : measure_type(node.measure->result);
}

// What is remembered of a measure is one number a window.
void Types::past_of(const Node& measure, const Node& at) {
  const StaticType type = measure.type;
  if (is_open(type) || is_numeric(type) || type == StaticType::Duration || type == StaticType::Timestamp) return;
  fail(at, kTypeCode, written(measure) + " is " + name_of(measure) + ", and only numbers are remembered of a window");
}

// row_count >= last: a baseline stands for the measure's own value in that window. Of a list or a text a fingerprint is
// remembered, which can only be the same or another one.
bool Types::baseline(const Node& node) {
  const bool is_left = node.children[0].type == StaticType::Baseline;
  const Node& mark = node.children[is_left ? 0 : 1];
  const Node& other = node.children[is_left ? 1 : 0];
  if (mark.type != StaticType::Baseline) return false;
  if (other.op != Op::Measure || mark.op != Op::Baseline) {
    fail(mark, kTypeCode, "a baseline is compared with a measure", "", "for example row_count >= last");
    return true;
  }
  if (other.type != StaticType::List && other.type != StaticType::Text) {
    past_of(other, mark);
  } else if (node.op != Op::Equal && node.op != Op::NotEqual) {
    fail(node, kTypeCode, name_of(other) + " has no order", "", "only == and != compare it");
  } else if (mark.name == "avg") {
    fail(mark, kTypeCode, name_of(other) + " has no mean", "", "compare it with last or same(day)");
  }
  return true;
}

// What a measure lists are texts and numbers; anything else would never be found among them.
void Types::lists(Node& node) {
  for (std::size_t i = 0; i < 2; ++i) {
    const Node& other = node.children[1 - i];
    if (!is_list_measure(node.children[i]) || other.op != Op::List) continue;
    for (const Node& item : other.children) list_item(item);
  }
  node.as_sets = is_set(node.children[0]) || is_set(node.children[1]);
}

void Types::list_item(const Node& item) {
  if (is_open(item.type) || is_numeric(item.type) || item.type == StaticType::Text) return;
  const bool list = item.type == StaticType::List;
  fail(item, kTypeCode, "a measure lists texts and numbers, and this is " + name_of(item), "",
       list ? "whether one list holds all of another is asked with values(x).containsAll([...])"
            : "write it as a text, in quotes");
}

void Types::rates(const Node& left, const Node& right) {
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

}  // namespace weir
