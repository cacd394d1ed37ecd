// SPDX-License-Identifier: Apache-2.0
// Laws of the tests of two samples, and the exact p against every arrangement counted one by one.
#include "stats/samples.h"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/drawn.h"

namespace weir::testing {
namespace {

using Values = std::vector<double>;

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr double kDenormal = std::numeric_limits<double>::denorm_min();

bool near(double found, double expected, double relative) {
  return std::abs(found - expected) <= relative * std::abs(expected);
}

// By the definition: at each value, count both sides anew.
double slow_d(const Values& a, const Values& b) {
  double d = 0;
  for (const Values* side : {&a, &b}) {
    for (const double at : *side) {
      double f = 0;
      double g = 0;
      for (const double value : a) f += value <= at ? 1 : 0;
      for (const double value : b) g += value <= at ? 1 : 0;
      d = std::max(d, std::abs(f / static_cast<double>(a.size()) - g / static_cast<double>(b.size())));
    }
  }
  return d;
}

// The share of all ways to give n of the pooled values to the first side in which `statistic` is at least what it is here.
template <typename Statistic>
double counted(const Values& a, const Values& b, Statistic statistic) {
  Values pooled = a;
  pooled.insert(pooled.end(), b.begin(), b.end());
  std::sort(pooled.begin(), pooled.end());
  const double here = statistic(a, b);
  double reached = 0;
  double all = 0;
  for (unsigned chosen = 0; chosen < 1U << pooled.size(); ++chosen) {
    if (std::popcount(chosen) != static_cast<int>(a.size())) continue;
    Values first;
    Values second;
    for (std::size_t i = 0; i < pooled.size(); ++i) ((chosen >> i & 1U) != 0 ? first : second).push_back(pooled[i]);
    all += 1;
    reached += statistic(first, second) >= here - 1e-9 ? 1 : 0;
  }
  return reached / all;
}

TEST_CASE("the exact p is the share of arrangements that are as far apart, with and without ties") {
  Drawn drawn(11);
  int tied = 0;
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 1 + drawn.next() % 6;
    const std::size_t m = 1 + drawn.next() % 6;
    const int shape = round % 3 == 0 ? 0 : round % 3 == 1 ? 2 : 7;
    const Values a = drawn.sorted(n, shape, false);
    const Values b = drawn.sorted(m, shape, true);
    const double expected = counted(a, b, slow_d);
    const KsDistance found = ks_distance(a, b);
    INFO("round " << round << ", n " << n << ", m " << m << ", d " << found.d);
    CHECK(std::abs(found.d - slow_d(a, b)) < 1e-14);
    CHECK(near(ks_exact_p(a, b, found.d), expected, 1e-12));
    CHECK(near(ks_exact_p(b, a, found.d), expected, 1e-12));
    if (shape == 0) {
      CHECK(near(ks_exact_p(n, m, found.d), expected, 1e-12));
    } else {
      tied += expected < ks_exact_p(n, m, found.d) - 1e-12 ? 1 : 0;
    }
  }
  CHECK(tied > 10);  // leaving ties out is another answer
}

TEST_CASE("the exact p with ties is that of R") {
  const auto p = [](Values a, Values b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return ks_exact_p(a, b, ks_distance(a, b).d);
  };
  const auto counted_values = [](std::vector<std::size_t> counts) {
    Values out;
    for (std::size_t i = 0; i < counts.size(); ++i) out.insert(out.end(), counts[i], static_cast<double>(i));
    return out;
  };
  // R 4.2.2, ks.test(a, b, exact = TRUE)
  CHECK(std::abs(p({0, 3, 9857, 3444, 99, 8, 9, 9, 0, 4535, 34}, {0.45, 3, 9857, 3444, 4535, 34}) -
                 0.9149159663865544) < 1e-12);
  CHECK(std::abs(p({1, 1.01, 3, 4}, {1.01, 0.5, 0.25}) - 0.3428571428571434) < 1e-12);
  CHECK(std::abs(p(counted_values({3, 4, 0, 5, 4, 0}), counted_values({0, 3, 4, 0, 5, 4})) - 0.1982098833734952) <
        1e-12);
  CHECK(std::abs(p(counted_values({16, 18, 16, 14, 12, 12}), counted_values({16, 16, 16, 16, 16, 8})) -
                 0.9730024969256946) < 1e-11);
}

TEST_CASE("the exact p of Cramer-von Mises is the share of arrangements that are as far apart") {
  Drawn drawn(12);
  for (int round = 0; round < 30; ++round) {
    const Values a = drawn.sorted(1 + drawn.next() % 6, 0, false);
    const Values b = drawn.sorted(1 + drawn.next() % 6, 0, true);
    const double expected =
        counted(a, b, [](const Values& x, const Values& y) { return cramer_von_mises(x, y).statistic; });
    CHECK(near(cramer_von_mises(a, b).p, expected, 1e-12));
  }
}

TEST_CASE("the exact p keeps its digits where it is as small as a double can be") {
  // Only the two orders that part the samples have D = 1.
  for (const auto& [n, m] : {std::pair{1, 1}, {3, 4}, {50, 70}, {500, 500}, {511, 300}, {2000, 150}}) {
    const double ways = std::lgamma(n + m + 1.0) - std::lgamma(n + 1.0) - std::lgamma(m + 1.0);
    const auto size_a = static_cast<std::uint64_t>(n);
    CHECK(near(ks_exact_p(size_a, static_cast<std::uint64_t>(m), 1), std::exp(std::log(2.0) - ways), 1e-9));
  }
  // With n values on both sides, P(D >= k/n) = 2 C(2n, n - k) / C(2n, n) where 2 k > n (reflection).
  const double n = 800;
  for (const double k : {401.0, 450.0, 500.0}) {
    const double log_p = 2 * std::lgamma(n + 1) - std::lgamma(n - k + 1) - std::lgamma(n + k + 1) + std::log(2.0);
    CHECK(near(ks_exact_p(800, 800, k / n), std::exp(log_p), 1e-9));
  }
  CHECK(ks_exact_p(2000, 2000, 1) == 0);  // 1e-1202
}

TEST_CASE("the exact p of samples of the same size is the alternating sum of reflections") {
  // P(D >= k/n) = 2 sum over i of (-1)^(i-1) C(2n, n - i k) / C(2n, n), B. V. Gnedenko and V. S. Koroljuk.
  const double n = 1000;
  for (const double k : {1.0, 20.0, 30.0, 45.0, 61.0, 100.0}) {
    double p = 0;
    for (double i = 1; i * k <= n; ++i) {
      const double share = std::exp(2 * std::lgamma(n + 1) - std::lgamma(n - i * k + 1) - std::lgamma(n + i * k + 1));
      p += std::fmod(i, 2) == 1 ? 2 * share : -2 * share;
    }
    CHECK(near(ks_exact_p(1000, 1000, k / n), p, 1e-8));
  }
}

TEST_CASE("nothing changes when both samples go through a rising map, or change places") {
  Drawn drawn(13);
  for (int round = 0; round < 200; ++round) {
    const int shape = round % 2 == 0 ? 3 : 9;
    const Values a = drawn.sorted(1 + drawn.next() % 60, shape, false);
    const Values b = drawn.sorted(1 + drawn.next() % 60, shape, true);
    const auto mapped = [](Values values) {
      for (double& value : values) value = value * value * value * 8 - 1;  // rising: the cube, times a power of two
      return values;
    };
    const auto turned = [](Values values) {
      std::reverse(values.begin(), values.end());
      for (double& value : values) value = -value;
      return values;
    };
    const KsDistance here = ks_distance(a, b);
    CHECK(here.d >= 0);
    CHECK(here.d <= 1);
    CHECK(std::abs(here.signed_d) == here.d);
    const KsDistance back = ks_distance(b, a);
    CHECK(back.signed_d == -here.signed_d);
    CHECK(back.at == here.at);
    CHECK(ks_distance(turned(a), turned(b)).d == here.d);
    const double p = ks_exact_p(a, b, here.d);
    CHECK(near(ks_exact_p(turned(b), turned(a), here.d), p, 1e-12));
    CHECK(p > 0);
    CHECK(p <= 1);
    CHECK(near(wasserstein(a, b), wasserstein(b, a), 1e-14));
    CHECK(near(wasserstein(turned(a), turned(b)), wasserstein(a, b), 1e-12));
    if (shape == 9) continue;  // two cubes can be one double only where values are far closer than these
    CHECK(ks_distance(mapped(a), mapped(b)).d == here.d);
    if (a.size() > 20 || b.size() > 20) {
      const CvmResult cvm = cramer_von_mises(a, b);
      CHECK(near(cramer_von_mises(b, a).statistic, cvm.statistic, 1e-14));
      CHECK(cramer_von_mises(mapped(a), mapped(b)).statistic == cvm.statistic);
    }
  }
}

TEST_CASE("the exact p and the tail fall as the distance grows") {
  for (const auto& [n, m] : {std::pair<std::uint64_t, std::uint64_t>{7, 12}, {40, 40}, {100, 33}}) {
    double before = 1;
    for (std::uint64_t k = 0; k <= n * m; ++k) {
      const double p = ks_exact_p(n, m, static_cast<double>(k) / static_cast<double>(n * m));
      REQUIRE(p <= before);
      before = p;
    }
  }
  for (const double n : {1.0, 2.0, 7.5, 19.9, 20.0, 60.25, 79.5, 80.0, 99.7, 100.0, 150.0, 1234.5, 1e6}) {
    double before = 1;
    for (int i = 1; i < 2000; ++i) {
      const double p = ks_tail(static_cast<double>(i) / 2000 * std::min(1.0, 25 / std::sqrt(n)), n);
      INFO("n " << n << ", i " << i);
      REQUIRE(p <= before * (1 + 1e-6));  // where one method ends and the next begins
      before = p;
    }
    CHECK(before < 1e-3);
  }
}

TEST_CASE("the tail at a broken n lies between its neighbours") {
  for (const double n : {1.0, 4.0, 20.0, 78.0, 79.0, 99.0, 149.0, 500.0}) {
    for (const double d : {0.02, 0.06, 0.1, 0.13, 0.2, 0.3, 0.45, 0.7}) {
      const double low = ks_tail(d, n + 1);
      const double high = ks_tail(d, n);
      double before = high;
      for (const double part : {0.25, 0.5, 0.75}) {
        const double p = ks_tail(d, n + part);
        INFO("n " << n + part << ", d " << d);
        CHECK(p <= before * (1 + 1e-6));
        CHECK(p >= low * (1 - 1e-6));
        before = p;
      }
    }
  }
}

TEST_CASE("the tail for finite n is what the exact p of two large samples comes close to") {
  for (const double d : {0.03, 0.05, 0.08}) {
    const double exact = ks_exact_p(1999, 1500, d);
    CHECK(near(ks_tail(d, 1999.0 * 1500 / 3499), exact, 0.05));
  }
}

TEST_CASE("the tail answers whatever it is asked") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK(ks_tail(0, 10) == 1);
  CHECK(ks_tail(-1, 10) == 1);
  CHECK(ks_tail(1, 10) == 0);
  CHECK(ks_tail(7, 10) == 0);
  CHECK(ks_tail(0.5, 0) == 1);
  CHECK(ks_tail(0.5, -3) == 1);
  CHECK(near(ks_tail(0.75, 0.5), 0.75, 1e-12));  // half of the way from nothing to one value, whose p is 1/2
  CHECK(ks_tail(0.1, infinite) == 0);
  CHECK(ks_tail(kDenormal, 1e18) == 1);
  CHECK(ks_tail(0.9999, 1e18) == 0);
  CHECK(std::isnan(ks_tail(nan, 10)));
  CHECK(std::isnan(ks_tail(0.1, nan)));
  for (double n = 1; n < 700; n += 7) {
    for (double d = 0.004; d < 1; d += 0.031) {
      const double p = ks_tail(d, n);
      REQUIRE(p >= 0);
      REQUIRE(p <= 1);
    }
  }
}

