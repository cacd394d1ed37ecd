// SPDX-License-Identifier: Apache-2.0
// A set of hashes that becomes registers.
#include "summary/distinct.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>

namespace weir {

namespace {

constexpr unsigned kIndexBits = 12;
constexpr unsigned kRankBits = 64 - kIndexBits;
constexpr std::size_t kFirstSlots = 16;
constexpr std::size_t kMostSlots = 512;
static_assert(Distinct::kRegisters == std::size_t{1} << kIndexBits);
static_assert(Distinct::kExactMost == kMostSlots / 4 * 3);

// Ertl's sums for the registers that are still zero and for those that are full.
double sigma(double x) noexcept {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double weight = 1;
  double sum = x;
  for (double before = -1; sum != before; weight += weight) {
    before = sum;
    x *= x;
    sum += x * weight;
  }
  return sum;
}

double tau(double x) noexcept {
  if (x == 0 || x == 1) return 0;
  double weight = 1;
  double sum = 1 - x;
  for (double before = -1; sum != before;) {
    before = sum;
    x = std::sqrt(x);
    weight *= 0.5;
    sum -= (1 - x) * (1 - x) * weight;
  }
  return sum / 3;
}

}  // namespace

void Distinct::raise(std::uint64_t hash) noexcept {
  std::uint8_t& kept = registers_[hash >> kRankBits];
  const auto rank =
      static_cast<std::uint8_t>(std::countl_zero(hash << kIndexBits | std::uint64_t{1} << (kIndexBits - 1)) + 1);
  kept = std::max(kept, rank);
}

void Distinct::grow() {
  const std::vector<std::uint64_t> before = std::move(slots_);
  slots_.assign(before.empty() ? kFirstSlots : before.size() * 2, 0);
  size_ = 0;
  for (const std::uint64_t hash : before) {
    if (hash != 0) keep(hash);
  }
}

void Distinct::leave_exact() {
  registers_.assign(kRegisters, 0);
  for (const std::uint64_t hash : slots_) {
    if (hash != 0) raise(hash);
  }
  slots_ = std::vector<std::uint64_t>();
  size_ = 0;
}

void Distinct::keep(std::uint64_t hash) {
  hash = std::max<std::uint64_t>(hash, 1);
  if (!exact()) {
    raise(hash);
    return;
  }
  if (slots_.empty()) grow();
  const std::size_t last = slots_.size() - 1;
  std::size_t at = hash & last;
  while (slots_[at] != 0) {
    if (slots_[at] == hash) return;
    at = (at + 1) & last;
  }
  if (size_ == kExactMost) {
    leave_exact();
    raise(hash);
    return;
  }
  slots_[at] = hash;
  if (++size_ * 4 >= slots_.size() * 3 && slots_.size() < kMostSlots) grow();
}

void Distinct::add(std::span<const std::uint64_t> hashes) {
  for (const std::uint64_t hash : hashes) keep(hash);
}

void Distinct::merge(const Distinct& other) {
  if (other.exact()) {
    for (const std::uint64_t hash : std::vector<std::uint64_t>(other.slots_)) {
      if (hash != 0) keep(hash);
    }
    return;
  }
  if (exact()) leave_exact();
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

double Distinct::estimate() const noexcept {
  if (exact()) return static_cast<double>(size_);
  // Registers of each rank. Side by side: most have one of a few ranks, and a count would wait for the one before.
  constexpr std::size_t kLanes = 8;
  static_assert(kRegisters % kLanes == 0);
  std::uint16_t lanes[kLanes][kRankBits + 2] = {};
  for (std::size_t i = 0; i < kRegisters; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) ++lanes[lane][registers_[i + lane]];
  }
  double having[kRankBits + 2] = {};
  for (const auto& lane : lanes) {
    for (std::size_t rank = 0; rank < kRankBits + 2; ++rank) having[rank] += lane[rank];
  }
  constexpr double kCount = kRegisters;
  double z = kCount * tau(1 - having[kRankBits + 1] / kCount);
  for (unsigned rank = kRankBits; rank >= 1; --rank) z = 0.5 * (z + having[rank]);
  z += kCount * sigma(having[0] / kCount);
  constexpr double kAlpha = 0.7213475204444817;  // 1 / (2 ln 2)
  return kAlpha * kCount * kCount / z;
}

double Distinct::error() const noexcept {
  constexpr double kDeviations99 = 2.576;  // of a normal distribution
  return exact() ? 0 : kDeviations99 * 1.04 / std::sqrt(static_cast<double>(kRegisters));
}

std::uint64_t Distinct::bytes() const noexcept {
  return sizeof *this + slots_.capacity() * sizeof(std::uint64_t) + registers_.capacity();
}

std::uint64_t Distinct::bytes_bound() noexcept {
  return sizeof(Distinct) + kRegisters;
}

std::vector<std::uint64_t> Distinct::sorted() const {
  std::vector<std::uint64_t> hashes;
  std::copy_if(slots_.begin(), slots_.end(), std::back_inserter(hashes), [](std::uint64_t hash) { return hash != 0; });
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

void Distinct::write(SummaryWriter& out) const {
  out.u8(exact() ? 0 : 1);
  if (!exact()) {
    for (const std::uint8_t rank : registers_) out.u8(rank);
    return;
  }
  out.varint(size_);
  for (const std::uint64_t hash : sorted()) out.u64(hash);
}

Distinct Distinct::read(SummaryReader& in) {
  Distinct read;
  const std::uint8_t form = in.u8();
  in.require(form <= 1, "a form of distinct values that is not known");
  if (form == 1) {
    const std::string_view ranks = in.raw(kRegisters);
    if (!in.ok()) return {};
    read.registers_.assign(ranks.begin(), ranks.end());
    for (const std::uint8_t rank : read.registers_) in.require(rank <= kRankBits + 1, "a register is out of range");
  } else {
    const std::size_t size = in.count(kExactMost, sizeof(std::uint64_t), "the number of distinct values");
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint64_t hash = in.u64();
      in.require(hash > before, "hashes are not in order");
      if (!in.ok()) return {};
      read.keep(hash);
      before = hash;
    }
  }
  return in.ok() ? read : Distinct();
}

bool Distinct::operator==(const Distinct& other) const {
  return exact() == other.exact() && size_ == other.size_ && registers_ == other.registers_ &&
         sorted() == other.sorted();
}

}  // namespace weir
