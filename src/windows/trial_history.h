// SPDX-License-Identifier: Apache-2.0
// A history for windows that are judged before they are over: what they come to is remembered for this once, and the
// history behind it stays as it was.
#pragma once

#include <algorithm>
#include <iterator>

#include "windows/memory_history.h"

namespace weir {

class TrialHistory : public History {
 public:
  explicit TrialHistory(History& behind) : behind_(&behind) {}

  [[nodiscard]] std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                            std::size_t most) override {
    std::vector<PastValue> old = behind_->past(series, since, before, most);
    const std::vector<PastValue> tried = trial_.past(series, since, before, most);
    if (tried.empty()) return old;
    std::erase_if(old, [&](const PastValue& value) {
      return std::any_of(tried.begin(), tried.end(), [&](const PastValue& one) { return one.at == value.at; });
    });
    std::vector<PastValue> out;
    std::merge(old.begin(), old.end(), tried.begin(), tried.end(), std::back_inserter(out),
               [](const PastValue& a, const PastValue& b) { return a.at < b.at; });
    if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
    return out;
  }
  void add(std::string_view series, PastValue value) override { trial_.add(series, value); }

 private:
  History* behind_;
  MemoryHistory trial_;
};

}  // namespace weir
