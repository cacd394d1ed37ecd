// SPDX-License-Identifier: Apache-2.0
// Numbers that are known by cell: bounds hold whatever the values in the cells are, and few cells keep the level.
#include "stats/cells.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "stats/samples.h"

namespace weir {
namespace {

using Row = std::vector<std::uint64_t>;

bool near(double x, double expected, double relative, double absolute = 1e-300) {
  return std::fabs(x - expected) <= std::max(relative * std::fabs(expected), absolute);
}

double effective(double n, double m) {
  return n * m / (n + m);
}

// Whole numbers below 64 in cells of 8; every value a multiple of 1/4.
std::vector<double> drawn(std::mt19937_64& random, std::size_t n, double tilt) {
  std::vector<double> values(n);
  for (double& value : values) {
    const double u = static_cast<double>(random() % 256) / 256;
    value = std::floor(256 * std::pow(u, tilt)) / 4;
  }
  std::sort(values.begin(), values.end());
  return values;
}

Row cells_of(const std::vector<double>& values, const std::vector<double>& edges) {
  Row cells(edges.size() + 1, 0);
  for (const double value : values) {
    ++cells[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin())];
  }
  return cells;
}

TEST_CASE("the distances of the values lie within those of their cells") {
  std::mt19937_64 random(21);
  const std::vector<double> edges = {8, 16, 24, 32, 40, 48, 56};
  for (int round = 0; round < 300; ++round) {
    const std::vector<double> a = drawn(random, 1 + random() % 60, 1);
    const std::vector<double> b = drawn(random, 1 + random() % 60, round % 2 == 0 ? 1 : 1.7);
    const Row c = cells_of(a, edges);
    const Row d = cells_of(b, edges);
    const CellKs ks = ks_of_cells(c, d);
    const double exact = ks_distance(a, b).d;
    CHECK(ks.low <= exact + 1e-12);
    CHECK(ks.high >= exact - 1e-12);
    CHECK(std::fabs(ks.signed_low) == ks.low);
    const CellDistance area = wasserstein_of_cells(c, d, edges, 0, 64);
    const double true_area = wasserstein(a, b);
    CHECK(area.low <= true_area + 1e-9);
    CHECK(area.high >= true_area - 1e-9);
    CHECK(area.low <= area.point);
    CHECK(area.point <= area.high);
  }
}

TEST_CASE("atoms have nothing inside: their distance is known exactly") {
  const Row a = {16, 18, 16, 14, 12, 12};
  const Row b = {16, 16, 16, 16, 16, 8};
  const bool atoms[] = {true, true, true, true, true, true};
  const CellKs known = ks_of_cells(a, b, atoms);
  CHECK(known.high == known.low);
  CHECK(ks_of_cells(a, b).high > known.low);
  // The values 1 to 6 themselves: the edges are those of atoms, each value twice.
  const std::vector<double> edges = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
  Row c(13, 0);
  Row d(13, 0);
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t i = 0; i < 6; ++i) {
    c[2 * i + 1] = a[i];
    d[2 * i + 1] = b[i];
    x.insert(x.end(), a[i], static_cast<double>(i + 1));
    y.insert(y.end(), b[i], static_cast<double>(i + 1));
  }
  const CellDistance area = wasserstein_of_cells(c, d, edges, 1, 6);
  CHECK(near(area.point, wasserstein(x, y), 1e-12));
  CHECK(near(area.low, area.high, 1e-12));
  CHECK(near(known.low, ks_distance(x, y).d, 1e-12));
}

