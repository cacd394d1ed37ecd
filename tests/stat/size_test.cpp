// SPDX-License-Identifier: Apache-2.0
// How often a test calls drift at a nominal 5 % what is none: four shapes, windows of 30 to 100 000 values, references as large, ten
// and a hundred times as large. The windows of a reference share it, as they do beside a topic; many references are drawn
// where they are small, because then the luck of one weighs on all of its windows.
//
// The bound: 1 % to 6 % (conservative tests may reject less than they might, none more). A rate of R trials has a standard error of
// sqrt(0.05 x 0.95 / R), 0.34 % for the 4 000 of a cell, 0.5 % for the 2 000 of the largest: a test whose true rate is 5 % is told to
// be above 6 % in 1 of 700 and 1 of 45 cells, so the seed is fixed and the table is what this seed gives. To fail, a test has to
// reject at least 1 % too often, three standard errors in most cells.
#include <catch2/catch_test_macros.hpp>
#include <string>
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
  const std::size_t windows = ratio == 1 ? 4 : ratio == 10 ? 20 : 100;
  return {.references = all / windows, .windows = windows};
}

/// By index of kTests.
std::vector<Rate> rejections(Shape shape, std::size_t n, std::size_t ratio, Draw& draw) {
  std::vector<const DriftSpec*> tests;
  for (const char* name : kTests) tests.push_back(find_drift_test(name));
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
      const FieldResult result = compare_fields({&pair, 1}, {.picture = false}).front();
      for (std::size_t i = 0; i < tests.size(); ++i) {
        const DriftMeasured& measured = result.tests[i].measured;
        ++rates[i].of;
        rates[i].hits += measured.kind == DriftMeasured::Kind::Value && measured.p_high <= kLevel ? 1 : 0;
      }
    }
  }
  return rates;
}

TEST_CASE("at a nominal 5 % each test rejects 1 to 6 % of what has not moved") {
  std::string table = "| shape | values | reference |";
  for (const char* name : kTests) table += " `" + std::string(name) + "` |";
  table += "\n|---|---|---|" + std::string("---|") + "---|---|---|---|---|\n";
  Draw draw(20260201);
  for (const Shape shape : kShapes) {
    for (const std::size_t n : kSizes) {
      for (const std::size_t ratio : kRatios) {
        const std::vector<Rate> rates = rejections(shape, n, ratio, draw);
        table +=
            "| " + std::string(name_of(shape)) + " | " + std::to_string(n) + " | × " + std::to_string(ratio) + " |";
        for (std::size_t i = 0; i < rates.size(); ++i) {
          INFO(name_of(shape) << ", n = " << n << ", N = " << n * ratio << ", " << kTests[i]);
          CHECK(rates[i].share() >= 0.01);
          CHECK(rates[i].share() <= 0.06);
          table += " " + percent(rates[i].share()) + " |";
        }
        table += "\n";
      }
    }
  }
  hold_against_page("size", table);
}

}  // namespace
}  // namespace weir::stat
