// SPDX-License-Identifier: Apache-2.0
// A template that is used by ten fields is judged ten times; what is wrong with it is told once.
#include "rules/findings.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "rules/codes.h"

namespace weir {

void Findings::add(DiagnosticLevel level, std::string_view code, SourceSpan where, std::string message, Advice advice) {
  if (level == DiagnosticLevel::Error) ++errors_;
  if (is_spoiled(where)) return;
  // A hostile file earns an error for each of its bytes; nobody reads them.
  constexpr std::size_t kEnough = 1000;
  if (diagnostics_.size() >= kEnough) return;
  diagnostics_.push_back({.level = level,
                          .error = {.message = std::move(message),
                                    .where = std::move(where),
                                    .code = std::string(code),
                                    .label = std::move(advice.label),
                                    .help = std::move(advice.help)}});
}

void Findings::error(Error error, std::string_view code, const SourceSpan& where) {
  if (error.code.empty()) error.code = code;
  if (error.where.line == 0) error.where = where;
  add(DiagnosticLevel::Error, error.code, std::move(error.where), std::move(error.message),
      {std::move(error.label), std::move(error.help)});
}

std::vector<Diagnostic> Findings::sorted() && {
  const auto place = [](const Diagnostic& d) {
    return std::tie(d.error.where.file, d.error.where.line, d.error.where.column);
  };
  const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
    // An unknown key of a template is told at its place, whichever field came upon it.
    const bool same_fault = a.error.message == b.error.message || a.error.code == codes::kUnknownKey;
    return place(a) == place(b) && a.error.code == b.error.code && same_fault;
  };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.error.where.file, a.error.where.line, a.error.where.column, a.error.code, a.error.message) <
           std::tie(b.error.where.file, b.error.where.line, b.error.where.column, b.error.code, b.error.message);
  });
  diagnostics_.erase(std::unique(diagnostics_.begin(), diagnostics_.end(), same), diagnostics_.end());
  return std::move(diagnostics_);
}

std::string backquoted(std::string_view text) {
  constexpr std::size_t kShown = 64;
  return "`" + shorten(text, kShown) + "`";
}

std::string did_you_mean(std::string_view written, const std::vector<std::string_view>& candidates) {
  const std::string_view meant = nearest(written, candidates);
  return meant.empty() ? "" : "did you mean `" + std::string(meant) + "`?";
}

std::string listed(const std::vector<std::string_view>& names) {
  constexpr std::size_t kReadable = 16;
  if (names.empty() || names.size() > kReadable) return "";
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "`" + std::string(names[i]) + "`";
  }
  return text;
}

}  // namespace weir
