// SPDX-License-Identifier: Apache-2.0
// Diagnostics as a terminal shows them: the line of the file, a caret under the fault, and what to do.
//
//   error[W104]: unknown key `colum` in check `unique`
//     --> rules/orders.yml:14:7
//      |
//   14 |       colum: amount
//      |       ^^^^^ did you mean `column`?
//      = see: weir explain W104
//
// Places count bytes; a caret counts the cells of a terminal, so a line is measured before it is underlined.
#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "rules/load.h"

namespace weir {
namespace {

constexpr std::size_t kMostShown = 20;  // a person mends these first
constexpr std::size_t kTabStop = 4;
constexpr std::size_t kLineCells = 120;   // a longer line is cut around the fault
constexpr std::size_t kCellsBefore = 40;  // what stays to the left of the fault then

struct Colors {
  std::string_view error, warning, frame, bold, none;
};
constexpr Colors kPlain{};
constexpr Colors kAnsi{"\033[1;31m", "\033[1;33m", "\033[1;34m", "\033[1m", "\033[0m"};

std::string_view line_of(std::string_view text, int number) {
  std::size_t begin = 0;
  for (int line = 1; line < number; ++line) {
    const std::size_t newline = text.find('\n', begin);
    if (newline == std::string_view::npos) return {};
    begin = newline + 1;
  }
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// `text` as it may be printed, tabs as spaces; `cells` is where it begins on its line.
std::string printable(std::string_view text, std::size_t cells) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0U) == 0x80U) ++size;
    if (text[at] == '\t') {
      out.append(kTabStop - (cells + display_width(out)) % kTabStop, ' ');
    } else {
      out += shorten(text.substr(at, size), 12);
    }
    at += size;
  }
  return out;
}

struct Excerpt {
  std::string line;
  std::size_t before = 0;  // cells left of the caret
  std::size_t under = 1;   // cells of the caret
};

Excerpt excerpt_of(std::string_view line, const SourceSpan& where) {
  const std::size_t begin = std::min(static_cast<std::size_t>(std::max(where.column, 1)) - 1, line.size());
  const std::size_t length = std::min(static_cast<std::size_t>(std::max(where.length, 1)), line.size() - begin);
  // Only what can be seen is made printable: a line may be a megabyte long.
  std::size_t from = begin > kLineCells - kCellsBefore ? begin - kCellsBefore : 0;
  std::size_t to = std::min(line.size(), from + kLineCells);
  const auto is_continuation = [&](std::size_t at) {
    return at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U;
  };
  while (from > 0 && is_continuation(from)) --from;
  while (is_continuation(to)) ++to;

  Excerpt excerpt;
  if (from > 0) excerpt.line = "… ";
  excerpt.line += printable(line.substr(from, begin - from), display_width(excerpt.line));
  excerpt.before = display_width(excerpt.line);
  const std::size_t end = std::max(begin, std::min(begin + length, to));
  excerpt.line += printable(line.substr(begin, end - begin), excerpt.before);
  excerpt.under = std::max<std::size_t>(1, display_width(excerpt.line) - excerpt.before);
  excerpt.line += printable(line.substr(end, std::max(end, to) - end), display_width(excerpt.line));
  if (to < line.size()) excerpt.line += " …";
  return excerpt;
}

std::string render_one(const Diagnostic& diagnostic, const std::map<std::string, std::string>& sources,
                       const Colors& colors) {
  const Error& error = diagnostic.error;
  const bool is_error = diagnostic.level == DiagnosticLevel::Error;
  const auto painted = [&](std::string_view color, std::string_view text) {
    return std::string(color) + std::string(text) + std::string(color.empty() ? "" : colors.none);
  };
  const std::string_view color = is_error ? colors.error : colors.warning;
  const std::string kind = (is_error ? "error" : "warning") + (error.code.empty() ? "" : "[" + error.code + "]");
  std::string out = painted(color, kind) + painted(colors.bold, ": " + visible(error.message)) + "\n";

  const SourceSpan& where = error.where;
  const auto source = sources.find(where.file);
  const bool has_line = where.line > 0 && source != sources.end();
  const std::string number = has_line ? std::to_string(where.line) : "";
  const std::string margin(has_line ? number.size() : 1, ' ');
  if (!where.file.empty()) {
    std::string place = visible(where.file);
    const std::string_view line = has_line ? line_of(source->second, where.line) : std::string_view();
    const std::size_t before = std::min(static_cast<std::size_t>(std::max(where.column, 1)) - 1, line.size());
    // Editors count characters.
    const std::size_t column =
        has_line ? code_points(line.substr(0, before)) + 1 : static_cast<std::size_t>(std::max(where.column, 1));
    if (where.line > 0) place += ":" + std::to_string(where.line) + ":" + std::to_string(column);
    out += margin + painted(colors.frame, "-->") + " " + place + "\n";
    if (has_line) {
      const Excerpt excerpt = excerpt_of(line, where);
      const std::string caret =
          std::string(excerpt.under, '^') + (error.label.empty() ? "" : " " + visible(error.label));
      out += margin + painted(colors.frame, " |") + "\n";
      out += painted(colors.frame, number + " |") + (excerpt.line.empty() ? "" : " " + excerpt.line) + "\n";
      out +=
          margin + painted(colors.frame, " |") + " " + std::string(excerpt.before, ' ') + painted(color, caret) + "\n";
    }
  }
  const auto note = [&](std::string_view name, std::string_view text) {
    out += margin + painted(colors.frame, " =") + " " + std::string(name) + ": " + visible(text) + "\n";
  };
  if (!has_line && !error.label.empty()) note("note", error.label);
  if (!error.help.empty()) note("help", error.help);
  if (!error.code.empty()) note("see", "weir explain " + error.code);
  return out;
}

}  // namespace

std::string render(const std::vector<Diagnostic>& diagnostics, const std::map<std::string, std::string>& sources,
                   bool color) {
  // Errors first in what is shown when not everything is: a warning must not push out the reason of the refusal.
  std::vector<const Diagnostic*> shown;
  for (const DiagnosticLevel level : {DiagnosticLevel::Error, DiagnosticLevel::Warning}) {
    for (const Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.level == level && shown.size() < kMostShown) shown.push_back(&diagnostic);
    }
  }
  std::sort(shown.begin(), shown.end());  // back into the order of the file: they lie in one vector
  std::string out;
  for (const Diagnostic* diagnostic : shown) {
    if (!out.empty()) out += "\n";
    out += render_one(*diagnostic, sources, color ? kAnsi : kPlain);
  }
  if (shown.size() < diagnostics.size()) out += "\nand " + with_commas(diagnostics.size() - shown.size()) + " more\n";
  return out;
}

}  // namespace weir
