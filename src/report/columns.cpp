// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <algorithm>
#include <cmath>

#include "base/escape.h"
#include "base/text.h"

namespace weir {

namespace {

constexpr std::size_t kGap = 2;  // cells between columns

std::vector<std::size_t> natural_cells(const std::vector<TableColumn>& columns,
                                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> cells;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t widest = display_width(columns[i].head);
    for (const std::vector<std::string>& row : rows) widest = std::max(widest, display_width(row[i]));
    cells.push_back(widest);
  }
  return cells;
}

std::size_t total_of(const std::vector<std::size_t>& cells) {
  std::size_t total = kGap * (cells.size() - 1);
  for (const std::size_t cell : cells) total += cell;
  return total;
}

/// Takes from the widest column that may be cut, cell by cell, until the table fits.
void narrow(const std::vector<TableColumn>& columns, std::vector<std::size_t>& cells, std::size_t width) {
  std::size_t total = total_of(cells);
  while (total > width) {
    std::size_t widest = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].least == 0 || cells[i] <= columns[i].least) continue;
      if (widest == columns.size() || cells[i] * columns[widest].worth > cells[widest] * columns[i].worth) widest = i;
    }
    if (widest == columns.size()) return;
    --cells[widest];
    --total;
  }
}

}  // namespace

std::string pad_right(std::string_view text, std::size_t cells) {
  const std::size_t width = display_width(text);
  return std::string(text) + std::string(width < cells ? cells - width : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t cells) {
  const std::size_t width = display_width(text);
  return std::string(width < cells ? cells - width : 0, ' ') + std::string(text);
}

std::string as_line(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string paragraph(std::string first, std::size_t cells, std::string_view text, std::size_t indent,
                      std::size_t width) {
  std::string out;
  std::string current = std::move(first);
  bool empty = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t wide = display_width(word);
    if (!empty && cells + 1 + wide > width) {
      out += as_line(std::move(current));
      current.assign(indent, ' ');
      cells = indent;
      empty = true;
    }
    if (!empty) current += ' ';
    current += word;
    cells += wide + (empty ? 0 : 1);
    empty = false;
    at = end + 1;
  }
  return out + as_line(std::move(current));
}

std::string sparkline(std::span<const double> values, bool unicode, double floor) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr const char* kSigns[] = {"_", ".", "-", "~", "=", "+", "*", "#"};
  double least = floor;
  double most = -INFINITY;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  std::string line;
  for (const double value : values) {
    if (std::isfinite(floor) && value == floor) {  // nothing has no height, so that few can be told from none
      line += unicode ? "·" : " ";
      continue;
    }
    double height = least < most ? (value / 2 - least / 2) / (most / 2 - least / 2) : 0.5;
    if (std::isinf(value)) height = value > 0 ? 1 : 0;
    const auto level = static_cast<std::size_t>(std::lround(std::clamp(height, 0.0, 1.0) * 7));
    line += unicode ? kBlocks[level] : kSigns[level];
  }
  return line;
}

std::string bar(double share, std::size_t cells, bool unicode) {
  std::string blocks;
  const auto filled = static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(cells)));
  for (std::size_t i = 0; i < filled; ++i) blocks += unicode ? "█" : "#";
  return blocks;
}

bool fits_in(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows,
             std::size_t width) {
  return total_of(natural_cells(columns, rows)) <= width;
}

std::string table_of(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                     std::size_t width) {
  std::vector<std::size_t> cells = natural_cells(columns, rows);
  narrow(columns, cells, width);
  std::string out;
  const auto write = [&](const auto& text_of) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string& text = text_of(i);
      const std::string cut = columns[i].keep_end ? fit_end(text, cells[i]) : fit(text, cells[i]);
      if (i > 0) line.append(kGap, ' ');
      line += columns[i].number ? pad_left(cut, cells[i]) : pad_right(cut, cells[i]);
    }
    out += as_line(std::move(line));
  };
  write([&](std::size_t i) -> const std::string& { return columns[i].head; });
  for (const std::vector<std::string>& row : rows) write([&](std::size_t i) -> const std::string& { return row[i]; });
  return out;
}

}  // namespace weir
