// SPDX-License-Identifier: Apache-2.0
// Series in memory, each ascending by time; windows come almost always in that order.
#include "windows/memory_history.h"

#include <algorithm>
#include <utility>

#include "summary/codec.h"

namespace weir {

namespace {

constexpr std::uint8_t kLayout = 1;
constexpr std::uint8_t kWithRecords = 2;  // they follow the values
constexpr std::size_t kLongestName = 1 << 20;

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
  std::uint64_t out = records_.bytes();
  for (const auto& [name, values] : series_) out += kSeriesBytes + name.size() + values.size() * sizeof(PastValue);
  return out;
}

void MemoryHistory::write_values(SummaryWriter& out) const {
  std::vector<std::string_view> names;
  for (const auto& [name, values] : series_) names.push_back(name);
  std::sort(names.begin(), names.end());
  out.varint(names.size());
  for (const std::string_view name : names) {
    const std::deque<PastValue>& values = series_.at(std::string(name));
    out.text(name);
    out.varint(values.size());
    std::int64_t before = 0;
    for (const PastValue& value : values) {
      const std::int64_t at = value.at.time_since_epoch().count();
      out.signed_varint(at - before);
      out.f64(value.value);
      before = at;
    }
  }
}

void MemoryHistory::read_values(SummaryReader& in) {
  constexpr std::int64_t kFar = 400'000'000'000'000'000;
  const std::size_t names = in.count(kSeries, 2, "series");
  for (std::size_t i = 0; i < names && in.ok(); ++i) {
    const std::string name(in.text(in.left()));
    const std::size_t values = in.count(kValues, 9, "values of a series");
    std::int64_t at = 0;
    for (std::size_t v = 0; v < values && in.ok(); ++v) {
      const std::int64_t later = in.signed_varint();
      const double value = in.f64();
      in.require(-kFar <= later && later <= 2 * kFar && -kFar <= at + later && at + later <= kFar,
                 "a time that no record has");
      if (!in.ok()) return;
      at += later;
      add(name, {.at = Instant(Duration(at)), .value = value});
    }
  }
}

std::string MemoryHistory::write() const {
  std::vector<const std::string*> names;
  names.reserve(series_.size());
  for (const auto& [name, values] : series_) names.push_back(&name);
  std::sort(names.begin(), names.end(), [](const std::string* a, const std::string* b) { return *a < *b; });
  SummaryWriter writer;
  writer.u8(has_records() ? kWithRecords : kLayout);
  writer.varint(names.size());
  for (const std::string* const name : names) {
    const std::deque<PastValue>& values = series_.at(*name);
    writer.text(*name);
    writer.varint(values.size());
    std::uint64_t before = 0;  // differences go round at the ends of time
    for (const PastValue& value : values) {
      const auto at = static_cast<std::uint64_t>(value.at.time_since_epoch().count());
      writer.signed_varint(static_cast<std::int64_t>(at - before));
      writer.f64(value.value);
      before = at;
    }
  }
  if (has_records()) write_records(writer);
  return std::move(writer).bytes();
}

Status MemoryHistory::read(std::string_view written) {
  SummaryReader reader(written);
  const std::uint8_t layout = reader.u8();
  reader.require(layout == kLayout || layout == kWithRecords, "a history of another version");
  std::unordered_map<std::string, std::deque<PastValue>> read;
  for (std::size_t left = reader.count(kSeries, 2, "series"); left > 0 && reader.ok(); --left) {
    std::deque<PastValue>& values = read[std::string(reader.text(kLongestName))];
    reader.require(values.empty(), "a series twice");
    std::uint64_t before = 0;
    for (std::size_t each = reader.count(kValues, 9, "values"); each > 0 && reader.ok(); --each) {
      before += static_cast<std::uint64_t>(reader.signed_varint());
      const PastValue value{.at = Instant(Duration(static_cast<std::int64_t>(before))), .value = reader.f64()};
      reader.require(values.empty() || values.back().at < value.at, "values out of order");
      values.push_back(value);
    }
  }
  PastRecords records;
  if (layout == kWithRecords) records.read(reader);
  reader.require(reader.at_end(), "more than a history");
  if (!reader.ok()) return reader.error();
  series_ = std::move(read);
  records_ = std::move(records);
  return Done{};
}

}  // namespace weir