TEST_CASE("cells that are joined bring the bounds apart and never past each other") {
  std::mt19937_64 random(22);
  for (int round = 0; round < 50; ++round) {
    Row a(64);
    Row b(64);
    for (std::size_t i = 0; i < 64; ++i) {
      a[i] = random() % 20;
      b[i] = random() % 30;
    }
    Row c(32);
    Row d(32);
    for (std::size_t i = 0; i < 64; ++i) {
      c[i / 2] += a[i];
      d[i / 2] += b[i];
    }
    const CellKs fine = ks_of_cells(a, b);
    const CellKs coarse = ks_of_cells(c, d);
    CHECK(coarse.low <= fine.low);
    CHECK(coarse.high >= fine.high - 1e-12);
    CHECK(near(ks_of_cells(b, a).low, fine.low, 1e-12));
  }
}

TEST_CASE("given the pooled counts p is the share of all ways to deal them") {
  // Four values of two kinds, two to each side: of the 6 deals 2 part them, distance 1; the rest have none.
  CHECK(near(ks_cells_p(Row{2, 0}, Row{0, 2}, 1, 1), 1.0 / 3, 1e-9));
  // Cells of one value each: R's and SciPy's exact p of the samples themselves.
  CHECK(near(ks_cells_p(Row{0, 1, 0, 1, 0}, Row{1, 0, 1, 0, 1}, 1.0 / 3, effective(2, 3)), 1, 1e-9));
  CHECK(near(ks_cells_p(Row{1, 0, 1, 0, 0}, Row{0, 1, 0, 1, 1}, 2.0 / 3, effective(2, 3)), 0.6, 1e-9));
  CHECK(near(ks_cells_p(Row{1, 0, 1, 0, 0, 0}, Row{0, 1, 0, 1, 1, 1}, 3.0 / 4, effective(2, 4)), 0.4, 1e-9));
  // Many of them: the exact p of samples without ties.
  const std::size_t n = 40;
  Row a(2 * n, 0);
  Row b(2 * n, 0);
  for (std::size_t i = 0; i < 2 * n; ++i) ++(i % 2 == 0 ? a : b)[i];
  for (const double d : {0.1, 0.25, 0.3, 0.4}) {
    CHECK(near(ks_cells_p(a, b, d, effective(n, n)), ks_exact_p(n, n, d), 1e-8));
  }
}

TEST_CASE("large sizes and design effects meet the law of a Brownian bridge at the edges") {
  // Its 95 % points for cells of equal mass, from 40,000 simulated paths: errors of about 0.005, hence of 6 % of p.
  const std::vector<std::pair<std::size_t, double>> points = {{10, 1.175}, {20, 1.222}, {32, 1.258}, {64, 1.287}};
  for (const auto& [cells, z] : points) {
    const Row side(cells, 1000000);
    const double size = effective(1e6 * static_cast<double>(cells), 1e6 * static_cast<double>(cells));
    INFO(cells << " cells");
    CHECK(near(ks_cells_p(side, side, z / std::sqrt(size), size), 0.05, 0.08));
    CHECK(near(ks_cells_p(side, side, z / std::sqrt(size / 5), size / 5), 0.05, 0.08));
  }
  // Two cells: one normal.
  for (const double share : {0.3, 0.02, 0.001}) {
    const Row even = {static_cast<std::uint64_t>(1e8 * share), static_cast<std::uint64_t>(1e8 * (1 - share))};
    const double size = effective(1e8, 1e8);
    const double d = 1.959963984540054 * std::sqrt(share * (1 - share) / size);
    CHECK(near(ks_cells_p(even, even, d, size), 0.05, 0.02));
    CHECK(near(ks_cells_p(even, even, d * std::sqrt(2.0), size / 2), 0.05, 0.02));
  }
}

TEST_CASE("p falls with the distance and is never above the law of single values by much") {
  std::mt19937_64 random(23);
  Row a(256);
  Row b(256);
  for (std::size_t i = 0; i < 256; ++i) {
    a[i] = 1 + random() % 9;
    b[i] = random() % 9;
  }
  const double n = 1300;
  const double m = 1000;
  double before = 1;
  for (double d = 0.04; d < 0.09; d += 0.01) {
    for (const double divisor : {1.0, 3.0}) {
      const double size = effective(n, m) / divisor;
      const double p = ks_cells_p(a, b, d * std::sqrt(divisor), size);
      if (divisor == 1.0) {
        CHECK(p <= before);
        before = p;
      }
      CHECK(p <= ks_tail(d * std::sqrt(divisor), size) * 1.1);
    }
  }
}

