// SPDX-License-Identifier: Apache-2.0
// From top to bottom: who answers and how much passes; what is wrong, in words; the views; the table; the whole reason of
// the row that is chosen; the keys.
#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "app/top_view.h"
#include "base/escape.h"
#include "base/text.h"

namespace weir {
namespace {

using Ink = Style::Ink;

constexpr std::size_t kTableRow = 3;    // of the columns' titles
constexpr std::size_t kChosenRows = 2;  // for the whole reason
constexpr std::size_t kRowsForAll = 14;
constexpr std::size_t kStateColumn = 3;
constexpr std::size_t kCellsColumn = 10;
constexpr std::size_t kGap = 2;
constexpr std::size_t kReasonLeast = 22;
constexpr std::size_t kLeastColumns = 30;
constexpr std::size_t kLeastRows = 7;

/// Pieces as long as they fit, the first ones first.
std::size_t put_pieces(Canvas& canvas, std::size_t row, std::size_t column, std::size_t end,
                       const std::vector<std::pair<std::string, Style>>& pieces) {
  for (const auto& [text, style] : pieces) {
    if (text.empty()) continue;
    if (column + display_width(text) > end) break;
    column = canvas.put(row, column, text, style) + kGap;
  }
  return column;
}

bool says_nothing(const TopTable& table, std::size_t column) {
  if (table.columns[column].title != "STREAM" || column == 0) return false;
  std::set<std::string_view> texts;
  for (const TopRow& row : table.rows) {
    if (!row.cells[column].text.empty()) texts.insert(row.cells[column].text);
  }
  return texts.size() < 2;
}

/// Cells for each column, 0 for one that is left out; the reason takes the rest.
std::vector<std::size_t> widths_of(const TopTable& table, std::size_t room) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TopColumn& column = table.columns[i];
    std::size_t width = std::max(column.least, display_width(column.title));
    for (const TopRow& row : table.rows) width = std::max(width, display_width(row.cells[i].text));
    widths.push_back(says_nothing(table, i) ? 0 : std::min(width, column.most));
  }
  const auto used = [&] {
    std::size_t sum = 0;
    for (const std::size_t width : widths) sum += width == 0 ? 0 : width + kGap;
    return sum;
  };
  while (used() + kReasonLeast > room) {
    std::size_t out = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) {
      if (widths[i] > 0 && table.columns[i].rank > (out == 0 ? 0 : table.columns[out].rank)) out = i;
    }
    const std::size_t too_many = used() + kReasonLeast - room;
    if (widths[0] >= table.columns[0].least + too_many) {
      widths[0] -= too_many;
    } else if (out > 0) {
      widths[out] = 0;
    } else {
      widths[0] = std::min(widths[0], table.columns[0].least);
      break;
    }
  }
  return widths;
}

}  // namespace

void TopView::paint_head(Canvas& canvas) const {
  canvas.put(0, 1, "weir top", {.ink = Ink::Strong});
  if (!overview_) {
    canvas.put(0, 11, "asking " + counted_instances() + " ...", {.ink = Ink::Faint});
    return;
  }
  const TopSum sum = sum_up(*overview_);
  const std::string time = clock_words(overview_->now) + " UTC";
  const std::size_t end = canvas.columns() > 40 ? canvas.columns() - time.size() - 3 : canvas.columns();
  const bool all_answer = sum.away == 0;
  put_pieces(canvas, 0, 11, end,
             {{std::to_string(overview_->answering()) + " of " + counted_instances(),
               {.ink = all_answer ? Ink::Plain : Ink::Bad}},
              {short_rate(sum.records_rate) == "-" ? "" : short_count_rate(sum.records_rate), {}},
              {sum.lags_known == 0 ? "" : "lag " + short_count(sum.lag), {}},
              {sum.quarantined_rate ? "aside " + short_rate(sum.quarantined_rate) : "", {}}});
  if (canvas.columns() > 40) canvas.put(0, canvas.columns() - time.size() - 1, time, {.ink = Ink::Faint});
  const Ink ink = sum.red() > 0 ? Ink::Bad : sum.warned > 0 ? Ink::Warn : Ink::Good;
  const char sign = sum.red() > 0 ? '!' : sum.warned > 0 ? '~' : ' ';
  canvas.put(1, 1, std::string(1, sign), {.ink = ink});
  const std::string alerts = words_of_alerts(*overview_);
  const bool told = std::any_of(overview_->alerts.begin(), overview_->alerts.end(),
                                [](const TopAlert& alert) { return !alert.silenced; });
  put_pieces(canvas, 1, kStateColumn, canvas.columns(),
             {{words_of(sum), {.ink = sum.rules == 0 && sum.red() == 0 ? Ink::Faint : ink}},
              {alerts, {.ink = told ? Ink::Bad : Ink::Faint}}});
}

