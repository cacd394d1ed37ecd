// SPDX-License-Identifier: Apache-2.0
// Decimals of any size out of the bytes of a two's complement number, exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/batch.h"

namespace weir {

/// Longer ones are refused: the cost of writing digits grows with the square of the length. Room for 12,000 digits.
inline constexpr std::size_t kLongestDecimal = 5'000;

/// The number in `bytes`, big endian, of at most kLongestDecimal, times 10^-scale. Kind::Integer and Kind::Decimal without text
/// where 18 digits do, else Kind::Number with its digits in the arena: all of the scale, or behind an `e` where they would be
/// nothing but zeros.
Kind put_decimal(std::string_view bytes, std::uint32_t scale, Cell& cell, Arena& arena);

}  // namespace weir
