// SPDX-License-Identifier: Apache-2.0
// What is remembered of a window that was judged, as records of the History: the window as later references need it, its
// vote, and the cells that they are counted on.
//
// Three series for each rule and segment: windows (a kilobyte or two each, as many as the reference needs), votes (some 60
// bytes, some dozens), and the state (the edges with their epoch, the frozen anchor; the newest three). Every record
// begins with its version and kind and ends with a checksum; one that makes no sense is as if it were not there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drift/profile.h"
#include "drift/window_groups.h"
#include "weir/time.h"

namespace weir {

/// One window of a reference to come.
struct KeptWindow {
  Instant at{};     // the record's instant
  Instant start{};  // both `at` where windows have no span
  Instant end{};
  bool set_aside = false;  // it drifted, or the alarm was on: no rolling reference takes it
  bool off_edge = false;   // too many of its numbers lie in one cell of its epoch
  std::uint64_t epoch = 0;
  bool on_epoch = false;  // counted on the edges of `epoch`; otherwise as on_its_own() has it
  Profile profile;
  JointProfile joint;       // of rules about several fields, in place of the profile
  std::uint64_t bytes = 0;  // that it takes
  bool operator==(const KeptWindow&) const = default;
};

/// How votes stand before or after a window. Enough to go on from any of the windows that are remembered.
struct VoteState {
  struct Vote {
    Instant start{};
    bool drifted = false;
    bool operator==(const Vote&) const = default;
  };
  std::vector<Vote> last;  // of windows with an answer, oldest first: at most DriftRule::of
  bool firing = false;
  Instant since{};          // where firing: start of the first drifted window of it
  std::uint64_t clean = 0;  // where firing: clean windows in a row
  Instant cleared{};        // end of the window in which the last alarm ended
  bool operator==(const VoteState&) const = default;
};

struct KeptVote {
  Instant at{};
  Instant start{};
  Instant end{};
  bool answered = false;
  bool drifted = false;
  bool set_aside = false;
  VoteState before = {};
  std::uint64_t groups = 0;                // WindowGroups::name
  std::vector<std::uint64_t> counts = {};  // by group; empty: unknown
  bool operator==(const KeptVote&) const = default;
};

/// The first full reference of a rule that looks back a length of time: it never moves.
struct Anchor {
  Instant from{};
  Instant to{};
  std::optional<double> design_effect;
  Profile profile;  // on edges of its own
  JointProfile joint;
  bool operator==(const Anchor&) const = default;
};

/// Edges that are frozen until they fit no longer. Windows of former epochs are counted on edges that are kept here.
struct KeptState {
  static constexpr std::size_t kEpochs = 4;
  Instant at{};
  std::vector<Profile::Edges> epochs;  // newest first
  WindowGroups groups;
  std::optional<Anchor> anchor;

  [[nodiscard]] bool known() const noexcept { return !epochs.empty(); }
  [[nodiscard]] const Profile::Edges& edges() const noexcept { return epochs.front(); }
  [[nodiscard]] Profile::Edges find(std::uint64_t epoch) const;
};

[[nodiscard]] std::string write_window(const KeptWindow& window);
/// Windows of an epoch that the state does not know are nothing.
[[nodiscard]] std::optional<KeptWindow> read_window(Instant at, std::string_view bytes, const KeptState& state);
[[nodiscard]] std::string write_vote(const KeptVote& vote);
[[nodiscard]] std::optional<KeptVote> read_vote(Instant at, std::string_view bytes);
[[nodiscard]] std::string write_state(const KeptState& state);
[[nodiscard]] std::optional<KeptState> read_state(Instant at, std::string_view bytes);

}  // namespace weir
