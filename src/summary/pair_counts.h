// SPDX-License-Identifier: Apache-2.0
// How often two values stood in the same record.
//
// The same table as that of value_counts.h, with pairs of hashes for keys: exact up to kMost different pairs, then with
// a stated error. Cost: 34 bytes a pair.
#pragma once

#include <cstdint>
#include <vector>

#include "summary/codec.h"
#include "summary/hash_index.h"

namespace weir {

struct PairCount {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t count = 0;
  bool operator==(const PairCount&) const = default;
};

class PairCounts {
 public:
  static constexpr std::size_t kMost = 4096;

  void add(std::uint64_t a, std::uint64_t b, std::uint64_t times = 1);
  void merge(const PairCounts& other);

  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  [[nodiscard]] bool exact() const noexcept { return error_ == 0; }
  /// How much each count may be too low; at most 2 / kMost of all rows.
  [[nodiscard]] std::uint64_t error() const noexcept { return error_; }
  /// Ascending by a, then b.
  [[nodiscard]] std::vector<PairCount> entries() const;
  /// Sum of p(a, b) ln(p(a, b) / p(a) p(b)) over the pairs that are counted, in nats; 0 without rows.
  [[nodiscard]] double mutual_information() const;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound() noexcept;
  void write(SummaryWriter& out) const;
  static PairCounts read(SummaryReader& in);
  bool operator==(const PairCounts& other) const;

 private:
  struct Entry {
    std::uint64_t hash = 0;
    PairCount pair;
  };
  void make_room();

  std::vector<Entry> entries_;
  HashIndex index_;
  std::uint64_t total_ = 0;
  std::uint64_t error_ = 0;
};

}  // namespace weir
