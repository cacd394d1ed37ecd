// SPDX-License-Identifier: Apache-2.0
// Which cells are counted together, and that chi-square and PSI keep their level then.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "stats/categories.h"

namespace weir {
namespace {

using Row = std::vector<std::uint64_t>;

TEST_CASE("cells that are all common stay as they are") {
  const Row a = {50, 40, 0, 30};
  const Row b = {45, 60, 0, 35};
  const std::vector<std::size_t> groups = regroup(a, b);
  CHECK(grouped(a, groups)[groups[1]] == 40);
  CHECK(std::set(groups.begin(), groups.end()).size() == 3);
}

TEST_CASE("groups are expected to hold enough on the smaller side") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    const std::size_t cells = 1 + random() % 60;
    Row a(cells);
    Row b(cells);
    for (std::size_t i = 0; i < cells; ++i) {
      const double scale = std::exp(static_cast<double>(random() % 9));
      a[i] = random() % (1 + static_cast<std::uint64_t>(scale));
      b[i] = random() % (1 + static_cast<std::uint64_t>(scale / 3));
    }
    const std::vector<std::size_t> groups = regroup(a, b);
    REQUIRE(groups.size() == cells);
    const Row c = grouped(a, groups);
    const Row d = grouped(b, groups);
    double n = 0;
    double m = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      n += static_cast<double>(c[i]);
      m += static_cast<double>(d[i]);
      CHECK((c.size() == 1 || c[i] + d[i] > 0));
    }
    std::size_t few = 0;
    std::size_t none = 0;
    for (std::size_t i = 0; i < c.size() && c.size() > 1; ++i) {
      const double expected = static_cast<double>(c[i] + d[i]) * std::min(n, m) / (n + m);
      few += expected < 5 ? 1 : 0;
      none += expected < 1 ? 1 : 0;
    }
    // One group may have less: the pile whose split is far from chance.
    CHECK(none <= 1);
    CHECK(few <= std::max<std::size_t>(1, c.size() / 5));
  }
}

TEST_CASE("a new category that is no rarity is a group of its own, however large the reference") {
  const Row a = {50000, 50000, 0};
  const Row b = {475, 475, 50};
  const std::vector<std::size_t> groups = regroup(a, b);
  CHECK(groups[2] != groups[0]);
  CHECK(groups[2] != groups[1]);
  CHECK(chi_square(grouped(a, groups), grouped(b, groups)).p < 1e-12);
}

TEST_CASE("one rare new value beside a large reference is not taken for drift") {
  // Expected 0.01: without grouping chi-square would be 99.
  const Row a = {50000, 50000, 0};
  const Row b = {500, 499, 1};
  const std::vector<std::size_t> groups = regroup(a, b);
  CHECK(chi_square(grouped(a, groups), grouped(b, groups)).p > 0.05);
}

// Row of n draws.
Row drawn(std::mt19937_64& random, const std::vector<double>& weights, std::size_t n) {
  std::discrete_distribution<std::size_t> draw(weights.begin(), weights.end());
  Row row(weights.size());
  for (std::size_t i = 0; i < n; ++i) ++row[draw(random)];
  return row;
}

TEST_CASE("chi-square keeps its level with many rare values, some of them always new") {
  // 400 values after Zipf; 200 trials. At a true size of 5 % the number of rejections is 10 with a deviation of 3.1: up to 19
  // is within three of them.
  std::vector<double> weights;
  for (int i = 1; i <= 400; ++i) weights.push_back(1.0 / i);
  std::mt19937_64 random(11);
  for (const auto& [n, m] : std::vector<std::pair<std::size_t, std::size_t>>{{300, 300}, {3000, 300}, {10000, 100}}) {
    int rejected = 0;
    constexpr int kTrials = 200;
    for (int trial = 0; trial < kTrials; ++trial) {
      const Row a = drawn(random, weights, n);
      const Row b = drawn(random, weights, m);
      const std::vector<std::size_t> groups = regroup(a, b);
      rejected += chi_square(grouped(a, groups), grouped(b, groups)).p <= 0.05 ? 1 : 0;
    }
    INFO(n << " against " << m << ": " << rejected);
    CHECK(rejected <= 19);
    CHECK(rejected >= 1);
  }
}

