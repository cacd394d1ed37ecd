// SPDX-License-Identifier: Apache-2.0
// What stands for a value where values are remembered or counted: hashes of what it is, not of how it is written.
#pragma once

#include <cstdint>

#include "weir/batch.h"

namespace weir {

struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Key&) const = default;
};

/// The key of one value. Typed: 1 and "1" differ, 1 and 1.0 do not. Arrays and objects count as they are written.
[[nodiscard]] Key key_of(Kind kind, const Cell& cell);
/// The key of a value after others: order matters.
[[nodiscard]] Key joined(const Key& before, const Key& next) noexcept;
/// One half of the key, for less than the whole costs: enough to count values by.
[[nodiscard]] std::uint64_t hash_of(Kind kind, const Cell& cell);

}  // namespace weir
