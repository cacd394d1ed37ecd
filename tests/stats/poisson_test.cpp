// SPDX-License-Identifier: Apache-2.0
#include "stats/poisson.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace weir {
namespace {

using Catch::Approx;

TEST_CASE("No event leaves room for three in the same time") {
  const CountInterval none = poisson_interval(0);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(-std::log(0.025)).epsilon(1e-10));
}

TEST_CASE("The interval of Garwood agrees with chi-square quantiles") {
  // scipy.stats.chi2.ppf(0.025, 2 k) / 2 and chi2.ppf(0.975, 2 k + 2) / 2
  struct Row {
    std::uint64_t count;
    double low;
    double high;
  };
  for (const Row& row :
       {Row{1, 0.025317807984289876, 5.571643390938898}, Row{3, 0.6186721228956014, 8.767273069742323},
        Row{10, 4.7953886961324335, 18.39035604201778}, Row{100, 81.36399125092314, 121.62679379242638},
        Row{10000, 9804.952467260184, 10197.951624661473}}) {
    CAPTURE(row.count);
    const CountInterval interval = poisson_interval(row.count);
    CHECK(interval.low == Approx(row.low).epsilon(1e-9));
    CHECK(interval.high == Approx(row.high).epsilon(1e-9));
  }
}

TEST_CASE("A wider confidence has a wider interval") {
  CHECK(poisson_interval(4, 0.99).low < poisson_interval(4, 0.95).low);
  CHECK(poisson_interval(4, 0.99).high > poisson_interval(4, 0.95).high);
}

}  // namespace
}  // namespace weir
