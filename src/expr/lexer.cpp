// SPDX-License-Identifier: Apache-2.0
// Cutting an expression into words. Where weir's literals could be mistaken for CEL: a percent is a number with `%` right
// behind it and no operand after that, a date has no blanks around its hyphens.
#include "expr/lexer.h"

#include <algorithm>
#include <charconv>

#include "base/timestamp.h"

namespace weir {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name(char c) {
  return is_letter(c) || is_digit(c);
}
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// Longer ones first.
constexpr std::string_view kSymbols[] = {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*",
                                         "/",  "%",  "?",  ":",  ",",  ".",  "(", ")", "[", "]", "{", "}"};

}  // namespace

Token Lexer::finish(TokenKind kind, std::size_t begin) {
  Token token;
  token.kind = kind;
  token.begin = static_cast<std::uint32_t>(begin);
  token.end = static_cast<std::uint32_t>(at_);
  return token;
}

Token Lexer::fail(std::size_t begin, std::string message, std::string help) {
  const std::size_t end = std::min(std::max(at_, begin + 1), std::max(text_.size(), begin + 1));
  if (!fault_) {
    fault_ = Fault{.begin = static_cast<std::uint32_t>(begin),
                   .end = static_cast<std::uint32_t>(end),
                   .code = kSyntaxCode,
                   .message = std::move(message),
                   .label = {},
                   .help = std::move(help)};
  }
  at_ = text_.size();
  return finish(TokenKind::End, begin);
}

void Lexer::skip_blanks() {
  constexpr std::string_view kBlanks = " \t\n\r\f";
  for (;;) {
    while (at_ < text_.size() && kBlanks.find(at()) != std::string_view::npos) ++at_;
    if (at() != '/' || at(1) != '/') return;
    while (at_ < text_.size() && at() != '\n') ++at_;
  }
}

Token Lexer::next() {
  skip_blanks();
  if (at_ == text_.size()) return finish(TokenKind::End, at_);
  const char c = at();
  if (is_digit(c) || (c == '.' && is_digit(at(1)))) return number();
  if (is_quote(c)) return text_literal();
  if (is_letter(c)) {
    // A prefix of up to two letters (r, b, rb) makes a text of what follows.
    const char second = static_cast<char>(at(1) | 0x20);
    const char first = static_cast<char>(c | 0x20);
    const bool one = (first == 'r' || first == 'b') && is_quote(at(1));
    const bool two = ((first == 'r' && second == 'b') || (first == 'b' && second == 'r')) && is_quote(at(2));
    return one || two ? text_literal() : name();
  }
  return c == '`' ? quoted_name() : symbol();
}

Token Lexer::name() {
  const std::size_t begin = at_;
  while (is_name(at())) ++at_;
  Token token = finish(TokenKind::Name, begin);
  token.text = text_.substr(begin, at_ - begin);
  return token;
}

Token Lexer::quoted_name() {
  const std::size_t begin = at_++;
  while (at_ < text_.size() && at() != '`') ++at_;
  if (at_ == text_.size()) return fail(begin, "the name in back-ticks is not closed");
  ++at_;
  Token token = finish(TokenKind::QuotedName, begin);
  token.text = text_.substr(begin + 1, at_ - begin - 2);
  if (token.text.empty()) return fail(begin, "a name is empty");
  return token;
}

Token Lexer::symbol() {
  const std::size_t begin = at_;
  for (const std::string_view symbol : kSymbols) {
    if (!text_.substr(at_).starts_with(symbol)) continue;
    at_ += symbol.size();
    Token token = finish(TokenKind::Symbol, begin);
    token.text = symbol;
    return token;
  }
  switch (at()) {
    case '=': ++at_; return fail(begin, "`=` is no operator", "write `==` to compare");
    case '&': ++at_; return fail(begin, "`&` is no operator", "write `&&`");
    case '|': ++at_; return fail(begin, "`|` is no operator", "write `||`");
    case '$':
      ++at_;
      return fail(begin, "`$` stands for no variable here", "variables are defined under `vars` and written $name");
    default: break;
  }
  const auto byte = static_cast<unsigned char>(at());
  if (byte < 0x20 || byte == 0x7F) return fail(begin, "a control character stands in the expression");
  if (byte < 0x80) return fail(begin, std::string("`") + at() + "` means nothing in an expression");
  return fail(begin, "a name has only letters a to z, digits and _", "put other names into back-ticks: `größe`");
}

