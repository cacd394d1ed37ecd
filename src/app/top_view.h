// SPDX-License-Identifier: Apache-2.0
// The screen of `weir top` as a value: what has been looked at, what keys have made of it, and how that is painted. It knows
// no terminal and no clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/top_detail.h"
#include "app/top_table.h"
#include "terminal/canvas.h"
#include "terminal/keys.h"

namespace weir {

enum class TopAct : std::uint8_t { None, Quit, Interrupt, Suspend, Redraw };

class TopView {
 public:
  struct Options {
    std::size_t instances = 1;
    std::size_t sort = 0;
    std::string filter = {};
    bool unicode = true;
  };
  explicit TopView(Options options);

  [[nodiscard]] TopAct press(const KeyPress& key);
  /// A new look; while the screen stands it waits.
  void show(TopOverview overview);
  [[nodiscard]] TopWish wish() const;
  void paint(Canvas& canvas);

 private:
  void press_in_table(const KeyPress& key);
  void press_in_page(const KeyPress& key);
  void press_while_typing(const KeyPress& key);
  void press_letter(char letter);
  void choose(std::size_t row);
  void move(std::ptrdiff_t by);
  void go_to(TopTab tab);
  void lay_out();

  void paint_head(Canvas& canvas) const;
  void paint_tabs(Canvas& canvas) const;
  void paint_table(Canvas& canvas);
  void paint_row(Canvas& canvas, std::size_t at, const TopRow& row, const std::vector<std::size_t>& widths) const;
  void paint_chosen(Canvas& canvas, std::size_t at) const;
  void paint_page(Canvas& canvas, const std::vector<TopLine>& lines);
  void paint_foot(Canvas& canvas) const;
  [[nodiscard]] std::string counted_instances() const;
  [[nodiscard]] static std::string short_count_rate(const std::optional<double>& rate);
  [[nodiscard]] std::string shown(std::string text) const;
  [[nodiscard]] std::string_view empty_words() const;

  Options options_;
  std::optional<TopOverview> overview_;
  std::optional<TopOverview> waiting_;  // that came while the screen stood
  TopTab tab_ = TopTab::Rules;
  TopTable table_;  // of tab_, sorted and filtered
  std::size_t sort_;
  bool reversed_ = false;
  std::string filter_;
  std::optional<std::string> typed_;  // of a filter that is being typed
  bool stands_ = false;
  bool helps_ = false;
  std::optional<TopRow> opened_;
  std::size_t chosen_ = 0;
  std::string chosen_id_;  // empty: nobody has chosen: the first row, whatever it is
  std::size_t top_ = 0;    // the first row, or the first line of a page, that is shown
  std::size_t page_rows_ = 10;
};

}  // namespace weir
