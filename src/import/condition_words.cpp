// SPDX-License-Identifier: Apache-2.0
#include "import/condition_words.h"

#include <array>

namespace weir {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

constexpr std::array<std::string_view, 30> kSigns = {"<=>", "!~*", "==", "!=", "<>", "<=", ">=", "::", "&&", "||",
                                                     "!~",  "~*",  "=",  "<",  ">",  "+",  "-",  "*",  "/",  "%",
                                                     "(",   ")",   ",",  ".",  "&",  "|",  "~",  "!",  "[",  "]"};

class Cutting {
 public:
  Cutting(std::string_view text, ConditionDialect dialect) : text_(text), dialect_(dialect) {}

  Result<std::vector<ConditionWord>> cut() {
    constexpr std::size_t kMostWords = 4096;
    for (;;) {
      while (at_ < text_.size() &&
             (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
        ++at_;
      if (at_ == text_.size() || text_[at_] == ';') break;
      if (text_.substr(at_).starts_with("{{") || text_.substr(at_).starts_with("{%"))
        return Error{.message = "it holds a template (`{{ … }}`), which is filled in by the tool"};
      if (text_.substr(at_).starts_with("--") || text_.substr(at_).starts_with("/*"))
        return Error{.message = "it holds a comment"};
      if (Status status = word(); !status) return status.error();
      if (words_.size() > kMostWords) return Error{.message = "it is too long"};
    }
    words_.push_back({.kind = ConditionWord::Kind::End, .text = {}});
    return std::move(words_);
  }

 private:
  Status word() {
    const char c = text_[at_];
    if (c == '\'' || c == '"' || c == '`') return quote(c);
    if (is_digit(c)) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
      words_.push_back({ConditionWord::Kind::Number, std::string(text_.substr(begin, at_ - begin))});
      return Done{};
    }
    if (begins_name(c)) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && (begins_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
      words_.push_back({ConditionWord::Kind::Name, std::string(text_.substr(begin, at_ - begin))});
      return Done{};
    }
    for (const std::string_view sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      words_.push_back({ConditionWord::Kind::Sign, std::string(sign)});
      at_ += sign.size();
      return Done{};
    }
    return Error{.message = "`" + std::string(1, c) + "` is not understood"};
  }

  Status quote(char mark) {
    std::string inside;
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) return Error{.message = "a quote is not closed"};
      if (text_[at_] == '\\' && dialect_ == ConditionDialect::Pandas && at_ + 1 < text_.size())
        ++at_;
      else if (text_[at_] == mark) {
        if (dialect_ != ConditionDialect::Sql || at_ + 1 >= text_.size() || text_[at_ + 1] != mark) break;
        ++at_;
      }
      inside += text_[at_];
    }
    ++at_;
    const bool name = mark == '`' || (mark == '"' && dialect_ == ConditionDialect::Sql);
    words_.push_back({name ? ConditionWord::Kind::Quoted : ConditionWord::Kind::Text, std::move(inside)});
    return Done{};
  }

  std::string_view text_;
  ConditionDialect dialect_;
  std::size_t at_ = 0;
  std::vector<ConditionWord> words_;
};

}  // namespace

Result<std::vector<ConditionWord>> words_of_condition(std::string_view text, ConditionDialect dialect) {
  return Cutting(text, dialect).cut();
}

}  // namespace weir
