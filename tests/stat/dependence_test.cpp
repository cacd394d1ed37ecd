// SPDX-License-Identifier: Apache-2.0
// Records that depend on the one before, and values that are all tied.
//
// An autoregressive series x_t = phi x_(t-1) + e_t is cut into windows of 500 that follow each other; the reference of each are
// the 60 windows before it, from which the watch takes the design effect. Without it chance is underrated grossly: that is
// shown beside it.
//
// Bounds: with the design effect no more than 6 % of windows are significant at a nominal 5 %, for phi of 0.5 and 0.9. A rate of
// 5 % has a standard error of 0.4 % in 3 000 windows, and somewhat more as windows that follow each other share most of
// their reference: to fail, the design effect would have to be too small by a tenth or so, which moves 5 % to 6 %.
// Of five tied values the rates lie within [1 %, 6 %]: a test that took ties for different values would hardly ever reject.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "drift/compare.h"
#include "drift/registry.h"
#include "stat/draw.h"
#include "stat/page.h"
#include "stat/watched.h"

namespace weir::stat {
namespace {

constexpr double kLevel = 0.05;
constexpr std::size_t kReference = 60;  // windows

struct Dependence {
  Rate corrected;
  Rate raw;
  std::vector<double> design_effects;
};

Dependence watch(double phi, std::size_t streams, std::size_t judged, Draw& draw) {
  constexpr std::size_t kValues = 500;
  Dependence out;
  for (std::size_t s = 0; s < streams; ++s) {
    Watched stream(numbers(1), previous(kReference));
    stream.tolerate("ks", 0);
    double x = draw.normal();
    const double noise = std::sqrt(1 - phi * phi);
    for (std::size_t w = 0; w < kReference + judged; ++w) {
      std::vector<double> values(kValues);
      for (double& value : values) value = x = phi * x + noise * draw.normal();
      const DriftVerdict verdict = stream.add({values}).front();
      if (w < kReference) continue;
      REQUIRE(verdict.design_effect);
      const DriftMeasured& ks = verdict.tests.front().measured;
      ++out.corrected.of;
      out.corrected.hits += ks.p_high <= kLevel ? 1 : 0;
      ++out.raw.of;
      out.raw.hits += ks.p_independent <= kLevel ? 1 : 0;
      out.design_effects.push_back(*verdict.design_effect);
    }
  }
  return out;
}

TEST_CASE("records that depend on each other are no more often called drift than independent ones") {
  std::string table =
      "| series | windows | significant at 5 % | if records were taken for independent | design effect (median) |\n"
      "|---|---|---|---|---|\n";
  Draw draw(20260203);
  for (const double phi : {0.0, 0.5, 0.9}) {
    Dependence found = watch(phi, 100, 30, draw);
    INFO("phi = " << phi);
    CHECK(found.corrected.share() <= 0.06);
    CHECK(found.corrected.share() >= 0.005);
    if (phi > 0) CHECK(found.raw.share() > 0.1);  // there is something to correct
    const auto middle = found.design_effects.begin() + static_cast<std::ptrdiff_t>(found.design_effects.size() / 2);
    std::nth_element(found.design_effects.begin(), middle, found.design_effects.end());
    char cells[120];
    std::snprintf(cells, sizeof cells, "| %s | %llu | %s | %s | %.1f |\n",
                  phi == 0     ? "independent"
                  : phi == 0.5 ? "AR(1), 0.5"
                               : "AR(1), 0.9",
                  static_cast<unsigned long long>(found.raw.of), percent(found.corrected.share()).c_str(),
                  percent(found.raw.share()).c_str(), *middle);
    table += cells;
  }
  hold_against_page("dependence", table);
}

std::vector<double> five_values(std::size_t n, Draw& draw) {
  std::vector<double> out(n);
  for (double& value : out) {
    const double u = draw.unit();
    value = u < 0.4 ? 1 : u < 0.7 ? 2 : u < 0.85 ? 3 : u < 0.95 ? 4 : 5;
  }
  return out;
}

/// As panes keep them beside a reference from a file.
Profile profile_on(const Profile::Edges& edges, const std::vector<double>& values) {
  Cells cells;
  for (const double value : values) cells.whole(static_cast<std::int64_t>(value));
  SummarySpec spec;
  spec.parts = Part::Values | Part::Distinct | Part::Moments | Part::Raw | Part::Histogram;
  spec.edges = edges;
  return profile_of(cells.summary(spec));
}

TEST_CASE("five values with heavy ties are no more often called drift than different ones") {
  std::string table = "| values | reference | `ks` | `chi_square` |\n|---|---|---|---|\n";
  Draw draw(20260204);
  const std::vector<const DriftSpec*> tests = {find_drift_test("ks"), find_drift_test("chi_square")};
  for (const std::size_t n : {30, 100, 1'000, 5'000}) {
    for (const std::size_t ratio : {1, 10}) {
      const std::size_t windows = ratio == 1 ? 4 : 20;
      const std::size_t references = 4'000 / windows;
      Rate rates[2];
      for (std::size_t r = 0; r < references; ++r) {
        std::vector<double> values = five_values(n * ratio, draw);
        std::sort(values.begin(), values.end());
        const auto edges = std::make_shared<const std::vector<double>>(learn_edges(values, kDriftCells));
        const Profile reference = profile_on(edges, values).compact(edges);
        for (std::size_t w = 0; w < windows; ++w) {
          const Profile current = profile_on(edges, five_values(n, draw));
          CHECK(pick_tests(reference, current).tests.front() == tests[1]);  // what `auto` takes
          FieldPair pair;
          pair.reference = &reference;
          pair.current = &current;
          pair.tests = tests;
          for (const DriftSpec* const test : tests) pair.tolerance.emplace_back(test, 0);
          const FieldResult result = compare_fields({&pair, 1}, {.picture = false}).front();
          for (std::size_t i = 0; i < 2; ++i) {
            ++rates[i].of;
            rates[i].hits += result.tests[i].measured.p_high <= kLevel ? 1 : 0;
          }
        }
      }
      table += "| " + std::to_string(n) + " | × " + std::to_string(ratio) + " |";
      for (std::size_t i = 0; i < 2; ++i) {
        INFO(tests[i]->name << ", n = " << n << ", N = " << n * ratio);
        CHECK(rates[i].share() >= 0.01);
        CHECK(rates[i].share() <= 0.06);
        table += " " + percent(rates[i].share()) + " |";
      }
      table += "\n";
    }
  }
  hold_against_page("ties", table);
}

}  // namespace
}  // namespace weir::stat
