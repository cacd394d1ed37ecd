// SPDX-License-Identifier: Apache-2.0
// Names get their meaning here. `a.b.c` is one field of the record as far as the plan knows it; a variable of a macro hides
// a field; `int` or `string` is a type only beside type(), because fields are called so.
#include "expr/names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "expr/functions.h"

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

}  // namespace

void Names::fail(const Node& node, std::string_view code, std::string message, std::string label, std::string help) {
  if (fault_) return;
  fault_ = Fault{node.begin, node.end, code, std::move(message), std::move(label), std::move(help)};
}

// At the name of a call and not at the whole of it.
void Names::fail_name(const Node& node, std::string_view code, std::string message, std::string label,
                      std::string help) {
  if (fault_) return;
  const auto end = node.name_at + static_cast<std::uint32_t>(node.name.size());
  fault_ = Fault{node.name_at, end, code, std::move(message), std::move(label), std::move(help)};
}

// ---- one record

void Names::in_record(Node& node) {
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

void Names::children(Node& node) {
  for (Node& child : node.children) in_record(child);
}

void Names::macro(Node& node) {
  in_record(node.children[0]);
  node.slot = static_cast<std::uint32_t>(variables_.size());
  variables_.push_back(node.name);
  for (std::size_t i = 1; i < node.children.size(); ++i) in_record(node.children[i]);
  variables_.pop_back();
}

bool Names::variable(Node& node) const {
  for (std::size_t i = variables_.size(); i-- > 0;) {
    if (variables_[i] != node.name) continue;
    node.op = Op::Local;
    node.slot = static_cast<std::uint32_t>(i);
    return true;
  }
  return false;
}

// A chain of names: the longest beginning that is a field becomes one; what follows is selected from its value.
void Names::path(Node& node) {
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

bool Names::is_variable(const std::string& name) const {
  for (const std::string& variable : variables_) {
    if (variable == name) return true;
  }
  return false;
}

const Node* Names::find_every(const Node& node) {
  for (const Node* at = &node; is_chain(*at); at = &at->children[0]) {
    if (at->op == Op::Every) return at;
  }
  return nullptr;
}

std::string Names::path_text(const Node& node) const {
  if (node.op == Op::Every) return path_text(node.children[0]) + "[]";
  if (node.op == Op::Select) return path_text(node.children[0]) + "." + step_text(node.name, false);
  return step_text(node.name, expression_.text[node.begin] == '`');
}

bool Names::field(Node& node) {
  const Node* base = &node;
  while (is_chain(*base)) base = &base->children[0];
  if (std::find(hidden_.begin(), hidden_.end(), base->name) != hidden_.end()) {
    fail(node, kTypeCode, "`" + base->name + "` is an element of a list, and a measure is the same for all of them", "",
         "if a field is meant, call the element something else");
    return true;
  }
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

bool Names::type_name(Node& node) const {
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
void Names::type_name_beside(Node& node, const Node& other) const {
  const bool about_types = other.op == Op::Call && !other.method && other.name == "type";
  if (about_types && (node.op == Op::Name || is_chain(node)) && !(node.op == Op::Name && is_variable(node.name)))
    type_name(node);
}

void Names::unknown(Node& node) {
  if (surroundings_.checked) return fail(node, kUnknownNameCode, "there is no field `" + node.name + "`");
  node.op = Op::Literal;
  node.literal = Value::error("a name has no meaning");
}

void Names::function(Node& node) {
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

Node Names::make_error(const Node& of) {
  Node node;
  node.begin = of.begin;
  node.end = of.end;
  node.literal = Value::error("there is no such function");
  return node;
}

void Names::no_such_function(const Node& node, const std::vector<std::string_view>& names) {
  const std::string_view meant = nearest(node.name, names);
  const std::string label = meant.empty() ? "" : "did you mean `" + std::string(meant) + "`?";
  fail_name(node, kUnknownNameCode, "there is no function `" + node.name + "`", label);
}

// A pattern is compiled once, so it must be written in the rule.
void Names::compile_pattern(Node& node) {
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

std::optional<Fault> Names::run() {
  if (surroundings_.windows) {
    in_window(expression_.root);
  } else {
    in_record(expression_.root);
  }
  return fault_;
}

std::optional<Fault> resolve_names(Expression& expression, const TypingScope& surroundings) {
  return Names(expression, surroundings).run();
}

}  // namespace weir
