// SPDX-License-Identifier: Apache-2.0
#include "base/pattern_syntax.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace weir {

CodePointSet::CodePointSet(std::initializer_list<CodePointRange> ranges) {
  for (const CodePointRange& range : ranges) add(range);
}

void CodePointSet::add(CodePointRange range) {
  const auto before = [&range](const CodePointRange& other) { return other.last + 1 < range.first; };
  auto at = std::partition_point(ranges_.begin(), ranges_.end(), before);
  auto end = at;
  for (; end != ranges_.end() && end->first <= range.last + 1; ++end) {
    range.first = std::min(range.first, end->first);
    range.last = std::max(range.last, end->last);
  }
  at = ranges_.erase(at, end);
  ranges_.insert(at, range);
}

void CodePointSet::add(const CodePointSet& other) {
  for (const CodePointRange& range : other.ranges_) add(range);
}

bool CodePointSet::fold_case() {
  const std::vector<CodePointRange> ranges = ranges_;
  for (const CodePointRange& range : ranges) {
    if (range.last >= 0x80) return false;
    for (char32_t c = range.first; c <= range.last; ++c) {
      if (c >= 'A' && c <= 'Z') add({c + 32, c + 32});
      if (c >= 'a' && c <= 'z') add({c - 32, c - 32});
      // Two letters beyond ASCII are cases of ASCII letters: the long s and the Kelvin sign.
      if (c == 's' || c == 'S') add({0x17F, 0x17F});
      if (c == 'k' || c == 'K') add({0x212A, 0x212A});
    }
  }
  return true;
}

CodePointSet CodePointSet::complement() const {
  CodePointSet out;
  char32_t next = 0;
  for (const CodePointRange& range : ranges_) {
    if (range.first > next) out.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLast) out.ranges_.push_back({next, kLast});
  return out;
}

namespace {

constexpr int kMostRepeats = 1000;  // RE2's own limit
constexpr int kDeepest = 200;       // groups in groups: the parser recurses

/// A set of ASCII characters as pairs of first and last: "09af" is [0-9a-f].
CodePointSet ascii_set(std::string_view pairs) {
  CodePointSet set;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    set.add({static_cast<unsigned char>(pairs[i]), static_cast<unsigned char>(pairs[i + 1])});
  }
  return set;
}

struct NamedSet {
  std::string_view name;
  std::string_view pairs;
};

using namespace std::string_view_literals;

constexpr std::string_view kDigits = "09";
constexpr std::string_view kSpaces = "\t\n\f\r  ";  // without \v, as in Perl
constexpr std::string_view kWords = "09AZ__az";

