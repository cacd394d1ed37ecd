// SPDX-License-Identifier: Apache-2.0
// Two fields together, against 113 bits and against sums by hand.
#include "summary/joint.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/key.h"
#include "summary/column.h"
#include "summary/shapes.h"

namespace weir {
namespace {

using testing::kShapes;
using testing::Shape;
using testing::WrittenColumn;

__extension__ using Quad = __float128;

TEST_CASE("covariance agrees with an exact calculation") {
  for (const Shape shape : kShapes) {
    for (const std::size_t size : {1UL, 2UL, 3UL, 1000UL}) {
      INFO(testing::name_of(shape) << ", " << size);
      const std::vector<double> x = testing::drawn(shape, size, 1);
      const std::vector<double> noise = testing::drawn(Shape::Normal, size, 2);
      WrittenColumn a;
      WrittenColumn b;
      std::vector<double> y;
      for (std::size_t i = 0; i < size; ++i) {
        y.push_back(1e6 + x[i] * 3 + noise[i]);
        a.add(testing::written(x[i]));
        b.add(testing::written(y[i]));
      }
      JointSummary joint(JointSpec{});
      joint.add(a.column(), b.column(), a.all());
      REQUIRE(joint.count() == size);
      Quad mean_x = 0;
      Quad mean_y = 0;
      for (std::size_t i = 0; i < size; ++i) {
        mean_x += x[i];
        mean_y += y[i];
      }
      mean_x /= static_cast<Quad>(size);
      mean_y /= static_cast<Quad>(size);
      Quad co = 0;
      Quad square_x = 0;
      Quad square_y = 0;
      for (std::size_t i = 0; i < size; ++i) {
        co += (x[i] - mean_x) * (y[i] - mean_y);
        square_x += (x[i] - mean_x) * (x[i] - mean_x);
        square_y += (y[i] - mean_y) * (y[i] - mean_y);
      }
      const double scale = std::sqrt(static_cast<double>(square_x)) * std::sqrt(static_cast<double>(square_y));
      CHECK(std::fabs(joint.co_moment() - static_cast<double>(co)) <= 1e-12 * scale);
      CHECK(joint.correlation().has_value() == (scale > 0));
      if (scale > 0) CHECK(std::fabs(*joint.correlation() - static_cast<double>(co) / scale) <= 1e-12);
      CHECK(std::fabs(*joint.mean_b() - static_cast<double>(mean_y)) <= 1e-12 * std::fabs(*joint.mean_b()));
    }
  }
}

TEST_CASE("only rows in which both are finite numbers are in the sums") {
  const WrittenColumn a({"1", "2", "null", "4", "NaN", "6", "\"7\""});
  const WrittenColumn b({"2", "4", "6", "", "10", "1e999", "14"});
  JointSummary joint(JointSpec{.pairs = true});
  joint.add(a.column(), b.column(), a.all());
  CHECK(joint.count() == 2);
  CHECK(joint.sum_a() == 3);
  CHECK(joint.sum_b() == 6);
  CHECK(joint.correlation() == 1);
  REQUIRE(joint.pairs() != nullptr);
  CHECK(joint.pairs()->total() == 5);  // all rows with two values
}

TEST_CASE("mutual information is the logarithm of what one field tells about the other") {
  WrittenColumn a;
  WrittenColumn same;
  WrittenColumn independent;
  for (int i = 0; i < 400; ++i) {
    a.add(std::to_string(i % 4));
    same.add("\"x" + std::to_string(i % 4) + "\"");
    independent.add(std::to_string(i / 4 % 2));
  }
  JointSummary known(JointSpec{.pairs = true});
  known.add(a.column(), same.column(), a.all());
  CHECK(std::fabs(known.pairs()->mutual_information() - std::log(4)) < 1e-12);
  JointSummary unknown(JointSpec{.pairs = true});
  unknown.add(a.column(), independent.column(), a.all());
  CHECK(unknown.pairs()->mutual_information() < 1e-12);
}

TEST_CASE("pairs beyond the bound are off by no more than the error says") {
  PairCounts pairs;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const std::uint64_t a = i % 3 == 0 ? 1 : i % 9973;
    const std::uint64_t b = i % 3 == 0 ? 2 : i % 101;
    pairs.add(a, b);
    ++expected[{a, b}];
  }
  CHECK_FALSE(pairs.exact());
  CHECK(pairs.error() <= pairs.total() * 2 / PairCounts::kMost);
  for (const PairCount& pair : pairs.entries()) {
    const std::uint64_t count = expected.at({pair.a, pair.b});
    CHECK((pair.count <= count && count <= pair.count + pairs.error()));
  }
  CHECK(pairs.bytes() <= PairCounts::bytes_bound());
}

}  // namespace
}  // namespace weir
