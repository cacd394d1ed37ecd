// SPDX-License-Identifier: Apache-2.0
// Two sorted arrays into which new hashes are merged a few hundred at a time.
#include "summary/repeats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace weir {

namespace {

constexpr std::uint32_t kMostCount = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kFirst = 32;

std::uint32_t saturated(std::uint32_t a, std::uint32_t b) noexcept {
  return b > kMostCount - a ? kMostCount : a + b;
}

}  // namespace

void Repeats::add(std::span<const std::uint64_t> hashes) {
  total_ += hashes.size();
  for (const std::uint64_t hash : hashes) {
    if (hash > most_) continue;
    if (pending_.size() == pending_.capacity()) {
      if (pending_.size() == kPending) settle();
      pending_.reserve(std::min(kPending, std::max<std::size_t>(8, pending_.capacity() * 2)));
      if (hash > most_) continue;
    }
    pending_.push_back(hash);
  }
}

void Repeats::settle() {
  if (pending_.empty()) return;
  std::sort(pending_.begin(), pending_.end());
  std::array<std::uint32_t, kPending> counts;
  std::size_t size = 0;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (size > 0 && pending_[size - 1] == pending_[i]) {
      ++counts[size - 1];
    } else {
      pending_[size] = pending_[i];
      counts[size++] = 1;
    }
  }
  merge_sorted({pending_.data(), size}, {counts.data(), size});
  pending_.clear();
}

void Repeats::merge_sorted(std::span<const std::uint64_t> hashes, std::span<const std::uint32_t> counts) {
  // How many are new; the counts of the others are added on the way.
  std::size_t fresh = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    at = static_cast<std::size_t>(
        std::lower_bound(hashes_.begin() + static_cast<std::ptrdiff_t>(at), hashes_.end(), hashes[i]) -
        hashes_.begin());
    if (at < hashes_.size() && hashes_[at] == hashes[i]) {
      counts_[at] = saturated(counts_[at], counts[i]);
    } else {
      ++fresh;
    }
  }
  if (fresh == 0) return;
  const std::size_t before = hashes_.size();
  const std::size_t wanted = before + fresh;
  if (wanted > hashes_.capacity()) {
    const std::size_t room = std::max({kFirst, wanted, std::min(kMost + kPending, hashes_.capacity() * 2)});
    hashes_.reserve(room);
    counts_.reserve(room);
  }
  hashes_.resize(wanted);
  counts_.resize(wanted);
  // From the largest down, so that nothing is overwritten before it has moved.
  std::size_t own = before;
  std::size_t to = wanted;
  for (std::size_t i = hashes.size(); i-- > 0;) {
    while (own > 0 && hashes_[own - 1] > hashes[i]) {
      --own;
      --to;
      hashes_[to] = hashes_[own];
      counts_[to] = counts_[own];
    }
    if (own > 0 && hashes_[own - 1] == hashes[i]) continue;
    --to;
    hashes_[to] = hashes[i];
    counts_[to] = counts[i];
  }
  if (wanted > kMost) {
    full_ = true;
    hashes_.resize(kMost);
    counts_.resize(kMost);
  }
  if (full_) most_ = hashes_.back();
}

void Repeats::merge(const Repeats& other) {
  Repeats others = other;
  others.settle();
  settle();
  total_ += others.total_;
  // A piece that left keys out says nothing about those beyond its last one.
  most_ = std::min(most_, others.most_);
  full_ = full_ || others.full_;
  merge_sorted(others.hashes_, others.counts_);
  if (hashes_.capacity() > kMost + kPending) {
    Repeats fitting;
    fitting.hashes_.reserve(kMost + kPending);
    fitting.counts_.reserve(kMost + kPending);
    fitting.hashes_.assign(hashes_.begin(), hashes_.end());
    fitting.counts_.assign(counts_.begin(), counts_.end());
    hashes_ = std::move(fitting.hashes_);
    counts_ = std::move(fitting.counts_);
  }
  if (full_) most_ = hashes_.back();
}

Repeats::Keys Repeats::keys() const {
  if (!pending_.empty()) {
    Repeats settled = *this;
    settled.settle();
    return settled.keys();
  }
  Keys keys;
  if (hashes_.empty()) return keys;
  const auto kept = static_cast<double>(hashes_.size());
  const auto once = static_cast<double>(std::count(counts_.begin(), counts_.end(), 1U));
  keys.once_share = once / kept;
  if (!full_) {
    keys.keys = kept;
    keys.once = once;
    return keys;
  }
  constexpr double kDeviations99 = 2.576;
  keys.exact = false;
  const double density = (static_cast<double>(hashes_.back()) + 1) / 0x1p64;  // the share of hashes that are kept
  keys.keys = (kept - 1) / density;
  keys.once = keys.keys * keys.once_share;
  keys.keys_error = kDeviations99 / std::sqrt(kept - 2);
  // Half of a key of each kind, or a share of 0 or 1 would look certain.
  const double share = (once + 0.5) / (kept + 1);
  keys.once_share_error = kDeviations99 * std::sqrt(share * (1 - share) / kept) + 0.5 / kept;
  return keys;
}

std::uint64_t Repeats::bytes() const noexcept {
  return sizeof *this + (hashes_.capacity() + pending_.capacity()) * sizeof(std::uint64_t) +
         counts_.capacity() * sizeof(std::uint32_t);
}

std::uint64_t Repeats::bytes_bound() noexcept {
  return sizeof(Repeats) + (kMost + kPending) * (sizeof(std::uint64_t) + sizeof(std::uint32_t)) +
         kPending * sizeof(std::uint64_t);
}

void Repeats::write(SummaryWriter& out) const {
  Repeats settled = *this;
  settled.settle();
  out.varint(settled.total_);
  out.u8(settled.full_ ? 1 : 0);
  out.varint(settled.hashes_.size());
  for (std::size_t i = 0; i < settled.hashes_.size(); ++i) {
    out.u64(settled.hashes_[i]);
    out.varint(settled.counts_[i]);
  }
}

Repeats Repeats::read(SummaryReader& in) {
  constexpr std::size_t kLeastBytes = 9;  // of a key
  Repeats read;
  read.total_ = in.at_most(~std::uint64_t{0} >> 8, "the total of the keys");
  read.full_ = in.at_most(1, "a flag") == 1;
  const std::size_t size = in.count(kMost, kLeastBytes, "the number of keys");
  in.require(!read.full_ || size == kMost, "keys were left out though there is room");
  if (!in.ok()) return {};
  read.hashes_.reserve(size);
  read.counts_.reserve(size);
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t hash = in.u64();
    const auto count = static_cast<std::uint32_t>(in.at_most(kMostCount, "the count of a key"));
    in.require(count > 0 && (read.hashes_.empty() || read.hashes_.back() < hash), "keys are not in order");
    read.hashes_.push_back(hash);
    read.counts_.push_back(count);
    counted += count;
  }
  in.require(read.full_ || counted <= read.total_, "the counts of the keys do not add up");
  if (read.full_) read.most_ = read.hashes_.back();
  return in.ok() ? read : Repeats();
}

bool Repeats::operator==(const Repeats& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
