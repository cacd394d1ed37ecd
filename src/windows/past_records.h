// SPDX-License-Identifier: Apache-2.0
// Records of series in memory, bounded in bytes.
//
// When there is no room any more, the oldest records of all series go first; the newest of a series goes only when nothing
// else is left, because it stands for what is known now (edges, a frozen anchor) rather than for a window among many.
// What goes is a matter of what is there, never of the order in which it came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "summary/codec.h"
#include "weir/history.h"

namespace weir {

class PastRecords {
 public:
  static constexpr std::uint64_t kBytes = std::uint64_t{64} << 20;
  using Series = std::map<Instant, std::string>;

  explicit PastRecords(std::uint64_t most = kBytes) : most_(most) {}

  [[nodiscard]] std::vector<PastRecord> past(std::string_view series, Instant since, Instant before,
                                             std::size_t most) const;
  void add(std::string_view series, PastRecord record);
  void drop(std::string_view series, Instant before);
  void clear();

  [[nodiscard]] bool empty() const noexcept { return series_.empty(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] const std::map<std::string, Series, std::less<>>& all() const noexcept { return series_; }

  void write(SummaryWriter& out) const;
  /// Into an empty one.
  void read(SummaryReader& in);
  bool operator==(const PastRecords& other) const { return series_ == other.series_; }

 private:
  void make_room();

  std::uint64_t most_;
  std::uint64_t bytes_ = 0;
  std::map<std::string, Series, std::less<>> series_;
};

}  // namespace weir
