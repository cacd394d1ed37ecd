// SPDX-License-Identifier: Apache-2.0
// Keys that occur once and several times, against a map.
#include "summary/repeats.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "base/key.h"

namespace weir {
namespace {

std::uint64_t key_hash(std::uint64_t seed, std::uint64_t i) {
  Cell cell;
  cell.number = static_cast<std::int64_t>(seed << 40 | i);
  return hash_of(Kind::Integer, cell);
}

// Keys of which every third occurs twice.
Repeats repeats_of(std::uint64_t seed, std::uint64_t keys) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < keys; ++i) {
    hashes.push_back(key_hash(seed, i));
    if (i % 3 == 0) hashes.push_back(key_hash(seed, i));
  }
  Repeats repeats;
  repeats.add(hashes);
  return repeats;
}

TEST_CASE("up to 4 096 keys the numbers are exact") {
  for (const std::uint64_t keys : {0U, 1U, 2U, 255U, 256U, 257U, 4096U}) {
    const Repeats::Keys found = repeats_of(1, keys).keys();
    CHECK(found.exact);
    CHECK(found.keys == static_cast<double>(keys));
    CHECK(found.once == static_cast<double>(keys - (keys + 2) / 3));
    CHECK(found.keys_error == 0);
    CHECK(found.once_share_error == 0);
  }
  CHECK_FALSE(repeats_of(1, 4097).keys().exact);
}

TEST_CASE("a key is counted from wherever it comes") {
  Repeats repeats;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t hash = key_hash(1, i % 1000);
    repeats.add({&hash, 1});
  }
  CHECK(repeats.total() == 3000);
  CHECK(repeats.keys().keys == 1000);
  CHECK(repeats.keys().once == 0);
}

// Seeds of which one of the two answers is farther off than stated.
std::size_t beyond_bound(std::uint64_t seeds, std::uint64_t keys) {
  std::size_t beyond = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Repeats::Keys found = repeats_of(seed, keys).keys();
    const double share = static_cast<double>(keys - (keys + 2) / 3) / static_cast<double>(keys);
    const bool keys_off = std::fabs(found.keys / static_cast<double>(keys) - 1) > found.keys_error;
    const bool share_off = std::fabs(found.once_share - share) > found.once_share_error;
    beyond += (keys_off ? 1 : 0) + (share_off ? 1 : 0);
  }
  return beyond;
}

TEST_CASE("beyond it the estimates are within their bounds") {
  CHECK(beyond_bound(10, 20'000) <= 2);  // 3 of 20 at 1 % each: 0.1 %
}

TEST_CASE("the bounds hold in 990 of 1 000 runs", "[long]") {
  for (const std::uint64_t keys : {5'000U, 20'000U, 100'000U}) {
    INFO(keys);
    CHECK(beyond_bound(1000, keys) <= 20);  // of two answers each
  }
}

TEST_CASE("a full one takes what it was said to take") {
  const std::uint64_t bytes = repeats_of(1, 50'000).bytes();
  CHECK(bytes <= Repeats::bytes_bound());
  CHECK(static_cast<double>(bytes) >= 0.9 * static_cast<double>(Repeats::bytes_bound()));
}

}  // namespace
}  // namespace weir
