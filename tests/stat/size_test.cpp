// SPDX-License-Identifier: Apache-2.0
// How often a test calls drift at a nominal 5 % what is none: four shapes, windows of 30 to 100 000 values, references as large, ten
// and a hundred times as large. The windows of a reference share it, as they do beside a topic; many references are drawn
// where they are small, because then the luck of one weighs on all of its windows.
//
// The bound: a true rate of 1 % to 6 % (conservative tests may reject less than they might, none more). What is seen of R trials has
// a standard error of sqrt(0.06 x 0.94 / R): 0.38 % of 4 000, 0.75 % of the 1 000 that the largest windows leave time for. A cell fails
// when what is seen lies three standard errors beyond the bound. KS, PSI, chi-square and Cramer-von Mises see only the order of
// values, so the three shapes without ties are one law: together they are held to three standard errors of three times the trials.
// To fail, a test has to reject about 1 % too often. The tolerance is 0: significance alone is looked at.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drift/compare.h"
#include "drift/registry.h"
#include "stat/draw.h"
#include "stat/page.h"
#include "stat/sides.h"

namespace weir::stat {
namespace {

constexpr std::array<std::size_t, 5> kSizes = {30, 100, 1'000, 10'000, 100'000};
constexpr std::array<std::size_t, 3> kRatios = {1, 10, 100};
constexpr std::array<const char*, 6> kTests = {"ks", "psi", "chi_square", "cvm", "wasserstein", "mean_shift"};
constexpr double kLevel = 0.05;

struct Trials {
  std::size_t references;
  std::size_t windows;
};

Trials trials_of(std::size_t n, std::size_t ratio) {
  const std::size_t all = n >= 100'000 ? 1'000 : n >= 10'000 ? 2'000 : 4'000;
  const std::size_t windows = ratio == 1 ? 1 : ratio == 10 ? 10 : 50;
  return {.references = all / windows, .windows = windows};
}

/// By index of kTests.
std::vector<Rate> rejections(Shape shape, std::size_t n, std::size_t ratio, Draw& draw) {
  std::vector<const DriftSpec*> tests;
  std::vector<std::pair<const DriftSpec*, double>> tolerance;
  for (const char* name : kTests) {
    tests.push_back(find_drift_test(name));
    tolerance.emplace_back(tests.back(), 0);
  }
  std::vector<Rate> rates(kTests.size());
  const Trials trials = trials_of(n, ratio);
  for (std::size_t r = 0; r < trials.references; ++r) {
    const Profile reference = baseline_of(sample(shape, n * ratio, draw));
    for (std::size_t w = 0; w < trials.windows; ++w) {
      const Profile window = window_of(sample(shape, n, draw), reference.edges);
      FieldPair pair;
      pair.reference = &reference;
      pair.current = &window;
      pair.tests = tests;
      pair.tolerance = tolerance;
      const FieldResult result = compare_fields({&pair, 1}, {.picture = false}).front();
      for (std::size_t i = 0; i < tests.size(); ++i) {
        const DriftMeasured& measured = result.tests[i].measured;
        if (measured.kind != DriftMeasured::Kind::Value) continue;  // it says itself that it cannot tell
        ++rates[i].of;
        rates[i].hits += measured.p_high <= kLevel ? 1 : 0;
      }
    }
  }
  return rates;
}

/// The largest and the smallest rate that a true one of 6 and of 1 % gives, but for one time in 700.
double highest(std::uint64_t trials) {
  return 0.06 + 3 * std::sqrt(0.06 * 0.94 / static_cast<double>(trials));
}
double lowest(std::uint64_t trials) {
  return 0.01 - 3 * std::sqrt(0.01 * 0.99 / static_cast<double>(trials));
}

TEST_CASE("at a nominal 5 % each test rejects 1 to 6 % of what has not moved") {
  std::string table = "| shape | values | reference |";
  for (const char* name : kTests) table += " `" + std::string(name) + "` |";
  table += "\n|---|---|---|---|---|---|---|---|---|\n";
  constexpr std::size_t kOfOrder = 4;  // the first of kTests
  std::map<std::pair<std::size_t, std::size_t>, std::array<Rate, kOfOrder>> untied;
  Draw draw(20260201);
  for (const Shape shape : kShapes) {
    for (const std::size_t n : kSizes) {
      for (const std::size_t ratio : kRatios) {
        const std::vector<Rate> rates = rejections(shape, n, ratio, draw);
        const std::uint64_t trials = trials_of(n, ratio).references * trials_of(n, ratio).windows;
        table +=
            "| " + std::string(name_of(shape)) + " | " + std::to_string(n) + " | × " + std::to_string(ratio) + " |";
        for (std::size_t i = 0; i < rates.size(); ++i) {
          INFO(name_of(shape) << ", n = " << n << ", N = " << n * ratio << ", " << kTests[i]);
          const bool judged = 10 * rates[i].of >= trials;  // else it says nearly always that it cannot tell
          table += " " + (judged ? percent(rates[i].share()) : "too few") + " |";
          if (i < kOfOrder && shape != Shape::ZeroInflated) {
            untied[{n, ratio}][i].hits += rates[i].hits;
            untied[{n, ratio}][i].of += rates[i].of;
          }
          if (!judged) continue;
          CHECK(rates[i].share() >= lowest(rates[i].of));
          CHECK(rates[i].share() <= highest(rates[i].of));
        }
        table += "\n";
      }
    }
  }
  for (const auto& [sizes, rates] : untied) {
    for (std::size_t i = 0; i < kOfOrder; ++i) {
      INFO("all shapes without ties, n = " << sizes.first << ", N / n = " << sizes.second << ", " << kTests[i]);
      CHECK(rates[i].share() <= highest(rates[i].of));
    }
  }
  hold_against_page("size", table);
}

}  // namespace
}  // namespace weir::stat
