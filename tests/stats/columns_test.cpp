// SPDX-License-Identifier: Apache-2.0
// Several columns: numbers of NumPy, units and order of columns, columns without spread, what is no number.
#include "stats/columns.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "stats/columns_reference.h"

namespace weir {
namespace {

using Side = testing::SideOfColumns;

bool near(double x, double expected, double relative, double absolute = 1e-300) {
  return std::fabs(x - expected) <= std::max(relative * std::fabs(expected), absolute);
}

Scatter scatter_of(const Side& side) {
  return {side.n, side.means, side.comoments, {}};
}

Side side_of(const std::vector<std::vector<double>>& rows) {
  const std::size_t d = rows[0].size();
  Side side = {static_cast<double>(rows.size()), std::vector<double>(d, 0), std::vector<double>(d * d, 0)};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < d; ++i) side.means[i] += row[i] / side.n;
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        side.comoments[i * d + j] += (row[i] - side.means[i]) * (row[j] - side.means[j]);
      }
    }
  }
  return side;
}

std::vector<double> fourth_powers(const std::vector<std::vector<double>>& rows, const Side& side) {
  std::vector<double> sums(side.means.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += std::pow(row[i] - side.means[i], 4);
  }
  return sums;
}

std::vector<std::vector<double>> normal_rows(std::mt19937_64& random, std::size_t n, std::size_t d) {
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> rows(n, std::vector<double>(d));
  for (auto& row : rows) {
    const double common = normal(random);
    for (double& x : row) x = common + normal(random);
  }
  return rows;
}

TEST_CASE("means, correlations and principal components of two samples are those of NumPy") {
  for (const testing::TwoScatters& both : testing::kTwoScatters) {
    INFO(both.reference.means.size() << " columns");
    const Scatter reference = scatter_of(both.reference);
    const Scatter current = scatter_of(both.current);
    const MeansDistance means = mahalanobis(reference, current, 1);
    CHECK(near(means.distance, both.distance, 1e-9));
    CHECK(near(means.t_squared, both.t_squared, 1e-9));
    CHECK(near(means.p, both.p, 1e-7));
    CHECK(means.left_out == 0);
    const CorrelationChange change = correlation_change(reference, current, 1);
    CHECK(near(change.change, both.change, 1e-9));
    CHECK(change.a == both.a);
    CHECK(change.b == both.b);
    CHECK(near(change.p, both.change_p, 1e-7));
    const PcaError error = pca_error(reference, current, 1);
    CHECK(near(error.reference, both.pca_reference, 1e-9));
    CHECK(near(error.current, both.pca_current, 1e-9));
    CHECK(error.components == both.components);
  }
}

TEST_CASE("units of the columns do not matter") {
  for (const testing::TwoScatters& both : testing::kTwoScatters) {
    Side reference = both.reference;
    Side current = both.current;
    const std::size_t d = reference.means.size();
    for (Side* side : {&reference, &current}) {
      for (std::size_t i = 0; i < d; ++i) {
        side->means[i] *= std::ldexp(1.0, static_cast<int>(7 * i));
        for (std::size_t j = 0; j < d; ++j)
          side->comoments[i * d + j] *= std::ldexp(1.0, static_cast<int>(7 * (i + j)));
      }
    }
    const Scatter a = scatter_of(reference);
    const Scatter b = scatter_of(current);
    CHECK(near(mahalanobis(a, b, 1).t_squared, both.t_squared, 1e-8));
    CHECK(near(correlation_change(a, b, 1).change, both.change, 1e-8));
    CHECK(near(pca_error(a, b, 1).current, both.pca_current, 1e-8));
  }
}

TEST_CASE("a sample against itself has not moved") {
  const Side& side = testing::kTwoScatters[1].reference;
  const Scatter same = scatter_of(side);
  CHECK(mahalanobis(same, same, 1).distance == 0);
  CHECK(mahalanobis(same, same, 1).p == 1);
  CHECK(correlation_change(same, same, 1).change == 0);
  CHECK(correlation_change(same, same, 1).p == 1);
  CHECK(std::fabs(pca_error(same, same, 1).effect) < 1e-9);
}

TEST_CASE("a design effect makes everything less certain and nothing smaller") {
  const testing::TwoScatters& both = testing::kTwoScatters[1];
  const Scatter a = scatter_of(both.reference);
  const Scatter b = scatter_of(both.current);
  CHECK(mahalanobis(a, b, 4).distance == mahalanobis(a, b, 1).distance);
  CHECK(mahalanobis(a, b, 4).p > mahalanobis(a, b, 1).p);
  CHECK(correlation_change(a, b, 4).change == correlation_change(a, b, 1).change);
  CHECK(correlation_change(a, b, 4).p >= correlation_change(a, b, 1).p);
  CHECK(std::fabs(pca_error(a, b, 4).z) < std::fabs(pca_error(a, b, 1).z));
}

