// SPDX-License-Identifier: Apache-2.0
// The quality score of a stream: one number from 0 to 1 for whoever looks once a week, and cheap enough to be there always.
//
// It is the mean over the rules, each of which counts once, however many records it saw. A record rule brings the share
// of the records of the last five minutes that held, a window rule the share of its segments whose newest window held. So one
// field that is always wrong costs as much as another, and a rule that breaks for one record in a million costs next to nothing. Rules
// that had nothing to judge count on neither side.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/time.h"

namespace weir {

class QualityScore {
 public:
  /// The record rules by index from now on; one that was there before keeps what it counted.
  void rules(const std::vector<std::string>& ids);
  void add(std::size_t rule, std::uint64_t judged, std::uint64_t failed, Instant now);
  /// `window_shares`: of each window rule that judged anything, the share of its segments that hold. Nothing where no rule
  /// judged anything.
  [[nodiscard]] std::optional<double> of(Instant now, std::span<const double> window_shares) const;

 private:
  static constexpr Duration kSlot = std::chrono::seconds(30);
  static constexpr std::size_t kSlots = 10;

  struct Slot {
    std::int64_t number = INT64_MIN;  // which half minute since 1970
    std::uint64_t judged = 0;
    std::uint64_t failed = 0;
  };
  struct Rule {
    std::string id;
    std::array<Slot, kSlots> slots;
  };

  std::vector<Rule> rules_;
};

}  // namespace weir
