// SPDX-License-Identifier: Apache-2.0
#include "drift/votes.h"

#include <algorithm>

namespace weir {

std::uint32_t drifted_of(const VoteState& state) noexcept {
  return static_cast<std::uint32_t>(
      std::count_if(state.last.begin(), state.last.end(), [](const VoteState::Vote& vote) { return vote.drifted; }));
}

void count_vote(VoteState& state, const VoteRule& rule, const KeptVote& vote) {
  if (!vote.answered) return;
  state.last.push_back({.start = vote.start, .drifted = vote.drifted});
  // Rules can change while windows are remembered: an `of` that became smaller lets go of several.
  const std::size_t most = std::max<std::size_t>(rule.of, 1);
  if (state.last.size() > most)
    state.last.erase(state.last.begin(), state.last.end() - static_cast<std::ptrdiff_t>(most));
  if (!state.firing) {
    if (drifted_of(state) < std::max<std::uint32_t>(rule.fire, 1)) return;
    state.firing = true;
    state.clean = 0;
    const auto first =
        std::find_if(state.last.begin(), state.last.end(), [](const VoteState::Vote& one) { return one.drifted; });
    state.since = first->start;
    return;
  }
  state.clean = vote.drifted ? 0 : state.clean + 1;
  if (state.clean < std::max<std::uint32_t>(rule.clear, 1)) return;
  state = {.last = {}, .firing = false, .since = {}, .clean = 0, .cleared = vote.end};
}

VoteState votes_after(std::span<const KeptVote> windows, const VoteRule& rule) {
  VoteState state;
  if (windows.empty()) return state;
  state = windows.front().before;
  for (const KeptVote& window : windows) count_vote(state, rule, window);
  return state;
}

}  // namespace weir