TEST_CASE("distances of equal, constant, far, huge and tiny samples") {
  const Values ten = {1, 2, 2, 3, 5, 5, 5, 8, 9, 10};
  CHECK(ks_distance(ten, ten).d == 0);
  CHECK(ks_exact_p(ten, ten, 0) == 1);
  CHECK(wasserstein(ten, ten) == 0);
  CHECK(cramer_von_mises(ten, ten).p == 1);
  CHECK(cramer_von_mises(ten, ten).effect == 0);

  const Values fives(30, 5.0);
  const Values sixes(40, 6.0);
  CHECK(ks_distance(fives, fives).d == 0);
  CHECK(cramer_von_mises(fives, Values(3, 5.0)).statistic == 0);
  CHECK(cramer_von_mises(fives, Values(3, 5.0)).p > 0.999);
  const KsDistance apart = ks_distance(fives, sixes);
  CHECK(apart.d == 1);
  CHECK(apart.at == 5);
  CHECK(apart.signed_d == 1);
  CHECK(ks_distance(sixes, fives).signed_d == -1);
  CHECK(near(wasserstein(fives, sixes), 1, 1e-15));

  CHECK(ks_distance(Values{-0.0, 0.0}, Values{0.0, 0.0, -0.0}).d == 0);
  CHECK(wasserstein(Values{-0.0}, Values{0.0}) == 0);
  CHECK(wasserstein(Values{0}, Values{kDenormal}) == kDenormal);
  CHECK(ks_distance(Values{0}, Values{kDenormal}).d == 1);
  CHECK(near(wasserstein(Values{-kLargest, kLargest}, Values{-kLargest, -kLargest, kLargest, kLargest, kLargest}),
             kLargest * 0.2, 1e-12));
  CHECK(ks_distance(Values{-kLargest, kLargest}, Values{-kLargest, 0}).at == 0);

  CHECK(ks_distance({}, ten).d == 0);
  CHECK(ks_exact_p({}, ten, 0.5) == 1);
  CHECK(ks_exact_p(0, 7, 0.5) == 1);
  CHECK(ks_exact_p(5, 7, 1.5) == 0);
  CHECK(std::isnan(ks_exact_p(5, 7, std::numeric_limits<double>::quiet_NaN())));
  CHECK(ks_exact_p(std::uint64_t{1} << 40, std::uint64_t{1} << 40, 0.5) == 0);  // too many to count: the tail
  CHECK(wasserstein(ten, {}) == 0);
  CHECK(cramer_von_mises({}, ten).p == 1);
}

