// SPDX-License-Identifier: Apache-2.0
// SHA-256 as FIPS 180-4 describes it: the message is padded to blocks of 64 bytes, each block is stretched to 64 words and
// stirred into eight words of state. The round constants are the first 32 bits of the fractional parts of the cube roots of
// the first 64 primes; the initial state those of the square roots of the first eight.
#include "base/sha256.h"

#include <array>
#include <bit>
#include <cstdint>

namespace weir {
namespace {

constexpr std::array<std::uint32_t, 64> kRounds = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;
constexpr State kStart = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::size_t kBlock = 64;

std::array<std::uint32_t, 64> stretched(const char* block) {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      words[i] = (words[i] << 8U) | static_cast<unsigned char>(block[i * 4 + byte]);
    }
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t near = words[i - 2];
    const std::uint32_t far = words[i - 15];
    const std::uint32_t s0 = std::rotr(far, 7) ^ std::rotr(far, 18) ^ (far >> 3U);
    const std::uint32_t s1 = std::rotr(near, 17) ^ std::rotr(near, 19) ^ (near >> 10U);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  return words;
}

void stir(State& state, const char* block) {
  const auto words = stretched(block);
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + kRounds[i] + words[i];
    const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const State round = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += round[i];
}

/// The last bytes, a one bit, zeros, and the length in bits: one or two whole blocks.
std::string padded_tail(std::string_view bytes) {
  std::string tail(bytes.substr(bytes.size() - bytes.size() % kBlock));
  tail += '\x80';
  while (tail.size() % kBlock != kBlock - 8) tail += '\0';
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8)
    tail += static_cast<char>((bits >> static_cast<unsigned>(shift)) & 0xFFU);
  return tail;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  State state = kStart;
  for (std::size_t at = 0; at + kBlock <= bytes.size(); at += kBlock) stir(state, bytes.data() + at);
  const std::string tail = padded_tail(bytes);
  for (std::size_t at = 0; at < tail.size(); at += kBlock) stir(state, tail.data() + at);

  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint32_t word : state) {
    for (unsigned shift = 32; shift > 0; shift -= 4) hex += kDigits[(word >> (shift - 4)) & 0xFU];
  }
  return hex;
}

}  // namespace weir
