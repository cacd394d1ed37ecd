// SPDX-License-Identifier: Apache-2.0
// A recursive-descent parser that writes what it reads: every rule gives the text of an expression and how tightly its
// outermost operator binds, so that brackets stand where they must and nowhere else. Depth and length are bounded.
#include "import/condition.h"

#include <algorithm>

#include "import/condition_words.h"
#include "import/words.h"

namespace weir {
namespace {

enum class Binds : std::uint8_t { Choice, Or, And, Comparison, Sum, Product, Sign, Tight };

struct Term {
  std::string text;
  Binds binds = Binds::Tight;
  bool is_literal = false;
  std::string like = {};  // of a text: its content
};

class Translation {
 public:
  Translation(std::vector<ConditionWord> words, ConditionDialect dialect)
      : words_(std::move(words)), dialect_(dialect) {}

  Result<std::string> whole() {
    Result<Term> term = disjunction();
    if (!term) return term.error();
    if (word().kind != ConditionWord::Kind::End)
      return Error{.message = "`" + word().text + "` is not understood there"};
    return std::move(term->text);
  }

 private:
  using Kind = ConditionWord::Kind;

  [[nodiscard]] const ConditionWord& word(std::size_t ahead = 0) const {
    return words_[std::min(at_ + ahead, words_.size() - 1)];
  }
  bool take_sign(std::string_view sign) {
    if (word().kind != Kind::Sign || word().text != sign) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool is_name(std::string_view name, std::size_t ahead = 0) const {
    return word(ahead).kind == Kind::Name && lower(word(ahead).text) == name;
  }
  bool take_name(std::string_view name) {
    if (!is_name(name)) return false;
    ++at_;
    return true;
  }
  static std::string at_least(const Term& term, Binds binds) {
    return term.binds >= binds ? term.text : "(" + term.text + ")";
  }
  static Error unsupported(const std::string& what) { return Error{.message = what + " has no counterpart in weir"}; }

  Result<Term> disjunction() {
    constexpr int kDeepest = 30;
    if (++depth_ > kDeepest) return Error{.message = "it is nested too deeply"};
    Result<Term> left = conjunction();
    while (left && (take_name("or") || take_sign("|") || take_sign("||"))) {
      const Result<Term> right = conjunction();
      if (!right) return right;
      left = Term{at_least(*left, Binds::Or) + " || " + at_least(*right, Binds::And), Binds::Or};
    }
    --depth_;
    return left;
  }

  Result<Term> conjunction() {
    Result<Term> left = negation();
    while (left && (take_name("and") || take_sign("&") || take_sign("&&"))) {
      const Result<Term> right = negation();
      if (!right) return right;
      left = Term{at_least(*left, Binds::And) + " && " + at_least(*right, Binds::Comparison), Binds::And};
    }
    return left;
  }

  Result<Term> negation() {
    bool no = false;
    while (take_name("not") || take_sign("~") || take_sign("!")) no = !no;
    Result<Term> term = predicate();
    if (term && no) return Term{"!" + at_least(*term, Binds::Tight), Binds::Sign};
    return term;
  }

  Result<Term> predicate() {
    Result<Term> left = sum();
    if (!left) return left;
    for (const auto& [sign, ours] : {std::pair{"==", "=="},
                                     {"=", "=="},
                                     {"!=", "!="},
                                     {"<>", "!="},
                                     {"<=", "<="},
                                     {">=", ">="},
                                     {"<", "<"},
                                     {">", ">"}}) {
      if (!take_sign(sign)) continue;
      const Result<Term> right = sum();
      if (!right) return right;
      return compared(*left, ours, *right);
    }
    if (take_name("is")) return null_question(*left);
    if (take_sign("~")) return matched(*left, false);
    const bool no = is_name("not") && take_name("not");
    if (take_name("in")) return in_list(*left, no);
    if (take_name("between")) return between(*left, no);
    if (take_name("like")) return like(*left, no, "");
    if (take_name("ilike")) return like(*left, no, "(?i)");
    if (take_name("rlike") || take_name("regexp")) return matched(*left, no);
    if (no) return Error{.message = "`not` is not understood there"};
    return left;
  }

  [[nodiscard]] Term compared(const Term& left, const std::string& sign, const Term& right) const {
    const std::string text = at_least(left, Binds::Sum) + " " + sign + " " + at_least(right, Binds::Sum);
    const bool about_null = left.text == "null" || right.text == "null";
    if (dialect_ == ConditionDialect::Pandas && sign == "!=" && right.is_literal && !about_null)
      return {at_least(left, Binds::Sum) + " == null || " + text, Binds::Or};
    return {text, Binds::Comparison};
  }

  Result<Term> null_question(const Term& left) {
    const bool no = take_name("not");
    const std::string sign = no ? " != " : " == ";
    for (const char* name : {"null", "true", "false"}) {
      if (take_name(name)) return Term{at_least(left, Binds::Sum) + sign + name, Binds::Comparison};
    }
    return unsupported("`is " + word().text + "`");
  }

  Result<Term> in_list(const Term& left, bool no) {
    const bool bracket = take_sign("[");
    if (!bracket && !take_sign("(")) return Error{.message = "a list is expected behind `in`"};
    if (is_name("select")) return unsupported("a query within the condition");
    std::string list = "[";
    while (!take_sign(bracket ? "]" : ")")) {
      if (list.size() > 1 && !take_sign(",")) return Error{.message = "the list behind `in` is not understood"};
      const Result<Term> item = sum();
      if (!item) return item;
      list += (list.size() == 1 ? "" : ", ") + item->text;
    }
    const std::string text = at_least(left, Binds::Sum) + " in " + list + "]";
    return no ? Term{"!(" + text + ")", Binds::Sign} : Term{text, Binds::Comparison};
  }

  Result<Term> between(const Term& left, bool no) {
    const Result<Term> low = sum();
    if (!low) return low;
    if (!take_name("and")) return Error{.message = "`and` is expected behind `between`"};
    const Result<Term> high = sum();
    if (!high) return high;
    const std::string field = at_least(left, Binds::Sum);
    const std::string text =
        field + " >= " + at_least(*low, Binds::Sum) + " && " + field + " <= " + at_least(*high, Binds::Sum);
    return no ? Term{"!(" + text + ")", Binds::Sign} : Term{text, Binds::And};
  }

  Result<Term> like(const Term& left, bool no, const std::string& flags) {
    if (word().kind != Kind::Text) return Error{.message = "a pattern in quotes is expected behind `like`"};
    const std::string pattern = words_[at_++].text;
    return call(left, "matches", quoted(flags + regex_of_like(pattern)), no);
  }

  Result<Term> matched(const Term& left, bool no) {
    if (word().kind != Kind::Text) return Error{.message = "a regular expression in quotes is expected"};
    const std::string pattern = words_[at_++].text;
    return call(left, "matches", quoted(pattern), no);
  }

  static Term call(const Term& of, const std::string& function, const std::string& argument, bool no) {
    const std::string text = at_least(of, Binds::Tight) + "." + function + "(" + argument + ")";
    return no ? Term{"!" + text, Binds::Sign} : Term{text, Binds::Tight};
  }

  Result<Term> sum() {
    Result<Term> left = product();
    while (left && word().kind == Kind::Sign && (word().text == "+" || word().text == "-")) {
      const std::string sign = words_[at_++].text;
      const Result<Term> right = product();
      if (!right) return right;
      left = Term{at_least(*left, Binds::Sum) + " " + sign + " " + at_least(*right, Binds::Product), Binds::Sum};
    }
    return left;
  }

  Result<Term> product() {
    Result<Term> left = unary();
    while (left && word().kind == Kind::Sign && (word().text == "*" || word().text == "/" || word().text == "%")) {
      const std::string sign = words_[at_++].text;
      const Result<Term> right = unary();
      if (!right) return right;
      left = Term{at_least(*left, Binds::Product) + " " + sign + " " + at_least(*right, Binds::Sign), Binds::Product};
    }
    return left;
  }

  Result<Term> unary() {
    bool minus = false;
    while (word().kind == Kind::Sign && (word().text == "-" || word().text == "+")) minus ^= words_[at_++].text == "-";
    Result<Term> term = postfix();
    if (term && minus) return Term{"-" + at_least(*term, Binds::Tight), Binds::Sign, term->is_literal};
    return term;
  }

  Result<Term> postfix() {
    Result<Term> term = primary();
    while (term) {
      if (take_sign("::")) {
        term = cast(*term);
      } else if (word().kind == Kind::Sign && word().text == "." && word(1).kind == Kind::Name) {
        term = member(*term);
      } else {
        break;
      }
    }
    return term;
  }

  Result<Term> cast(const Term& term) {
    const std::string type = lower(word().text);
    ++at_;
    if (take_sign("(")) {
      while (!take_sign(")")) {
        if (word().kind == Kind::End) return Error{.message = "a bracket is not closed"};
        ++at_;
      }
    }
    if (type == "date" || type.starts_with("timestamp") || type == "datetime")
      return Term{"timestamp(" + term.text + ")"};
    if (type == "int" || type == "integer" || type == "bigint") return Term{"int(" + term.text + ")"};
    if (type == "float" || type == "double" || type == "numeric" || type == "decimal" || type == "number")
      return Term{"double(" + term.text + ")"};
    if (type == "text" || type == "string" || type == "varchar") return Term{"string(" + term.text + ")"};
    return unsupported("a cast to `" + type + "`");
  }

  /// `.` behind a field: a field within it, or one of pandas' questions.
  Result<Term> member(const Term& of) {
    ++at_;
    const std::string name = words_[at_++].text;
    const std::string small = lower(name);
    if (small == "str" && word().kind == Kind::Sign && word().text == ".") return of;
    if (!take_sign("(")) return Term{of.text + "." + field_in_expression(path_of(name))};
    if (small == "isnull" || small == "isna" || small == "is_null")
      return closed({of.text + " == null", Binds::Comparison});
    if (small == "notnull" || small == "notna" || small == "is_not_null" || small == "isnotnull")
      return closed({of.text + " != null", Binds::Comparison});
    if (small == "isin" || small == "is_in") {
      Result<Term> term = in_list(of, false);
      return term ? closed(*term) : term;
    }
    for (const auto& [theirs, ours] : {std::pair{"startswith", "startsWith"},
                                       {"endswith", "endsWith"},
                                       {"contains", "matches"},
                                       {"match", "matches"}}) {
      if (small != theirs || word().kind != Kind::Text) continue;
      return closed(call(of, ours, quoted(words_[at_++].text), false));
    }
    return unsupported("`." + name + "()`");
  }

  Result<Term> closed(Term term) {
    if (!take_sign(")")) return Error{.message = "a bracket is not closed"};
    return term;
  }

  Result<Term> primary() {
    const ConditionWord now = word();
    ++at_;
    switch (now.kind) {
      case Kind::Number: return Term{now.text, Binds::Tight, true};
      case Kind::Text: return Term{quoted(now.text), Binds::Tight, true, now.text};
      case Kind::Quoted: return Term{field_in_expression(path_of(now.text))};
      case Kind::Sign:
        if (now.text == "(") {
          Result<Term> term = disjunction();
          return term ? closed(Term{term->text, term->binds, term->is_literal}) : term;
        }
        return Error{.message = "`" + now.text + "` is not understood there"};
      case Kind::Name: return named(now.text);
      case Kind::End: break;
    }
    return Error{.message = "it ends too early"};
  }

  Result<Term> named(const std::string& name) {
    const std::string small = lower(name);
    if (small == "null" || small == "none" || small == "true" || small == "false")
      return Term{small == "none" ? "null" : small, Binds::Tight, true};
    if (small == "case" || small == "select" || small == "exists" || small == "interval" || small == "current_date" ||
        small == "current_timestamp")
      return unsupported("`" + name + "`");
    if ((small == "date" || small == "timestamp") && word().kind == Kind::Text)
      return Term{quoted(words_[at_++].text), Binds::Tight, true};
    if (!take_sign("(")) return Term{field_in_expression(path_of(name))};
    return function(name, small);
  }

  Result<Term> function(const std::string& name, const std::string& small) {
    if (small == "col" || small == "column") {
      if (word().kind != Kind::Text && word().kind != Kind::Quoted) return unsupported("`" + name + "` of this");
      return closed(Term{field_in_expression(path_of(words_[at_++].text))});
    }
    std::vector<Term> terms;
    while (!take_sign(")")) {
      if (!terms.empty() && !take_sign(",")) return unsupported("`" + name + "()` as it stands here");
      Result<Term> term = disjunction();
      if (!term) return term;
      terms.push_back(*std::move(term));
    }
    if (terms.size() == 1) {
      const std::string inside = at_least(terms[0], Binds::Tight);
      if (small == "lower") return Term{inside + ".lowerAscii()"};
      if (small == "upper") return Term{inside + ".upperAscii()"};
      if (small == "trim") return Term{inside + ".trim()"};
      if (small == "length" || small == "len" || small == "char_length" || small == "character_length")
        return Term{"size(" + terms[0].text + ")"};
      if (small == "abs") return Term{"abs(" + terms[0].text + ")"};
      if (small == "date" || small == "to_date" || small == "timestamp")
        return Term{"timestamp(" + terms[0].text + ")"};
    }
    if (terms.size() == 2) {
      const std::string inside = at_least(terms[0], Binds::Tight);
      if (small == "coalesce" || small == "ifnull" || small == "nvl")
        return Term{"(" + terms[0].text + " != null ? " + terms[0].text + " : " + terms[1].text + ")"};
      if (small == "mod") return Term{inside + " % " + at_least(terms[1], Binds::Tight), Binds::Product};
      if (!terms[1].like.empty()) {
        if (small == "regexp_like" || small == "regexp_contains" || small == "rlike" || small == "regexp_matches")
          return Term{inside + ".matches(" + terms[1].text + ")"};
        if (small == "starts_with" || small == "startswith") return Term{inside + ".startsWith(" + terms[1].text + ")"};
        if (small == "ends_with" || small == "endswith") return Term{inside + ".endsWith(" + terms[1].text + ")"};
        if (small == "contains") return Term{inside + ".contains(" + terms[1].text + ")"};
      }
    }
    return unsupported("`" + name + "()`");
  }

  std::vector<ConditionWord> words_;
  ConditionDialect dialect_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<std::string> translate_condition(std::string_view text, ConditionDialect dialect) {
  Result<std::vector<ConditionWord>> words = words_of_condition(text, dialect);
  if (!words) return words.error();
  return Translation(*std::move(words), dialect).whole();
}

}  // namespace weir