TEST_CASE("of two places with the same distance the first is told") {
  const KsDistance found = ks_distance(Values{1, 4}, Values{2, 3});
  CHECK(found.d == 0.5);
  CHECK(found.at == 1);
  CHECK(found.signed_d == 0.5);
}

TEST_CASE("ties do not make Cramer-von Mises reject a small sample of the same law as a large one") {
  Drawn drawn(14);
  int rejected = 0;
  for (int round = 0; round < 200; ++round) {
    const Values many = drawn.sorted(round % 2 == 0 ? 300 : 60, 2, false);
    const Values few = drawn.sorted(30, 2, false);
    rejected += cramer_von_mises(many, few).p <= 0.05 ? 1 : 0;
  }
  CHECK(rejected >= 1);
  CHECK(rejected <= 20);
}

TEST_CASE("Cramer-von Mises falls without a step where its two formulas meet, and keeps falling to 1e-290") {
  double before = 1;
  int small = 0;
  for (std::size_t shift = 0; shift <= 400; ++shift) {
    Values a(400);
    Values b(400);
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = static_cast<double>(2 * i);
      b[i] = static_cast<double>(2 * (i + shift) + 1);
    }
    const CvmResult found = cramer_von_mises(a, b);
    INFO("shift " << shift << ", statistic " << found.statistic);
    REQUIRE(found.p < before + 1e-15);
    REQUIRE(found.p > 0);
    before = found.p;
    small += found.p < 1e-100 ? 1 : 0;
    CHECK(found.effect <= 0.578);
  }
  CHECK(small > 10);
}

