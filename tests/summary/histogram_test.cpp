// SPDX-License-Identifier: Apache-2.0
// Cells against a search from the first edge on.
#include "summary/histogram.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "summary/shapes.h"

namespace weir {
namespace {

using testing::Shape;

Histogram::Edges edges_of(std::vector<double> edges) {
  return std::make_shared<const std::vector<double>>(std::move(edges));
}

// The cell as the header says it: the first whose upper edge is above x; an atom takes only itself.
std::size_t slow_cell(const std::vector<double>& edges, double x) {
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const bool opens_atom = i + 1 < edges.size() && edges[i] == edges[i + 1];
    if (x < edges[i]) return i;
    if (opens_atom && x == edges[i]) return i + 1;
  }
  return edges.size();
}

TEST_CASE("a value falls into the cell whose edges it lies between") {
  const std::vector<std::vector<double>> cases = {{},        {1},       {1, 1},        {1, 2},
                                                  {1, 1, 2}, {1, 2, 2}, {-1, 0, 0, 1}, {0, 0, 1, 1, 2, 2, 3}};
  for (const std::vector<double>& edges : cases) {
    const Histogram histogram(edges_of(edges));
    REQUIRE(histogram.cells() == edges.size() + 1);
    for (double x = -2; x <= 4; x += 0.25) {
      for (const double near : {std::nextafter(x, -HUGE_VAL), x, std::nextafter(x, HUGE_VAL)}) {
        INFO(edges.size() << " edges, " << near);
        CHECK(histogram.cell_of(near) == slow_cell(edges, near));
      }
    }
  }
}

TEST_CASE("edges of any number and the largest values find their cells") {
  for (const std::size_t size : {3UL, 4UL, 5UL, 31UL, 32UL, 33UL, 255UL, 256UL, 257UL}) {
    std::vector<double> edges = testing::drawn(Shape::Sorted, size, size);
    edges[size / 2] = edges[size / 2 - 1];
    const Histogram histogram(edges_of(edges));
    for (const double x : testing::drawn(Shape::Uniform, 500, 9)) CHECK(histogram.cell_of(x) == slow_cell(edges, x));
    for (const double x : edges) CHECK(histogram.cell_of(x) == slow_cell(edges, x));
    CHECK(histogram.cell_of(std::numeric_limits<double>::max()) == size);
    CHECK(histogram.cell_of(std::numeric_limits<double>::lowest()) == 0);
  }
}

TEST_CASE("an atom has its cell for itself") {
  Histogram histogram(edges_of({0, 0, 10}));
  const std::vector<double> values = {-5, 0, -0.0, 0, 1e-300, 9, 10, 11};
  histogram.add(values);
  CHECK(histogram.count(0) == 1);
  CHECK(histogram.count(1) == 3);
  CHECK(histogram.is_atom(1));
  CHECK(histogram.count(2) == 2);
  CHECK_FALSE(histogram.is_atom(2));
  CHECK(histogram.count(3) == 2);
  CHECK(histogram.total() == 8);
}

TEST_CASE("what was merged is taken away again") {
  const Histogram::Edges edges = edges_of(testing::drawn(Shape::Sorted, 100, 1));
  Histogram first(edges);
  Histogram second(edges);
  first.add(testing::drawn(Shape::Uniform, 1000, 2));
  second.add(testing::drawn(Shape::Uniform, 1000, 3));
  Histogram both = first;
  both.merge(second);
  CHECK(both.total() == 2000);
  both.subtract(second);
  CHECK(both == first);
}

// Doubles a histogram until its counts need more than 32 bits.
TEST_CASE("counts go on beyond 32 bits") {
  const Histogram::Edges edges = edges_of({0.5});
  Histogram histogram(edges);
  const std::vector<double> values = {0, 1, 1};
  histogram.add(values);
  for (int i = 0; i < 31; ++i) histogram.merge(Histogram(histogram));
  CHECK(histogram.total() == 3ULL << 31);
  CHECK(histogram.count(0) == 1ULL << 31);
  CHECK(histogram.count(1) == 2ULL << 31);
  histogram.add(values);
  CHECK(histogram.count(1) == (2ULL << 31) + 2);

  SummaryWriter out;
  histogram.write(out);
  SummaryReader in(out.bytes());
  CHECK((Histogram::read(in, edges) == histogram));
  CHECK(in.ok());
}

TEST_CASE("a histogram of other edges is not read") {
  SummaryWriter out;
  Histogram(edges_of({1, 2})).write(out);
  SummaryReader in(out.bytes());
  (void)Histogram::read(in, edges_of({1, 3}));
  CHECK_FALSE(in.ok());
  CHECK(in.error().message == "summary is damaged at byte 8: its histogram has other edges");
}

TEST_CASE("256 cells take a kilobyte") {
  const Histogram histogram(edges_of(testing::drawn(Shape::Sorted, 255, 1)));
  CHECK(histogram.bytes() == Histogram::bytes_bound(255));
  CHECK(histogram.bytes() <= 1024 + 128);
}

}  // namespace
}  // namespace weir
