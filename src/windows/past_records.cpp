// SPDX-License-Identifier: Apache-2.0
// Each series ascending by time. Room is made an eighth of the bound at a time, so that a record costs little to add.
#include "windows/past_records.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace weir {

namespace {

constexpr std::uint64_t kSeriesBytes = 160;  // the node of a series beside its name
constexpr std::uint64_t kRecordBytes = 96;   // the node of a record beside its bytes
constexpr std::size_t kMostSeries = 10'000'000;
constexpr std::size_t kMostRecords = 100'000'000;
constexpr std::size_t kLongestName = 1 << 20;

}  // namespace

std::vector<PastRecord> PastRecords::past(std::string_view series, Instant since, Instant before,
                                          std::size_t most) const {
  std::vector<PastRecord> out;
  const auto found = series_.find(series);
  if (found == series_.end() || !(since < before)) return out;
  const Series& records = found->second;
  auto at = records.lower_bound(before);
  while (at != records.begin() && out.size() < most) {
    --at;
    if (at->first < since) break;
    out.push_back({.at = at->first, .bytes = at->second});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

void PastRecords::add(std::string_view series, PastRecord record) {
  auto found = series_.find(series);
  if (found == series_.end()) {
    found = series_.emplace(std::string(series), Series()).first;
    bytes_ += kSeriesBytes + series.size();
  }
  const auto [at, fresh] = found->second.try_emplace(record.at);
  if (fresh) bytes_ += kRecordBytes;
  bytes_ += record.bytes.size();
  bytes_ -= at->second.size();
  at->second = std::move(record.bytes);
  at->second.shrink_to_fit();
  if (bytes_ > most_) make_room();
}

void PastRecords::drop(std::string_view series, Instant before) {
  const auto found = series_.find(series);
  if (found == series_.end()) return;
  Series& records = found->second;
  while (!records.empty() && records.begin()->first < before) {
    bytes_ -= kRecordBytes + records.begin()->second.size();
    records.erase(records.begin());
  }
  if (!records.empty()) return;
  bytes_ -= kSeriesBytes + found->first.size();
  series_.erase(found);
}

void PastRecords::clear() {
  series_.clear();
  bytes_ = 0;
}

void PastRecords::make_room() {
  struct Old {
    bool newest;
    Instant at;
    const std::string* series;
  };
  std::vector<Old> old;
  for (const auto& [name, records] : series_) {
    for (const auto& [at, bytes] : records)
      old.push_back({.newest = at == records.rbegin()->first, .at = at, .series = &name});
  }
  // Names of equal times lie in their order already.
  std::stable_sort(old.begin(), old.end(),
                   [](const Old& a, const Old& b) { return std::tie(a.newest, a.at) < std::tie(b.newest, b.at); });
  for (const Old& one : old) {
    if (bytes_ <= most_ - most_ / 8) return;
    const auto found = series_.find(*one.series);
    const auto record = found->second.find(one.at);
    bytes_ -= kRecordBytes + record->second.size();
    found->second.erase(record);
    if (!found->second.empty()) continue;
    bytes_ -= kSeriesBytes + found->first.size();
    series_.erase(found);
  }
}

void PastRecords::write(SummaryWriter& out) const {
  out.varint(series_.size());
  for (const auto& [name, records] : series_) {
    out.text(name);
    out.varint(records.size());
    std::uint64_t before = 0;  // differences go round at the ends of time
    for (const auto& [time, bytes] : records) {
      const auto at = static_cast<std::uint64_t>(time.time_since_epoch().count());
      out.signed_varint(static_cast<std::int64_t>(at - before));
      out.text(bytes);
      before = at;
    }
  }
}

void PastRecords::read(SummaryReader& in) {
  std::string last;
  const std::size_t names = in.count(kMostSeries, 4, "series of records");
  for (std::size_t i = 0; i < names && in.ok(); ++i) {
    std::string name(in.text(kLongestName));
    in.require(i == 0 || last < name, "series of records out of order");
    const std::size_t records = in.count(kMostRecords, 2, "records of a series");
    in.require(records > 0, "a series without a record");
    std::uint64_t at = 0;
    std::int64_t newest = INT64_MIN;
    for (std::size_t r = 0; r < records && in.ok(); ++r) {
      at += static_cast<std::uint64_t>(in.signed_varint());
      const auto time = static_cast<std::int64_t>(at);
      const std::string_view bytes = in.text(in.left());
      in.require(r == 0 || newest < time, "records out of order");
      if (!in.ok()) return;
      newest = time;
      add(name, {.at = Instant(Duration(time)), .bytes = std::string(bytes)});
    }
    last = std::move(name);
  }
}

}  // namespace weir
