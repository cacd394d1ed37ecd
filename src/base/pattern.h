// SPDX-License-Identifier: Apache-2.0
// A regular expression with RE2's meaning, in linear time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

/// Searches: finds anywhere in the text, anchors are the author's. Patterns that fit a small byte table run in one; the rest
/// run in RE2. Immutable, shared by threads.
class Pattern {
 public:
  static constexpr std::size_t kMaxPatternBytes = 1024;
  static constexpr std::size_t kMaxSubjectBytes = 1 << 20;

  /// The error's column is the 0-based byte offset of the fault within `text` (in `where.column`), its length in `where.length`.
  static Result<Pattern> compile(std::string_view text);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  [[nodiscard]] bool matches(std::string_view subject) const noexcept;
  [[nodiscard]] const std::string& text() const noexcept;
  /// Whether matches() runs in the byte table (for tests and benchmarks).
  [[nodiscard]] bool has_table() const noexcept;

 private:
  struct State;
  explicit Pattern(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir
