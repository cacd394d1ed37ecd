// SPDX-License-Identifier: Apache-2.0
// Time zones: what clocks show somewhere, from the files that every system keeps (TZif, RFC 8536).
//
// The core opens no file: whoever loads a rule file hands over the bytes, and the plan carries the rules of the zone as a
// value. Days there have 23, 24 or 25 hours; beyond the last change that the file lists its closing rule goes on for ever.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"
#include "weir/time.h"

namespace weir {

class Zone {
 public:
  /// UTC, or so much east of it.
  explicit Zone(std::chrono::seconds east = std::chrono::seconds(0)) : first_(east.count()) {}
  /// Reads the bytes of a TZif file of any version.
  static Result<Zone> read(std::string_view tzif);

  /// What to add to UTC at that instant.
  [[nodiscard]] Duration offset_at(Instant instant) const;
  /// What clocks show, as microseconds since they showed 1970-01-01 00:00.
  [[nodiscard]] Duration local(Instant instant) const { return instant.time_since_epoch() + offset_at(instant); }
  /// When clocks show that: the first of two instants, and where clocks skip it the instant at which they do.
  [[nodiscard]] Instant instant_of(Duration local) const;

 private:
  /// A day of the year and a time of that day at which clocks change.
  struct Change {
    enum class Kind : std::uint8_t { DayOfMonth, JulianDay, DayOfYear };
    Kind kind = Kind::DayOfMonth;
    std::int64_t month = 0;  // 1 to 12
    std::int64_t week = 0;   // 1 to 5; 5 is the last one
    std::int64_t day = 0;    // of the week from Sunday, or of the year
    std::int64_t seconds = 7200;
    [[nodiscard]] std::int64_t seconds_of(std::int64_t year) const;  // since 1970, by clocks there
  };
  struct Rule {
    std::int64_t standard = 0;
    std::int64_t summer = 0;
    bool has_summer = false;
    Change begin;
    Change end;
    [[nodiscard]] std::int64_t offset_at(std::int64_t seconds) const;
  };
  class RuleReader;

  std::int64_t first_ = 0;            // before the first change
  std::vector<std::int64_t> at_;      // seconds since 1970 of each change, ascending
  std::vector<std::int64_t> offset_;  // from then on
  bool has_rule_ = false;
  Rule rule_;  // after the last change
};

}  // namespace weir
