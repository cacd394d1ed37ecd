// SPDX-License-Identifier: Apache-2.0
// The numbers themselves, as long as there are few.
//
// Up to `most` values all are kept, in ascending order once they are asked for or written; with one more there are none at all,
// and other parts answer. Whether there are any is a matter of their number alone, so pieces are merged in any order to
// the same bytes. Cost: a copy a value, 8 bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "summary/codec.h"

namespace weir {

class RawValues {
 public:
  explicit RawValues(std::uint32_t most) : most_(most) {}
  void add(std::span<const double> values);  // finite
  void merge(const RawValues& other);
  void settle();  // sorts
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] bool complete() const noexcept { return count_ <= most_; }
  /// Ascending; empty unless complete().
  [[nodiscard]] std::vector<double> sorted() const;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(std::uint32_t most) noexcept;
  void write(SummaryWriter& out) const;
  static RawValues read(SummaryReader& in, std::uint32_t most);
  bool operator==(const RawValues& other) const;

 private:
  void make_room(std::size_t more);
  void drop();

  std::uint32_t most_;
  bool sorted_ = true;
  std::uint64_t count_ = 0;
  std::vector<double> values_;
};

}  // namespace weir
