// SPDX-License-Identifier: Apache-2.0
// Columns of text: what a picture of heights shows.
#include "report/columns.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

namespace weir {
namespace {

TEST_CASE("a picture tells few from none where it begins at zero") {
  const std::vector<double> counts = {0, 1, 500, 1'000, 0};
  CHECK(sparkline(counts, true, 0) == "·▁▅█·");
  CHECK(sparkline(counts, false, 0) == " _=# ");
  CHECK(sparkline(std::vector<double>{0, 0}, true, 0) == "··");
}

TEST_CASE("a picture without a floor has a height for each value") {
  CHECK(sparkline(std::vector<double>{0, 5, 10}, true) == "▁▅█");
  CHECK(sparkline(std::vector<double>{3, 3}, true) == "▅▅");
  CHECK(sparkline(std::vector<double>{1, INFINITY, 2}, true) == "▁██");
}

}  // namespace
}  // namespace weir
