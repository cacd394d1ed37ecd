// SPDX-License-Identifier: Apache-2.0
// How much windows of a reference differ from each other by themselves: the design effect of each field. Records of the same
// minutes are alike, and a comparison that takes them for independent cries wolf.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/record_profile.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

struct WindowShares {
  static constexpr std::size_t kCells = 16;  // a field is cut into
  static constexpr std::size_t kMostWindows = 20'000;

  std::vector<std::optional<double>>
      design_effects;                  // by index of RecordProfiling::wanted; nothing: fewer than 30 windows
  std::vector<std::uint64_t> windows;  // in which the field has values, likewise
  bool too_many = false;               // windows beyond kMostWindows were passed over
};

/// A second pass over the records: counts of each window on cells that are learned from the whole.
[[nodiscard]] Result<WindowShares> window_shares(RecordInput& input, const RecordProfiling& profiling,
                                                 const RecordProfile& whole, Duration every);

}  // namespace weir
