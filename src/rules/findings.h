// SPDX-License-Identifier: Apache-2.0
// Collects everything that is wrong with a rule file: sorted by place, the same fault once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "rules/load.h"

namespace weir {

/// What stands beside the caret and below the excerpt.
struct Advice {
  std::string label = {};
  std::string help = {};
};

class Findings {
 public:
  void error(std::string_view code, SourceSpan where, std::string message, Advice advice = {}) {
    add(DiagnosticLevel::Error, code, std::move(where), std::move(message), std::move(advice));
  }
  void warning(std::string_view code, SourceSpan where, std::string message, Advice advice = {}) {
    add(DiagnosticLevel::Warning, code, std::move(where), std::move(message), std::move(advice));
  }
  /// An error from elsewhere; `code` and `where` fill what it leaves out.
  void error(Error error, std::string_view code, const SourceSpan& where);

  /// What else is wrong at this place follows from an error that was told already: further errors there are dropped.
  void spoil(const SourceSpan& where) { spoiled_.insert(key_of(where)); }
  [[nodiscard]] bool is_spoiled(const SourceSpan& where) const {
    return !spoiled_.empty() && spoiled_.contains(key_of(where));
  }

  [[nodiscard]] bool any_errors() const { return errors_ > 0; }
  /// How many errors there are so far; tells whether a step in between found one.
  [[nodiscard]] std::size_t errors() const { return errors_; }
  /// By file, line, column; without repetitions.
  [[nodiscard]] std::vector<Diagnostic> sorted() &&;

 private:
  void add(DiagnosticLevel level, std::string_view code, SourceSpan where, std::string message, Advice advice);

  static std::string key_of(const SourceSpan& where) {
    return std::to_string(where.line) + ":" + std::to_string(where.column) + ":" + where.file;
  }

  std::vector<Diagnostic> diagnostics_;
  std::unordered_set<std::string> spoiled_;
  std::size_t errors_ = 0;
};

/// `text` for a message: in backquotes, short, without control characters.
[[nodiscard]] std::string backquoted(std::string_view text);
/// "did you mean `column`?", or nothing when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view written, const std::vector<std::string_view>& candidates);
/// "`a`, `b` and `c`", or nothing when there are more than a person reads.
[[nodiscard]] std::string listed(const std::vector<std::string_view>& names);

}  // namespace weir
