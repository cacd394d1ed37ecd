// SPDX-License-Identifier: Apache-2.0
// 10 000 pairs of samples against NumPy and SciPy: tests/reference/samples.csv, made by the script beside it.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "stats/drawn.h"
#include "stats/samples.h"

namespace weir::testing {
namespace {

enum Column { Row, SizeA, SizeB, Shape, D, Exact, Tail, Area, Cvm, CvmP, T, TP, Columns };

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool near(double found, double expected, double relative, double absolute = 0) {
  return std::abs(found - expected) <= std::max(absolute, relative * std::abs(expected));
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
  const double middle = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return sum / static_cast<double>(values.size() - 1);
}

bool tied(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> pooled = a;
  pooled.insert(pooled.end(), b.begin(), b.end());
  std::sort(pooled.begin(), pooled.end());
  return std::adjacent_find(pooled.begin(), pooled.end()) != pooled.end();
}

struct Seen {
  int rows = 0;
  int exact = 0;
  int untied = 0;
  int cvm = 0;
  int t = 0;
  int off = 0;
  std::string first_off;
};

void check_row(const std::vector<std::string>& row, Seen& seen) {
  const auto number = [&](Column column) { return std::strtod(row[column].c_str(), nullptr); };
  const auto given = [&](Column column) { return !row[column].empty(); };
  const int id = std::atoi(row[Row].c_str());
  const int shape = std::atoi(row[Shape].c_str());
  Drawn drawn(static_cast<std::uint64_t>(id));
  const std::size_t n = drawn.size(id);
  std::size_t m = drawn.size(id);
  const std::vector<double> a = drawn.sorted(n, shape, false);
  std::vector<double> b = drawn.sorted(m, shape, true);
  if (id % 50 == 7) {
    b = a;
    m = n;
  }
  const auto expect = [&](bool right, const char* what) {
    if (right) return;
    if (++seen.off <= 20) seen.first_off += "row " + std::to_string(id) + ": " + what + "\n";
  };
  ++seen.rows;
  expect(n == std::strtoull(row[SizeA].c_str(), nullptr, 10) && m == std::strtoull(row[SizeB].c_str(), nullptr, 10),
         "drawn otherwise than the table");
  const double d = ks_distance(a, b).d;
  expect(near(d, number(D), 1e-9), "ks_distance");
  expect(near(wasserstein(a, b), number(Area), 1e-9), "wasserstein");
  if (given(Exact)) {
    ++seen.exact;
    // SciPy's own is 1 less a sum where n and m differ.
    expect(near(ks_exact_p(n, m, d), number(Exact), 1e-9, n == m ? 1e-300 : 1e-13), "ks_exact_p");
    if (!tied(a, b)) {
      ++seen.untied;
      expect(near(ks_exact_p(a, b, d), number(Exact), 1e-9, n == m ? 1e-300 : 1e-13), "ks_exact_p of values");
    }
  }
  const double sizes = static_cast<double>(n) * static_cast<double>(m) / static_cast<double>(n + m);
  const double effective = std::max(1.0, std::nearbyint(sizes));
  // SciPy's own is off by up to 2.4e-5 above n = 140.
  expect(near(ks_tail(d, effective), number(Tail), number(Tail) >= 1e-12 ? 3e-5 : 1e-2, 1e-300), "ks_tail");
  if (given(Cvm)) {
    ++seen.cvm;
    const CvmResult cvm = cramer_von_mises(a, b);
    expect(near(cvm.statistic, number(Cvm), 1e-9, 1e-12), "cramer_von_mises");
    expect(near(cvm.p, number(CvmP), 1e-6, 1e-290), "p of cramer_von_mises");
  }
  if (given(TP)) {
    ++seen.t;
    const WelchResult result =
        welch(mean(a), variance(a), static_cast<double>(n), mean(b), variance(b), static_cast<double>(m));
    expect(near(result.t, number(T), 1e-9, 1e-9), "welch");
    expect(near(result.p, number(TP), 1e-6, 1e-300), "p of welch");
  }
}

TEST_CASE("statistics and p of 10,000 pairs of samples are those of SciPy") {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/tests/reference/samples.csv");
  std::string line;
  REQUIRE(std::getline(file, line));
  REQUIRE(std::getline(file, line));
  REQUIRE(line == "row,n,m,shape,d,exact,tail,wasserstein,cvm,cvm_p,t,t_p");
  Seen seen;
  while (std::getline(file, line) && line != "tail") {
    const std::vector<std::string> row = fields(line);
    REQUIRE(row.size() == Columns);
    check_row(row, seen);
  }
  INFO(seen.first_off);
  CHECK(seen.off == 0);
  CHECK(seen.rows == 10'000);
  CHECK(seen.exact > 9'900);
  CHECK(seen.untied > 5'000);
  CHECK(seen.cvm > 5'000);
  CHECK(seen.t > 7'000);
}

TEST_CASE("the tail for finite n is good to 1e-6 down to 1e-12 and to 1 % down to 1e-300") {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/tests/reference/samples.csv");
  std::string line;
  while (std::getline(file, line) && line != "tail") continue;
  int rows = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> row = fields(line);
    REQUIRE(row.size() == 3);
    const double n = std::strtod(row[0].c_str(), nullptr);
    const double d = std::strtod(row[1].c_str(), nullptr);
    const double p = std::strtod(row[2].c_str(), nullptr);
    const double found = ks_tail(d, n);
    INFO("n " << n << ", d " << d << ", expected " << p << ", found " << found);
    // SciPy itself loses digits where n is a million.
    CHECK(near(found, p, p < 1e-12 ? 1e-2 : n > 1e5 ? 3e-6 : 1e-6));
    ++rows;
  }
  CHECK(rows > 600);
}

}  // namespace
}  // namespace weir::testing