TEST_CASE("Welch's t says nothing where it has nothing to say") {
  CHECK(welch(1, 0, 10, 1, 0, 10).p == 1);
  CHECK(welch(1, 0, 10, 2, 0, 10).p == 0);
  CHECK(welch(1, 0, 10, 2, 0, 10).t == -std::numeric_limits<double>::infinity());
  CHECK(welch(1, 1, 1, 2, 1, 10).p == 1);
  CHECK(welch(1, -1, 10, 2, 1, 10).p == 1);
  CHECK(welch(1, std::numeric_limits<double>::infinity(), 10, 2, 1, 10).p == 1);
  CHECK(welch(std::numeric_limits<double>::quiet_NaN(), 1, 10, 2, 1, 10).p == 1);
  // The same in other units, far beyond what may be squared.
  const WelchResult one = welch(10, 4, 20, 11, 9, 30);
  CHECK(one.t < 0);
  for (const double unit : {0x1p+500, 0x1p-500}) {
    const WelchResult other = welch(10 * unit, 4 * unit * unit, 20, 11 * unit, 9 * unit * unit, 30);
    CHECK(near(other.t, one.t, 1e-14));
    CHECK(near(other.p, one.p, 1e-13));
    CHECK(near(other.degrees, one.degrees, 1e-14));
  }
  CHECK(near(welch(11, 9, 30, 10, 4, 20).t, -one.t, 1e-15));
}

TEST_CASE("a quantile of sorted values lies straight between two of them") {
  const Values four = {1, 2, 4, 8};
  CHECK(sorted_quantile(four, 0) == 1);
  CHECK(sorted_quantile(four, 1) == 8);
  CHECK(sorted_quantile(four, 0.5) == 3);
  CHECK(near(sorted_quantile(four, 0.9), 6.8, 1e-15));
  CHECK(sorted_quantile(four, -1) == 1);
  CHECK(sorted_quantile(four, 2) == 8);
  CHECK(sorted_quantile(Values{7}, 0.3) == 7);
  CHECK(sorted_quantile(Values{-kLargest, kLargest}, 0.5) == 0);
  CHECK(std::isnan(sorted_quantile({}, 0.5)));
  CHECK(std::isnan(sorted_quantile(four, std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace weir::testing
