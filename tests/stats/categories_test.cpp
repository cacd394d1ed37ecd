// SPDX-License-Identifier: Apache-2.0
// Counts of categories: numbers of SciPy and R, what must not change them, and extremes.
#include "stats/categories.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "stats/counts_reference.h"

namespace weir {
namespace {

using Row = std::vector<std::uint64_t>;

bool near(double x, double expected, double relative, double absolute = 1e-300) {
  return std::fabs(x - expected) <= std::max(relative * std::fabs(expected), absolute);
}

std::uint64_t sum_of(const Row& row) {
  return std::accumulate(row.begin(), row.end(), std::uint64_t{0});
}

TEST_CASE("chi-square, G, PSI and Jensen-Shannon of two rows are those of SciPy") {
  for (const testing::TwoRows& rows : testing::kTwoRows) {
    INFO("first count " << rows.a[0] << " against " << rows.b[0]);
    const ChiSquare chi = chi_square(rows.a, rows.b);
    CHECK(near(chi.statistic, rows.chi_square, 1e-9, 1e-9));
    CHECK(chi.degrees == rows.degrees);
    CHECK(near(chi.p, rows.chi_square_p, 1e-8));
    const ChiSquare g = g_test(rows.a, rows.b);
    CHECK(near(g.statistic, rows.g, 1e-6, 1e-6));
    CHECK(near(g.p, rows.g_p, 1e-5));
    const Psi index = psi(rows.a, rows.b);
    CHECK(near(index.value, rows.psi, 1e-11));
    CHECK(near(index.p, rows.psi_p, 1e-8));
    CHECK(near(jensen_shannon(rows.a, rows.b), rows.jensen_shannon, 1e-6));
  }
}

TEST_CASE(
    "the interval of PSI is that of the non-central chi-square law, within a quarter of what one cell of noise makes") {
  for (const testing::TwoRows& rows : testing::kTwoRows) {
    const Psi index = psi(rows.a, rows.b);
    const double unit = 1 / static_cast<double>(sum_of(rows.a)) + 1 / static_cast<double>(sum_of(rows.b));
    INFO("psi " << index.value << ", " << index.low << " to " << index.high << ", expected " << rows.psi_low << " to "
                << rows.psi_high);
    CHECK(near(index.low, rows.psi_low, 0.005, 0.25 * unit));
    CHECK(near(index.high, rows.psi_high, 0.005, 0.25 * unit));
  }
}

TEST_CASE("chi-square is that of R's chisq.test, a category that one side lacks included") {
  const ChiSquare same = chi_square(Row{16, 18, 16, 14, 12, 12}, Row{16, 16, 16, 16, 16, 8});
  CHECK(near(same.statistic, 1.6224089635854342, 1e-12));
  CHECK(near(same.p, 0.8985262394026609, 1e-12));
  const ChiSquare fresh = chi_square(Row{10, 10, 10, 0}, Row{8, 9, 10, 5});
  CHECK(near(fresh.statistic, 5.215765107212476, 1e-12));
  CHECK(near(fresh.p, 0.1566626059291825, 1e-12));
  const ChiSquare tiny = chi_square(Row{130, 370}, Row{240, 260});
  CHECK(near(tiny.p, 5.813180472899837e-13, 1e-10));
}

TEST_CASE("distances of shares have their closed forms") {
  const Row a = {400, 300, 200, 100, 0};
  const Row b = {380, 290, 210, 110, 10};
  CHECK(near(total_variation(a, b), 0.03, 1e-12));
  CHECK(near(l_infinity(a, b), 0.02, 1e-12));
  CHECK(near(hellinger(a, b), 0.07314849278270645, 1e-12));
  CHECK(near(std::pow(jensen_shannon(a, b), 2), 0.005505907559957942, 1e-12));
  const Row left = {50, 50, 0, 0};
  const Row right = {0, 0, 50, 50};
  CHECK(total_variation(left, right) == 1);
  CHECK(near(hellinger(left, right), 1, 1e-12));
  CHECK(near(jensen_shannon(left, right), 1, 1e-12));
  CHECK(l_infinity(left, right) == 0.5);
  CHECK(near(cramers_v(left, right), 1, 0.02));
}

TEST_CASE("Cramer's V does not depend on how much larger one side is") {
  const double equal = cramers_v(Row{20000, 80000}, Row{40000, 60000});
  const double unequal = cramers_v(Row{2000000, 8000000}, Row{40000, 60000});
  CHECK(near(equal, 0.218, 1e-2));
  CHECK(near(unequal, equal, 1e-3));
  CHECK(cramers_v(Row{500, 500}, Row{510, 490}) == 0);  // less than chance makes
}

TEST_CASE("neither the order of the cells nor that of the sides matters to a distance") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 20; ++round) {
    Row a(40);
    Row b(40);
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = random() % 50;
      b[i] = random() % 80;
    }
    std::vector<std::size_t> order(a.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    Row c(40);
    Row d(40);
    for (std::size_t i = 0; i < order.size(); ++i) {
      c[i] = a[order[i]];
      d[i] = b[order[i]];
    }
    for (const auto distance : {total_variation, hellinger, jensen_shannon, l_infinity, cramers_v}) {
      CHECK(near(distance(c, d), distance(a, b), 1e-12));
      CHECK(near(distance(b, a), distance(a, b), 1e-12));
    }
    CHECK(near(chi_square(d, c).statistic, chi_square(a, b).statistic, 1e-11));
    CHECK(near(psi(d, c).value, psi(a, b).value, 1e-11));
  }
}

