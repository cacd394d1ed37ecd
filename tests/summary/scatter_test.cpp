// SPDX-License-Identifier: Apache-2.0
// Many fields together, against 113 bits.
#include "summary/scatter.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "summary/column.h"
#include "summary/shapes.h"

namespace weir {
namespace {

using testing::kShapes;
using testing::Shape;
using testing::WrittenColumn;

__extension__ using Quad = __float128;

Quad mean_of(const std::vector<double>& values) {
  Quad sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<Quad>(values.size());
}

TEST_CASE("the covariances of several fields agree with an exact calculation") {
  for (const Shape shape : kShapes) {
    for (const std::size_t size : {1UL, 2UL, 64UL, 1000UL}) {
      INFO(testing::name_of(shape) << ", " << size);
      std::vector<std::vector<double>> data = {testing::drawn(shape, size, 1), testing::drawn(Shape::Normal, size, 2)};
      data.emplace_back();
      for (std::size_t i = 0; i < size; ++i) data[2].push_back(1e6 + data[0][i] * 3 + data[1][i]);
      WrittenColumn columns[3];
      for (std::size_t c = 0; c < 3; ++c) {
        for (const double value : data[c]) columns[c].add(testing::written(value));
      }
      ScatterSummary scatter(ScatterSpec{.columns = {0, 1, 2}});
      const Column* const given[] = {&columns[0].column(), &columns[1].column(), &columns[2].column()};
      scatter.add(given, columns[0].all());
      REQUIRE(scatter.count() == size);
      for (std::size_t a = 0; a < 3; ++a) {
        const Quad mean_a = mean_of(data[a]);
        CHECK(std::fabs(scatter.mean(a) - static_cast<double>(mean_a)) <=
              1e-12 * (std::fabs(static_cast<double>(mean_a)) + std::sqrt(scatter.comoment(a, a))));
        Quad third = 0;
        Quad fourth = 0;
        for (const double value : data[a]) {
          const Quad apart = value - mean_a;
          third += apart * apart * apart;
          fourth += apart * apart * apart * apart;
        }
        const auto m4 = static_cast<double>(fourth);
        CHECK(std::fabs(scatter.m3(a) - static_cast<double>(third)) <=
              1e-11 * std::sqrt(scatter.comoment(a, a)) * std::sqrt(m4));
        CHECK(std::fabs(scatter.m4(a) - m4) <= 1e-11 * m4);
        for (std::size_t b = 0; b < 3; ++b) {
          const Quad mean_b = mean_of(data[b]);
          Quad co = 0;
          for (std::size_t i = 0; i < size; ++i) co += (data[a][i] - mean_a) * (data[b][i] - mean_b);
          const double scale = std::sqrt(scatter.comoment(a, a)) * std::sqrt(scatter.comoment(b, b));
          CHECK(std::fabs(scatter.comoment(a, b) - static_cast<double>(co)) <= 1e-12 * scale);
        }
      }
    }
  }
}

TEST_CASE("only rows in which all of several fields are finite numbers are counted") {
  const WrittenColumn a({"1", "2", "null", "4", "NaN", "6"});
  const WrittenColumn b({"2", "4", "6", "", "10", "1e999"});
  const WrittenColumn c({"0", "5", "6", "7", "8", "9"});
  ScatterSummary scatter(ScatterSpec{.columns = {0, 1, 2}});
  const Column* const given[] = {&a.column(), &b.column(), &c.column()};
  scatter.add(given, a.all());
  CHECK(scatter.count() == 2);
  CHECK(scatter.mean(0) == 1.5);
  CHECK(scatter.mean(2) == 2.5);
  CHECK(scatter.comoment(0, 2) == 2.5);
  CHECK(scatter.comoment(2, 0) == 2.5);
  CHECK(scatter.bytes() <= ScatterSummary::bytes_bound(ScatterSpec{.columns = {0, 1, 2}}));
}

TEST_CASE("a scatter summary that was changed in its file is an error") {
  const ScatterSpec spec{.columns = {0, 1}};
  SummaryWriter out;
  out.u8(1);
  out.varint(2);
  out.varint(5);
  for (const double number : {0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0}) out.f64(number);
  SummaryReader negative(out.bytes());
  const Result<ScatterSummary> read = ScatterSummary::read(negative, spec);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().message.find("negative") != std::string::npos);
  SummaryReader other(out.bytes());
  CHECK_FALSE(ScatterSummary::read(other, ScatterSpec{.columns = {0, 1, 2}}).ok());
  SummaryReader cut(std::string_view(out.bytes()).substr(0, 20));
  CHECK_FALSE(ScatterSummary::read(cut, spec).ok());
}

}  // namespace
}  // namespace weir
