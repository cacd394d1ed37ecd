// SPDX-License-Identifier: Apache-2.0
// The numbers that data is full of: few enough digits for one word and a scale. They have one form each, so that two of
// them are compared and hashed without looking at digits.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "base/decimal.h"
#include "weir/batch.h"

namespace weir {

/// A number with trailing zeros gone, where 64 bits and 18 places are enough.
struct SmallNumber {
  std::int64_t unscaled = 0;
  std::uint32_t scale = 0;
  auto operator<=>(const SmallNumber&) const = default;
};
[[nodiscard]] SmallNumber stripped(std::int64_t unscaled, std::uint32_t scale) noexcept;
[[nodiscard]] std::optional<SmallNumber> small_number_of(Kind kind, const Cell& cell);
[[nodiscard]] std::optional<SmallNumber> small_number_of(const Decimal& number);

}  // namespace weir
