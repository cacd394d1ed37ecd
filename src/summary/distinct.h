// SPDX-License-Identifier: Apache-2.0
// How many different values there were.
//
// Up to kExactMost hashes are kept as they are, and the answer is exact. Beyond it HyperLogLog with 2^12 registers (P.
// Flajolet et al. 2007), read by the estimator of O. Ertl (New cardinality estimation algorithms for HyperLogLog
// sketches, 2017), which has no bias at any size and needs no table. Standard error 1.04 / sqrt(4096) = 1.6 %; 99 of 100
// answers lie within 4.2 %.
//
// The registers are a function of the set of values, and so is the moment at which they take over: pieces are merged in
// any order to the same bytes. Cost: 3 ns a value besides its hash, at most 4 KiB.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "summary/codec.h"

namespace weir {

class Distinct {
 public:
  static constexpr std::size_t kExactMost = 384;  // 4 KiB of slots, three quarters full
  static constexpr std::size_t kRegisters = 4096;

  void add(std::span<const std::uint64_t> hashes);  // hash_of() of the values
  void merge(const Distinct& other);

  [[nodiscard]] bool exact() const noexcept { return registers_.empty(); }
  [[nodiscard]] double estimate() const noexcept;
  /// How far the estimate may be off, as a share of it, with a probability of 99 %; 0 when exact.
  [[nodiscard]] double error() const noexcept;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound() noexcept;
  void write(SummaryWriter& out) const;
  static Distinct read(SummaryReader& in);
  bool operator==(const Distinct& other) const;

 private:
  void keep(std::uint64_t hash);
  void raise(std::uint64_t hash) noexcept;
  void grow();
  void leave_exact();
  [[nodiscard]] std::vector<std::uint64_t> sorted() const;

  std::vector<std::uint64_t> slots_;  // open addressing; 0 is free, and the hash 0 is kept as 1
  std::size_t size_ = 0;
  std::vector<std::uint8_t> registers_;  // none while exact
};

}  // namespace weir
