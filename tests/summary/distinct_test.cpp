// SPDX-License-Identifier: Apache-2.0
// Distinct values against a set.
#include "summary/distinct.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "base/key.h"

namespace weir {
namespace {

// Real keys: the hashes of the texts and numbers that data holds.
std::uint64_t key_hash(std::uint64_t seed, std::uint64_t i) {
  Cell cell;
  if (seed % 2 == 0) {
    cell.number = static_cast<std::int64_t>(seed * 1'000'000'007 + i);
    return hash_of(Kind::Integer, cell);
  }
  const std::string text = "user-" + std::to_string(seed) + "-" + std::to_string(i);
  cell.data = text.data();
  cell.size = static_cast<std::uint32_t>(text.size());
  return hash_of(Kind::Text, cell);
}

Distinct distinct_of(std::uint64_t seed, std::uint64_t keys) {
  Distinct distinct;
  for (std::uint64_t i = 0; i < keys; ++i) {
    const std::uint64_t hash = key_hash(seed, i);
    distinct.add({&hash, 1});
  }
  return distinct;
}

TEST_CASE("some hundreds of values are counted exactly, however often they come") {
  for (const std::uint64_t keys : {0U, 1U, 2U, 12U, 13U, 383U, 384U}) {
    Distinct distinct = distinct_of(1, keys);
    distinct.merge(distinct_of(1, keys));
    CHECK(distinct.exact());
    CHECK(distinct.error() == 0);
    CHECK(distinct.estimate() == static_cast<double>(keys));
  }
  CHECK_FALSE(distinct_of(1, 385).exact());
}

// Seeds of which the estimate is farther off than stated, and the mean of the estimates over the truth.
struct Runs {
  std::size_t beyond = 0;
  double mean_ratio = 0;
};
Runs runs_of(std::uint64_t seeds, std::uint64_t keys) {
  Runs runs;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Distinct distinct = distinct_of(seed, keys);
    const double ratio = distinct.estimate() / static_cast<double>(keys);
    runs.mean_ratio += ratio / static_cast<double>(seeds);
    if (std::fabs(ratio - 1) > distinct.error()) ++runs.beyond;
  }
  return runs;
}

TEST_CASE("the estimate is within its bound from the first register on") {
  for (const std::uint64_t keys : {385U, 1'000U, 5'000U}) {
    const Runs runs = runs_of(60, keys);
    INFO(keys);
    CHECK(runs.beyond <= 3);  // 4 of 60 at 1 % each: 0.3 %
    // The mean of 60 has a standard error of 1.6 % / 8.
    CHECK(std::fabs(runs.mean_ratio - 1) < 0.008);
  }
}

TEST_CASE("the bound of the estimate holds in 990 of 1 000 runs", "[long]") {
  for (const std::uint64_t keys : {385U, 1'000U, 3'000U, 10'000U, 20'000U, 100'000U}) {
    const Runs runs = runs_of(1000, keys);
    INFO(keys << ": " << runs.beyond << ", " << runs.mean_ratio);
    CHECK(runs.beyond <= 10);
    CHECK(std::fabs(runs.mean_ratio - 1) < 0.0021);  // four standard errors
  }
}

TEST_CASE("it never takes more than 4 KiB beside itself") {
  for (const std::uint64_t keys : {1U, 100U, 384U, 385U, 10'000U}) {
    CHECK(distinct_of(1, keys).bytes() <= Distinct::bytes_bound());
  }
}

}  // namespace
}  // namespace weir
