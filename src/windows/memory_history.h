// SPDX-License-Identifier: Apache-2.0
// What measures were in earlier windows of the same run, when nobody gives a History that outlives it.
//
// Bounded: of each series the newest kValues values, of kSeries series; a value that finds no series is not remembered,
// and a rule that asks for it has no data then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "summary/codec.h"
#include "weir/history.h"
#include "weir/result.h"

namespace weir {

class MemoryHistory : public History {
 public:
  static constexpr std::size_t kValues = 10'100;  // a week of minutes
  static constexpr std::size_t kSeries = 20'000;

  [[nodiscard]] std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                            std::size_t most) override;
  void add(std::string_view series, PastValue value) override;
  [[nodiscard]] std::uint64_t bytes() const;
  /// All of it as bytes, for a snapshot: the same values give the same bytes.
  [[nodiscard]] std::string write() const;
  /// Takes the place of what is there; where the bytes make no sense, of nothing.
  Status read(std::string_view written);
  void write(SummaryWriter& out) const;
  /// Into an empty one.
  void read(SummaryReader& in);

 private:
  std::unordered_map<std::string, std::deque<PastValue>> series_;  // ascending by time
};

}  // namespace weir