TEST_CASE("constant columns and copies of columns are left out and counted") {
  std::mt19937_64 random(4);
  auto rows = normal_rows(random, 200, 3);
  auto other = normal_rows(random, 100, 3);
  for (auto* sample : {&rows, &other}) {
    for (auto& row : *sample) {
      row.push_back(row[0] * 2 + 1);  // a copy
      row.push_back(1e9);             // a constant
    }
  }
  const Side a = side_of(rows);
  const Side b = side_of(other);
  const MeansDistance means = mahalanobis(scatter_of(a), scatter_of(b), 1);
  CHECK(means.left_out == 2);
  CHECK(std::isfinite(means.t_squared));
  CHECK(means.p > 1e-3);
  for (auto& row : rows) row.resize(3);
  for (auto& row : other) row.resize(3);
  const Side c = side_of(rows);
  const Side d = side_of(other);
  CHECK(near(means.t_squared, mahalanobis(scatter_of(c), scatter_of(d), 1).t_squared, 1e-6));
  CHECK(correlation_change(scatter_of(a), scatter_of(b), 1).change < 0.5);
}

TEST_CASE("what says nothing gives no difference") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Side good = testing::kTwoScatters[0].reference;
  Side bad_mean = good;
  bad_mean.means[0] = nan;
  Side bad_product = good;
  bad_product.comoments[1] = std::numeric_limits<double>::infinity();
  Side flat = good;
  flat.comoments.assign(4, 0);
  const Side huge = {100, {1e300, -1e300}, {1e300, 0, 0, 1e300}};
  const Side tiny = {100, {1e-300, 0}, {1e-300, 0, 0, 1e-300}};
  const Side single = {1, {0, 0}, {0, 0, 0, 0}};
  const Side none = {0, {}, {}};
  const Side cut = {100, {0, 0}, {1, 0, 1}};
  const Side wide = {100, std::vector<double>(65, 0), std::vector<double>(65 * 65, 1)};
  for (const Side* side : std::vector<const Side*>{&bad_mean, &bad_product, &single, &none, &cut, &wide}) {
    for (const auto& [a, b] : {std::pair{&good, side}, std::pair{side, &good}, std::pair{side, side}}) {
      CHECK(mahalanobis(scatter_of(*a), scatter_of(*b), 1).p == 1);
      CHECK(correlation_change(scatter_of(*a), scatter_of(*b), 1).p == 1);
      CHECK(pca_error(scatter_of(*a), scatter_of(*b), 1).p == 1);
    }
  }
  for (const Side* side : std::vector<const Side*>{&flat, &huge, &tiny}) {
    for (const auto& [a, b] : {std::pair{&good, side}, std::pair{side, &good}, std::pair{side, side}}) {
      const MeansDistance means = mahalanobis(scatter_of(*a), scatter_of(*b), 1);
      CHECK((means.p >= 0 && means.p <= 1));
      const CorrelationChange change = correlation_change(scatter_of(*a), scatter_of(*b), 1);
      CHECK((change.p >= 0 && change.p <= 1));
      const PcaError error = pca_error(scatter_of(*a), scatter_of(*b), 1);
      CHECK((error.p >= 0 && error.p <= 1));
    }
  }
  CHECK(mahalanobis(scatter_of(flat), scatter_of(good), 1).left_out == 2);
}

TEST_CASE("fewer rows than columns are no drift") {
  std::mt19937_64 random(8);
  const Side a = side_of(normal_rows(random, 5, 10));
  const Side b = side_of(normal_rows(random, 4, 10));
  const MeansDistance means = mahalanobis(scatter_of(a), scatter_of(b), 1);
  CHECK(means.left_out == 6);
  CHECK((means.p > 1e-3 && means.p <= 1));
  CHECK(correlation_change(scatter_of(a), scatter_of(b), 1).p > 1e-3);
  const PcaError error = pca_error(scatter_of(a), scatter_of(b), 1);
  CHECK((error.p >= 0 && error.p <= 1));
}

