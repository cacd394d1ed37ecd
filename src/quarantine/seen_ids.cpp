// SPDX-License-Identifier: Apache-2.0
#include "quarantine/seen_ids.h"

#include <utility>

#include "base/hash.h"

namespace weir {

namespace {

constexpr std::size_t kFirstSlots = 1024;

bool is_free(const SeenIds::Entry& entry) {
  return entry.high == 0 && entry.low == 0;
}

}  // namespace

SeenIds::Entry SeenIds::key_of(std::string_view id) {
  Entry key{.high = hash_text(id, 1), .low = hash_text(id, 2)};
  if (is_free(key)) key.low = 1;
  return key;
}

std::size_t SeenIds::slot_of(const Entry& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(key.low) & mask;
  while (!is_free(slots_[slot]) && (slots_[slot].high != key.high || slots_[slot].low != key.low)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void SeenIds::grow() {
  std::vector<Entry> old = std::exchange(slots_, std::vector<Entry>(slots_.empty() ? kFirstSlots : slots_.size() * 2));
  for (const Entry& entry : old) {
    if (!is_free(entry)) slots_[slot_of(entry)] = entry;
  }
}

SeenIds::Entry* SeenIds::find_or_add(std::string_view id) {
  const Entry key = key_of(id);
  if (used_ * 4 >= slots_.size() * 3) {
    if (used_ < most_) grow();
  }
  Entry& entry = slots_[slot_of(key)];
  if (!is_free(entry)) return &entry;
  if (used_ >= most_) {
    ++forgotten_;
    return nullptr;
  }
  ++used_;
  entry = key;
  return &entry;
}

const SeenIds::Entry* SeenIds::find(std::string_view id) const {
  if (slots_.empty()) return nullptr;
  const Entry& entry = slots_[slot_of(key_of(id))];
  return is_free(entry) ? nullptr : &entry;
}

}  // namespace weir
