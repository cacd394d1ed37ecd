// SPDX-License-Identifier: Apache-2.0
// Verdicts: significance over the family, the effect, and what leaves both open.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "drift/sides_of.h"

namespace weir::testing {
namespace {

Profile on_edges(const std::vector<double>& values, const Profile::Edges& edges) {
  return profile_of_numbers(values).compact(edges);
}

TEST_CASE("every drift test has a name of its own, a unit of its effect and a tolerance") {
  std::set<std::string_view> names;
  for (const DriftSpec* spec : drift_tests()) {
    CHECK(names.insert(spec->name).second);
    CHECK(find_drift_test(spec->name) == spec);
    CHECK_FALSE(spec->summary.empty());
    CHECK_FALSE(spec->effect.empty());
    CHECK(spec->tolerance > 0);
    CHECK(spec->measure != nullptr);
  }
  CHECK(names.size() == 22);
  CHECK(find_drift_test("nothing") == nullptr);
}

TEST_CASE("drift is significant and larger than the tolerance; one alone is none") {
  const Profile reference = profile_of_numbers(normals(2000, 1));
  const Profile moved = profile_of_numbers(normals(2000, 2, 0.5));
  CHECK(compared(reference, moved, {"ks"}).verdict == Verdict::Fail);
  FieldPair tolerant = pair_of(reference, moved, {"ks"});
  tolerant.tolerance = {{find_drift_test("ks"), 0.5}};
  const FieldResult fine = compare_fields(std::vector{tolerant}, {}).front();
  CHECK(fine.verdict == Verdict::Pass);
  CHECK(fine.tests[0].measured.p_high < 1e-9);
  CHECK(fine.tests[0].tolerance == 0.5);
  // Large by chance alone.
  const FieldResult small =
      compared(profile_of_numbers(normals(40, 1)), profile_of_numbers(normals(40, 2, 0.1)), {"ks"});
  CHECK(small.tests[0].measured.effect > 0.05);
  CHECK(small.verdict == Verdict::Pass);
}

TEST_CASE("severity is the effect as a multiple of the tolerance, never the p") {
  const FieldResult found = compared("DE*500 FR*500", "DE*300 FR*700", {"tv"});
  CHECK(std::abs(found.severity - 0.2 / 0.05) < 1e-12);
}

TEST_CASE("all fields of one call are one family: adjusted p are those of Benjamini and Hochberg") {
  const Profile reference = profile_of_numbers(normals(300, 1));
  std::vector<Profile> currents;
  for (std::uint64_t i = 0; i < 20; ++i) {
    currents.push_back(profile_of_numbers(normals(300, 100 + i, i < 3 ? 0.6 : 0)));
  }
  std::vector<FieldPair> pairs;
  for (const Profile& current : currents) pairs.push_back(pair_of(reference, current, {"ks"}));
  const std::vector<FieldResult> found = compare_fields(pairs, {});
  std::vector<double> p;
  for (const FieldResult& result : found) p.push_back(result.tests[0].measured.p_high);
  for (std::size_t i = 0; i < p.size(); ++i) {
    double expected = 1;
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (p[j] < p[i]) continue;
      const auto rank = static_cast<double>(std::count_if(p.begin(), p.end(), [&](double q) { return q <= p[j]; }));
      expected = std::min(expected, p[j] * static_cast<double>(p.size()) / rank);
    }
    CHECK(std::abs(found[i].tests[0].p_adjusted.value() - expected) < 1e-12);
  }
  for (std::size_t i = 0; i < 3; ++i) CHECK(found[i].verdict == Verdict::Fail);
  for (const FieldResult& result : found) {
    const DriftTestResult& ks = result.tests[0];
    CHECK((result.verdict == Verdict::Fail) == (ks.p_adjusted.value() <= 0.05 && ks.measured.effect > ks.tolerance));
  }

