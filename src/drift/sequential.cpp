// SPDX-License-Identifier: Apache-2.0
#include "drift/sequential.h"

#include <algorithm>
#include <cmath>

#include "stats/family.h"

namespace weir {

namespace {

constexpr std::size_t kLeastWindows = 30;

std::vector<std::uint64_t> thinned(const std::vector<std::uint64_t>& counts, double design_effect) {
  std::vector<std::uint64_t> out = counts;
  if (design_effect <= 1) return out;
  for (std::uint64_t& count : out)
    count = static_cast<std::uint64_t>(std::llround(static_cast<double>(count) / design_effect));
  return out;
}

}  // namespace

std::optional<double> design_effect_of(std::span<const KeptVote> votes, const WindowGroups& groups) {
  const std::uint64_t name = groups.name();
  std::vector<std::vector<std::uint64_t>> counts;
  for (const KeptVote& vote : votes) {
    if (!vote.set_aside && vote.groups == name && vote.counts.size() == groups.size()) counts.push_back(vote.counts);
  }
  if (counts.size() > kCountedWindows)
    counts.erase(counts.begin(), counts.end() - static_cast<std::ptrdiff_t>(kCountedWindows));
  return design_effect(counts);
}

std::optional<double> design_effect_of(std::span<const KeptWindow> windows, const WindowGroups& groups) {
  if (windows.size() < kLeastWindows || groups.empty()) return std::nullopt;
  std::vector<std::vector<std::uint64_t>> counts;
  for (const KeptWindow& window : windows) {
    if (window.set_aside) continue;  // a change of level would look like dependence, and hide itself
    counts.push_back(groups.count(window.profile));
    if (counts.back().size() != groups.size()) return std::nullopt;
  }
  return design_effect(counts);
}

double log_e_of(std::span<const KeptVote> votes, const VoteState& state, const WindowGroups& groups,
                const std::vector<std::uint64_t>& current, double design_effect) {
  const std::uint64_t name = groups.name();
  std::vector<const KeptVote*> before;
  for (const KeptVote& vote : votes) {
    if (vote.start >= state.cleared && vote.groups == name && vote.counts.size() == groups.size())
      before.push_back(&vote);
  }
  const std::size_t most = EDetector::kMostStarts - 1;
  EDetector detector(groups.shares, static_cast<double>(groups.records) / std::max(1.0, design_effect));
  for (std::size_t i = before.size() > most ? before.size() - most : 0; i < before.size(); ++i)
    detector.add(thinned(before[i]->counts, design_effect));
  return detector.add(thinned(current, design_effect));
}

double log_e_to_alarm(std::size_t fields) noexcept {
  return std::log(static_cast<double>(std::max<std::size_t>(fields, 1)) * kHorizon);
}

}  // namespace weir
