// SPDX-License-Identifier: Apache-2.0
// Finds an entry by its hash in a short array of them: positions in an open-addressing table that is at most half full.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace weir {

/// Entries have a member `hash`, and there are at most kMost of them.
class HashIndex {
 public:
  static constexpr std::size_t kMost = 16384;
  static constexpr std::uint16_t kNone = std::numeric_limits<std::uint16_t>::max();

  template <class Entry>
  [[nodiscard]] std::uint16_t find(const std::vector<Entry>& entries, std::uint64_t hash) const noexcept {
    return slots_.empty() ? kNone : slots_[slot_of(entries, hash)];
  }

  /// After entries.push_back() of a hash that find() did not find.
  template <class Entry>
  void add_last(const std::vector<Entry>& entries) {
    if (slots_.size() < 2 * entries.size()) {
      rebuild(entries);
    } else {
      slots_[slot_of(entries, entries.back().hash)] = static_cast<std::uint16_t>(entries.size() - 1);
    }
  }

  /// After entries went away or moved. The table never becomes smaller.
  template <class Entry>
  void rebuild(const std::vector<Entry>& entries) {
    std::size_t slots = slots_.empty() ? kFirst : slots_.size();
    while (slots < 2 * entries.size()) slots *= 2;
    slots_.assign(slots, kNone);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      slots_[slot_of(entries, entries[i].hash)] = static_cast<std::uint16_t>(i);
    }
  }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return slots_.capacity() * sizeof(std::uint16_t); }
  [[nodiscard]] static constexpr std::uint64_t bytes_bound(std::size_t entries) noexcept {
    return std::bit_ceil(2 * entries) * sizeof(std::uint16_t);
  }

 private:
  static constexpr std::size_t kFirst = 16;

  // Where the hash is, or the free slot where it would be.
  template <class Entry>
  [[nodiscard]] std::size_t slot_of(const std::vector<Entry>& entries, std::uint64_t hash) const noexcept {
    const std::size_t last = slots_.size() - 1;
    std::size_t at = hash & last;
    while (slots_[at] != kNone && entries[slots_[at]].hash != hash) at = (at + 1) & last;
    return at;
  }

  std::vector<std::uint16_t> slots_;
};

}  // namespace weir
