// SPDX-License-Identifier: Apache-2.0
#include "terminal/canvas.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace weir {
namespace {

constexpr std::size_t kMostOfACell = 24;  // bytes: a letter with a few marks on it
constexpr std::size_t kBridged = 4;       // cells that stayed: writing them again is shorter than going around them

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

}  // namespace

Canvas::Canvas(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), cells_(columns * rows) {}

/// Half of a wide character is none: what is left of one becomes a space.
void Canvas::set(std::size_t row, std::size_t column, std::string text, Style style) {
  Cell& cell = cells_[row * columns_ + column];
  if (cell.text.empty() && !text.empty() && column > 0) cells_[row * columns_ + column - 1].text = " ";
  if (column + 1 < columns_ && !cell.text.empty() && cells_[row * columns_ + column + 1].text.empty())
    cells_[row * columns_ + column + 1].text = " ";
  cell = {.text = std::move(text), .style = style};
}

std::size_t Canvas::put(std::size_t row, std::size_t column, std::string_view text, Style style, std::size_t width) {
  if (row >= rows_) return column;
  const std::size_t end = width < columns_ - std::min(column, columns_) ? column + width : columns_;
  const std::size_t begin = column;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    const bool seen = point.valid && !is_control(point.value);
    const std::string_view sign = seen ? text.substr(i, point.bytes) : std::string_view("?");
    i += point.bytes;
    const std::size_t cells = display_width(sign);
    if (cells == 0) {  // combined with what stands before it
      if (column == begin) continue;
      const std::size_t back = at(row, column - 1).text.empty() ? 2 : 1;
      std::string& before = cells_[row * columns_ + column - back].text;
      if (before.size() + sign.size() <= kMostOfACell) before += sign;
      continue;
    }
    if (column + cells > end) break;
    set(row, column, std::string(sign), style);
    if (cells == 2) set(row, column + 1, "", style);
    column += cells;
  }
  return column;
}

void Canvas::choose(std::size_t row) {
  if (row >= rows_) return;
  for (std::size_t column = 0; column < columns_; ++column) cells_[row * columns_ + column].style.chosen = true;
}

std::string Canvas::row_text(std::size_t row) const {
  std::string text;
  for (std::size_t column = 0; column < columns_; ++column) text += at(row, column).text;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// Colours of the sixteen that every terminal has and that its owner has chosen; without them bold and inverse remain.
std::string Painter::style_sequence(Style style) const {
  std::string text = "\x1b[0";
  switch (style.ink) {
    case Style::Ink::Plain: break;
    case Style::Ink::Strong: text += ";1"; break;
    case Style::Ink::Faint: text += options_.color ? ";2" : ""; break;
    case Style::Ink::Bad: text += options_.color ? ";1;31" : ";1"; break;
    case Style::Ink::Warn: text += options_.color ? ";33" : ""; break;
    case Style::Ink::Good: text += options_.color ? ";32" : ""; break;
    case Style::Ink::Accent: text += options_.color ? ";36" : ""; break;
  }
  if (style.chosen) text += ";7";
  return text + "m";
}

void Painter::paint_cells(const Canvas& canvas, std::size_t row, std::size_t from, std::size_t to, std::string& out) {
  const auto go_to = [&](std::size_t column) {
    out += "\x1b[" + std::to_string(row + 1) + ";" + std::to_string(column + 1) + "H";
  };
  go_to(from);
  Style style = canvas.at(row, from).style;
  out += style_sequence(style);
  for (std::size_t column = from; column < to; ++column) {
    const Canvas::Cell& cell = canvas.at(row, column);
    if (cell.text.empty()) continue;
    if (cell.style != style) out += style_sequence(style = cell.style);
    const bool plain = cell.text.size() == 1;
    if (plain || options_.unicode) {
      out += cell.text;
    } else {
      out.append(display_width(cell.text), '?');
    }
    // Terminals do not agree on the width of everything: the cell behind it is where it has to be all the same.
    const bool is_wide = column + 1 < canvas.columns() && canvas.at(row, column + 1).text.empty();
    if (!plain && (is_wide || cell.text.size() > 4) && column + 1 < to) go_to(column + (is_wide ? 2 : 1));
  }
}

std::string Painter::paint(const Canvas& canvas) {
  std::string out;
  const bool anew = shown_.columns() != canvas.columns() || shown_.rows() != canvas.rows();
  if (anew) out += "\x1b[0m\x1b[2J";
  const Canvas blank(canvas.columns(), anew ? canvas.rows() : 0);
  const Canvas& before = anew ? blank : shown_;
  for (std::size_t row = 0; row < canvas.rows(); ++row) {
    const auto differs = [&](std::size_t column) { return canvas.at(row, column) != before.at(row, column); };
    for (std::size_t column = 0; column < canvas.columns();) {
      if (!differs(column)) {
        ++column;
        continue;
      }
      std::size_t from = column;
      while (from > 0 && canvas.at(row, from).text.empty()) --from;
      std::size_t to = ++column;
      for (std::size_t same = 0; column < canvas.columns() && same < kBridged; ++column) {
        same = differs(column) ? 0 : same + 1;
        if (same == 0) to = column + 1;
      }
      column = to;
      paint_cells(canvas, row, from, to, out);
    }
  }
  shown_ = canvas;
  if (out.empty()) return out;
  return "\x1b[?2026h" + out + "\x1b[0m\x1b[?2026l";  // at once, where the terminal knows how
}

}  // namespace weir
