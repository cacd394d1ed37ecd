// SPDX-License-Identifier: Apache-2.0
// `m of n`: one odd window is chance, several are an alarm; and an alarm ends only after several clean windows.
//
// The alarm begins when `fire` of the last `of` windows with an answer drifted, and ends after `clear` clean ones in a row.
// Windows without an answer (no data, inconclusive) count neither way. When it ends, the windows before are forgotten.
#pragma once

#include <cstdint>
#include <span>

#include "drift/kept_window.h"

namespace weir {

struct VoteRule {
  std::uint32_t fire = 2;
  std::uint32_t of = 3;
  std::uint32_t clear = 3;
};

/// One window more; those without an answer change nothing.
void count_vote(VoteState& state, const VoteRule& rule, const KeptVote& vote);
/// How votes stand after the windows that are remembered, oldest first.
[[nodiscard]] VoteState votes_after(std::span<const KeptVote> windows, const VoteRule& rule);
[[nodiscard]] std::uint32_t drifted_of(const VoteState& state) noexcept;

}  // namespace weir
