// SPDX-License-Identifier: Apache-2.0
// Hashes of texts: 64 bits to find a slot, 128 bits to stand for a key.
//
// Each step multiplies two 64-bit words into 128 bits and folds the halves, which spreads every input bit over the
// whole result in one instruction. Texts of up to 16 bytes, most keys, are two loads. The constants are fixed: the same
// data gives the same verdicts in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir {

namespace hashing {

__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

// Odd, with about as many ones as zeros: fractional digits of square roots.
inline constexpr std::uint64_t kRoot2 = 0x6a09e667f3bcc909U;
inline constexpr std::uint64_t kRoot3 = 0xbb67ae8584caa73bU;
inline constexpr std::uint64_t kRoot5 = 0x3c6ef372fe94f82bU;
inline constexpr std::uint64_t kRoot7 = 0xa54ff53a5f1d36f1U;

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load8(const char* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, 8);
  return word;
}

inline std::uint64_t load4(const char* from) noexcept {
  std::uint32_t word = 0;
  std::memcpy(&word, from, 4);
  return word;
}

/// The first eight bytes of a text, fewer when it is shorter, without reading beyond it.
inline std::uint64_t head_of(std::string_view text) noexcept {
  const std::size_t size = text.size();
  const char* const data = text.data();
  if (size >= 8) return load8(data);
  if (size >= 4) return load4(data) | load4(data + size - 4) << (8 * (size - 4));
  if (size == 0) return 0;
  const auto byte = [data](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(data[i])} << (8 * i); };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

}  // namespace hashing

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  using namespace hashing;
  const std::size_t size = text.size();
  std::uint64_t state = seed ^ fold(size ^ kRoot2, kRoot3);
  if (size <= 8) return fold(head_of(text) ^ kRoot5 ^ state, state ^ kRoot7);
  const char* at = text.data();
  for (std::size_t left = size; left > 16; left -= 16, at += 16) {
    state = fold(load8(at) ^ kRoot5, load8(at + 8) ^ state);
  }
  const char* const end = text.data() + size;
  const std::uint64_t first = size < 16 ? load8(text.data()) : load8(end - 16);
  return fold(fold(first ^ kRoot5, load8(end - 8) ^ state), state ^ kRoot7);
}

}  // namespace weir
