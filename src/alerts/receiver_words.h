// SPDX-License-Identifier: Apache-2.0
// What messages say of an alert, the same to everybody: the facts in the order in which they are asked for. Nothing here is
// escaped: who writes a message does it for his place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"

namespace weir {

inline constexpr std::size_t kMostOfFact = 500;    // code points of one fact that are shown
inline constexpr std::size_t kMostOfTitle = 200;   // code points of a title
inline constexpr std::size_t kMostOfSample = 100;  // code points of one failing value

[[nodiscard]] std::string_view status_of(Alert::State state);  // "firing", "resolved"
[[nodiscard]] std::string segment_of(const Alert& alert);      // "country=DE, shop=7"
[[nodiscard]] std::string window_of(const Alert& alert);       // "2026-01-01T00:00:00Z to 2026-01-01T00:01:00Z"
[[nodiscard]] std::string samples_of(const Alert& alert);      // "-1, 0, 12"
[[nodiscard]] std::string tags_of(const Alert& alert);
/// headline() of this alert alone.
[[nodiscard]] std::string headline_of(const Notification& notification, const Alert& alert);
/// "2 others of orders fire on."; empty: none does.
[[nodiscard]] std::string others_of(const Notification& notification);

struct Fact {
  std::string_view name;   // "observed": in JSON
  std::string_view title;  // "Observed": for people
  std::string text;
};
/// Those that there are. Links are not among them.
[[nodiscard]] std::vector<Fact> facts_of(const Alert& alert);

/// The same for every notification of a stream: one incident.
[[nodiscard]] std::string group_key_of(const Notification& notification);

/// The link itself where people can follow it, over http or https; else nothing.
[[nodiscard]] std::string_view link_of(std::string_view url);
/// Where the status page shows the rule of an alert; empty where it has no link.
[[nodiscard]] std::string rule_link_of(const Notification& notification, const Alert& alert);
/// The same for a notification of one alert; else the page itself.
[[nodiscard]] std::string page_link_of(const Notification& notification);

}  // namespace weir
