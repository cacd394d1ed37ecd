// SPDX-License-Identifier: Apache-2.0
// A screen of cells. A program paints the whole of it each time; what goes to the terminal is only what has changed. A cell
// holds text that can be seen and nothing else: whatever is written, no escape sequence comes out that is not of this file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct Style {
  enum class Ink : std::uint8_t { Plain, Strong, Faint, Bad, Warn, Good, Accent };
  Ink ink = Ink::Plain;
  bool chosen = false;  // inverse
  bool operator==(const Style&) const = default;
};

class Canvas {
 public:
  struct Cell {
    std::string text = " ";  // a code point with what is combined with it; empty: the right half of a wide one
    Style style = {};
    bool operator==(const Cell&) const = default;
  };

  Canvas(std::size_t columns, std::size_t rows);
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const Cell& at(std::size_t row, std::size_t column) const { return cells_[row * columns_ + column]; }

  /// Writes within the row, at most `width` cells; what does not fit is cut. Gives the column behind it.
  std::size_t put(std::size_t row, std::size_t column, std::string_view text, Style style = {},
                  std::size_t width = static_cast<std::size_t>(-1));
  /// The style of a whole row, where text is and where none is.
  void choose(std::size_t row);

  /// A row without spaces at its end, for tests.
  [[nodiscard]] std::string row_text(std::size_t row) const;

 private:
  void set(std::size_t row, std::size_t column, std::string text, Style style);
  std::size_t columns_;
  std::size_t rows_;
  std::vector<Cell> cells_;
};

/// Tells a terminal what has changed since the last canvas.
class Painter {
 public:
  struct Options {
    bool color = true;
    bool unicode = true;  // false: what is not ASCII becomes `?`
  };
  explicit Painter(Options options) : options_(options) {}

  [[nodiscard]] std::string paint(const Canvas& canvas);
  /// What is on the terminal is not known: everything is painted the next time.
  void forget() { shown_ = Canvas(0, 0); }

 private:
  [[nodiscard]] std::string style_sequence(Style style) const;
  void paint_cells(const Canvas& canvas, std::size_t row, std::size_t from, std::size_t to, std::string& out);
  Options options_;
  Canvas shown_{0, 0};
};

}  // namespace weir
