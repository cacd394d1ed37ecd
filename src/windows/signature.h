// SPDX-License-Identifier: Apache-2.0
// Names for what a grid remembers that are the same as long as it is the same thing: all that the bytes depend on is in
// them, and nothing of how a plan numbers its columns, filters and rules.
#pragma once

#include <string>
#include <vector>

#include "weir/plan.h"
#include "windows/layout.h"

namespace weir {

/// A record rule: who it is and what it means. Ordered ones remember the same as long as it is the same.
[[nodiscard]] std::string rule_name(const Plan& plan, std::uint32_t rule);
/// The axis, the segments, and which records at which times: panes of another name are others.
[[nodiscard]] std::string grid_name(const Plan& plan, const Layout& layout, const Grid& grid);
/// The parts of a pane in the order of a SlotMap.
[[nodiscard]] std::vector<std::string> slot_names(const Plan& plan, const Layout& layout, const PaneSpec& spec);

/// A hash of all grids and all that their panes hold.
[[nodiscard]] std::string layout_name(const Plan& plan, const Layout& layout);

}  // namespace weir
