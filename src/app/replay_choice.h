// SPDX-License-Identifier: Apache-2.0
// Which quarantined records are sent back, and where to; and why the others stay. Whoever asks for records to be sent back
// has to find each of them in one of these counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/replay_ids.h"
#include "quarantine/quarantined.h"

namespace weir {

/// Why a record stays where it is.
enum class ReplayLeft : std::uint8_t {
  NotAsked,      // the filter does not take it
  SentBefore,    // it is marked
  Copy,          // its id was there already: at least once is what a quarantine promises
  StillFails,    // under today's rules
  OtherTopic,    // today's rules are about another one
  TooOften,      // --max-replays
  OriginalGone,  // its bytes are not here, and its origin does not have them any more
  Nowhere,       // there is no topic where it came from, or none that a record may be put into
  TooLarge,      // for the topic that it goes to
  Unreadable,    // no quarantined record
  Newer,         // a newer weir wrote it
};
inline constexpr std::size_t kReplayLefts = 11;

/// "still failing" for people, "still_failing" for programs.
[[nodiscard]] std::string_view words_of(ReplayLeft left);
[[nodiscard]] std::string_view key_of(ReplayLeft left);
/// What a person can do about it; empty: nothing has to be done.
[[nodiscard]] std::string_view remedy_of(ReplayLeft left);
/// It was meant, and is not sent: the command did not do all that was asked for.
[[nodiscard]] bool is_left_behind(ReplayLeft left);

struct ReplayWish {
  QuarantineFilter filter = {};
  std::uint64_t max_replays = 3;
  bool again = false;  // also what is marked
  std::optional<std::string> into = {};
  std::string quarantine = {};  // the topic that is read; empty: files
};

class ReplayChoice {
 public:
  explicit ReplayChoice(ReplayWish wish) : wish_(std::move(wish)) {}

  /// The record of that id was sent back by an earlier command.
  void mark(std::string_view id) { marked_.insert(id); }
  [[nodiscard]] std::size_t marks() const noexcept { return marked_.size(); }

  /// Nothing: it is to be sent, by all that can be said without looking further. A second record of an id is a copy.
  [[nodiscard]] std::optional<ReplayLeft> look(const QuarantinedRecord& record);
  [[nodiscard]] std::string target_of(const QuarantinedRecord& record) const;

 private:
  ReplayWish wish_;
  ReplayedIds marked_;
  ReplayedIds seen_;
};

/// Whether key, value and headers are the record's own, byte for byte, as far as can be known.
[[nodiscard]] bool is_original(const QuarantinedRecord& record);

}  // namespace weir
