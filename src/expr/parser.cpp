// SPDX-License-Identifier: Apache-2.0
// Recursive descent, one function for each level of precedence, one token ahead. Depth is counted where brackets and
// signs nest and again on the finished tree, so that a chain of a thousand `+` cannot exhaust the stack later.
#include "expr/parser.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "expr/lexer.h"

namespace weir {

namespace {

struct Operator {
  std::string_view symbol;
  Op op;
};
constexpr Operator kRelations[] = {{"==", Op::Equal},     {"!=", Op::NotEqual}, {"<", Op::Less},
                                   {"<=", Op::LessEqual}, {">", Op::Greater},   {">=", Op::GreaterEqual}};
constexpr Operator kSums[] = {{"+", Op::Add}, {"-", Op::Subtract}};
constexpr Operator kProducts[] = {{"*", Op::Multiply}, {"/", Op::Divide}, {"%", Op::Remainder}};

struct Macro {
  std::string_view name;
  Op op;
  std::size_t most_arguments;
};
constexpr Macro kMacros[] = {{"all", Op::All, 2},
                             {"exists", Op::Exists, 2},
                             {"exists_one", Op::ExistsOne, 2},
                             {"existsOne", Op::ExistsOne, 2},
                             {"map", Op::Transform, 3},
                             {"filter", Op::Filter, 2}};

template <std::size_t N>
const Operator* find(const Operator (&operators)[N], std::string_view symbol) {
  for (const Operator& known : operators) {
    if (known.symbol == symbol) return &known;
  }
  return nullptr;
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& child : node.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { expression_.text = text; }

  std::variant<Expression, Fault> run() {
    advance();
    expression_.root = conditional();
    if (!fault_ && token_.kind != TokenKind::End) fail(token_, "expected an operator or the end" + instead());
    if (lexer_.fault()) fault_ = lexer_.fault();
    if (!fault_ && depth_of(expression_.root) > kMaxDepth) fail_deep(expression_.root.begin, expression_.root.end);
    if (fault_) return *fault_;
    return std::move(expression_);
  }

 private:
  // ---- tokens and faults

  void advance() {
    last_end_ = token_.end;
    token_ = lexer_.next();
  }
  [[nodiscard]] bool at(std::string_view symbol) const {
    return token_.kind == TokenKind::Symbol && token_.text == symbol;
  }
  bool take(std::string_view symbol) {
    if (!at(symbol)) return false;
    advance();
    return true;
  }
  void expect(std::string_view symbol, const Token& opened) {
    if (take(symbol) || fault_) return;
    fail(token_, "expected `" + std::string(symbol) + "`" + instead());
    if (token_.kind == TokenKind::End)
      fault_->help = "`" + opened.text + "` at byte " + std::to_string(opened.begin + 1) + " is not closed";
  }
  // What stands where something else was expected.
  [[nodiscard]] std::string instead() const {
    if (token_.kind == TokenKind::End) return ", the expression ends here";
    return ", got `" + expression_.text.substr(token_.begin, token_.end - token_.begin) + "`";
  }
  void fail(const Token& token, std::string message, std::string help = "") {
    if (fault_) return;
    fault_ = Fault{.begin = token.begin,
                   .end = std::max(token.end, token.begin + 1),
                   .code = kSyntaxCode,
                   .message = std::move(message),
                   .label = {},
                   .help = std::move(help)};
  }
  void fail_deep(std::uint32_t begin, std::uint32_t end) {
    if (fault_) return;
    fault_ = Fault{.begin = begin,
                   .end = end,
                   .code = kTooLargeCode,
                   .message = "the expression is nested deeper than " + std::to_string(kMaxDepth) + " levels",
                   .label = {},
                   .help = "split it into several rules"};
  }

  // Guards the functions that call themselves through brackets and signs.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) parser_.fail_deep(parser_.token_.begin, parser_.token_.begin + 1);
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  Node make(Op op, std::uint32_t begin, std::vector<Node> children) const {
    Node node;
    node.op = op;
    node.begin = begin;
    node.end = last_end_;
    node.children = std::move(children);
    return node;
  }
  static std::vector<Node> two(Node left, Node right) {
    std::vector<Node> children;
    children.push_back(std::move(left));
    children.push_back(std::move(right));
    return children;
  }

  // ---- precedence, from loose to tight

  Node conditional() {
    const Level level(*this);
    if (fault_) return {};
    Node condition = chain("||", Op::Or);
    if (fault_ || !at("?")) return condition;
    const Token question = token_;
    advance();
    const std::uint32_t begin = condition.begin;
    std::vector<Node> children = two(std::move(condition), chain("||", Op::Or));
    expect(":", question);
    children.push_back(conditional());
    return make(Op::Conditional, begin, std::move(children));
  }

  Node chain(std::string_view symbol, Op op) {
    const auto operand = [&] { return op == Op::Or ? chain("&&", Op::And) : relation(); };
    Node first = operand();
    if (fault_ || !at(symbol)) return first;
    const std::uint32_t begin = first.begin;
    std::vector<Node> children;
    children.push_back(std::move(first));
    while (!fault_ && take(symbol)) children.push_back(operand());
    return make(op, begin, std::move(children));
  }

  Node relation() {
    Node left = binary(kSums, [this] { return binary(kProducts, [this] { return unary(); }); });
    for (;;) {
      if (fault_) return left;
      const Operator* known = token_.kind == TokenKind::Symbol ? find(kRelations, token_.text) : nullptr;
      const bool in = token_.kind == TokenKind::Name && token_.text == "in";
      if (known == nullptr && !in) return left;
      advance();
      const std::uint32_t begin = left.begin;
      Node right = binary(kSums, [this] { return binary(kProducts, [this] { return unary(); }); });
      left = make(in ? Op::In : known->op, begin, two(std::move(left), std::move(right)));
    }
  }

  template <std::size_t N, class Operand>
  Node binary(const Operator (&operators)[N], Operand operand) {
    Node left = operand();
    for (;;) {
      const Operator* known = token_.kind == TokenKind::Symbol ? find(operators, token_.text) : nullptr;
      if (fault_ || known == nullptr) return left;
      advance();
      const std::uint32_t begin = left.begin;
      left = make(known->op, begin, two(std::move(left), operand()));
    }
  }

  // Signs; the one before a number belongs to the number, so that the smallest integer can be written.
  Node unary() {
    if (!at("!") && !at("-")) return fault_ ? Node{} : member(false, token_.begin);
    const Level level(*this);
    if (fault_) return {};
    const std::uint32_t begin = token_.begin;
    if (take("!")) {
      std::vector<Node> children;
      children.push_back(unary());
      return make(Op::Not, begin, std::move(children));
    }
    advance();
    const bool number =
        token_.kind == TokenKind::Literal && (token_.literal.is_null() || token_.literal.type == ValueType::Integer);
    if (number) return member(true, begin);
    std::vector<Node> children;
    children.push_back(unary());
    return make(Op::Negate, begin, std::move(children));
  }

  Node member(bool negative, std::uint32_t begin) {
    Node node = primary(negative, begin);
    while (!fault_) {
      if (take(".")) {
        node = selected(std::move(node));
      } else if (at("[")) {
        const Token opened = token_;
        advance();
        const std::uint32_t from = node.begin;
        std::vector<Node> children;
        children.push_back(std::move(node));
        if (take("]")) {
          node = make(Op::Every, from, std::move(children));
          continue;
        }
        children.push_back(conditional());
        expect("]", opened);
        node = make(Op::Index, from, std::move(children));
      } else {
        return node;
      }
    }
    return node;
  }

  // What follows a dot: a name, or a name with arguments.
  Node selected(Node operand) {
    const Token name = token_;
    if (name.kind != TokenKind::Name && name.kind != TokenKind::QuotedName) {
      fail(token_, "expected a name after the dot" + instead());
      return {};
    }
    advance();
    const std::uint32_t begin = operand.begin;
    std::vector<Node> children;
    children.push_back(std::move(operand));
    if (name.kind == TokenKind::Name && at("(")) return call(name, begin, std::move(children));
    Node node = make(Op::Select, begin, std::move(children));
    node.name = name.text;
    return node;
  }

  // ---- calls and macros

  Node call(const Token& name, std::uint32_t begin, std::vector<Node> children) {
    const bool method = !children.empty();
    const Token opened = token_;
    advance();
    arguments(children, ")", opened);
    if (fault_) return {};
    if (!method && name.text == "has") return has(name, begin, std::move(children));
    if (method) {
      for (const Macro& macro : kMacros) {
        if (macro.name == name.text) return expand(macro, name, begin, std::move(children));
      }
    }
    Node node = make(Op::Call, begin, std::move(children));
    node.name = name.text;
    node.name_at = name.begin;
    node.method = method;
    return node;
  }

  void arguments(std::vector<Node>& into, std::string_view close, const Token& opened) {
    if (take(close)) return;
    for (;;) {
      into.push_back(conditional());
      if (fault_) return;
      if (!take(",")) break;
      if (close != ")" && at(close)) break;  // a list may end with a comma
    }
    expect(close, opened);
  }

  Node has(const Token& name, std::uint32_t begin, std::vector<Node> children) {
    const bool field = children.size() == 1 && (children[0].op == Op::Select || children[0].op == Op::Name);
    if (!field) fail(name, "has() takes one field", "for example has(customer.email)");
    return make(Op::Has, begin, std::move(children));
  }

  Node expand(const Macro& macro, const Token& name, std::uint32_t begin, std::vector<Node> children) {
    const std::size_t arguments = children.size() - 1;
    if (arguments < 2 || arguments > macro.most_arguments || children[1].op != Op::Name) {
      fail(name, "`" + name.text + "` takes a name for the element and an expression",
           "for example items." + name.text + "(item, item.qty > 0)");
      return {};
    }
    const std::string variable = children[1].name;
    children.erase(children.begin() + 1);
    Node node = make(macro.op, begin, std::move(children));
    node.name = variable;
    return node;
  }

  // ---- literals, names, brackets

  Node primary(bool negative, std::uint32_t begin) {
    const Token token = token_;
    if (token.kind == TokenKind::Literal) return literal(token, negative, begin);
    if (token.kind == TokenKind::Name || token.kind == TokenKind::QuotedName) return name(token);
    if (take(".") && token_.kind == TokenKind::Name) return name(token_);  // CEL's absolute names: all names are here
    if (take("(")) {
      Node inner = conditional();
      expect(")", token);
      inner.begin = token.begin;
      inner.end = last_end_;
      return inner;
    }
    if (take("[")) {
      std::vector<Node> items;
      arguments(items, "]", token);
      return make(Op::List, token.begin, std::move(items));
    }
    if (take("{")) return entries(token);
    fail(token_, "expected a value" + instead());
    return {};
  }

  Node name(const Token& token) {
    advance();
    if (token.kind == TokenKind::Name) {
      if (at("(")) return call(token, token.begin, {});
      if (at("{")) fail(token_, "there are no messages in this language", "a map is written {\"key\": value}");
      if (token.text == "in") fail(token, "`in` stands between a value and a list");
      if (token.text == "true" || token.text == "false" || token.text == "null") {
        Node node = make(Op::Literal, token.begin, {});
        if (token.text != "null") node.literal = Value::of(token.text == "true");
        return node;
      }
    }
    Node node = make(Op::Name, token.begin, {});
    node.name = token.text;
    return node;
  }

  Node literal(const Token& token, bool negative, std::uint32_t begin) {
    advance();
    Node node = make(Op::Literal, begin, {});
    node.percent = token.percent;
    node.literal = token.literal;
    const std::string digits = (negative ? "-" : "") + token.text;
    Scratch& constants = *expression_.constants;
    if (token.literal.is_null()) {
      node.literal = exact_number(constants.keep_text(digits).text());
      // CEL's literal with a point is a double even where it is whole (1e3): exact_number gave an exact one.
      if (node.literal.type == ValueType::Integer) node.literal = Value::decimal(node.literal.integer, 0);
    } else if (token.literal.type == ValueType::Integer) {
      std::int64_t whole = 0;
      const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
      if (problem != std::errc())
        fail(token, "the number is beyond 64 bits", "write it with a point to compare exactly: " + digits + ".0");
      node.literal = Value::of(whole);
    } else if (token.literal.type == ValueType::Text) {
      node.literal = constants.keep_text(token.text);
    } else if (token.literal.type == ValueType::Bytes) {
      node.literal = Value::bytes(constants.keep_text(token.text).text());
    }
    return node;
  }

  Node entries(const Token& opened) {
    std::vector<Node> children;
    while (!fault_ && !at("}")) {
      children.push_back(conditional());
      expect(":", opened);
      children.push_back(conditional());
      if (!take(",")) break;
    }
    expect("}", opened);
    return make(Op::Map, opened.begin, std::move(children));
  }

  Expression expression_;
  Lexer lexer_;
  Token token_;
  std::uint32_t last_end_ = 0;
  std::size_t depth_ = 0;
  std::optional<Fault> fault_;
};

}  // namespace

std::variant<Expression, Fault> parse_expression(std::string_view text) {
  if (text.size() > kMaxExpressionBytes) {
    return Fault{.begin = 0,
                 .end = 1,
                 .code = kTooLargeCode,
                 .message = "the expression is longer than " + std::to_string(kMaxExpressionBytes) + " bytes",
                 .label = {},
                 .help = "split it into several rules"};
  }
  return Parser(text).run();
}

}  // namespace weir