TEST_CASE("what is empty in both sides changes nothing, and proportional rows are no distance apart") {
  const Row a = {3, 0, 10, 7};
  const Row b = {5, 0, 2, 9};
  CHECK(chi_square(a, b).degrees == 2);
  CHECK(psi(a, b).value == psi(Row{3, 10, 7}, Row{5, 2, 9}).value);
  const Row tripled = {9, 0, 30, 21};
  CHECK(chi_square(a, tripled).statistic == 0);
  CHECK(chi_square(a, tripled).p == 1);
  CHECK(jensen_shannon(a, tripled) == 0);
  CHECK(hellinger(a, tripled) == 0);
  CHECK(total_variation(a, tripled) == 0);
}

TEST_CASE("sides without counts, single cells and counts of 2^53 give numbers") {
  const Row none = {0, 0, 0};
  const Row some = {5, 0, 1};
  const std::uint64_t most = std::uint64_t{1} << 53;
  const Row large = {most, 1, most};
  const Row other = {1, most, most};
  for (const auto& [a, b] : std::vector<std::pair<Row, Row>>{{none, none}, {none, some}, {some, none}, {{}, {}}}) {
    CHECK(chi_square(a, b).statistic == 0);
    CHECK(chi_square(a, b).p == 1);
    CHECK(g_test(a, b).p == 1);
    CHECK(psi(a, b).value == 0);
    CHECK(psi(a, b).p == 1);
    CHECK(jensen_shannon(a, b) == 0);
    CHECK(total_variation(a, b) == 0);
    CHECK(hellinger(a, b) == 0);
    CHECK(l_infinity(a, b) == 0);
    CHECK(cramers_v(a, b) == 0);
  }
  CHECK(chi_square(Row{9}, Row{4}).p == 1);
  CHECK(psi(Row{9}, Row{4}).p == 1);
  const ChiSquare huge = chi_square(large, other);
  CHECK(std::isfinite(huge.statistic));
  CHECK(huge.p == 0);
  CHECK(g_test(large, other).p == 0);
  const Psi index = psi(large, other);
  CHECK(std::isfinite(index.value));
  CHECK(index.p == 0);
  CHECK(index.low > 0);
  CHECK(std::isfinite(index.high));
  CHECK(near(total_variation(large, other), 0.5, 1e-9));
  CHECK(chi_square(large, large, 7).p == 1);
}

TEST_CASE("a design effect divides the sizes") {
  const Row a = {300, 400, 300};
  const Row b = {390, 350, 260};
  const Row third_a = {100, 133, 100};
  CHECK(near(chi_square(a, b, 3).statistic, chi_square(a, b).statistic / 3, 1e-12));
  CHECK(chi_square(a, b, 3).p > chi_square(a, b).p);
  CHECK(psi(a, b, 3).value == psi(a, b).value);
  CHECK(psi(a, b, 3).p > psi(a, b).p);
  CHECK(psi(a, b, 3).corrected < psi(a, b).corrected);
  CHECK(chi_square(a, b, 0.5).p == chi_square(a, b).p);
}

TEST_CASE("Fisher's test is that of SciPy") {
  for (const testing::FourCells& table : testing::kFourCells) {
    INFO(table.a << " " << table.b << " " << table.c << " " << table.d);
    CHECK(near(fisher_exact(table.a, table.b, table.c, table.d), table.p, 1e-7));
    CHECK(near(fisher_exact(table.c, table.d, table.a, table.b), table.p, 1e-7));
    CHECK(near(fisher_exact(table.a, table.c, table.b, table.d), table.p, 1e-7));
    const double odds = fisher_odds_ratio(table.a, table.b, table.c, table.d);
    if (table.odds_ratio < 0) {
      CHECK(odds == std::numeric_limits<double>::infinity());
    } else {
      CHECK(near(odds, table.odds_ratio, 1e-12));
    }
  }
  CHECK(fisher_exact(6, 0, 6, 0) == 1);
  CHECK(fisher_odds_ratio(6, 0, 6, 0) == 1);
}

TEST_CASE("Fisher's test of huge tables ends, and meets the normal law where it is given up") {
  const std::uint64_t most = std::uint64_t{1} << 53;
  CHECK(fisher_exact(most, most, most, most) == 1);
  CHECK(fisher_exact(most, 0, 0, most) == 0);
  CHECK(fisher_exact(1000000000, 0, 0, 3) < 1e-20);
  const double exact = fisher_exact(100000000, 100000000, 100030000, 99970000);
  const double normal = two_shares(100000000, 200000000, 100030000, 200000000).p;
  CHECK(near(exact, normal, 1e-3));
}

TEST_CASE("binomial tails are those of SciPy, and hold at the ends") {
  for (const testing::BinomialTail& tail : testing::kBinomialTails) {
    INFO(tail.k << " of " << tail.n);
    CHECK(near(binomial_tail(tail.k, tail.n, tail.share), tail.p, 1e-9));
  }
  CHECK(binomial_tail(0, 10, 0) == 1);
  CHECK(binomial_tail(1, 10, 0) == 0);
  CHECK(binomial_tail(11, 10, 0.5) == 0);
  CHECK(binomial_tail(10, 10, 1) == 1);
  CHECK(near(binomial_tail(std::uint64_t{1} << 52, std::uint64_t{1} << 53, 0.5), 0.5, 1e-6));
}

TEST_CASE("two shares are compared by the pooled z") {
  // z^2 of a table of four cells is its chi-square.
  const TwoShares result = two_shares(130, 500, 240, 500);
  CHECK(result.z < 0);
  CHECK(near(result.z * result.z, 51.90905190905191, 1e-12));
  CHECK(near(result.p, 5.813180472899837e-13, 1e-9));
  CHECK(two_shares(0, 10, 0, 20).p == 1);
  CHECK(two_shares(10, 10, 20, 20).p == 1);
  CHECK(two_shares(0, 0, 5, 20).p == 1);
}

}  // namespace
}  // namespace weir
