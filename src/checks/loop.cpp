// SPDX-License-Identifier: Apache-2.0
#include "checks/loop.h"

#include <bit>
#include <cstdint>

namespace weir {

/// Each place sets a bit that its address gives: places of their own would set about 40 of 64.
bool repeats_places(const Column& column) {
  constexpr std::size_t kSample = 64;
  constexpr int kMostBits = 32;
  if (column.size() < 4 * kSample) return false;
  std::uint64_t bits = 0;
  std::size_t texts = 0;
  for (std::size_t i = 0; i < kSample; ++i) {
    if (column.kinds[i] != Kind::Text) continue;
    const auto address = reinterpret_cast<std::uintptr_t>(column.cells[i].data);
    bits |= std::uint64_t{1} << ((address ^ address >> 6U ^ address >> 12U) % 64);
    ++texts;
  }
  return texts > kSample / 2 && std::popcount(bits) <= kMostBits;
}

}  // namespace weir
