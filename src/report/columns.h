// SPDX-License-Identifier: Apache-2.0
// Tables and rows of blocks in a fixed number of cells of a terminal. Texts are visible() already.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

[[nodiscard]] std::string pad_right(std::string_view text, std::size_t cells);  // the text at the left
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t cells);   // at the right: numbers
/// Without blanks at its end, with a line end.
[[nodiscard]] std::string as_line(std::string line);

/// Words of `text` behind `first`, which takes `cells`, in lines within the width, the later ones indented. A word that is longer
/// than a line has one to itself.
[[nodiscard]] std::string paragraph(std::string first, std::size_t cells, std::string_view text, std::size_t indent,
                                    std::size_t width);

/// A height for each value, between the least (`floor` at most: 0 for counts) and the most of them; what never changes is a line
/// in the middle.
[[nodiscard]] std::string sparkline(std::span<const double> values, bool unicode, double floor = INFINITY);
/// So much of `cells` as `share` (0 to 1) says.
[[nodiscard]] std::string bar(double share, std::size_t cells, bool unicode);

struct TableColumn {
  std::string head;
  bool number = false;    // stands at the right
  bool keep_end = false;  // cut at its beginning
  std::size_t least = 0;  // may be cut to so many cells; 0: never
  std::size_t worth = 1;  // twice the worth, twice the cells, where there are not enough
};

/// Whether nothing has to be cut.
[[nodiscard]] bool fits_in(const std::vector<TableColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                           std::size_t width);
/// Rows of as many texts as there are columns, within `width` cells where the columns let it: the widest for their worth give way
/// first.
[[nodiscard]] std::string table_of(const std::vector<TableColumn>& columns,
                                   const std::vector<std::vector<std::string>>& rows, std::size_t width);

}  // namespace weir