TEST_CASE("PSI keeps its level over its groups of 256 cells") {
  // Bound as above.
  const std::vector<double> weights(256, 1.0);
  std::mt19937_64 random(12);
  for (const auto& [n, m] : std::vector<std::pair<std::size_t, std::size_t>>{{100, 100}, {3000, 300}, {1000, 1000}}) {
    int rejected = 0;
    constexpr int kTrials = 200;
    for (int trial = 0; trial < kTrials; ++trial) {
      const Row a = drawn(random, weights, n);
      const Row b = drawn(random, weights, m);
      const std::vector<std::size_t> groups = psi_groups(a, b);
      rejected += psi(grouped(a, groups), grouped(b, groups)).p <= 0.05 ? 1 : 0;
    }
    INFO(n << " against " << m << ": " << rejected);
    CHECK(rejected <= 19);
    CHECK(rejected >= 1);
  }
}

TEST_CASE("groups of numbers keep their level where the cells are those of a small reference") {
  // 600 trials of a level of 5 %, at the very most 6 %: 36 with a deviation of 5.8, so up to 53 are within three of them.
  // Groups of equal mass in the reference alone reject about 60 of them.
  std::mt19937_64 random(13);
  std::uniform_real_distribution<double> even;
  int rejected = 0;
  for (int trial = 0; trial < 600; ++trial) {
    std::vector<double> reference(30);
    for (double& value : reference) value = even(random);
    std::sort(reference.begin(), reference.end());
    const Row a(30, 1);
    Row b(30, 0);
    for (int i = 0; i < 300; ++i) {
      const auto place = std::lower_bound(reference.begin(), reference.end() - 1, even(random));
      ++b[static_cast<std::size_t>(place - reference.begin())];
    }
    const std::vector<std::size_t> groups = psi_groups(a, b);
    rejected += chi_square(grouped(a, groups), grouped(b, groups)).p <= 0.05 ? 1 : 0;
  }
  INFO(rejected);
  CHECK(rejected <= 53);
  CHECK(rejected >= 10);
}

TEST_CASE("PSI's groups are as many as the smaller side bears, of about equal mass, in order") {
  const Row a(256, 100);
  for (const auto& [each, expected] : std::vector<std::pair<std::uint64_t, std::size_t>>{{0, 5}, {1, 20}, {1000, 20}}) {
    const Row b(256, each);
    const std::vector<std::size_t> groups = psi_groups(a, b);
    CHECK(std::is_sorted(groups.begin(), groups.end()));
    const Row sums = grouped(a, groups);
    CHECK(sums.size() == expected);
    const auto [least, most] = std::minmax_element(sums.begin(), sums.end());
    CHECK(*most - *least <= 100);
  }
}

TEST_CASE("heavy atoms are groups of their own, light ones are not") {
  const Row a = {10, 10, 40, 10, 1, 10, 10, 9};
  const Row b = {100, 100, 400, 100, 10, 100, 100, 90};
  const bool atoms[] = {false, false, true, false, true, false, false, false};
  const std::vector<std::size_t> groups = psi_groups(a, b, atoms);
  CHECK(std::count(groups.begin(), groups.end(), groups[2]) == 1);
  CHECK(std::count(groups.begin(), groups.end(), groups[4]) > 1);
}

TEST_CASE("groups of nothing are groups all the same") {
  CHECK(regroup({}, {}).empty());
  CHECK(grouped({}, {}).empty());
  CHECK(psi_groups({}, {}).empty());
  const Row none = {0, 0};
  const Row some = {3, 4};
  CHECK(regroup(none, some) == std::vector<std::size_t>{0, 0});
  CHECK(psi_groups(none, some) == std::vector<std::size_t>{0, 0});
  CHECK(regroup(Row{1}, Row{1}) == std::vector<std::size_t>{0});
}

}  // namespace
}  // namespace weir
