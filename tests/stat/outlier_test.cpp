// SPDX-License-Identifier: Apache-2.0
// One value of a million among five thousand: a sensor that hiccups, a price in the wrong unit once. It is one record, and no test
// that decides about records may take it for more.
//
// Bounds: psi counts it in the outer cell, 1/5000 of the mass among 20 groups of a twentieth each, so psi moves by about
// 2 (1/5000) ln(1.004) and its noise; ks by 1/5000 at most; both far below the bounds of 0.01 and 0.001. To fail, a test would
// have to put cells between the least and the greatest value, as evenly spaced ones are, or to norm by the plain deviation.
// Wasserstein's distance is a mean, and moves by 10^6 / 5000 = 200 wherever values are known one by one; it is shown.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "drift/compare.h"
#include "drift/registry.h"
#include "stat/draw.h"
#include "stat/page.h"
#include "stat/sides.h"

namespace weir::stat {
namespace {

constexpr std::array<const char*, 6> kTests = {"ks", "psi", "cvm", "quantile_shift", "wasserstein", "mean_shift"};
constexpr double kOutlier = 1e6;

std::vector<double> effects(const Profile& reference, const Profile& current) {
  FieldPair pair;
  pair.reference = &reference;
  pair.current = &current;
  for (const char* name : kTests) pair.tests.push_back(find_drift_test(name));
  std::vector<double> out;
  for (const DriftTestResult& test : compare_fields({&pair, 1}, {.picture = false}).front().tests)
    out.push_back(test.test == "psi" ? test.measured.statistic : test.measured.effect);
  return out;
}

TEST_CASE("one outlier is one record") {
  Draw draw(20260205);
  // The window lies 0.2 sd up, so that no effect is 0 and hides what an outlier does to it.
  std::vector<double> before = sample(Shape::Normal, 5'000, draw);
  std::vector<double> now = sample(Shape::Normal, 5'000, draw);
  for (double& value : now) value += 0.2;
  std::vector<double> now_with = now;
  now_with.back() = kOutlier;
  std::vector<double> before_with = before;
  before_with.back() = kOutlier;
  const Profile reference = baseline_of(before);
  const Profile reference_with = baseline_of(before_with);
  const std::vector<double> clean = effects(reference, window_of(now, reference.edges));
  const std::vector<double> in_window = effects(reference, window_of(now_with, reference.edges));
  const std::vector<double> in_reference = effects(reference_with, window_of(now, reference_with.edges));
  std::string table =
      "| test | effect without the outlier | with it in the window | with it in the reference |\n|---|---|---|---|\n";
  for (std::size_t i = 0; i < kTests.size(); ++i) {
    const std::string name = kTests[i];
    INFO(name);
    if (name == "psi" || name == "ks" || name == "quantile_shift" || name == "cvm") {
      const double bound = name == "psi" ? 0.01 : 0.001;
      CHECK(std::abs(in_window[i] - clean[i]) < bound);
      CHECK(std::abs(in_reference[i] - clean[i]) < bound);
    }
    char cells[120];
    std::snprintf(cells, sizeof cells, "| `%s`%s | %.4f | %.4f | %.4f |\n", kTests[i],
                  name == "psi" ? ", before it is corrected" : "", clean[i], in_window[i], in_reference[i]);
    table += cells;
  }
  hold_against_page("outlier", table);
}

}  // namespace
}  // namespace weir::stat
