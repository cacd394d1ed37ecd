// SPDX-License-Identifier: Apache-2.0
// Names get their meaning here. `a.b.c` is one field of the record as far as the plan knows it; a variable of a macro hides
// a field; `int` or `string` is a type only beside type(), because fields are called so.
#include <array>
#include <utility>

#include "base/text.h"
#include "expr/functions.h"
#include "expr/typing.h"

namespace weir {

namespace {

constexpr std::pair<std::string_view, ValueType> kTypeNames[] = {{"bool", ValueType::Boolean},
                                                                 {"int", ValueType::Integer},
                                                                 {"uint", ValueType::Unsigned},
                                                                 {"double", ValueType::Double},
                                                                 {"string", ValueType::Text},
                                                                 {"bytes", ValueType::Bytes},
                                                                 {"list", ValueType::List},
                                                                 {"map", ValueType::Map},
                                                                 {"type", ValueType::Type},
                                                                 {"null_type", ValueType::Null},
                                                                 {"google.protobuf.Timestamp", ValueType::Timestamp},
                                                                 {"google.protobuf.Duration", ValueType::Duration}};

// A name as FieldPath writes it: in quotes where it holds anything but letters, digits and _.
std::string step_text(const std::string& name, bool quote) {
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    quote = quote || !plain;
  }
  if (!quote) return name;
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool is_chain(const Node& node) {
  return node.op == Op::Select || node.op == Op::Every;
}

class Names {
 public:
  Names(Expression& expression, const TypingScope& surroundings)
      : expression_(expression), surroundings_(surroundings) {}

  std::optional<Fault> run() {
    if (surroundings_.windows) {
      in_window(expression_.root);
    } else {
      in_record(expression_.root);
    }
    return fault_;
  }

 private:
  void fail(const Node& node, std::string_view code, std::string message, std::string label = "",
            std::string help = "") {
    if (fault_) return;
    fault_ = Fault{node.begin, node.end, code, std::move(message), std::move(label), std::move(help)};
  }

  // At the name of a call and not at the whole of it.
  void fail_name(const Node& node, std::string_view code, std::string message, std::string label = "",
                 std::string help = "") {
    if (fault_) return;
    const auto end = node.name_at + static_cast<std::uint32_t>(node.name.size());
    fault_ = Fault{node.name_at, end, code, std::move(message), std::move(label), std::move(help)};
  }

  // ---- one record

  void in_record(Node& node) {
    if (fault_) return;
    switch (node.op) {
      case Op::Name:
      case Op::Select:
      case Op::Every: return path(node);
      case Op::Equal:
      case Op::NotEqual:
        type_name_beside(node.children[0], node.children[1]);
        type_name_beside(node.children[1], node.children[0]);
        return children(node);
      case Op::Call: children(node); return function(node);
      case Op::All:
      case Op::Exists:
      case Op::ExistsOne:
      case Op::Filter:
      case Op::Transform: return macro(node);
      default: return children(node);
    }
  }

  void children(Node& node) {
    for (Node& child : node.children) in_record(child);
  }

  void macro(Node& node) {
    in_record(node.children[0]);
    node.slot = static_cast<std::uint32_t>(variables_.size());
    variables_.push_back(node.name);
    for (std::size_t i = 1; i < node.children.size(); ++i) in_record(node.children[i]);
    variables_.pop_back();
  }

  bool variable(Node& node) const {
    for (std::size_t i = variables_.size(); i-- > 0;) {
      if (variables_[i] != node.name) continue;
      node.op = Op::Local;
      node.slot = static_cast<std::uint32_t>(i);
      return true;
    }
    return false;
  }

  // A chain of names: the longest beginning that is a field becomes one; what follows is selected from its value.
  void path(Node& node) {
    if (node.op == Op::Name) {
      if (!variable(node) && !field(node) && !type_name(node)) unknown(node);
      return;
    }
    Node* base = &node;
    while (is_chain(*base)) base = &base->children[0];
    if (base->op == Op::Name && !is_variable(base->name)) {
      if (const Node* every = find_every(node)) {
        const std::string list = expression_.text.substr(node.begin, every->end - 2 - node.begin);
        return fail(node, kTypeCode, "`[]` means every element, and an expression judges one value", "",
                    "write " + list + ".all(item, ...)");
      }
      if (field(node) || type_name(node)) return;
    } else if (find_every(node) != nullptr) {
      return fail(node, kSyntaxCode, "`[]` stands only behind the name of a field");
    }
    in_record(node.children[0]);
  }

  [[nodiscard]] bool is_variable(const std::string& name) const {
    for (const std::string& variable : variables_) {
      if (variable == name) return true;
    }
    return false;
  }

  static const Node* find_every(const Node& node) {
    for (const Node* at = &node; is_chain(*at); at = &at->children[0]) {
      if (at->op == Op::Every) return at;
    }
    return nullptr;
  }

  std::string path_text(const Node& node) const {
    if (node.op == Op::Every) return path_text(node.children[0]) + "[]";
    if (node.op == Op::Select) return path_text(node.children[0]) + "." + step_text(node.name, false);
    return step_text(node.name, expression_.text[node.begin] == '`');
  }

