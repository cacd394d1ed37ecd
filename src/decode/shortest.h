// SPDX-License-Identifier: Apache-2.0
// Binary floating point numbers as the decimals that people mean: the shortest one that reads back as the same number.
//
// Nearly all numbers in data have few digits. They are found by trial: n / 10^k, rounded once, is the number itself. A decimal of
// at most 15 digits (6 of a float) is the only one of that length that reads back as its number, so the first k that fits gives
// the shortest. Everything else goes through std::to_chars.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "weir/batch.h"

namespace weir {

namespace shortest_detail {

/// Any number, also NaN and infinities. The text of a Kind::Number lies in the arena.
Kind written(double value, Cell& cell, Arena& arena);
Kind written(float value, Cell& cell, Arena& arena);

template <class Float, int Places>
inline bool by_trial(Float value, Float most, Cell& cell, Kind& kind) {
  constexpr Float kPowers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
  static_assert(Places < static_cast<int>(sizeof kPowers / sizeof *kPowers));
  for (int places = 0; places <= Places; ++places) {
    const Float scaled = value * kPowers[places];
    if (!(std::abs(scaled) < most)) return false;  // NaN as well
    const auto whole = static_cast<std::int64_t>(scaled + (scaled < 0 ? Float(-0.5) : Float(0.5)));
    // The product is off by less than that, so most trials need no division.
    constexpr Float kOff = 2 * std::numeric_limits<Float>::epsilon();
    if (std::abs(scaled - static_cast<Float>(whole)) > std::abs(scaled) * kOff) continue;
    if (static_cast<Float>(whole) / kPowers[places] != value) continue;
    cell = {.number = whole, .data = nullptr, .size = 0, .scale = static_cast<std::uint32_t>(places)};
    kind = places == 0 ? Kind::Integer : Kind::Decimal;
    return true;
  }
  return false;
}

}  // namespace shortest_detail

/// Fills `cell`: Kind::Integer and Kind::Decimal without text, Kind::Number with its text in the arena.
inline Kind shortest(double value, Cell& cell, Arena& arena) {
  Kind kind = Kind::Number;
  if (shortest_detail::by_trial<double, 6>(value, 1e15, cell, kind)) return kind;
  return shortest_detail::written(value, cell, arena);
}
inline Kind shortest(float value, Cell& cell, Arena& arena) {
  Kind kind = Kind::Number;
  if (shortest_detail::by_trial<float, 6>(value, 1e6F, cell, kind)) return kind;
  return shortest_detail::written(value, cell, arena);
}

namespace shortest_detail {

template <class Float>
inline Kind like(Float value, Float most, std::uint32_t& places, Cell& cell, Arena& arena) {
  constexpr Float kPowers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
  const Float power = kPowers[places];
  const Float scaled = value * power;
  if (std::abs(scaled) < most) [[likely]] {
    auto whole = static_cast<std::int64_t>(scaled + std::copysign(Float(0.5), scaled));
    if (static_cast<Float>(whole) / power == value) [[likely]] {
      std::uint32_t scale = places;
      if (whole % 10 == 0 && scale > 0) {
        for (; scale > 0 && whole % 10 == 0; --scale) whole /= 10;
        if (places - scale > 1) --places;
      }
      cell.number = whole;
      cell.data = nullptr;
      cell.size = 0;
      cell.scale = scale;
      return scale == 0 ? Kind::Integer : Kind::Decimal;
    }
  }
  const Kind kind = shortest(value, cell, arena);
  if (kind == Kind::Decimal && cell.scale < sizeof kPowers / sizeof *kPowers) places = cell.scale;
  return kind;
}

}  // namespace shortest_detail

/// The same for one number after another of a field, which mostly have as many digits behind the point: `places`, at first 0, is
/// what one call leaves for the next, and decides nothing but how fast it is. A decimal of so many places that reads back as the
/// number is the shortest one once the zeros at its end are gone.
inline Kind shortest_like(double value, std::uint32_t& places, Cell& cell, Arena& arena) {
  return shortest_detail::like<double>(value, 1e15, places, cell, arena);
}
inline Kind shortest_like(float value, std::uint32_t& places, Cell& cell, Arena& arena) {
  return shortest_detail::like<float>(value, 1e6F, places, cell, arena);
}

}  // namespace weir