void TopView::paint_tabs(Canvas& canvas) const {
  std::size_t column = 1;
  for (std::size_t i = 0; i < std::size(kTopTabs); ++i) {
    const bool here = i == static_cast<std::size_t>(tab_);
    const std::string text = " " + std::to_string(i + 1) + " " + std::string(kTopTabs[i]) + " ";
    column = canvas.put(2, column, text, {.ink = here ? Ink::Strong : Ink::Faint, .chosen = here});
  }
  if (opened_ || helps_) {
    put_pieces(canvas, 2, column + kGap, canvas.columns(), {{stands_ ? "STANDS STILL (p)" : "", {.ink = Ink::Warn}}});
    return;
  }
  const std::string filter = typed_ ? *typed_ : filter_;
  const std::string order = "by " + std::string(name_of_sort(table_, sort_)) + (reversed_ ? " reversed" : "");
  put_pieces(
      canvas, 2, column + kGap, canvas.columns(),
      {{stands_ ? "STANDS STILL (p)" : "", {.ink = Ink::Warn}},
       {filter.empty() ? "" : "/" + visible(filter), {.ink = Ink::Accent}},
       {order, {.ink = Ink::Faint}},
       {std::to_string(table_.rows.size()) + (table_.rows.size() == 1 ? " row" : " rows"), {.ink = Ink::Faint}}});
}

void TopView::paint_row(Canvas& canvas, std::size_t at, const TopRow& row,
                        const std::vector<std::size_t>& widths) const {
  const Style state{.ink = ink_of(row.state)};
  const bool calm = row.state > TopState::Warn;
  canvas.put(at, 1, std::string(1, sign_of(row.state)), state);
  canvas.put(at, kStateColumn, word_of(row.state), state);
  std::size_t column = kCellsColumn;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string text = fit(row.cells[i].text, widths[i]);
    const std::size_t before = table_.columns[i].right ? widths[i] - std::min(widths[i], display_width(text)) : 0;
    canvas.put(at, column + before, shown(text), {.ink = i == 0 && !calm ? Ink::Strong : Ink::Plain});
    column += widths[i] + kGap;
  }
  if (column < canvas.columns())
    canvas.put(at, column, shown(fit(row.why, canvas.columns() - column)), {.ink = calm ? Ink::Faint : Ink::Plain});
}

void TopView::paint_chosen(Canvas& canvas, std::size_t at) const {
  if (chosen_ >= table_.rows.size()) return;
  const TopRow& row = table_.rows[chosen_];
  std::string whole = row.cells.empty() ? "" : row.cells[0].text + ": " + row.why;
  whole.erase(0, std::min(whole.find_first_not_of(' '), whole.size()));
  const std::vector<TopLine> lines = broken({{.text = whole}}, canvas.columns() - 2);
  for (std::size_t i = 0; i < std::min(lines.size(), kChosenRows); ++i) {
    std::string text = lines[i].text;
    if (i + 1 == kChosenRows && lines.size() > kChosenRows) text = fit(text + " …", canvas.columns() - 2);
    canvas.put(at + i, 1, shown(text), {.ink = ink_of(row.state) == Ink::Bad ? Ink::Strong : Ink::Plain});
  }
}

