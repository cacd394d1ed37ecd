// SPDX-License-Identifier: Apache-2.0
// Which windows a reference is made of. docs/drift/references.md says it for people.
//
// Only whole windows are ever kept, and a reference takes only those that ended before the judged one began: windows that
// overlap share records, and two samples that share records are no two samples.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drift/kept_window.h"
#include "weir/drift.h"
#include "weir/drift_judge.h"
#include "weir/history.h"
#include "weir/window.h"

namespace weir {

/// Names of the three series of a rule and segment.
struct KeptSeries {
  std::string windows;
  std::string votes;
  std::string state;
};
[[nodiscard]] KeptSeries kept_series(std::string_view rule_id, const WindowBlock& block, std::string_view segment);

/// The newest state before `before` that makes sense; nothing known where there is none.
[[nodiscard]] KeptState past_state(History& history, const KeptSeries& series, Instant before);
[[nodiscard]] std::vector<KeptVote> past_votes(History& history, const KeptSeries& series, Instant before,
                                               std::size_t most);

struct ReferenceWindows {
  std::vector<KeptWindow> windows;  // oldest first
  bool enough = false;              // to compare with
  bool full = false;                // of a rolling one: it reaches back over the whole length
  std::string cause;                // why not enough: "3 of 6 windows of the reference are known"
};

struct Looking {
  const DriftRule& rule;
  const WindowBlock& block;
  const DriftWindow& window;
  const KeptSeries& series;
  const KeptState& state;
};
/// For every kind but a file.
[[nodiscard]] ReferenceWindows find_windows(const Looking& looking, History& history);
/// The newest whole windows, from which edges are learned: those of the reference, of slots those of a whole period.
[[nodiscard]] std::vector<KeptWindow> windows_to_learn_from(const Looking& looking, History& history);
/// Records before it are needed by no reference of the windows from this one on, nor when some before it are judged again.
[[nodiscard]] std::optional<Instant> needed_from(const Looking& looking, History& history);
/// The newest window that was kept, if any.
[[nodiscard]] std::optional<KeptWindow> newest_window(const Looking& looking, History& history);

}  // namespace weir