  bool field(Node& node) {
    const std::string text = path_text(node);
    const std::optional<FieldRef> found = surroundings_.field(text);
    if (!found) return false;
    node.op = Op::Field;
    node.declared = found->type;
    node.children.clear();
    node.name = text;
    for (node.slot = 0; node.slot < expression_.fields.size(); ++node.slot) {
      if (expression_.fields[node.slot].path == text) return true;
    }
    expression_.fields.push_back(FieldUse{.path = text, .column = found->column});
    return true;
  }

  bool type_name(Node& node) const {
    const std::string_view written = std::string_view(expression_.text).substr(node.begin, node.end - node.begin);
    for (const auto& [name, type] : kTypeNames) {
      if (name != written) continue;
      node.op = Op::Literal;
      node.literal = Value::type_of(type);
      node.children.clear();
      return true;
    }
    return false;
  }

  // type(x) == int: the other side names a type.
  void type_name_beside(Node& node, const Node& other) const {
    const bool about_types = other.op == Op::Call && !other.method && other.name == "type";
    if (about_types && (node.op == Op::Name || is_chain(node)) && !(node.op == Op::Name && is_variable(node.name)))
      type_name(node);
  }

  void unknown(Node& node) {
    if (surroundings_.checked) return fail(node, kUnknownNameCode, "there is no field `" + node.name + "`");
    node.op = Op::Literal;
    node.literal = Value::error("a name has no meaning");
  }

  void function(Node& node) {
    if (fault_) return;
    node.function = find_function(node.name, node.method);
    const std::size_t count = node.children.size();
    const bool fits = node.function != nullptr && count >= node.function->least && count <= node.function->most;
    if (fits) return compile_pattern(node);
    if (!surroundings_.checked) {
      node = make_error(node);
    } else if (node.function != nullptr) {
      fail_name(node, kTypeCode, "`" + node.name + "` takes other arguments", "",
                "it is called " + std::string(node.function->signature));
    } else if (const FunctionSpec* other = find_function(node.name, !node.method)) {
      fail_name(node, kUnknownNameCode, "`" + node.name + "` is not called like that", "",
                "it is called " + std::string(other->signature));
    } else {
      no_such_function(node, function_names());
    }
  }

  static Node make_error(const Node& of) {
    Node node;
    node.begin = of.begin;
    node.end = of.end;
    node.literal = Value::error("there is no such function");
    return node;
  }

  void no_such_function(const Node& node, const std::vector<std::string_view>& names) {
    const std::string_view meant = nearest(node.name, names);
    const std::string label = meant.empty() ? "" : "did you mean `" + std::string(meant) + "`?";
    fail_name(node, kUnknownNameCode, "there is no function `" + node.name + "`", label);
  }

  // A pattern is compiled once, so it must be written in the rule.
  void compile_pattern(Node& node) {
    if (node.name != "matches") return;
    Node& pattern = node.children[1];
    if (pattern.op != Op::Literal || pattern.literal.type != ValueType::Text) {
      if (surroundings_.checked) fail(pattern, kTypeCode, "the pattern of matches() must be written in the rule");
      return;
    }
    Result<Pattern> compiled = Pattern::compile(pattern.literal.text());
    if (!compiled) {
      if (surroundings_.checked) return fail(pattern, kTypeCode, compiled.error().message);
      node = make_error(node);
      return;
    }
    node.pattern = std::make_shared<const Pattern>(std::move(compiled).value());
  }

  // ---- windows

  void in_window(Node& node) {
    if (fault_) return;
    if (node.op == Op::Name || is_chain(node)) return window_name(node);
    if (node.op == Op::Call && !node.method) return window_call(node);
    if (node.op == Op::Has || (node.op >= Op::All && node.op <= Op::Transform)) {
      return fail(node, kTypeCode, "a window condition is about many records", "",
                  "put the question about one record into rate(...) or count(...)");
    }
    for (Node& child : node.children) in_window(child);
    if (node.op == Op::Call) function(node);
  }

  const MeasureSpec* find_measure(std::string_view name) const {
    for (const MeasureSpec& measure : surroundings_.measures) {
      if (measure.name == name) return &measure;
    }
    return nullptr;
  }

  void window_name(Node& node) {
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
           "for example rate(" + path_text_of(node) + " == ...) or mean(" + path_text_of(node) + ")");
    }
  }

  std::string path_text_of(const Node& node) const {
    return expression_.text.substr(node.begin, node.end - node.begin);
  }

  std::vector<std::string_view> measure_names() const {
    std::vector<std::string_view> names = {"last", "avg", "same"};
    for (const MeasureSpec& measure : surroundings_.measures) names.push_back(measure.name);
    return names;
  }

  void window_call(Node& node) {
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
    measure_arguments(node);
  }

  void wrong_arguments(const Node& node) {
    fail_name(node, kTypeCode, "`" + node.name + "` takes other arguments", "",
              "it is called " + node.name + "(" + std::string(node.measure->signature) + ")");
  }

  void measure_arguments(Node& node) {
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

  void measure_argument(const Node& measure, Node& child, std::string_view wanted) {
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
  void window_baseline(Node& node) {
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

  Expression& expression_;
  const TypingScope& surroundings_;
  std::vector<std::string> variables_;
  std::optional<Fault> fault_;
};

}  // namespace

std::optional<Fault> resolve_names(Expression& expression, const TypingScope& surroundings) {
  return Names(expression, surroundings).run();
}

}  // namespace weir
