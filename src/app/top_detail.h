// SPDX-License-Identifier: Apache-2.0
// Everything about one row: what a rule says, its counts, its last windows, the evidence, and what to do next. Lines of any
// length, which the screen breaks; harmless as they are.
#pragma once

#include <string>
#include <vector>

#include "app/top_table.h"
#include "terminal/canvas.h"

namespace weir {

struct TopLine {
  std::string text = {};
  Style::Ink ink = Style::Ink::Plain;
  std::size_t indent = 0;  // of the lines that follow when it is broken
};

[[nodiscard]] Style::Ink ink_of(TopState state);
/// What can be read without colour: `!` before what is red, `~` before a warning.
[[nodiscard]] char sign_of(TopState state);

[[nodiscard]] std::vector<TopLine> detail_of(const TopOverview& overview, const TopRow& row, bool unicode);
[[nodiscard]] std::vector<TopLine> help_lines();
/// Broken at spaces, at most so wide.
[[nodiscard]] std::vector<TopLine> broken(const std::vector<TopLine>& lines, std::size_t width);

}  // namespace weir
