// SPDX-License-Identifier: Apache-2.0
// Names in a window condition: measures, baselines and the variables of macros; fields stand inside the brackets of a
// measure, where the names of a record begin.
#include "base/text.h"
#include "expr/functions.h"
#include "expr/names.h"

namespace weir {

// ---- windows

void Names::in_window(Node& node) {
  if (fault_) return;
  if (node.op == Op::Name || is_chain(node)) return window_name(node);
  if (node.op == Op::Call && !node.method) return window_call(node);
  if (node.op >= Op::All && node.op <= Op::Transform) return window_macro(node);
  if (node.op == Op::Has) {
    return fail(node, kTypeCode, "a window condition is about many records", "",
                "put the question about one record into rate(...) or count(...)");
  }
  for (Node& child : node.children) in_window(child);
  if (node.op == Op::Call) function(node);
}

// Macros go over the list of a measure or over one that is written, never over a field.
void Names::window_macro(Node& node) {
  const Node* range = &node.children[0];
  while (is_chain(*range)) range = &range->children[0];
  const bool known = range->op != Op::Name || is_variable(range->name) || find_measure(range->name) != nullptr;
  if (!known) {
    return fail(node, kTypeCode, "a window condition is about many records", "",
                "put the question about one record into rate(...) or count(...)");
  }
  in_window(node.children[0]);
  node.slot = static_cast<std::uint32_t>(variables_.size());
  variables_.push_back(node.name);
  for (std::size_t i = 1; i < node.children.size(); ++i) in_window(node.children[i]);
  variables_.pop_back();
}

const MeasureSpec* Names::find_measure(std::string_view name) const {
  for (const MeasureSpec& measure : surroundings_.measures) {
    if (measure.name == name) return &measure;
  }
  return nullptr;
}

void Names::window_name(Node& node) {
  if (node.op == Op::Name && variable(node)) return;
  const Node* base = &node;
  while (is_chain(*base)) base = &base->children[0];
  if (base->op == Op::Name && is_variable(base->name))
    return fail(node, kTypeCode, "the values of a list are texts and numbers and have no fields");
  const MeasureSpec* measure = node.op == Op::Name ? find_measure(node.name) : nullptr;
  if (measure != nullptr && measure->signature.empty()) {
    node.op = Op::Measure;
    node.measure = measure;
  } else if (node.op == Op::Name && node.name == "last") {
    node.op = Op::Baseline;
  } else if (measure != nullptr) {
    fail(node, kTypeCode, "`" + node.name + "` needs to know of what", "",
         "it is called " + node.name + "(" + std::string(measure->signature) + ")");
  } else {
    const std::vector<std::string_view> names = measure_names();
    const std::string_view meant = node.op == Op::Name ? nearest(node.name, names) : std::string_view();
    fail(node, kUnknownNameCode, "a window condition compares measures, and this is a field",
         meant.empty() ? "" : "did you mean `" + std::string(meant) + "`?",
         "for example rate(" + written(node) + " == ...) or mean(" + written(node) + ")");
  }
}

std::string Names::written(const Node& node) const {
  return expression_.text.substr(node.begin, node.end - node.begin);
}

std::vector<std::string_view> Names::measure_names() const {
  std::vector<std::string_view> names = {"last", "avg", "same"};
  for (const MeasureSpec& measure : surroundings_.measures) names.push_back(measure.name);
  return names;
}

void Names::window_call(Node& node) {
  const bool baseline = node.name == "avg" || node.name == "same";
  if (baseline) return window_baseline(node);
  const MeasureSpec* measure = find_measure(node.name);
  const FunctionSpec* plain = find_function(node.name, false);
  const bool function_of_two = plain != nullptr && node.children.size() >= 2;  // min(a, b) beside min(field)
  if (measure == nullptr || (function_of_two && measure->signature == "field")) {
    if (plain == nullptr) {
      std::vector<std::string_view> names = measure_names();
      for (const std::string_view name : function_names()) names.push_back(name);
      return no_such_function(node, names);
    }
    for (Node& child : node.children) in_window(child);
    return function(node);
  }
  node.op = Op::Measure;
  node.measure = measure;
  // A measure is computed once for the window and not for each element: the variables around it end at its brackets.
  std::vector<std::string> outside = std::move(variables_);
  variables_.clear();
  hidden_.insert(hidden_.end(), outside.begin(), outside.end());
  measure_arguments(node);
  hidden_.resize(hidden_.size() - outside.size());
  variables_ = std::move(outside);
}

void Names::wrong_arguments(const Node& node) {
  fail_name(node, kTypeCode, "`" + node.name + "` takes other arguments", "",
            "it is called " + node.name + "(" + std::string(node.measure->signature) + ")");
}

void Names::measure_arguments(Node& node) {
  std::string_view rest = node.measure->signature;
  for (Node& child : node.children) {
    if (rest.empty()) return wrong_arguments(node);
    const std::size_t comma = rest.find(", ");
    std::string_view wanted = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
    if (wanted.ends_with('?')) wanted.remove_suffix(1);
    measure_argument(node, child, wanted);
  }
  if (!rest.empty() && !rest.ends_with('?')) wrong_arguments(node);
}

void Names::measure_argument(const Node& measure, Node& child, std::string_view wanted) {
  if (fault_) return;
  if (wanted == "field") {
    if ((child.op != Op::Name && !is_chain(child)) || !field(child)) {
      fail(child, kTypeCode, "`" + measure.name + "` wants a field here", "",
           "it is called " + measure.name + "(" + std::string(measure.measure->signature) + ")");
    }
  } else if (wanted == "text") {
    if (child.op != Op::Literal || child.literal.type != ValueType::Text)
      fail(child, kTypeCode, "`" + measure.name + "` wants a text in quotes here");
  } else if (wanted == "expression") {
    in_record(child);
  } else {
    in_window(child);
    if (wanted == "measure" && child.op != Op::Measure)
      fail(child, kTypeCode, "`" + measure.name + "` wants a measure here");
    if (wanted == "baseline" && child.op != Op::Baseline) {
      fail(child, kTypeCode, "`" + measure.name + "` wants something to compare with here", "",
           "last, avg(last(7)), same(day) or same(week)");
    }
    if (wanted == "number" && (child.op != Op::Literal || !child.literal.is_numeric()))
      fail(child, kTypeCode, "`" + measure.name + "` wants a number here");
  }
}

// avg(last(7)), same(hour), same(day), same(week)
void Names::window_baseline(Node& node) {
  constexpr std::string_view kPeriods[] = {"hour", "day", "week"};
  node.op = Op::Baseline;
  const bool one = node.children.size() == 1;
  if (node.name == "same") {
    bool known = false;
    for (const std::string_view period : kPeriods)
      known = known || (one && node.children[0].op == Op::Name && node.children[0].name == period);
    if (!known)
      return fail(node, kTypeCode, "`same` takes hour, day or week", "", "same(day) is the window one day before");
    node.children[0].op = Op::Literal;
    node.children[0].literal = expression_.constants->keep_text(node.children[0].name);
    return;
  }
  const bool last = one && node.children[0].op == Op::Call && node.children[0].name == "last" &&
                    node.children[0].children.size() == 1;
  const Node* count = last ? &node.children[0].children[0] : nullptr;
  if (count == nullptr || count->op != Op::Literal || count->literal.type != ValueType::Integer ||
      count->literal.integer < 1) {
    return fail(node, kTypeCode, "`avg` takes the last windows", "",
                "avg(last(7)) is the mean over the seven windows before; the mean of a field is mean(field)");
  }
  node.children[0].op = Op::Baseline;
}

}  // namespace weir