Row tied(std::mt19937_64& random, const std::vector<double>& shares, std::uint64_t n) {
  Row row;
  double rest = 1;
  for (std::size_t i = 0; i + 1 < shares.size(); ++i) {
    std::binomial_distribution<std::uint64_t> draw(n, std::min(1.0, shares[i] / rest));
    row.push_back(draw(random));
    n -= row.back();
    rest -= shares[i];
  }
  row.push_back(n);
  return row;
}

TEST_CASE("five tied values keep the level from 30 values to 100,000") {
  // Exact given the pooled counts: at most 5 % are rejected, of 1,000 trials 50 with a deviation of 6.9; up to 71 is within
  // three of them. Below 1 %, 10 of them, nothing would be found.
  const std::vector<double> shares = {0.4, 0.25, 0.2, 0.1, 0.05};
  std::mt19937_64 random(24);
  for (const auto& [n, m] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {30, 30}, {30, 3000}, {1000, 1000}, {1000, 100000}, {100000, 100000}}) {
    int rejected = 0;
    int by_single_values = 0;
    for (int trial = 0; trial < 1000; ++trial) {
      const Row a = tied(random, shares, n);
      const Row b = tied(random, shares, m);
      const double size = effective(static_cast<double>(n), static_cast<double>(m));
      const double d = ks_of_cells(a, b).low;
      const double single = ks_tail(d, size);
      by_single_values += single <= 0.05 ? 1 : 0;
      if (single > 0.5) continue;  // not near the level
      rejected += ks_cells_p(a, b, d, size) <= 0.05 ? 1 : 0;
    }
    INFO(n << " against " << m << ": " << rejected << ", by single values " << by_single_values);
    CHECK(rejected <= 71);
    CHECK(rejected >= 10);
    CHECK(rejected >= by_single_values);
  }
}

TEST_CASE("the law of Cramer and von Mises by cells has the points of its limit") {
  // Points of T. Anderson and D. Darling (1952).
  const std::vector<std::pair<double, double>> points = {
      {0.34730, 0.1}, {0.46136, 0.05}, {0.74346, 0.01}, {1.16786, 0.001}};
  const Row a(256, 1000000);
  for (const auto& [statistic, p] : points) {
    // A sine in the cumulative shares whose height makes the statistic.
    const double size = effective(256e6, 256e6);
    const double height = std::sqrt(2 * statistic / size);
    Row b = a;
    double before = 0;
    for (std::size_t i = 0; i < 256; ++i) {
      const double share = std::sin(3.14159265358979 * static_cast<double>(i + 1) / 256) * height;
      b[i] += static_cast<std::uint64_t>(100000 + std::llround((share - before) * 256e6));
      b[i] -= 100000;
      before = share;
    }
    const CellCvm found = cvm_of_cells(a, b);
    INFO("statistic " << found.statistic << ", p " << found.p);
    CHECK(near(found.statistic, statistic, 0.01));
    CHECK(near(found.p, p, 0.1));
    CHECK(near(found.effect, height / std::sqrt(2.0), 0.01));
    CHECK(cvm_of_cells(a, b, 4).p > found.p);
    CHECK(near(cvm_of_cells(a, b, 4).statistic, found.statistic / 4, 1e-12));
  }
}

TEST_CASE("Cramer and von Mises by five cells keeps the level whatever the sizes") {
  // Bound as above; 5.5 % is what the approximation may come to.
  const std::vector<double> shares = {0.4, 0.25, 0.2, 0.1, 0.05};
  std::mt19937_64 random(25);
  for (const auto& [n, m] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{50, 50}, {100, 10000}, {5000, 500}}) {
    int rejected = 0;
    for (int trial = 0; trial < 1000; ++trial) {
      rejected += cvm_of_cells(tied(random, shares, n), tied(random, shares, m)).p <= 0.05 ? 1 : 0;
    }
    INFO(n << " against " << m << ": " << rejected);
    CHECK(rejected <= 76);
    CHECK(rejected >= 20);
  }
}

