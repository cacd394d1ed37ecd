// SPDX-License-Identifier: Apache-2.0
// Windows by definition: all records are kept, and each window looks through all of them. Knows no pane, no summary and no
// merge; slow, and obviously right.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/zone.h"
#include "weir/window.h"

namespace weir::testing {

/// A record {at, land, x, c} as the windows see it.
struct SlowRecord {
  std::optional<std::int64_t> at;   // microseconds since 1970
  std::optional<std::string> land;  // the segment; nothing for null and absent
  bool has_x = false;
  std::optional<std::int64_t> x;  // nothing with has_x: null
  std::optional<std::string> c;
  std::size_t input = 0;
};

enum class SlowMeasure { RowCount, Sum, Mean, Variance, Min, NullCount, RateOfEuro, FailRate, ChangeOfCount };

struct SlowWindowRule {
  SlowMeasure measure = SlowMeasure::RowCount;
  bool when_euro = false;
  double low = 0;
  double high = 0;
};

struct SlowBlock {
  WindowKind kind = WindowKind::Whole;
  std::int64_t every = 0;
  std::int64_t size = 0;
  std::int64_t gap = 0;
  std::int64_t longest = 0;
  std::int64_t count = 0;
  std::int64_t lateness = 0;
  bool by_land = false;
  std::vector<std::string> listed;
  std::size_t max_segments = 0;
  const Zone* zone = nullptr;
  bool accepted = false;  // x at most kBound
  bool revise = false;    // late records are not left out, and windows are judged again with them
  std::vector<SlowWindowRule> rules;
};

inline constexpr std::int64_t kBound = 50;  // of the rule that FailRate is about

struct SlowVerdict {
  std::size_t block = 0;
  std::size_t rule = 0;  // of the block
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string segment;  // "land=DE", "other", "" without segments
  std::optional<long double> value;
  bool holds = false;  // of a value
  std::uint64_t windows = 1;
};

struct SlowAnswer {
  std::vector<SlowVerdict> verdicts;
  std::uint64_t late = 0;
};

/// Everything at the end, as a file is judged.
[[nodiscard]] SlowAnswer judge_slowly(const std::vector<SlowBlock>& blocks, const std::vector<SlowRecord>& records);
/// Record by record: windows by time are judged when the watermark has passed them; at the end once more where late records
/// revise them.
[[nodiscard]] SlowAnswer stream_slowly(const std::vector<SlowBlock>& blocks, const std::vector<SlowRecord>& records,
                                       std::int64_t out_of_order);

}  // namespace weir::testing
