// SPDX-License-Identifier: Apache-2.0
// Patterns run in RE2: linear time, bounded memory, no surprise from a pattern that somebody pasted.
#include "base/pattern.h"

#include <re2/re2.h>

namespace weir {

namespace {

constexpr std::int64_t kProgramBytes = 8 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kProgramBytes);
  return options;
}

// RE2 names the faulty piece of the pattern; its place is where that piece stands.
Error fault_in(std::string_view text, const RE2& re) {
  const std::string piece = re.error_arg();
  const std::size_t at = piece.empty() ? 0 : text.find(piece);
  Error error{.message = "this is no regular expression: " + re.error()};
  error.where.column = at == std::string_view::npos ? 0 : static_cast<int>(at);
  error.where.length = piece.empty() || at == std::string_view::npos ? static_cast<int>(text.size()) : static_cast<int>(piece.size());
  return error;
}

}  // namespace

struct Pattern::State {
  explicit State(std::string_view pattern) : text(pattern), re2(text, options()) {}
  std::string text;
  RE2 re2;
};

Result<Pattern> Pattern::compile(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    Error error{.message = "the regular expression is longer than " + std::to_string(kMaxPatternBytes) + " bytes"};
    error.where.length = static_cast<int>(text.size());
    return error;
  }
  auto state = std::make_unique<State>(text);
  if (!state->re2.ok()) return fault_in(text, state->re2);
  return Pattern(std::move(state));
}

Pattern::Pattern(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::matches(std::string_view subject) const noexcept {
  return state_->re2.Match(re2::StringPiece(subject.data(), subject.size()), 0, subject.size(), RE2::UNANCHORED, nullptr, 0);
}

const std::string& Pattern::text() const noexcept { return state_->text; }
bool Pattern::has_table() const noexcept { return false; }

}  // namespace weir