TEST_CASE("normal columns without drift are within the level, broken relations are found") {
  // 150 trials of ten columns, 300 rows against 100. At 6 % the rejections are 9 with a deviation of 2.9: up to 17 is within
  // three of them.
  std::mt19937_64 random(9);
  int means = 0;
  int correlations = 0;
  int components = 0;
  for (int trial = 0; trial < 150; ++trial) {
    const Side a = side_of(normal_rows(random, 300, 10));
    const Side b = side_of(normal_rows(random, 100, 10));
    means += mahalanobis(scatter_of(a), scatter_of(b), 1).p <= 0.05 ? 1 : 0;
    correlations += correlation_change(scatter_of(a), scatter_of(b), 1).p <= 0.05 ? 1 : 0;
    components += pca_error(scatter_of(a), scatter_of(b), 1).p <= 0.05 ? 1 : 0;
  }
  CHECK(means <= 17);
  CHECK(correlations <= 17);
  CHECK(components <= 17);
  CHECK(means + correlations + components >= 4);

  auto rows = normal_rows(random, 300, 3);
  auto broken = normal_rows(random, 300, 3);
  for (auto& row : rows) row[2] = row[0] + 0.01 * row[2];
  const Side a = side_of(rows);
  const Side b = side_of(broken);
  const CorrelationChange change = correlation_change(scatter_of(a), scatter_of(b), 1);
  CHECK(change.a == 0);
  CHECK(change.b == 2);
  CHECK(change.p < 1e-12);
  CHECK(change.reference > 0.99);
  const PcaError error = pca_error(scatter_of(a), scatter_of(b), 1);
  CHECK(error.effect > 0.1);
  CHECK(error.p < 1e-3);
}

TEST_CASE("rows with heavy tails are no more drift than normal ones") {
  // Rows of t with 5 degrees, which reject 20 to 50 % as if they were normal. 150 trials, bound as above.
  std::mt19937_64 random(10);
  std::chi_squared_distribution<double> spread(5);
  int with[2] = {};
  int without[2] = {};
  for (int trial = 0; trial < 150; ++trial) {
    std::vector<std::vector<double>> rows[2] = {normal_rows(random, 600, 6), normal_rows(random, 200, 6)};
    for (auto& sample : rows) {
      for (auto& row : sample) {
        const double by = std::sqrt(5 / spread(random));
        for (double& value : row) value *= by;
      }
    }
    const Side sides[2] = {side_of(rows[0]), side_of(rows[1])};
    const std::vector<double> powers[2] = {fourth_powers(rows[0], sides[0]), fourth_powers(rows[1], sides[1])};
    Scatter a = scatter_of(sides[0]);
    Scatter b = scatter_of(sides[1]);
    without[0] += correlation_change(a, b, 1).p <= 0.05 ? 1 : 0;
    without[1] += pca_error(a, b, 1).p <= 0.05 ? 1 : 0;
    a.m4 = powers[0];
    b.m4 = powers[1];
    with[0] += correlation_change(a, b, 1).p <= 0.05 ? 1 : 0;
    with[1] += pca_error(a, b, 1).p <= 0.05 ? 1 : 0;
  }
  CHECK(with[0] <= 17);
  CHECK(with[1] <= 17);
  CHECK(without[0] > 30);
  CHECK(without[1] > 20);
}

TEST_CASE("fourth powers of normal rows change little, of rows that are not known nothing is certain") {
  std::mt19937_64 random(14);
  const auto rows = normal_rows(random, 2'000, 3);
  auto other = normal_rows(random, 2'000, 3);
  for (auto& row : other) row[1] += 0.3 * row[0];
  const Side sides[2] = {side_of(rows), side_of(other)};
  const std::vector<double> powers[2] = {fourth_powers(rows, sides[0]), fourth_powers(other, sides[1])};
  Scatter a = scatter_of(sides[0]);
  Scatter b = scatter_of(sides[1]);
  const double before = correlation_change(a, b, 1).p;
  const double z = pca_error(a, b, 1).z;
  a.m4 = powers[0];
  b.m4 = powers[1];
  CHECK(before < 1e-4);
  CHECK(correlation_change(a, b, 1).p < 100 * before);
  CHECK(std::fabs(pca_error(a, b, 1).z) > 0.8 * std::fabs(z));
  const std::vector<double> infinite(3, std::numeric_limits<double>::infinity());
  a.m4 = infinite;
  CHECK(correlation_change(a, b, 1).change > 0.05);
  CHECK(correlation_change(a, b, 1).p > 0.05);
  CHECK(pca_error(a, b, 1).p > 0.05);
  const std::vector<double> cut(2, 1.0);
  a.m4 = cut;
  CHECK(correlation_change(a, b, 1).p == 1);
}

}  // namespace
}  // namespace weir
