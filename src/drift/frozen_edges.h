// SPDX-License-Identifier: Apache-2.0
// Edges of a reference that is learned on the way: made once, frozen, and made anew when they fit no longer.
//
// Windows that shall be added up must be counted on the same edges, and edges must not follow the data, or drift would
// move them along. So they are learned from the first windows (256 cells of equal mass, atoms by themselves) and stay. A
// cell that holds much more than its share hides what happens inside it: when an end cell holds more than 4/B of a window
// or an inner one that is no atom more than 8/B, for three windows in a row, and the windows that new edges would be learned
// from hold that much there as well, the edges are learned anew. Windows of before are put onto them by Profile::counts_on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drift/kept_window.h"
#include "drift/profile.h"

namespace weir {

/// From so many windows they are learned at the latest, however long the reference is.
inline constexpr std::size_t kLearningWindows = 12;
/// So many windows in a row that fit badly, and edges are made anew.
inline constexpr std::size_t kBadWindows = 3;

/// A cell holds too much: an end cell more than 4/B (at most a quarter), an inner one that is no atom more than 8/B (at most
/// half). Cells of fewer than five values are chance.
[[nodiscard]] bool fits_badly(const Profile& window, const std::vector<double>& edges);
[[nodiscard]] std::vector<double> learn_from(std::span<const Profile* const> windows);
/// A window for which there are no edges yet, or that fits them badly: few values as they are, more on edges of its own.
[[nodiscard]] Profile on_its_own(const Profile& window);
/// What all of them hold together, on those edges.
[[nodiscard]] Profile pool_on(const Profile::Edges& edges, std::span<const Profile* const> windows);

}  // namespace weir
