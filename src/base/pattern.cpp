// SPDX-License-Identifier: Apache-2.0
// RE2 decides what is a regular expression and what it means. Most patterns of rule files are small: those run in a byte table,
// several times as fast, and RE2's own program is given back.
#include "base/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "base/pattern_table.h"
#include "base/utf8.h"

namespace weir {

namespace {

// Bounds the memory of one pattern, and with it the time of compiling the worst one: about 10 ms.
constexpr std::int64_t kProgramBytes = 2 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kProgramBytes);
  return options;
}

std::string describe(RE2::ErrorCode code, const std::string& piece) {
  switch (code) {
    case RE2::ErrorBadEscape: return "the escape `" + piece + "` has no meaning";
    case RE2::ErrorBadCharClass: return "the class `" + piece + "` has no meaning";
    case RE2::ErrorBadCharRange:
      if (piece.starts_with('[') || piece.starts_with('\\')) return "the class `" + piece + "` is not known";
      return "the range `" + piece + "` runs backwards";
    case RE2::ErrorMissingBracket: return "`[` is not closed";
    case RE2::ErrorMissingParen: return "`(` is not closed";
    case RE2::ErrorUnexpectedParen: return "`)` closes nothing";
    case RE2::ErrorTrailingBackslash: return "`\\` at the end escapes nothing";
    case RE2::ErrorRepeatArgument: return "`" + piece + "` has nothing to repeat";
    case RE2::ErrorRepeatSize: return "`" + piece + "` repeats too often or backwards";
    case RE2::ErrorRepeatOp: return "`" + piece + "` repeats a repetition";
    case RE2::ErrorBadPerlOp: return "`" + piece + "` is not supported";
    case RE2::ErrorBadUTF8: return "the bytes are not UTF-8";
    case RE2::ErrorBadNamedCapture: return "`" + piece + "` names no group";
    case RE2::ErrorPatternTooLarge: return "the pattern takes too much memory";
    default: return "the pattern cannot be compiled";
  }
}

struct Place {
  std::size_t at = 0;
  std::size_t length = 0;
};

/// The first `(` that nothing closes. Escapes and classes hide what they hold.
Place open_paren(std::string_view text) {
  std::vector<std::size_t> open;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      if (text.substr(i + 1).starts_with('^')) ++i;
      if (text.substr(i + 1).starts_with(']')) ++i;  // the first one of a class is a literal
    } else if (c == '(') {
      open.push_back(i);
    } else if (c == ')' && !open.empty()) {
      open.pop_back();
    }
  }
  return {open.empty() ? 0 : open.back(), 1};
}

Place invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!c.valid) return {at, 1};
    at += c.bytes;
  }
  return {0, text.size()};
}

/// RE2 names the faulty piece, not its place, and the same bytes may stand earlier without a fault (`\q` in `\\q\q`): the fault
/// is where the pattern, cut behind the piece, has it for the first time.
Place find_piece(std::string_view text, const std::string& piece, RE2::ErrorCode code) {
  for (std::size_t at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1)) {
    const std::string_view head = text.substr(0, at + piece.size());
    if (RE2(re2::StringPiece(head.data(), head.size()), options()).error_code() == code) return {at, piece.size()};
  }
  return {0, text.size()};
}

Place fault_place(std::string_view text, const RE2& re) {
  switch (re.error_code()) {
    case RE2::ErrorMissingParen: return open_paren(text);
    case RE2::ErrorUnexpectedParen: return find_piece(text, ")", re.error_code());
    case RE2::ErrorTrailingBackslash: return {text.size() - 1, 1};
    case RE2::ErrorBadUTF8: return invalid_utf8(text);
    case RE2::ErrorPatternTooLarge: return {0, text.size()};
    default: return re.error_arg().empty() ? Place{0, text.size()} : find_piece(text, re.error_arg(), re.error_code());
  }
}

/// What people who come from other engines look for in vain.
std::string_view help_for(const std::string& piece) {
  if (piece.starts_with("(?=") || piece.starts_with("(?!") || piece.starts_with("(?<"))
    return "RE2 has no look-around: it runs in linear time";
  const bool back_reference = piece.size() == 2 && piece[0] == '\\' && piece[1] >= '1' && piece[1] <= '9';
  if (back_reference) return "RE2 has no back-references: it runs in linear time";
  return "";
}

Error fault_in(std::string_view text, const RE2& re) {
  const Place place = fault_place(text, re);
  Error error{.message = describe(re.error_code(), re.error_arg()), .help = std::string(help_for(re.error_arg()))};
  error.where.column = static_cast<int>(place.at);
  error.where.length = static_cast<int>(std::max<std::size_t>(place.length, 1));
  return error;
}

std::optional<PatternTable> make_table(std::string_view text) {
  const std::optional<SyntaxNode> tree = parse_pattern(text);
  if (!tree) return std::nullopt;
  const std::optional<PatternAutomaton> automaton = build_automaton(*tree);
  return automaton ? PatternTable::make(*automaton) : std::nullopt;
}

}  // namespace

struct Pattern::State {
  std::string text;
  std::optional<PatternTable> table;
  std::unique_ptr<RE2> re2;  // null when there is a table
};

Result<Pattern> Pattern::compile(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    Error error{.message = "the regular expression is longer than " + std::to_string(kMaxPatternBytes) + " bytes"};
    error.where.length = static_cast<int>(text.size());
    return error;
  }
  auto re2 = std::make_unique<RE2>(re2::StringPiece(text.data(), text.size()), options());
  if (!re2->ok()) return fault_in(text, *re2);
  auto state = std::make_unique<State>(State{.text = std::string(text), .table = make_table(text), .re2 = nullptr});
  if (!state->table) state->re2 = std::move(re2);
  return Pattern(std::move(state));
}

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view subject) const noexcept {
  if (state_->table) return state_->table->matches(subject);
  return state_->re2->Match(re2::StringPiece(subject.data(), subject.size()), 0, subject.size(), RE2::UNANCHORED,
                            nullptr, 0);
}

const std::string& Pattern::text() const noexcept {
  return state_->text;
}
bool Pattern::has_table() const noexcept {
  return state_->table.has_value();
}

}  // namespace weir
