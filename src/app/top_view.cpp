// SPDX-License-Identifier: Apache-2.0
#include "app/top_view.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::size_t kLongestFilter = 60;  // bytes

}  // namespace

TopView::TopView(Options options) : options_(std::move(options)), sort_(options_.sort), filter_(options_.filter) {}

/// The table anew. What was chosen stays chosen, wherever it has gone.
void TopView::lay_out() {
  table_ = overview_ ? table_of(*overview_, tab_) : TopTable{};
  if (sort_ >= sorts_of(table_)) sort_ = 0;
  sort_rows(table_, sort_, reversed_);
  filter_rows(table_, typed_ ? *typed_ : filter_);
  const auto found = std::find_if(table_.rows.begin(), table_.rows.end(),
                                  [this](const TopRow& row) { return row.id() == chosen_id_; });
  if (chosen_id_.empty()) {
    chosen_ = 0;
  } else if (found != table_.rows.end()) {
    chosen_ = static_cast<std::size_t>(found - table_.rows.begin());
  } else {
    chosen_ = std::min(chosen_, table_.rows.empty() ? 0 : table_.rows.size() - 1);
  }
}

void TopView::show(TopOverview overview) {
  if (stands_) {
    waiting_ = std::move(overview);
    return;
  }
  overview_ = std::move(overview);
  lay_out();
}

TopWish TopView::wish() const {
  if (opened_ && opened_->leads == TopRow::Leads::ToRule) return {.windows = false, .rule = opened_->name};
  return {.windows = tab_ == TopTab::Windows, .rule = {}};
}

void TopView::choose(std::size_t row) {
  if (table_.rows.empty()) return;
  chosen_ = std::min(row, table_.rows.size() - 1);
  // The first row is nobody's choice: what turns red comes there, and is to be seen.
  chosen_id_ = chosen_ == 0 ? "" : table_.rows[chosen_].id();
}

void TopView::move(std::ptrdiff_t by) {
  std::size_t& at = opened_ || helps_ ? top_ : chosen_;
  const std::size_t to = by < 0 ? at - std::min(at, static_cast<std::size_t>(-by)) : at + static_cast<std::size_t>(by);
  if (&at == &top_) {
    top_ = to;  // painting knows where the page ends
  } else {
    choose(to);
  }
}

void TopView::go_to(TopTab tab) {
  if (tab_ != tab) sort_ = 0;
  tab_ = tab;
  opened_.reset();
  chosen_id_.clear();
  chosen_ = top_ = 0;
  lay_out();
}

TopAct TopView::press(const KeyPress& key) {
  switch (key.name) {
    case KeyPress::Name::Interrupt: return TopAct::Interrupt;
    case KeyPress::Name::Suspend: return TopAct::Suspend;
    case KeyPress::Name::Redraw: return TopAct::Redraw;
    default: break;
  }
  if (typed_) {
    press_while_typing(key);
  } else if (key.name == KeyPress::Name::Text && key.text == "q") {
    return TopAct::Quit;
  } else if (opened_ || helps_) {
    press_in_page(key);
  } else {
    press_in_table(key);
  }
  return TopAct::None;
}

void TopView::press_while_typing(const KeyPress& key) {
  switch (key.name) {
    case KeyPress::Name::Enter: filter_ = *std::exchange(typed_, std::nullopt); break;
    case KeyPress::Name::Escape: typed_.reset(); break;
    case KeyPress::Name::ClearLine: typed_->clear(); break;
    case KeyPress::Name::Backspace:
      while (!typed_->empty() && (static_cast<unsigned char>(typed_->back()) & 0xC0U) == 0x80U) typed_->pop_back();
      if (!typed_->empty()) typed_->pop_back();
      break;
    case KeyPress::Name::Text:
      if (typed_->size() + key.text.size() <= kLongestFilter) *typed_ += key.text;
      break;
    default: return;
  }
  lay_out();
}

void TopView::press_letter(char letter) {
  switch (letter) {
    case 'j': move(1); break;
    case 'k': move(-1); break;
    case ' ': move(static_cast<std::ptrdiff_t>(page_rows_)); break;
    case 'p':
      stands_ = !stands_;
      if (!stands_ && waiting_) show(*std::exchange(waiting_, std::nullopt));
      break;
    case '?':
      helps_ = !helps_;
      top_ = 0;
      break;
    case '1':
    case '2':
    case '3':
    case '4':
      helps_ = false;
      go_to(static_cast<TopTab>(letter - '1'));
      break;
    default: break;
  }
}

void TopView::press_in_page(const KeyPress& key) {
  const auto page = static_cast<std::ptrdiff_t>(page_rows_);
  switch (key.name) {
    case KeyPress::Name::Escape:
    case KeyPress::Name::Left:
    case KeyPress::Name::Backspace:
      if (!std::exchange(helps_, false)) opened_.reset();
      top_ = 0;
      break;
    case KeyPress::Name::Up: move(-1); break;
    case KeyPress::Name::Down: move(1); break;
    case KeyPress::Name::PageUp: move(-page); break;
    case KeyPress::Name::PageDown: move(page); break;
    case KeyPress::Name::Home: top_ = 0; break;
    case KeyPress::Name::End: top_ = static_cast<std::size_t>(-1) / 2; break;
    case KeyPress::Name::Text: press_letter(key.text.front()); break;
    default: break;
  }
}

void TopView::press_in_table(const KeyPress& key) {
  const auto page = static_cast<std::ptrdiff_t>(page_rows_);
  switch (key.name) {
    case KeyPress::Name::Up: move(-1); break;
    case KeyPress::Name::Down: move(1); break;
    case KeyPress::Name::PageUp: move(-page); break;
    case KeyPress::Name::PageDown: move(page); break;
    case KeyPress::Name::Home: choose(0); break;
    case KeyPress::Name::End: choose(table_.rows.empty() ? 0 : table_.rows.size() - 1); break;
    case KeyPress::Name::Tab:
      go_to(static_cast<TopTab>((static_cast<std::size_t>(tab_) + 1) % std::size(kTopTabs)));
      break;
    case KeyPress::Name::Enter:
    case KeyPress::Name::Right:
      if (chosen_ < table_.rows.size()) {
        opened_ = table_.rows[chosen_];
        chosen_id_ = opened_->id();  // one comes back to it
        top_ = 0;
      }
      break;
    case KeyPress::Name::Escape:
      filter_.clear();
      lay_out();
      break;
    case KeyPress::Name::Text:
      if (key.text == "s") {
        sort_ = (sort_ + 1) % std::max<std::size_t>(sorts_of(table_), 1);
        lay_out();
      } else if (key.text == "S") {
        reversed_ = !reversed_;
        lay_out();
      } else if (key.text == "/") {
        typed_ = filter_;
        lay_out();
      } else {
        press_letter(key.text.front());
      }
      break;
    default: break;
  }
}

}  // namespace weir
