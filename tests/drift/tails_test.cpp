// SPDX-License-Identifier: Apache-2.0
// Cells beyond both ends of a reference: a window that is known by its cells alone still tells in which unit it came.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "drift/compare.h"
#include "drift/edges.h"
#include "summary/histogram.h"

namespace weir {
namespace {

std::vector<double> amounts(std::size_t n, double scale) {
  std::vector<double> out(n);
  std::uint64_t state = 11;
  for (double& value : out) {
    double sum = 0;
    for (int i = 0; i < 12; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      sum += static_cast<double>(state >> 11) * 0x1p-53;
    }
    value = scale * std::exp(3 + (sum - 6));
  }
  return out;
}

Profile in_cells(const std::vector<double>& values, const Profile::Edges& edges) {
  Profile out;
  out.elements = out.finite = out.other = values.size();
  out.types.fraction = values.size();
  out.exact = false;
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  for (const double value : values) out.m2 += (value - out.mean) * (value - out.mean);
  Histogram histogram(edges);
  histogram.add(values);
  out.edges = edges;
  for (std::size_t i = 0; i < histogram.cells(); ++i) out.cells.push_back(histogram.count(i));
  return out;
}

Profile::Edges shared(std::vector<double> edges) {
  return std::make_shared<const std::vector<double>>(std::move(edges));
}

TEST_CASE("tails reach far on both sides and leave the edges between them as they are") {
  const std::vector<double> tails = with_tails({1, 2, 2, 4});
  CHECK(std::is_sorted(tails.begin(), tails.end()));
  const std::vector<double> known = {1, 2, 2, 4};
  CHECK(std::search(tails.begin(), tails.end(), known.begin(), known.end()) != tails.end());
  CHECK(tails.back() == 4 + 3 * 65'535.0);
  CHECK(std::find(tails.begin(), tails.end(), 0.25) != tails.end());  // towards zero, by halves
  CHECK(tails.front() == -3 * 4'095.0);
  const std::vector<double> around = with_tails({-1, 1});
  CHECK(around.front() == -1 - 2 * 65'535.0);
  CHECK(with_tails({}).empty());
  CHECK(with_tails({5, 5}).size() == 2 + 32);
  CHECK(with_tails({0}).size() == 1 + 32);
  for (const double huge : with_tails({-1e308, 1e308})) CHECK(std::isfinite(huge));
}

TEST_CASE("counts with tails add up to exactly those without") {
  const std::vector<double> values = amounts(5'000, 1);
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  for (const std::size_t cells : {std::size_t{1}, std::size_t{2}, std::size_t{16}, std::size_t{256}}) {
    const std::vector<double> edges = learn_edges(sorted, cells);
    for (const double scale : {1.0, 1e-3, 1e6}) {
      const std::vector<double> window = amounts(3'000, scale);
      double error = -1;
      CHECK(in_cells(window, shared(with_tails(edges))).counts_on(edges, &error) ==
            in_cells(window, shared(edges)).cells);
      CHECK(error == 0);
    }
  }
  const std::vector<double> atoms = {7, 7, 9, 9};
  const std::vector<double> few = {1, 7, 7, 8, 9, 1'000'000};
  CHECK(in_cells(few, shared(with_tails(atoms))).counts_on(atoms) == std::vector<std::uint64_t>{1, 2, 1, 1, 1});
}

TEST_CASE("another unit is named though no value of the window is known") {
  std::vector<double> sorted = amounts(5'000, 1);
  const Profile reference = in_cells(sorted, [&] {
    std::sort(sorted.begin(), sorted.end());
    return shared(learn_edges(sorted, kDriftCells));
  }());
  const Profile::Edges tails = shared(with_tails(*reference.edges));
  const auto said = [&](double scale) {
    const Profile window = in_cells(amounts(4'000, scale), tails);
    FieldPair pair;
    pair.path = "amount";
    pair.reference = &reference;
    pair.current = &window;
    const FieldResult result = compare_fields({&pair, 1}, {}).front();
    CHECK(result.verdict == (scale == 1 ? Verdict::Pass : Verdict::Fail));
    return result.findings.empty() ? "nothing" : result.findings.front().text;
  };
  CHECK(said(1) == "nothing");
  CHECK(said(1000) == "scaled by 1000");
  CHECK(said(100) == "scaled by 100");
  CHECK(said(0.01) == "scaled by 1/100");
  CHECK(said(3600) == "scaled by 3600");
}

}  // namespace
}  // namespace weir
