// SPDX-License-Identifier: Apache-2.0
// Numbers of one word: trailing zeros go, so that 1.50 and 1.5 are the same.
#include "base/small_number.h"

namespace weir {

namespace {

constexpr std::uint32_t kMostScale = 18;

}  // namespace

SmallNumber stripped(std::int64_t unscaled, std::uint32_t scale) noexcept {
  while (scale > 0 && unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  return {unscaled, scale};
}

std::optional<SmallNumber> small_number_of(const Decimal& number) {
  if (!number.is_finite() || number.scale() > kMostScale) return std::nullopt;
  const auto scale = static_cast<std::uint32_t>(number.scale());
  const SmallNumber small{number.ceiling_at(scale), scale};
  return Decimal(small.unscaled, scale) == number ? std::optional(small) : std::nullopt;
}

std::optional<SmallNumber> small_number_of(Kind kind, const Cell& cell) {
  if (kind == Kind::Integer) return SmallNumber{cell.number, 0};
  if (kind == Kind::Decimal) return stripped(cell.number, cell.scale);
  return kind == Kind::Number ? small_number_of(number_of(kind, cell)) : std::nullopt;
}

}  // namespace weir
