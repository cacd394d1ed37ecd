// SPDX-License-Identifier: Apache-2.0
#include "drift/season.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "drift/watched_stream.h"

namespace weir {

TEST_CASE("slots that are alike beyond chance raise no tolerance") {
  // Four slots of 1,000 against 3,000: chance alone is about sqrt(0.8225 / 750) = 0.033.
  const std::vector<double> effects = {0.03, 0.02, 0.033, 0.025};
  const std::vector<double> sizes(4, 1.0 / 1000 + 1.0 / 3000);
  CHECK(bound_of_slots(effects, sizes, sizes[0], 0.8225) == 0);
}

TEST_CASE("one slot says nothing about how slots differ") {
  const std::vector<double> effects = {0.3};
  CHECK(bound_of_slots(effects, effects, 0.01, 0) == 0);
}

TEST_CASE("the bound of two slots is that of Student's t with one degree of freedom") {
  // Both leave-one-out distances are |a - b| = 0.1: s^2 = 0.01 / 2, and one slot more has 1 + 1/2 of it.
  const std::vector<double> effects = {0.1, 0.1};
  const std::vector<double> sizes = {0, 0};
  CHECK(bound_of_slots(effects, sizes, 0, 0) == Catch::Approx(12.706 * std::sqrt(0.005 * 1.5)));
}

TEST_CASE("the bound holds one slot more in 95 % of all cases") {
  // Slots that lie at normal places; the effect is the distance from the mean of the others. k = 3, 4, 8 and 12 slots, 4,000
  // rounds each: 5 % are expected beyond the bound, 3.4 standard errors of sqrt(0.05 * 0.95 / 4000) are 1.2 %.
  testing::Chance chance(4711);
  for (const std::size_t k : {3U, 4U, 8U, 12U}) {
    constexpr int kRounds = 4'000;
    int beyond = 0;
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<double> slots = chance.normals(k);
      const double sum = std::accumulate(slots.begin(), slots.end(), 0.0);
      std::vector<double> effects;
      for (const double slot : slots) effects.push_back(std::fabs(slot - (sum - slot) / static_cast<double>(k - 1)));
      const std::vector<double> sizes(k, 0.0);
      const double current = std::fabs(chance.normal() - sum / static_cast<double>(k));
      if (current > bound_of_slots(effects, sizes, 0, 0)) ++beyond;
    }
    INFO(k << " slots");
    CHECK(std::fabs(beyond / static_cast<double>(kRounds) - 0.05) < 0.012);
  }
}

}  // namespace weir
