// SPDX-License-Identifier: Apache-2.0
#include "alerts/choice.h"

#include <fnmatch.h>

#include <algorithm>

#include "base/zone.h"

namespace weir {

namespace {

constexpr Duration kDay = std::chrono::hours(24);

std::int64_t floor_days(Duration local) {
  const std::int64_t days = local / kDay;
  return local < days * kDay ? days - 1 : days;
}

/// The first of January 1970 was a Thursday.
int weekday_of(std::int64_t day) {
  return static_cast<int>(((day + 4) % 7 + 7) % 7);
}

/// Days are those of the place: where clocks are set, one of them has 23 or 25 hours.
bool covers(const MaintenanceWindow& window, Instant now) {
  if (window.from || window.to) return (!window.from || *window.from <= now) && (!window.to || now < *window.to);
  const Zone utc;
  const Zone& zone = window.zone_rules != nullptr ? *window.zone_rules : utc;
  const std::int64_t today = floor_days(zone.local(now));
  const std::int64_t days = window.length / kDay + 1;
  for (std::int64_t day = today - days; day <= today; ++day) {
    if (window.weekday && weekday_of(day) != *window.weekday) continue;
    const Instant begin = zone.instant_of(day * kDay + window.at);
    if (begin <= now && now < begin + window.length) return true;
  }
  return false;
}

}  // namespace

bool is_among(std::string_view name, std::span<const std::string> names) {
  const std::string text(name);
  return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& glob) {
           return glob == text || fnmatch(glob.c_str(), text.c_str(), 0) == 0;
         });
}

bool is_chosen(const AlertChoice& choice, const Alert& alert) {
  const bool severe = alert.severity == "error";
  return (severe ? choice.errors : choice.warnings) && is_among(alert.stream, choice.streams) &&
         is_among(alert.rule, choice.rules);
}

const MaintenanceWindow* maintenance_of(std::span<const MaintenanceWindow> windows, std::string_view stream,
                                        std::string_view rule, Instant now) {
  for (const MaintenanceWindow& window : windows) {
    if (is_among(stream, window.streams) && is_among(rule, window.rules) && covers(window, now)) return &window;
  }
  return nullptr;
}

}  // namespace weir
