// SPDX-License-Identifier: Apache-2.0
// The words of an expression. CEL's, plus `5%`, `1h30m` and `2026-01-31T12:00:00Z`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expr/ast.h"

namespace weir {

enum class TokenKind : std::uint8_t {
  End,
  Name,        // text
  QuotedName,  // text, from `back-ticks`
  Literal,     // literal, except a Text or Bytes, whose content is in text
  Symbol,      // text: "&&", "[", …
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;
  Value literal;
  bool percent = false;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  /// The next token. After a fault only End follows.
  Token next();
  [[nodiscard]] const std::optional<Fault>& fault() const { return fault_; }

 private:
  [[nodiscard]] char at(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_blanks();
  Token finish(TokenKind kind, std::size_t begin);
  Token fail(std::size_t begin, std::string message, std::string help = "");
  Token name();
  Token quoted_name();
  Token number();
  Token hexadecimal();
  Token percent(std::size_t begin, std::string_view digits);
  Token duration(std::size_t begin);
  Token date(std::size_t begin);
  Token text_literal();
  Token symbol();
  [[nodiscard]] bool at_date() const;
  [[nodiscard]] bool at_percent() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Fault> fault_;
};

/// What a text or bytes literal stands for; `raw` is what lies between its quotes. The error's column is the byte within
/// `raw`.
Result<std::string> unescape_literal(std::string_view raw, bool bytes);

}  // namespace weir
