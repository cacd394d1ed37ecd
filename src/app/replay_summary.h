// SPDX-License-Identifier: Apache-2.0
// What a replay came to: every record that was read is in one of these counts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/replay_choice.h"

namespace weir {

struct ReplaySummary {
  /// A record that stays though it was meant, as evidence.
  struct Example {
    ReplayLeft left = ReplayLeft::NotAsked;
    std::string id;
    std::string why;  // may be empty
  };
  static constexpr std::size_t kExamples = 3;  // of each reason

  std::string source;  // "orders.quarantine", "3 files"
  std::uint64_t read = 0;
  std::uint64_t sent = 0;  // under --dry-run: would be
  std::map<std::string, std::uint64_t> into;
  std::array<std::uint64_t, kReplayLefts> left{};
  std::map<std::string, std::uint64_t> failing;  // rule -> records that still break it
  std::vector<Example> examples;
  bool dry_run = false;
  bool rechecked = false;

  void leave(ReplayLeft why, const std::string& id, const std::string& words = "");
  [[nodiscard]] std::uint64_t left_for(ReplayLeft why) const { return left[static_cast<std::size_t>(why)]; }
  [[nodiscard]] std::uint64_t left_behind() const;
};

/// 3: some could not be read. 4: some were too large for where they go. 1: others that were meant stay. 0: all that were meant
/// are back.
[[nodiscard]] int exit_of(const ReplaySummary& summary);

/// A table, examples, what can be done. Everything of a record is shown safely.
[[nodiscard]] std::string replay_text(const ReplaySummary& summary);
/// "1,480 records sent back, 100 left".
[[nodiscard]] std::string replay_line(const ReplaySummary& summary);
[[nodiscard]] std::string replay_json(const ReplaySummary& summary, int exit, const std::string& fault);

}  // namespace weir
