// SPDX-License-Identifier: Apache-2.0
// What measures and records were in earlier windows of the same run, when nobody gives a History that outlives it.
//
// Bounded: of each series the newest kValues values, of kSeries series; a value that finds no series is not remembered,
// and a rule that asks for it has no data then. Records are bounded in bytes, over all series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "summary/codec.h"
#include "weir/history.h"
#include "weir/result.h"
#include "windows/past_records.h"

namespace weir {

class MemoryHistory : public History {
 public:
  static constexpr std::size_t kValues = 10'100;  // a week of minutes
  static constexpr std::size_t kSeries = 20'000;

  [[nodiscard]] std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                            std::size_t most) override;
  void add(std::string_view series, PastValue value) override;
  [[nodiscard]] std::vector<PastRecord> past_records(std::string_view series, Instant since, Instant before,
                                                     std::size_t most) override {
    return records_.past(series, since, before, most);
  }
  void add_record(std::string_view series, PastRecord record) override { records_.add(series, std::move(record)); }
  void drop_records(std::string_view series, Instant before) override { records_.drop(series, before); }
  [[nodiscard]] std::uint64_t bytes() const;
  /// All of it as bytes, for a snapshot: the same values give the same bytes.
  [[nodiscard]] std::string write() const;
  /// Takes the place of what is there; where the bytes make no sense, of nothing.
  Status read(std::string_view written);
  /// Values and records by themselves, as parts of something else.
  void write_values(SummaryWriter& out) const;
  void write_records(SummaryWriter& out) const { records_.write(out); }
  [[nodiscard]] bool has_records() const noexcept { return !records_.empty(); }
  /// Into an empty one.
  void read_values(SummaryReader& in);
  void read_records(SummaryReader& in) { records_.read(in); }

 private:
  std::unordered_map<std::string, std::deque<PastValue>> series_;  // ascending by time
  PastRecords records_;
};

}  // namespace weir
