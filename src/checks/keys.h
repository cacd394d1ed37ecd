// SPDX-License-Identifier: Apache-2.0
// What ordered checks remember: a bounded table of keys.
//
// A key stands for a value, or for several, by 128 bits of hash. Among a million keys two different ones share them
// with a probability of 10^-27, so a duplicate is not invented; and a key takes 16 bytes however long the value is.
// When the table is full the oldest key makes room: a duplicate of it is missed then, and that is counted.
//
// Keys lie in one array, which is also the order of age unless sightings renew a key; an open-addressing table of
// positions in it is at most half full.
//
// Written down, keys stand in the order of age and nothing else is kept of where they lay: 16 bytes a key.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/key.h"
#include "summary/codec.h"

namespace weir {

/// Appends what is kept for a new key. Room is doubled as a vector does it, but never beyond `most`.
template <class T>
void append_within(std::vector<T>& kept, const T& value, std::size_t most) {
  if (kept.size() == kept.capacity()) kept.reserve(std::min(most, std::max<std::size_t>(32, kept.capacity() * 2)));
  kept.push_back(value);
}

class KeyTable {
 public:
  enum class Age : std::uint8_t { FirstSeen, LastSeen };
  struct Place {
    std::uint32_t index = 0;  // position of what the caller keeps for the key
    bool known = false;       // false: the key is new here, and so has to be what is kept
    bool replaced = false;    // another key was forgotten for it
  };

  KeyTable(std::size_t most, Age age) : most_(most), age_(age) {}

  /// Finds the key or adds it. With `replace_oldest` a new key takes the oldest one's place though there is room.
  Place place_of(const Key& key, bool replace_oldest = false);
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  [[nodiscard]] const Key& key(std::uint32_t index) const { return keys_[index]; }
  /// The position of the oldest key; size() > 0.
  [[nodiscard]] std::uint32_t oldest() const noexcept { return oldest_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  /// The most that a table of `most` keys takes.
  [[nodiscard]] static std::uint64_t bytes_bound(std::size_t most, Age age) noexcept;

  /// The positions of all keys, the oldest first: the order in which they are written, and what is kept for them.
  [[nodiscard]] std::vector<std::uint32_t> by_age() const;
  void write(std::span<const std::uint32_t> by_age, SummaryWriter& out) const;
  /// Into an empty table: the keys take the positions 0, 1, … in the order of age. After an error it is of no use.
  void read(SummaryReader& in);

 private:
  struct Neighbours {
    std::uint32_t older = 0;
    std::uint32_t newer = 0;
  };

  [[nodiscard]] std::size_t find_slot(const Key& key) const noexcept;
  void erase_slot(std::size_t slot) noexcept;
  void grow();
  void append(const Key& key);
  void renew(std::uint32_t index) noexcept;

  std::size_t most_;
  Age age_;
  std::vector<Key> keys_;
  std::vector<Neighbours> order_;     // Age::LastSeen only: a ring in order of age
  std::vector<std::uint32_t> slots_;  // position in keys_, or kFree
  std::uint32_t oldest_ = 0;
};

}  // namespace weir
