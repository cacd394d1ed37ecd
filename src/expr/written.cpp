// SPDX-License-Identifier: Apache-2.0
// Expressions and measures written the same way, however many blanks somebody put: the text is the name of a history.
#include "base/json_writer.h"
#include "expr/lexer.h"
#include "expr/window_calls.h"
#include "weir/fields.h"

namespace weir {

namespace {

// The end of a value: what follows it is an operator and no sign, a call's bracket and no list.
bool ends_value(const Token& token) {
  return token.kind == TokenKind::Symbol ? token.text == ")" || token.text == "]" || token.text == "}"
                                         : token.kind != TokenKind::End;
}

bool is_one_of(const Token& token, std::initializer_list<std::string_view> symbols) {
  if (token.kind != TokenKind::Symbol) return false;
  for (const std::string_view symbol : symbols) {
    if (token.text == symbol) return true;
  }
  return false;
}

bool is_word(const Token& token) {
  return token.kind == TokenKind::Name && token.text == "in";
}

std::string field_text(const std::string& path) {
  const Result<FieldPath> parsed = FieldPath::parse(path);
  return parsed ? parsed->text() : path;
}

std::string argument_text(const Node& node, std::string_view expression, bool of_record) {
  if (of_record) return normalised(expression.substr(node.begin, node.end - node.begin));
  if (node.op == Op::Field) return field_text(node.name);
  if (node.op == Op::Literal && node.literal.type == ValueType::Text) return json_quote(node.literal.text());
  if (node.op == Op::Literal) return show(node.literal);
  if (node.op == Op::Measure) return written_call(node, expression);
  // A baseline: last, avg(last(7)), same(day).
  if (node.children.empty()) return node.name;
  const Node& child = node.children[0];
  const bool period = node.name == "same";
  return node.name + "(" + (period ? std::string(child.literal.text()) : argument_text(child, expression, false)) + ")";
}

}  // namespace

std::string normalised(std::string_view expression) {
  Lexer lexer(expression);
  std::string out;
  Token before;
  bool sign = false;     // `before` is the sign of what follows
  std::string brackets;  // that are open
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) {
    const bool value_before = ends_value(before) && !is_word(before);
    const bool opens_call = value_before && before.kind != TokenKind::Literal && is_one_of(token, {"(", "["});
    const bool tight = out.empty() || sign || opens_call || is_one_of(before, {"(", "[", "{", "."}) ||
                       is_one_of(token, {")", "]", "}", ",", "."}) ||
                       (brackets.ends_with('{') && is_one_of(token, {":"}));
    if (!tight) out += ' ';
    out += expression.substr(token.begin, token.end - token.begin);
    sign = is_one_of(token, {"!"}) || (is_one_of(token, {"-"}) && !value_before);
    if (is_one_of(token, {"(", "[", "{"})) brackets += token.text;
    if (is_one_of(token, {")", "]", "}"}) && !brackets.empty()) brackets.pop_back();
    before = token;
  }
  return out;
}

std::string written_call(const Node& measure, std::string_view expression) {
  std::string out(measure.measure->name);
  if (measure.children.empty()) return out;
  const bool of_record = measure.measure->signature == "expression";
  char opening = '(';
  for (const Node& child : measure.children) {
    out += opening == '(' ? "(" : ", ";
    out += argument_text(child, expression, of_record);
    opening = ',';
  }
  return out + ")";
}

}  // namespace weir
