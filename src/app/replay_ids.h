// SPDX-License-Identifier: Apache-2.0
// Which records were sent back: ids, each as 128 bits of hash. 16 bytes a slot and never more than two thirds of the slots
// taken: 24 to 48 bytes for each record that was ever sent back and is still marked.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/key.h"

namespace weir {

class ReplayedIds {
 public:
  /// False: it was there.
  bool insert(std::string_view id) {
    if (3 * (count_ + 1) > 2 * slots_.size()) grow();
    Key& slot = slots_[slot_of(key_of_id(id))];
    if (slot != Key{}) return false;
    slot = key_of_id(id);
    ++count_;
    return true;
  }

  [[nodiscard]] bool contains(std::string_view id) const {
    return !slots_.empty() && slots_[slot_of(key_of_id(id))] != Key{};
  }

  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  static Key key_of_id(std::string_view id) {
    const Key key{.high = hash_text(id, hashing::kRoot2), .low = hash_text(id, hashing::kRoot7)};
    return key == Key{} ? Key{.high = 0, .low = 1} : key;  // all zeros: an empty slot
  }

  /// Where the key is, or the empty slot where it belongs.
  [[nodiscard]] std::size_t slot_of(const Key& key) const {
    std::size_t at = key.low & (slots_.size() - 1);
    while (slots_[at] != Key{} && slots_[at] != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  void grow() {
    const std::vector<Key> before =
        std::exchange(slots_, std::vector<Key>(slots_.empty() ? std::size_t{1024} : 2 * slots_.size()));
    for (const Key& key : before) {
      if (key != Key{}) slots_[slot_of(key)] = key;
    }
  }

  std::vector<Key> slots_;  // a power of two of them
  std::size_t count_ = 0;
};

}  // namespace weir
