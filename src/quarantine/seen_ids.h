// SPDX-License-Identifier: Apache-2.0
// Which ids were seen, in bounded memory: a record that was put aside twice is counted once, and a mark finds its record whichever
// of the two comes first. An id is kept as a hash of 16 bytes; that two of three million ids share one has a chance of one in 10^25.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir {

class SeenIds {
 public:
  /// Remembered at most, in 96 MiB; of others nothing is known.
  static constexpr std::size_t kMost = 3'000'000;

  struct Entry {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::uint32_t record = 0;  // 0: no record of that id was seen; else what the owner says of it
    std::uint32_t mark = 0;    // the same of a mark
  };

  explicit SeenIds(std::size_t most = kMost) : most_(most) {}
  /// Good until the next call; null: it is new, and there is no room.
  Entry* find_or_add(std::string_view id);
  [[nodiscard]] const Entry* find(std::string_view id) const;
  /// Calls that found no room.
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

 private:
  [[nodiscard]] static Entry key_of(std::string_view id);
  [[nodiscard]] std::size_t slot_of(const Entry& key) const;
  void grow();

  std::size_t most_;
  std::vector<Entry> slots_;  // a power of two
  std::size_t used_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace weir
