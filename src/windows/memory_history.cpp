// SPDX-License-Identifier: Apache-2.0
// Series in memory, each ascending by time; windows come almost always in that order.
#include "windows/memory_history.h"

#include <algorithm>

namespace weir {

namespace {

bool is_before(const PastValue& value, Instant at) {
  return value.at < at;
}

}  // namespace

std::vector<PastValue> MemoryHistory::past(std::string_view series, Instant since, Instant before, std::size_t most) {
  const auto found = series_.find(std::string(series));
  if (found == series_.end()) return {};
  const std::deque<PastValue>& values = found->second;
  const auto last = std::lower_bound(values.begin(), values.end(), before, is_before);
  auto first = std::lower_bound(values.begin(), last, since, is_before);
  if (static_cast<std::size_t>(last - first) > most) first = last - static_cast<std::ptrdiff_t>(most);
  return {first, last};
}

void MemoryHistory::add(std::string_view series, PastValue value) {
  auto found = series_.find(std::string(series));
  if (found == series_.end()) {
    if (series_.size() >= kSeries) return;
    found = series_.emplace(std::string(series), std::deque<PastValue>()).first;
  }
  std::deque<PastValue>& values = found->second;
  const auto place = std::lower_bound(values.begin(), values.end(), value.at, is_before);
  if (place != values.end() && place->at == value.at) {
    *place = value;
    return;
  }
  values.insert(place, value);
  if (values.size() > kValues) values.pop_front();
}

std::uint64_t MemoryHistory::bytes() const {
  constexpr std::uint64_t kSeriesBytes = 700;  // the node, the name, and the first block of a deque
  std::uint64_t out = 0;
  for (const auto& [name, values] : series_) out += kSeriesBytes + name.size() + values.size() * sizeof(PastValue);
  return out;
}

}  // namespace weir
