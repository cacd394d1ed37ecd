// SPDX-License-Identifier: Apache-2.0
// The bounded table of keys: linear probing, deletion by moving back what stands behind.
#include "checks/keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

namespace weir {

namespace {

constexpr std::uint32_t kFree = ~std::uint32_t{0};
constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kKeyBytes = 16;
// Hashes need half a step beyond the first on average. Bytes that were made up could need n²/2; they are given this.
constexpr std::uint64_t kStepsEach = 64;
constexpr std::uint64_t kStepsFirst = std::uint64_t{1} << 20;

void store(std::uint64_t value, char* to) noexcept {
  for (unsigned i = 0; i < 8; ++i) to[i] = static_cast<char>(value >> (8 * i));
}

std::uint64_t load(const char* from) noexcept {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 8; ++i) value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  return value;
}

}  // namespace

std::size_t KeyTable::find_slot(const Key& key) const noexcept {
  const std::size_t last = slots_.size() - 1;
  std::size_t slot = key.low & last;
  while (slots_[slot] != kFree && !(keys_[slots_[slot]] == key)) slot = (slot + 1) & last;
  return slot;
}

void KeyTable::erase_slot(std::size_t slot) noexcept {
  const std::size_t last = slots_.size() - 1;
  for (std::size_t next = (slot + 1) & last; slots_[next] != kFree; next = (next + 1) & last) {
    const std::size_t home = keys_[slots_[next]].low & last;
    // Moves back unless its home lies behind the gap.
    if (((next - home) & last) < ((next - slot) & last)) continue;
    slots_[slot] = slots_[next];
    slot = next;
  }
  slots_[slot] = kFree;
}

void KeyTable::grow() {
  const std::size_t wanted = slots_.empty() ? kFirstSlots : slots_.size() * 2;
  slots_.assign(wanted, kFree);
  keys_.reserve(std::min(wanted / 2, most_));
  if (age_ == Age::LastSeen) order_.reserve(std::min(wanted / 2, most_));
  for (std::uint32_t i = 0; i < keys_.size(); ++i) slots_[find_slot(keys_[i])] = i;
}

void KeyTable::append(const Key& key) {
  const auto index = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
  if (age_ == Age::FirstSeen) return;
  if (index == 0) {
    order_.push_back({0, 0});
    return;
  }
  const std::uint32_t newest = order_[oldest_].older;
  order_.push_back({newest, oldest_});
  order_[newest].newer = index;
  order_[oldest_].older = index;
}

// Puts a key behind all others of the ring.
void KeyTable::renew(std::uint32_t index) noexcept {
  if (index == oldest_) {
    oldest_ = order_[index].newer;  // in a ring the oldest stands right behind the newest
    return;
  }
  order_[order_[index].older].newer = order_[index].newer;
  order_[order_[index].newer].older = order_[index].older;
  const std::uint32_t newest = order_[oldest_].older;
  order_[index] = {newest, oldest_};
  order_[newest].newer = index;
  order_[oldest_].older = index;
}

KeyTable::Place KeyTable::place_of(const Key& key, bool replace_oldest) {
  if (slots_.size() < 2 * (keys_.size() + 1)) grow();
  std::size_t slot = find_slot(key);
  if (slots_[slot] != kFree) {
    const std::uint32_t index = slots_[slot];
    if (age_ == Age::LastSeen) renew(index);
    return {index, true, false};
  }
  if (keys_.size() < most_ && !(replace_oldest && !keys_.empty())) {
    slots_[slot] = static_cast<std::uint32_t>(keys_.size());
    append(key);
    return {slots_[slot], false, false};
  }
  const std::uint32_t index = oldest_;
  erase_slot(find_slot(keys_[index]));
  keys_[index] = key;
  slots_[find_slot(key)] = index;
  oldest_ = age_ == Age::LastSeen ? order_[index].newer : static_cast<std::uint32_t>((index + 1) % keys_.size());
  return {index, false, true};
}

std::vector<std::uint32_t> KeyTable::by_age() const {
  std::vector<std::uint32_t> found(keys_.size());
  if (age_ == Age::FirstSeen) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      found[i] = static_cast<std::uint32_t>((oldest_ + i) % found.size());
    }
    return found;
  }
  if (found.empty()) return found;
  // From both ends: two walks through memory that wait for it side by side.
  std::uint32_t older = oldest_;
  std::uint32_t newer = order_[oldest_].older;
  for (std::size_t first = 0, last = found.size() - 1; first <= last; ++first, --last) {
    found[first] = older;
    found[last] = newer;
    if (last == 0) break;
    older = order_[older].newer;
    newer = order_[newer].older;
  }
  return found;
}

void KeyTable::write(std::span<const std::uint32_t> by_age, SummaryWriter& out) const {
  out.varint(by_age.size());
  std::array<char, 256 * kKeyBytes> block{};
  for (std::size_t first = 0; first < by_age.size(); first += 256) {
    const std::span<const std::uint32_t> some =
        by_age.subspan(first, std::min<std::size_t>(256, by_age.size() - first));
    char* to = block.data();
    for (const std::uint32_t index : some) {
      store(keys_[index].high, to);
      store(keys_[index].low, to + 8);
      to += kKeyBytes;
    }
    out.raw(std::string_view(block.data(), some.size() * kKeyBytes));
  }
}

void KeyTable::read(SummaryReader& in) {
  const std::size_t size = in.count(most_, kKeyBytes, "number of keys");
  const std::string_view written = in.raw(size * kKeyBytes);
  if (!in.ok()) return;
  slots_.assign(std::max(kFirstSlots, std::bit_ceil(2 * size)), kFree);
  keys_.reserve(std::min(slots_.size() / 2, most_));
  if (age_ == Age::LastSeen) order_.reserve(std::min(slots_.size() / 2, most_));
  const std::size_t last = slots_.size() - 1;
  std::uint64_t steps = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const Key key{load(written.data() + i * kKeyBytes), load(written.data() + i * kKeyBytes + 8)};
    std::size_t slot = key.low & last;
    for (; slots_[slot] != kFree; slot = (slot + 1) & last) {
      if (keys_[slots_[slot]] == key) return in.fail("a key stands there twice");
      if (++steps > kStepsFirst + kStepsEach * size) return in.fail("the keys are no hashes");
    }
    slots_[slot] = static_cast<std::uint32_t>(i);
    append(key);
  }
}

std::uint64_t KeyTable::bytes() const noexcept {
  return keys_.capacity() * sizeof(Key) + order_.capacity() * sizeof(Neighbours) +
         slots_.capacity() * sizeof(std::uint32_t);
}

std::uint64_t KeyTable::bytes_bound(std::size_t most, Age age) noexcept {
  const std::uint64_t slots = std::max(kFirstSlots, std::bit_ceil(2 * (most + 1)));
  return most * (sizeof(Key) + (age == Age::LastSeen ? sizeof(Neighbours) : 0)) + slots * sizeof(std::uint32_t);
}

}  // namespace weir
