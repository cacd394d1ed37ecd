// SPDX-License-Identifier: Apache-2.0
// A history for windows that are judged before they are over: what they come to is remembered for this once, and the
// history behind it stays as it was.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "windows/memory_history.h"

namespace weir {

class TrialHistory : public History {
 public:
  explicit TrialHistory(History& behind) : behind_(&behind) {}

  [[nodiscard]] std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                            std::size_t most) override {
    return over(behind_->past(series, since, before, most), trial_.past(series, since, before, most), most);
  }
  void add(std::string_view series, PastValue value) override { trial_.add(series, value); }
  [[nodiscard]] std::vector<PastRecord> past_records(std::string_view series, Instant since, Instant before,
                                                     std::size_t most) override {
    const auto dropped = dropped_.find(series);
    const Instant kept = dropped == dropped_.end() ? since : std::max(since, dropped->second);
    std::vector<PastRecord> old;
    if (kept < before) old = behind_->past_records(series, kept, before, most);
    return over(std::move(old), trial_.past_records(series, since, before, most), most);
  }
  void add_record(std::string_view series, PastRecord record) override { trial_.add_record(series, std::move(record)); }
  void drop_records(std::string_view series, Instant before) override {
    Instant& dropped = dropped_.try_emplace(std::string(series), before).first->second;
    dropped = std::max(dropped, before);
    trial_.drop_records(series, before);
  }

 private:
  /// What was tried takes the place of what is there of the same time.
  template <class Past>
  static std::vector<Past> over(std::vector<Past> old, std::vector<Past> tried, std::size_t most) {
    if (tried.empty()) return old;
    std::vector<Past> out;
    const auto earlier = [](const Past& a, const Past& b) { return a.at < b.at; };
    // Of equals std::set_union takes the first range's.
    std::set_union(std::make_move_iterator(tried.begin()), std::make_move_iterator(tried.end()),
                   std::make_move_iterator(old.begin()), std::make_move_iterator(old.end()), std::back_inserter(out),
                   earlier);
    if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
    return out;
  }

  History* behind_;
  MemoryHistory trial_;
  std::map<std::string, Instant, std::less<>> dropped_;  // by series: records behind it before that
};

}  // namespace weir
