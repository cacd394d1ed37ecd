// SPDX-License-Identifier: Apache-2.0
// Moments against the same in 113 bits, in two passes: to 1e-12, on the data that naive formulas fail on.
#include "summary/moments.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "summary/shapes.h"

namespace weir {
namespace {

using testing::kShapes;
using testing::Shape;

__extension__ using Quad = __float128;

constexpr double kBound = 1e-12;

struct Exact {
  Quad sum = 0;
  Quad magnitude = 0;  // the sum of the absolute values: what the error of a sum is measured by
  Quad mean = 0;
  Quad m2 = 0;
  Quad m3 = 0;
  Quad m3_magnitude = 0;
  Quad m4 = 0;
};

Exact exact_of(const std::vector<double>& values) {
  Exact exact;
  for (const double value : values) {
    exact.sum += value;
    exact.magnitude += std::fabs(value);
  }
  if (values.empty()) return exact;
  exact.mean = exact.sum / static_cast<Quad>(values.size());
  for (const double value : values) {
    const Quad d = value - exact.mean;
    exact.m2 += d * d;
    exact.m3 += d * d * d;
    exact.m3_magnitude += d < 0 ? -(d * d * d) : d * d * d;
    exact.m4 += d * d * d * d;
  }
  return exact;
}

// How far off, as a share of `scale`.
double off_by(double found, Quad expected, Quad scale) {
  const Quad difference = found - expected;
  const Quad distance = difference < 0 ? -difference : difference;
  if (distance == 0) return 0;
  return static_cast<double>(distance / (scale < 0 ? -scale : scale));
}

Moments in_pieces(const std::vector<double>& values, std::mt19937_64& random) {
  Moments moments(true);
  for (std::size_t from = 0; from < values.size();) {
    const std::size_t most = random() % 2 == 0 ? 3 : Moments::kChunk;
    const std::size_t size = std::min(values.size() - from, 1 + testing::any_up_to(most - 1, random));
    moments.add({values.data() + from, size});
    from += size;
  }
  return moments;
}

void check(const Moments& moments, const std::vector<double>& values) {
  const Exact exact = exact_of(values);
  REQUIRE(moments.count() == values.size());
  CHECK(off_by(moments.sum(), exact.sum, exact.magnitude) < 1e-15);
  if (values.empty()) {
    CHECK_FALSE(moments.mean());
    CHECK_FALSE(moments.variance());
    CHECK_FALSE(moments.min());
    return;
  }
  const auto n = static_cast<double>(values.size());
  CHECK(off_by(moments.sum(), exact.sum, exact.sum) < kBound);
  CHECK(off_by(*moments.mean(), exact.mean, exact.mean) < kBound);
  CHECK(off_by(*moments.variance(), exact.m2 / n, exact.m2 / n) < kBound);
  CHECK(off_by(moments.m3(), exact.m3, exact.m3_magnitude) < kBound);
  CHECK(off_by(moments.m4(), exact.m4, exact.m4) < kBound);
  CHECK(*moments.min() == *std::min_element(values.begin(), values.end()));
  CHECK(*moments.max() == *std::max_element(values.begin(), values.end()));
  CHECK(moments.sample_variance().has_value() == (values.size() > 1));
}

TEST_CASE("moments agree with an exact calculation however the data lies and is cut") {
  std::mt19937_64 random(1);
  for (const Shape shape : kShapes) {
    for (const std::size_t size : {0UL, 1UL, 2UL, 3UL, 4UL, 5UL, 255UL, 256UL, 257UL, 10'000UL}) {
      INFO(testing::name_of(shape) << ", " << size << " values");
      const std::vector<double> values = testing::drawn(shape, size, size);
      check(in_pieces(values, random), values);

      const auto cut = static_cast<std::ptrdiff_t>(testing::any_up_to(size, random));
      Moments merged = in_pieces({values.begin(), values.begin() + cut}, random);
      merged.merge(in_pieces({values.begin() + cut, values.end()}, random));
      check(merged, values);
    }
  }
}

TEST_CASE("values one by one come to the same moments", "[long]") {
  for (const Shape shape : kShapes) {
    INFO(testing::name_of(shape));
    const std::vector<double> values = testing::drawn(shape, 1'000'000, 7);
    Moments moments(true);
    for (const double value : values) moments.add({&value, 1});
    check(moments, values);
  }
}

TEST_CASE("what is constant has no variance at all") {
  std::mt19937_64 random(2);
  for (const double constant : {0.1, 1e9 + 0.1, -3.3e-7, 123456789.123456789}) {
    const std::vector<double> values(5000, constant);
    const Moments moments = in_pieces(values, random);
    CHECK(moments.variance() == 0);
    CHECK(moments.mean() == constant);
    CHECK_FALSE(moments.skewness());
  }
}

TEST_CASE("many pieces merged in a tree and one behind the other agree") {
  const std::vector<double> values = testing::drawn(Shape::FarFromZero, 20'000, 3);
  std::vector<Moments> pieces;
  Moments chain(true);
  for (std::size_t from = 0; from < values.size(); from += 50) {
    Moments piece(true);
    piece.add({values.data() + from, 50});
    chain.merge(piece);
    pieces.push_back(piece);
  }
  while (pieces.size() > 1) {
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
      pieces[i].merge(pieces[i + 1]);
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
  check(chain, values);
  check(pieces.front(), values);
}

TEST_CASE("skewness and kurtosis are those of the textbook") {
  Moments moments(true);
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};  // mean 5, variance 4, sums of powers 42 and 356
  moments.add(values);
  CHECK(moments.mean() == 5);
  CHECK(moments.variance() == 4);
  CHECK(std::fabs(*moments.skewness() - 42.0 / 8 / 8) < 1e-15);
  CHECK(std::fabs(*moments.kurtosis() - (356.0 / 8 / 16 - 3)) < 1e-15);
  Moments low(false);
  low.add(values);
  CHECK_FALSE(low.skewness());
  CHECK_FALSE(low.kurtosis());
}

TEST_CASE("a sum beyond the largest double is infinite and no number turns up in its place") {
  Moments moments(true);
  const std::vector<double> values = {1.7e308, 1.7e308, 1e308};
  moments.add(values);
  CHECK(std::isinf(moments.sum()));
  CHECK(moments.max() == 1.7e308);
  CHECK(std::isinf(*moments.variance()));
}

}  // namespace
}  // namespace weir