constexpr NamedSet kNamedSets[] = {
    {"alnum", "09AZaz"}, {"alpha", "AZaz"}, {"ascii", "\0\x7F"sv}, {"blank", "\t\t  "},  {"cntrl", "\0\x1F\x7F\x7F"sv},
    {"digit", "09"},     {"graph", "!~"},   {"lower", "az"},       {"print", " ~"},      {"punct", "!/:@[`{~"},
    {"space", "\t\r  "}, {"upper", "AZ"},   {"word", "09AZ__az"},  {"xdigit", "09AFaf"},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Recursive descent. `given_up_` is set at the first thing that is not known; from then on results mean nothing.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<SyntaxNode> parse() {
    SyntaxNode root = choice();
    if (given_up_ || at_ != text_.size()) return std::nullopt;
    return root;
  }

 private:
  struct Flags {
    bool fold_case = false;
    bool dot_is_any = false;
  };
  struct Repeat {
    int least = 0;
    int most = SyntaxNode::kNoLimit;
  };

  [[nodiscard]] bool more() const { return at_ < text_.size() && !given_up_; }
  [[nodiscard]] bool next_is(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool take(std::string_view what) {
    if (!next_is(what)) return false;
    at_ += what.size();
    return true;
  }
  SyntaxNode give_up() {
    given_up_ = true;
    return {};
  }

  SyntaxNode choice();
  SyntaxNode sequence();
  SyntaxNode atom();
  SyntaxNode group();
  SyntaxNode escape();
  SyntaxNode bracket();
  [[nodiscard]] bool at_bare_flags() const;
  void read_flags();
  std::optional<Repeat> read_repeat();
  std::optional<int> read_count();
  char32_t read_code_point();
  char32_t read_escaped();
  char32_t read_hex();
  std::optional<CodePointSet> read_perl_set();
  CodePointSet read_named_set();
  CodePointSet folded(CodePointSet set) {
    if (flags_.fold_case && !set.fold_case()) given_up_ = true;
    return set;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Flags flags_;
  int depth_ = 0;
  bool given_up_ = false;
};

SyntaxNode set_node(CodePointSet set) {
  return {.kind = SyntaxNode::Kind::Set, .set = std::move(set)};
}

SyntaxNode Parser::choice() {
  SyntaxNode node{.kind = SyntaxNode::Kind::Choice};
  do {
    node.parts.push_back(sequence());
  } while (more() && take("|"));
  if (node.parts.size() > 1) return node;
  SyntaxNode only = std::move(node.parts[0]);
  return only;
}

SyntaxNode Parser::sequence() {
  SyntaxNode node{.kind = SyntaxNode::Kind::Sequence};
  while (more() && text_[at_] != '|' && text_[at_] != ')') {
    if (at_bare_flags()) {
      read_flags();
      if (read_repeat()) return give_up();  // what stands before the flags would be repeated
      continue;
    }
    SyntaxNode part = atom();
    if (const std::optional<Repeat> times = read_repeat()) {
      SyntaxNode whole{.kind = SyntaxNode::Kind::Repeat, .least = times->least, .most = times->most};
      whole.parts.push_back(std::move(part));
      part = std::move(whole);
    }
    node.parts.push_back(std::move(part));
  }
  return node;
}

SyntaxNode Parser::atom() {
  switch (text_[at_]) {
    case '(': return group();
    case '[': return bracket();
    case '\\': return escape();
    case '*':
    case '+':
    case '?': return give_up();
    case '^': ++at_; return {.kind = SyntaxNode::Kind::TextBegin};
    case '$': ++at_; return {.kind = SyntaxNode::Kind::TextEnd};
    case '.': {
      ++at_;
      const CodePointSet left_out = flags_.dot_is_any ? CodePointSet{} : CodePointSet{{'\n', '\n'}};
      return set_node(left_out.complement());
    }
    default: {
      const char32_t c = read_code_point();
      return set_node(folded(CodePointSet{{c, c}}));
    }
  }
}

SyntaxNode Parser::group() {
  const Flags outer = flags_;
  if (take("(?P<")) {
    at_ = std::min(text_.find('>', at_), text_.size() - 1) + 1;
  } else if (next_is("(?")) {
    read_flags();
  } else {
    ++at_;
  }
  if (++depth_ > kDeepest) return give_up();
  SyntaxNode inside = choice();
  --depth_;
  if (!take(")")) given_up_ = true;
  flags_ = outer;
  return inside;
}

/// `(?i)` as opposed to `(?i:`: the flags hold up to the end of the group that they stand in.
bool Parser::at_bare_flags() const {
  if (!next_is("(?")) return false;
  const std::size_t end = text_.find_first_not_of("imsU-", at_ + 2);
  return end != std::string_view::npos && text_[end] == ')';
}

/// Reads `(?flags)` or `(?flags:`.
void Parser::read_flags() {
  bool on = true;
  for (at_ += 2; more(); ++at_) {
    switch (text_[at_]) {
      case 'i': flags_.fold_case = on; break;
      case 's': flags_.dot_is_any = on; break;
      case 'U': break;  // greedy or not changes where a match ends, never whether there is one
      case '-': on = false; break;
      case ':':
      case ')': ++at_; return;
      default: given_up_ = true;
    }
  }
}

SyntaxNode Parser::escape() {
  if (const std::optional<CodePointSet> set = read_perl_set()) return set_node(*set);
  if (take("\\A")) return {.kind = SyntaxNode::Kind::TextBegin};
  if (take("\\z")) return {.kind = SyntaxNode::Kind::TextEnd};
  const char32_t c = read_code_point();
  return set_node(folded(CodePointSet{{c, c}}));
}

SyntaxNode Parser::bracket() {
  ++at_;
  const bool negated = take("^");
  CodePointSet set;
  for (bool first = true; more() && (first || text_[at_] != ']'); first = false) {
    if (next_is("[:") && text_.find(":]", at_ + 2) != std::string_view::npos) {
      set.add(read_named_set());
    } else if (const std::optional<CodePointSet> perl = read_perl_set()) {
      set.add(*perl);
    } else {
      const char32_t from = read_code_point();
      char32_t to = from;
      if (next_is("-") && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        to = read_code_point();
      }
      if (to < from) return give_up();
      set.add(folded(CodePointSet{{from, to}}));
    }
  }
  if (!take("]")) return give_up();
  return set_node(negated ? set.complement() : std::move(set));
}

/// `\d \s \w` and their opposites, when one stands here.
std::optional<CodePointSet> Parser::read_perl_set() {
  if (!next_is("\\") || at_ + 1 >= text_.size()) return std::nullopt;
  const char letter = text_[at_ + 1];
  std::string_view pairs;
  if (letter == 'd' || letter == 'D') pairs = kDigits;
  if (letter == 's' || letter == 'S') pairs = kSpaces;
  if (letter == 'w' || letter == 'W') pairs = kWords;
  if (pairs.empty()) return std::nullopt;
  at_ += 2;
  const bool negated = letter < 'a';
  const CodePointSet set = folded(ascii_set(pairs));
  return negated ? set.complement() : set;
}

/// `[:alpha:]` or `[:^alpha:]`.
CodePointSet Parser::read_named_set() {
  at_ += 2;
  const bool negated = take("^");
  const std::size_t end = text_.find(":]", at_);
  const std::string_view name = text_.substr(at_, end - at_);
  at_ = end + 2;
  for (const NamedSet& known : kNamedSets) {
    if (known.name != name) continue;
    const CodePointSet set = folded(ascii_set(known.pairs));
    return negated ? set.complement() : set;
  }
  given_up_ = true;
  return {};
}

/// A code point as it stands here, or the one that an escape names.
char32_t Parser::read_code_point() {
  if (!more()) {
    given_up_ = true;
    return 0;
  }
  if (take("\\")) return read_escaped();
  const CodePoint c = code_point_at(text_, at_);
  at_ += c.bytes;
  if (!c.valid) given_up_ = true;
  return c.value;
}

/// What stands behind a backslash, for one code point.
char32_t Parser::read_escaped() {
  const char c = at_ < text_.size() ? text_[at_++] : 'C';  // \C, any byte, is one of the escapes left to RE2
  switch (c) {
    case 'a': return '\a';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case 'x': return read_hex();
    default: break;
  }
  const bool punctuation = c > 0 && !is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
  if (!punctuation) given_up_ = true;
  return static_cast<unsigned char>(c);
}

/// `41` or `{1F600}`.
char32_t Parser::read_hex() {
  const bool braces = take("{");
  char32_t value = 0;
  for (std::size_t digits = 0; braces ? !take("}") : digits < 2; ++digits) {
    const int digit = at_ < text_.size() ? hex_value(text_[at_++]) : -1;
    if (digit < 0 || digits > 8) {
      given_up_ = true;
      return 0;
    }
    value = value * 16 + static_cast<char32_t>(digit);
  }
  if (value > CodePointSet::kLast) given_up_ = true;
  return value;
}

/// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, each lazy or not. A brace that begins no such thing is a literal.
std::optional<Parser::Repeat> Parser::read_repeat() {
  if (!more()) return std::nullopt;
  Repeat out;
  if (take("+")) {
    out.least = 1;
  } else if (take("?")) {
    out.most = 1;
  } else if (!take("*")) {
    const std::size_t before = at_;
    const std::optional<int> least = take("{") ? read_count() : std::nullopt;
    std::optional<int> most = least;
    if (least && take(",")) most = next_is("}") ? SyntaxNode::kNoLimit : read_count();
    if (!most || !take("}")) {
      at_ = before;
      return std::nullopt;
    }
    out = {.least = *least, .most = *most};
    const bool refused = out.least > kMostRepeats || out.most > kMostRepeats || (out.most >= 0 && out.most < out.least);
    if (refused) given_up_ = true;
  }
  take("?");
  return out;
}

/// Digits without a leading zero.
std::optional<int> Parser::read_count() {
  const std::size_t begin = at_;
  int value = 0;
  while (at_ < text_.size() && is_digit(text_[at_]) && at_ - begin < 6) value = value * 10 + (text_[at_++] - '0');
  if (at_ == begin || (at_ - begin > 1 && text_[begin] == '0')) return std::nullopt;
  return value;
}

}  // namespace

std::optional<SyntaxNode> parse_pattern(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace weir
