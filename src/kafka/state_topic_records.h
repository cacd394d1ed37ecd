// SPDX-License-Identifier: Apache-2.0
// The records of a state topic: keys, heads, and states as chunks. docs/decisions/0007 says what they are for.
//
//   STREAM/TOPIC/P/claim/INC/UUID    empty
//   STREAM/TOPIC/P/chunk/INC/SAVE/N  a piece of the compressed state
//   STREAM/TOPIC/P/head/INC/SAVE     what the chunks come to
//
// A reader trusts nothing: a key that is not exactly one of these is none of ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/ports.h"
#include "weir/result.h"

namespace weir::kafka {

struct StateKey {
  enum class Kind : std::uint8_t { Head, Chunk, Claim };  // in the order in which they are cleared away
  Kind kind = Kind::Head;
  std::uint64_t incarnation = 0;
  std::uint64_t save = 0;   // not of a claim
  std::uint64_t chunk = 0;  // of a chunk alone
  std::string uuid = {};    // of a claim alone

  auto operator<=>(const StateKey&) const = default;
};

/// What all keys of a partition begin with.
[[nodiscard]] std::string prefix_of(std::string_view stream, const Partition& partition);
[[nodiscard]] std::string write_key(std::string_view prefix, const StateKey& key);
[[nodiscard]] std::optional<StateKey> read_key(std::string_view prefix, std::string_view key);

struct StateHead {
  std::uint64_t epoch = 0;
  std::int64_t next_offset = 0;
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;  // of the state, before it was compressed

  bool operator==(const StateHead&) const = default;
};

[[nodiscard]] std::string write_head(const StateHead& head);
[[nodiscard]] Result<StateHead> read_head(std::string_view written);

/// No state is larger: one that says so is damaged.
inline constexpr std::uint64_t kLargestState = std::uint64_t{1} << 30;

/// zstd, with its checksum over the content.
[[nodiscard]] Result<std::string> compress_state(std::string_view state);
[[nodiscard]] Result<std::string> decompress_state(std::string_view compressed, std::uint64_t bytes);

}  // namespace weir::kafka