void TopView::paint_table(Canvas& canvas) {
  const std::size_t below = canvas.rows() >= kRowsForAll ? kChosenRows + 2 : 1;
  page_rows_ = std::max<std::size_t>(canvas.rows() - kTableRow - 1 - below, 1);
  const std::vector<std::size_t> widths =
      widths_of(table_, canvas.columns() - std::min(canvas.columns(), kCellsColumn));
  canvas.put(kTableRow, kStateColumn, "STATE", {.ink = Ink::Faint});
  std::size_t column = kCellsColumn;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string_view title = table_.columns[i].title;
    canvas.put(kTableRow, column + (table_.columns[i].right ? widths[i] - std::min(widths[i], title.size()) : 0), title,
               {.ink = Ink::Faint});
    column += widths[i] + kGap;
  }
  canvas.put(kTableRow, column, "WHY", {.ink = Ink::Faint});
  top_ = std::min(top_, chosen_);
  if (chosen_ >= top_ + page_rows_) top_ = chosen_ - page_rows_ + 1;
  if (table_.rows.size() < top_ + page_rows_) top_ = table_.rows.size() - std::min(table_.rows.size(), page_rows_);
  for (std::size_t i = 0; i < page_rows_ && top_ + i < table_.rows.size(); ++i) {
    const std::size_t at = kTableRow + 1 + i;
    paint_row(canvas, at, table_.rows[top_ + i], widths);
    if (top_ + i != chosen_) continue;
    canvas.put(at, 0, ">");
    canvas.choose(at);
  }
  if (table_.rows.empty() && overview_) {
    const bool filtered = !filter_.empty() || typed_;
    canvas.put(kTableRow + 1, kStateColumn, filtered ? "nothing holds that text" : empty_words(), {.ink = Ink::Faint});
  }
  if (below > 1) paint_chosen(canvas, canvas.rows() - kChosenRows - 1);
}

void TopView::paint_page(Canvas& canvas, const std::vector<TopLine>& lines) {
  page_rows_ = canvas.rows() - kTableRow - 1;
  const std::vector<TopLine> all = broken(lines, canvas.columns() - 2);
  top_ = std::min(top_, all.size() > page_rows_ ? all.size() - page_rows_ : 0);
  for (std::size_t i = 0; i < page_rows_ && top_ + i < all.size(); ++i)
    canvas.put(kTableRow + i, 1, shown(all[top_ + i].text), {.ink = all[top_ + i].ink});
  if (top_ + page_rows_ < all.size()) {
    const std::string more = std::to_string(all.size() - top_ - page_rows_) + " more lines below ";
    canvas.put(canvas.rows() - 1, canvas.columns() - std::min(canvas.columns(), more.size()), more,
               {.ink = Ink::Accent});
  }
}

void TopView::paint_foot(Canvas& canvas) const {
  const std::size_t row = canvas.rows() - 1;
  if (typed_) {
    const std::size_t end = canvas.put(row, 1, "only rows that hold: " + visible(*typed_), {.ink = Ink::Accent});
    canvas.put(row, end, " ", {.ink = Ink::Plain, .chosen = true});
    put_pieces(canvas, row, end + 3, canvas.columns(), {{"Enter keeps it, Esc does not", {.ink = Ink::Faint}}});
    return;
  }
  std::vector<std::pair<std::string, Style>> keys;
  const auto offer = [&keys](std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) keys.emplace_back(name, Style{.ink = Ink::Faint});
  };
  if (opened_ || helps_) {
    offer({"Esc back", "? keys", "q leave"});
  } else {
    offer({"Enter look into", "? keys", "q leave", "/ filter", "s sort", "1-4 views", "p stand still"});
  }
  put_pieces(canvas, row, 1, canvas.columns(), keys);
}

void TopView::paint(Canvas& canvas) {
  if (canvas.columns() < kLeastColumns || canvas.rows() < kLeastRows) {
    canvas.put(0, 0, "too small");
    return;
  }
  paint_head(canvas);
  paint_tabs(canvas);
  paint_foot(canvas);
  if (helps_) {
    paint_page(canvas, help_lines());
  } else if (opened_ && overview_) {
    paint_page(canvas, detail_of(*overview_, *opened_, options_.unicode));
  } else {
    paint_table(canvas);
  }
}

std::string TopView::counted_instances() const {
  return std::to_string(options_.instances) + (options_.instances == 1 ? " instance" : " instances");
}

std::string TopView::short_count_rate(const std::optional<double>& rate) {
  std::string text = short_rate(rate);
  return text.replace(text.find('/'), 1, " records/");
}

/// Without UTF-8 the ellipsis of fit() is a full stop; what else there is becomes a question mark on its way out.
std::string TopView::shown(std::string text) const {
  if (options_.unicode) return text;
  constexpr std::string_view kEllipsis = "…";
  for (std::size_t at = text.find(kEllipsis); at != std::string::npos; at = text.find(kEllipsis, at))
    text.replace(at, kEllipsis.size(), ".");
  return text;
}

std::string_view TopView::empty_words() const {
  switch (tab_) {
    case TopTab::Rules: return overview_->answering() == 0 ? "nobody answers" : "no rules yet";
    case TopTab::Streams: return "no streams yet";
    case TopTab::Windows: return "no window has been judged yet";
    case TopTab::Quarantine: break;
  }
  return "nothing was put aside";
}

}  // namespace weir
