// SPDX-License-Identifier: Apache-2.0
// Where a partition is taken up again: which snapshot counts, and which offset comes next.
//
// At least once, the newest snapshot counts, whatever position the group has: it was saved before its position was
// committed. Exactly once, only the epoch that the committed position names counts: a newer snapshot belongs to a
// transaction that was never committed. A position that another store committed is ahead of what this one knows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "weir/ports.h"

namespace weir {

/// What is committed beside a position: whose snapshot it belongs to.
struct PositionNote {
  std::string store;
  std::uint64_t epoch = 0;
};
[[nodiscard]] std::string write_note(const PositionNote& note);
/// Nothing: it was committed by somebody else, a person for example.
[[nodiscard]] std::optional<PositionNote> read_note(std::string_view metadata);

/// What a snapshot holds: what the engine remembers, behind the time up to which windows miss records.
[[nodiscard]] std::string close_state(std::optional<Instant> partial_until, std::string_view engine);
/// Nothing: this is no such state.
[[nodiscard]] std::optional<std::string_view> open_state(std::string_view state, std::optional<Instant>& partial_until);

struct Beginning {
  /// Snapshots that may count, in the order in which to try them: indices into those that restore() gave.
  std::vector<std::size_t> candidates;
  /// Where to begin without any of them; nothing: nothing is known, `from` decides.
  std::optional<std::int64_t> offset;
};
[[nodiscard]] Beginning find_beginning(std::span<const Snapshot> snapshots, const Position& position,
                                       const std::string& store, bool exactly_once);

}  // namespace weir
