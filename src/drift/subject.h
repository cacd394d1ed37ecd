// SPDX-License-Identifier: Apache-2.0
// One rule and segment of a window that is judged: everything that is known before it is compared, and what is remembered
// of it afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drift/compare.h"
#include "drift/kept_window.h"
#include "drift/profile.h"
#include "drift/reference.h"
#include "drift/votes.h"
#include "weir/drift_judge.h"
#include "weir/history.h"
#include "weir/plan.h"

namespace weir {

struct WatchedSubject {
  const DriftRule* rule = nullptr;
  const RuleInfo* info = nullptr;
  const WindowBlock* block = nullptr;
  KeptSeries series;
  std::string path;  // of all fields

  Profile current;
  JointProfile joint_current;
  std::string cause;  // not empty: why there is nothing to compare

  Profile reference;
  JointProfile joint_reference;
  bool compares = false;  // with `reference`
  std::uint64_t reference_windows = 0;
  std::uint64_t reference_bytes = 0;
  std::optional<double> design_effect;
  std::vector<std::pair<const DriftSpec*, double>> tolerance;

  std::optional<Anchor> anchor;  // to compare with as well

  KeptState state;
  bool state_changed = false;
  WindowGroups groups;
  std::vector<std::uint64_t> counts;  // of the current window, by group
  std::vector<KeptVote> votes;        // of the windows before
  VoteState before;

  [[nodiscard]] bool joint() const noexcept { return rule->paths.size() > 1; }
  [[nodiscard]] bool empty() const noexcept { return joint() ? joint_current.rows == 0 : current.elements == 0; }
  [[nodiscard]] bool sequential() const noexcept;
  [[nodiscard]] VoteRule vote_rule() const noexcept;
};

/// The categories of the current side under the names that the baseline gives them.
void rename_categories(Profile& current, const Baseline& baseline);
/// Finds its reference. Of the history it reads what lies before the window, and drops what no window needs any more.
[[nodiscard]] WatchedSubject prepare(const Plan& plan, const DriftWindow& window, const DriftSubject& subject,
                                     History& history);
/// What later windows need to know of it. Neither partial windows nor those without records are kept.
void remember(WatchedSubject& subject, const DriftWindow& window, const KeptVote& vote, History& history);

}  // namespace weir