  CompareOptions any;
  any.any_dependence = true;
  const std::vector<FieldResult> strict = compare_fields(pairs, any);
  for (std::size_t i = 0; i < p.size(); ++i) {
    CHECK(strict[i].tests[0].p_adjusted.value() >= found[i].tests[0].p_adjusted.value());
  }
}

TEST_CASE("explicit tests are run in their order and no others") {
  const FieldResult found = compared("1..100", "1..100", {"psi", "ks", "mean_shift"});
  REQUIRE(found.tests.size() == 3);
  CHECK(found.tests[0].test == "psi");
  CHECK(found.tests[1].test == "ks");
  CHECK(found.tests[2].test == "mean_shift");
  CHECK(found.picked.empty());
}

TEST_CASE("dependence: what is significant only for independent records is inconclusive") {
  const Profile reference = profile_of_numbers(normals(1000, 1));
  const Profile current = profile_of_numbers(normals(1000, 2, 0.25));
  FieldPair pair = pair_of(reference, current, {"ks"});
  CHECK(compare_fields(std::vector{pair}, {}).front().verdict == Verdict::Fail);
  pair.design_effect = 30;
  const FieldResult found = compare_fields(std::vector{pair}, {}).front();
  CHECK(found.verdict == Verdict::Inconclusive);
  CHECK(found.cause.starts_with("dependence: p is "));
  CHECK(found.tests[0].measured.p_independent < 0.01);
  CHECK(found.tests[0].measured.p_high > 0.05);
  // What is fine stays fine.
  const Profile same = profile_of_numbers(normals(1000, 3));
  FieldPair quiet = pair_of(reference, same, {"ks"});
  quiet.design_effect = 30;
  CHECK(compare_fields(std::vector{quiet}, {}).front().verdict == Verdict::Pass);
}

TEST_CASE("every test is less certain of dependent records") {
  const Profile reference = profile_written("1..1000 null*20");
  const Profile current = profile_written("100..1099 null*80");
  for (const DriftSpec* spec : drift_tests()) {
    if (spec->scope == DriftScope::SeveralFields || spec->name == "z" || spec->name == "fisher") continue;
    INFO(spec->name);
    FieldPair pair = pair_of(reference, current, {spec->name});
    const DriftMeasured once = compare_fields(std::vector{pair}, {}).front().tests[0].measured;
    pair.design_effect = 10;
    const DriftMeasured dependent = compare_fields(std::vector{pair}, {}).front().tests[0].measured;
    if (once.kind != DriftMeasured::Kind::Value) continue;
    CHECK(dependent.p_high >= once.p_high);
    CHECK(dependent.p_independent <= dependent.p_high);
  }
}

TEST_CASE("cells bound the distance of the values, and the verdict is that of the values") {
  const std::vector<double> a = normals(5000, 1);
  const auto edges = std::make_shared<const std::vector<double>>(learn_edges(profile_of_numbers(a), kDriftCells));
  for (const double shift : {0.0, 0.1, 0.15, 0.3, 1.0}) {
    INFO(shift);
    const std::vector<double> b = normals(3000, 2, shift);
    const DriftMeasured exact = compared(profile_of_numbers(a), profile_of_numbers(b), {"ks"}).tests[0].measured;
    const DriftMeasured cells = compared(on_edges(a, edges), on_edges(b, edges), {"ks"}).tests[0].measured;
    CHECK(exact.effect_low == exact.effect);
    CHECK(exact.effect_high == exact.effect);
    CHECK(exact.resolution.empty());
    CHECK(cells.effect_low <= exact.effect + 1e-12);
    CHECK(cells.effect_high >= exact.effect - 1e-12);
    CHECK(cells.effect_high - cells.effect_low < 0.01);
    CHECK(cells.resolution == "256 cells");
    CHECK(cells.p_low <= cells.p_high);
    const DriftMeasured carried = compared(on_edges(a, edges), on_edges(b, edges), {"wasserstein"}).tests[0].measured;
    const DriftMeasured area =
        compared(profile_of_numbers(a), profile_of_numbers(b), {"wasserstein"}).tests[0].measured;
    CHECK(carried.p_of == "ks");
    CHECK_FALSE(carried.p_value);
    CHECK(std::abs(carried.statistic - area.statistic) < 0.05);
  }
}

TEST_CASE("resolution: few cells that straddle the tolerance are inconclusive and say so") {
  std::vector<double> a;
  std::vector<double> b;
  for (int i = 0; i < 4000; ++i) {
    a.push_back(i % 1000);
    b.push_back(i % 1000 < 500 ? (i % 1000) * 0.6 : i % 1000);  // moved within the lower half
  }
  const auto edges = std::make_shared<const std::vector<double>>(std::vector<double>{499.5});
  const FieldResult found = compared(on_edges(a, edges), on_edges(b, edges), {"ks"});
  CHECK(found.verdict == Verdict::Inconclusive);
  CHECK(found.cause.starts_with("resolution: the effect lies between "));
  CHECK(found.cause.find("2 cells") != std::string::npos);
  CHECK(compared(profile_of_numbers(a), profile_of_numbers(b), {"ks"}).verdict == Verdict::Fail);
}

TEST_CASE("a sketch widens the interval by its error, in tests of numbers and of shares") {
  const Profile exact = profile_of_numbers(normals(20000, 1));
  Profile sketched = exact;
  sketched.raw.clear();
  for (std::size_t i = 10; i < exact.raw.size(); i += 20) sketched.sketch.emplace_back(exact.raw[i], 20);
  sketched.sketch_error = 0.01;
  const Profile current = profile_of_numbers(normals(1500, 2, 0.12));
  for (const std::string_view test : {"ks", "psi", "tv", "js", "wasserstein", "quantile_shift"}) {
    INFO(test);
    const DriftMeasured found = compared(sketched, current, {test}).tests[0].measured;
    CHECK(found.effect_low < found.effect);
    CHECK(found.effect_high > found.effect);
    CHECK(found.p_low <= found.p_high);
    CHECK(found.resolution.find("a sketch within ") != std::string::npos);
  }
}

TEST_CASE("auto takes ks for numbers and chi-square for categories, and says why") {
  const FieldResult numbers = compared("1..4210", "1..4210");
  CHECK(numbers.picked.starts_with("ks: numbers"));
  REQUIRE(numbers.tests.size() == 3);
  CHECK(numbers.tests[0].test == "ks");
  CHECK(numbers.tests[1].test == "null_share");
  CHECK(numbers.tests[2].test == "type_share");
  CHECK(numbers.verdict == Verdict::Pass);
  CHECK(compared("DE*41 FR*59", "DE*40 FR*60").picked == "chi_square: categories, 2 different values");
  CHECK(compared("1*50 2*30 3*20", "1*50 2*30 3*20").tests[0].test == "chi_square");
  CHECK(compared("1..15", "1..15").tests[0].test == "ks");  // seen once each: no categories
  CHECK(compared("1..21*10", "1..21*10").tests[0].test == "ks");
}

TEST_CASE("the number of different values is compared for as many records") {
  // 1,000 values of 100 different ones, against 100 records: a sample sees fewer of them without any drift.
  std::string rare;
  for (int i = 0; i < 100; ++i) rare += "v" + std::to_string(i) + "*10 ";
  std::string sample;
  for (int i = 0; i < 63; ++i) sample += "v" + std::to_string(i) + (i < 37 ? "*2 " : "*1 ");
  const FieldResult found = compared(rare, sample, {"cardinality"});
  CHECK(found.tests[0].measured.effect < 0.1);
  CHECK(found.verdict == Verdict::Pass);
  CHECK(compared(rare, "v1*50 v2*50", {"cardinality"}).verdict == Verdict::Fail);
}

TEST_CASE("several fields: correlation, means and directions") {
  const auto joint = [](const std::vector<double>& x, const std::vector<double>& y) {
    JointProfile out;
    out.paths = {"a", "b"};
    out.rows = x.size();
    out.means = {0, 0};
    out.comoments = {0, 0, 0, 0};
    const double n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) out.means[0] += x[i] / n, out.means[1] += y[i] / n;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double dx = x[i] - out.means[0];
      const double dy = y[i] - out.means[1];
      out.comoments[0] += dx * dx;
      out.comoments[1] += dx * dy;
      out.comoments[2] += dx * dy;
      out.comoments[3] += dy * dy;
    }
    return out;
  };
  const auto together = [](double rho, std::uint64_t seed) {
    const std::vector<double> x = normals(1000, seed);
    std::vector<double> y = normals(1000, seed + 1);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = rho * x[i] + std::sqrt(1 - rho * rho) * y[i];
    return std::pair(x, y);
  };
  const auto [x, y] = together(0.9, 1);
  const auto [u, v] = together(0.9, 11);
  const auto [s, t] = together(0.1, 21);
  const JointProfile reference = joint(x, y);
  const JointProfile same = joint(u, v);
  const JointProfile loose = joint(s, t);
  FieldPair pair;
  pair.path = "a, b";
  pair.joint_reference = &reference;
  pair.joint_current = &same;
  for (const char* name : {"correlation", "pca", "mahalanobis"}) pair.tests.push_back(find_drift_test(name));
  const FieldResult fine = compare_fields(std::vector{pair}, {}).front();
  CHECK(fine.verdict == Verdict::Pass);
  pair.joint_current = &loose;
  const FieldResult found = compare_fields(std::vector{pair}, {}).front();
  CHECK(test_of(found, "correlation").outcome == Verdict::Fail);
  CHECK(test_of(found, "pca").outcome == Verdict::Fail);
  CHECK(test_of(found, "mahalanobis").outcome == Verdict::Pass);
  CHECK(says(found, "correlation of a and b went from 0."));

  JointProfile few = loose;
  few.rows = 8;
  pair.joint_current = &few;
  const FieldResult small = compare_fields(std::vector{pair}, {}).front();
  CHECK(small.verdict == Verdict::Inconclusive);
  CHECK(small.cause == "8 records in which all fields are numbers, 30 are needed");
}

}  // namespace
}  // namespace weir::testing
