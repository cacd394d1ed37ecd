// SPDX-License-Identifier: Apache-2.0
// Dependence between records, and looking after every window, both from the groups that windows fall into.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drift/kept_window.h"
#include "drift/window_groups.h"

namespace weir {

/// `mode: sequential` promises less than one false alarm in so many windows over all fields of a block: a week of minutes.
inline constexpr double kHorizon = 10'080;
/// So many votes hold counts that matter: the starts of the e-detector, and what the design effect is taken from.
inline constexpr std::size_t kCountedWindows = 60;

/// From the votes of windows on these groups that were not set aside; nothing for fewer than 30.
[[nodiscard]] std::optional<double> design_effect_of(std::span<const KeptVote> votes, const WindowGroups& groups);
/// From the windows of a reference that were not set aside, where they are 30 or more.
[[nodiscard]] std::optional<double> design_effect_of(std::span<const KeptWindow> windows, const WindowGroups& groups);

/// log e of the e-detector after this window. It begins anew where an alarm ended. Counts are divided by the design effect,
/// and so are the records that the shares of the groups were learned from.
[[nodiscard]] double log_e_of(std::span<const KeptVote> votes, const VoteState& state, const WindowGroups& groups,
                              const std::vector<std::uint64_t>& current, double design_effect);
/// What it has to reach, with so many fields and segments watched together.
[[nodiscard]] double log_e_to_alarm(std::size_t fields) noexcept;

}  // namespace weir