// ---- numbers and what begins like one

Token Lexer::number() {
  const std::size_t begin = at_;
  if (at() == '0' && (at(1) | 0x20) == 'x') return hexadecimal();
  if (at_date()) return date(begin);
  while (is_digit(at())) ++at_;
  bool fraction = false;
  if (at() == '.' && is_digit(at(1))) {
    fraction = true;
    ++at_;
    while (is_digit(at())) ++at_;
  }
  const bool sign = at(1) == '+' || at(1) == '-';
  if ((at() | 0x20) == 'e' && is_digit(at(sign ? 2 : 1))) {
    fraction = true;
    at_ += sign ? 2 : 1;
    while (is_digit(at())) ++at_;
  }
  const std::string_view digits = text_.substr(begin, at_ - begin);
  if (at() == '%' && at_percent()) return percent(begin, digits);
  if (!fraction && (at() | 0x20) == 'u' && !is_name(at(1))) {
    std::uint64_t whole = 0;
    const bool fits = std::from_chars(digits.data(), digits.data() + digits.size(), whole).ec == std::errc();
    ++at_;
    if (!fits) return fail(begin, "the number is beyond 64 bits");
    Token token = finish(TokenKind::Literal, begin);
    token.literal = Value::of_unsigned(whole);
    return token;
  }
  if (is_letter(at())) return duration(begin);
  Token token = finish(TokenKind::Literal, begin);
  token.text = digits.front() == '.' ? "0" + std::string(digits) : std::string(digits);
  if (fraction) return token;  // the parser makes it exact, with its sign
  token.literal = Value::of(std::int64_t{0});
  return token;
}

Token Lexer::hexadecimal() {
  const std::size_t begin = at_;
  at_ += 2;
  while (is_hex(at())) ++at_;
  const std::string_view digits = text_.substr(begin + 2, at_ - begin - 2);
  std::uint64_t whole = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), whole, 16);
  const bool is_unsigned = (at() | 0x20) == 'u';
  if (is_unsigned) ++at_;
  if (fault != std::errc() || is_name(at())) return fail(begin, "this is no hexadecimal number of 64 bits");
  Token token = finish(TokenKind::Literal, begin);
  if (is_unsigned) {
    token.literal = Value::of_unsigned(whole);
  } else {
    token.literal = Value::of(std::int64_t{0});
    token.text = std::to_string(whole);
  }
  return token;
}

// `5%` is a percent unless an operand follows, which makes `%` the remainder: `5%3`, `5% x`, `5%(x)`. A minus or a dot
// right behind it is such an operand as well.
bool Lexer::at_percent() const {
  std::size_t ahead = 1;
  if (at(1) == '-' || at(1) == '.') return false;
  while (at(ahead) == ' ' || at(ahead) == '\t' || at(ahead) == '\n' || at(ahead) == '\r') ++ahead;
  const char c = at(ahead);
  if (c == 'i' && at(ahead + 1) == 'n' && !is_name(at(ahead + 2))) return true;
  return !(is_name(c) || is_quote(c) || c == '(' || c == '[' || c == '{' || c == '`' ||
           (c == '!' && at(ahead + 1) != '='));
}