TEST_CASE("Cramer and von Mises by cells of single values is that of the samples") {
  std::mt19937_64 random(26);
  std::vector<double> a;
  std::vector<double> b;
  Row c(400, 0);
  Row d(400, 0);
  for (std::size_t i = 0; i < 400; ++i) {
    const bool first = random() % 100 < 40 + i / 20;
    (first ? a : b).push_back(static_cast<double>(i));
    ++(first ? c : d)[i];
  }
  const CvmResult exact = cramer_von_mises(a, b);
  const CellCvm found = cvm_of_cells(c, d);
  CHECK(near(found.statistic, exact.statistic, 0.03, 0.01));
  CHECK(near(found.p, exact.p, 0.15));
  CHECK(near(found.effect, exact.effect, 0.05));
}

TEST_CASE("Cramer and von Mises has one statistic for values that come often, by value and by cell") {
  std::mt19937_64 random(27);
  const std::vector<double> shares = {0.4, 0.25, 0.2, 0.1, 0.05};
  for (const auto& [n, m] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{50, 50}, {10, 3000}, {700, 300}}) {
    const Row c = tied(random, shares, n);
    const Row d = tied(random, shares, m);
    std::vector<double> a;
    std::vector<double> b;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      a.insert(a.end(), c[i], static_cast<double>(i));
      b.insert(b.end(), d[i], static_cast<double>(i));
    }
    const CvmResult exact = cramer_von_mises(a, b);
    const CellCvm found = cvm_of_cells(c, d);
    CHECK(near(found.statistic, exact.statistic, 1e-12));
    CHECK(near(found.effect, exact.effect, 1e-12));
  }
}

TEST_CASE("the same cells, empty sides, single cells and counts of 2^53 give numbers") {
  const std::uint64_t most = std::uint64_t{1} << 53;
  const Row none(3, 0);
  const Row some = {5, 0, 1};
  const std::vector<double> edges = {0, 1};
  for (const auto& [a, b] : std::vector<std::pair<Row, Row>>{{none, none}, {none, some}, {some, none}, {{}, {}}}) {
    CHECK(ks_of_cells(a, b).high == 0);
    CHECK(ks_cells_p(a, b, 0.5, 10) == 1);
    CHECK(wasserstein_of_cells(a, b, edges, -1, 2).high == 0);
    CHECK(cvm_of_cells(a, b).p == 1);
  }
  CHECK(ks_of_cells(some, Row{15, 0, 3}).low == 0);
  CHECK(cvm_of_cells(some, Row{15, 0, 3}).p == 1);
  CHECK(ks_cells_p(some, some, 0, 3) == 1);
  CHECK(ks_cells_p(Row{4}, Row{9}, 0, 3) == 1);
  const Row a = {most, 0, most};
  const Row b = {0, most, most};
  CHECK(near(ks_of_cells(a, b).low, 0.5, 1e-12));
  CHECK(ks_cells_p(a, b, 0.5, effective(2e16, 2e16)) < 1e-12);
  CHECK(near(ks_cells_p(a, a, 1e-8, effective(2e16, 2e16)), 0.05, 0.99));
  CHECK(cvm_of_cells(a, b).p < 1e-12);
  const double end = 1.7e308;
  const CellDistance far = wasserstein_of_cells(a, b, edges, -end, end);
  CHECK(!std::isnan(far.low));
  CHECK(!std::isnan(far.point));
  CHECK(!std::isnan(far.high));
  CHECK(wasserstein_of_cells(a, a, edges, -end, end).point == 0);
}

}  // namespace
}  // namespace weir