Token Lexer::percent(std::size_t begin, std::string_view digits) {
  ++at_;
  Token token = finish(TokenKind::Literal, begin);
  token.percent = true;
  // Two places to the right, exactly: 5 is 0.05, 12.5 is 0.125.
  const std::size_t point = digits.find('.');
  const std::string whole = "00" + std::string(digits.substr(0, point));
  const std::string_view rest = point == std::string_view::npos ? std::string_view() : digits.substr(point + 1);
  token.text = whole.substr(0, whole.size() - 2) + "." + whole.substr(whole.size() - 2) + std::string(rest);
  if (token.text.find_first_of("eE") != std::string::npos)
    return fail(begin, "a percent is written without an exponent");
  token.text.erase(0, std::min(token.text.find_first_not_of('0'), token.text.size() - 1));
  if (token.text.front() == '.') token.text.insert(0, "0");
  return token;
}

Token Lexer::duration(std::size_t begin) {
  while (is_name(at()) || (at() == '.' && is_digit(at(1)))) ++at_;
  const std::string_view written = text_.substr(begin, at_ - begin);
  const std::optional<Duration> duration = parse_duration(written);
  if (!duration) {
    return fail(begin, "`" + std::string(written) + "` is neither a number nor a duration",
                "durations are written like 10m, 1h30m, 250ms, 7d; a field whose name begins with a digit goes into "
                "back-ticks");
  }
  Token token = finish(TokenKind::Literal, begin);
  token.literal = Value::duration(*duration);
  return token;
}

bool Lexer::at_date() const {
  constexpr std::string_view kShape = "0000-00-00";
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == '0' ? !is_digit(at(i)) : at(i) != kShape[i]) return false;
  }
  return !is_digit(at(kShape.size()));
}

Token Lexer::date(std::size_t begin) {
  at_ += 10;
  std::string written(text_.substr(begin, 10));
  if ((at() | 0x20) == 't' && is_digit(at(1))) {
    ++at_;
    while (is_digit(at()) || at() == ':' || (at() == '.' && is_digit(at(1)))) ++at_;
    if ((at() == '+' || at() == '-') && is_digit(at(1)) && is_digit(at(2)) && at(3) == ':') {
      at_ += 4;
      while (is_digit(at())) ++at_;
    } else if ((at() | 0x20) == 'z') {
      ++at_;
    }
    written = text_.substr(begin, at_ - begin);
  } else {
    written += "T00:00:00Z";  // the day begins in UTC
  }
  const std::optional<Instant> instant = parse_timestamp(written);
  if (!instant) {
    return fail(begin, "`" + std::string(text_.substr(begin, at_ - begin)) + "` is no timestamp",
                "write one like 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00");
  }
  Token token = finish(TokenKind::Literal, begin);
  token.literal = Value::timestamp(*instant);
  return token;
}

// ---- texts

Token Lexer::text_literal() {
  const std::size_t begin = at_;
  bool raw = false;
  bool bytes = false;
  for (; !is_quote(at()); ++at_) {
    raw = raw || (at() | 0x20) == 'r';
    bytes = bytes || (at() | 0x20) == 'b';
  }
  const char quote = at();
  const bool triple = at(1) == quote && at(2) == quote;
  const std::string close(triple ? 3 : 1, quote);
  at_ += close.size();
  const std::size_t content = at_;
  while (at_ < text_.size() && !text_.substr(at_).starts_with(close)) {
    if (!triple && (at() == '\n' || at() == '\r')) return fail(begin, "the text is not closed on its line");
    at_ += !raw && at() == '\\' ? 2U : 1U;
  }
  at_ = std::min(at_, text_.size());
  if (at_ == text_.size()) return fail(begin, "the text is not closed", std::string("it began with ") + close);
  const std::string_view between = text_.substr(content, at_ - content);
  at_ += close.size();
  Token token = finish(TokenKind::Literal, begin);
  token.literal = bytes ? Value::bytes("") : Value::text("");
  if (raw) {
    token.text = between;
    return token;
  }
  Result<std::string> meaning = unescape_literal(between, bytes);
  if (!meaning) {
    at_ = content + static_cast<std::size_t>(meaning.error().where.column) + 2;
    return fail(at_ - 2, meaning.error().message, "a raw text takes backslashes as they are: r\"\\d+\"");
  }
  token.text = *std::move(meaning);
  return token;
}

}  // namespace weir
