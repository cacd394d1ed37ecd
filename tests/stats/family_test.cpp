// SPDX-License-Identifier: Apache-2.0
// Families of tests, dependent records, and alarms that may come at any time.
#include "stats/family.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include "stats/samples.h"

namespace weir {
namespace {

using Row = std::vector<std::uint64_t>;

bool near(double x, double expected, double relative) {
  return std::fabs(x - expected) <= relative * std::fabs(expected);
}

void check_adjusted(const std::vector<double>& p, bool any_dependence, const std::vector<double>& expected) {
  const std::vector<double> found = adjusted(p, any_dependence);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(near(found[i], expected[i], 1e-12));
}

TEST_CASE("adjusted p-values are those of R's p.adjust") {
  const std::vector<double> p = {0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387};
  check_adjusted(p, false, {0.036, 0.036, 0.044, 0.044, 0.0816, 0.13466666666666666, 0.387, 0.387});
  check_adjusted(p, true,
                 {0.09784285714285713, 0.09784285714285713, 0.11958571428571428, 0.11958571428571428,
                  0.22177714285714284, 0.36600476190476194, 1, 1});
  check_adjusted({0.01, 0.02, 0.03, 0.04, 0.05, 0.9, 1, 0.02, 1e-12, 0.5}, false,
                 {0.05, 0.05, 0.06, 0.06666666666666667, 0.07142857142857144, 1, 1, 0.05, 1e-11, 0.625});
}

TEST_CASE("adjusted p-values keep their order, are never smaller, and need no numbers") {
  CHECK(adjusted({}).empty());
  const std::vector<double> one = {0.03};
  CHECK(adjusted(one)[0] == 0.03);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> p = {nan, 0.01, 2, -1, 0};
  const std::vector<double> found = adjusted(p);
  CHECK(found[0] == 1);
  CHECK(found[2] == 1);
  CHECK(found[3] == 0);
  CHECK(found[4] == 0);
  CHECK(near(found[1], 0.01 * 5 / 3, 1e-12));
}

// A stationary AR(1) series with normal values of deviation 1.
class Series {
 public:
  Series(double phi, std::uint64_t seed) : phi_(phi), random_(seed) { value_ = normal_(random_); }
  double next() {
    value_ = phi_ * value_ + std::sqrt(1 - phi_ * phi_) * normal_(random_);
    return value_;
  }
  // Counts of `size` values over the sixteenths of the standard normal law.
  Row window(std::size_t size) {
    Row counts(16, 0);
    for (std::size_t i = 0; i < size; ++i) {
      const double share = std::erfc(-next() / std::sqrt(2.0)) / 2;
      ++counts[static_cast<std::size_t>(std::min(share * 16, 15.0))];
    }
    return counts;
  }

 private:
  double phi_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  double value_;
};

std::vector<Row> windows_of(Series& series, std::size_t count, std::size_t size) {
  std::vector<Row> windows;
  for (std::size_t w = 0; w < count; ++w) windows.push_back(series.window(size));
  return windows;
}

TEST_CASE("the design effect of independent records is about one, that of dependent ones what the theory says") {
  // One estimate of 288 windows has seven squares and products a window, a relative deviation of sqrt(2 * 7 / 288) = 0.22;
  // the mean of ten 0.07. The sign of an AR(1) series has the autocorrelations 2/pi asin(phi^k): one plus twice their sum is
  // 2.3 at 0.5, and less for edges farther out, 1.9 at the first.
  double none = 0;
  double some = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Series independent(0, seed);
    Series half(0.5, 50 + seed);
    none += *design_effect(windows_of(independent, 288, 50)) / 10;
    some += *design_effect(windows_of(half, 288, 100)) / 10;
  }
  CHECK(none < 1.22);
  CHECK(some > 1.5);
  CHECK(some < 2.8);
}

TEST_CASE("sizes divided by the design effect keep the level of dependent records") {
  // A reference of 60 windows of 100 values against one more, AR(1) with 0.5, 300 trials. At 6 % the rejections are 18 with
  // a deviation of 4.1: up to 30 is within three of them. Without it there are at least twice as many as the level says.
  int raw = 0;
  int corrected = 0;
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    Series series(0.5, 100 + trial);
    const std::vector<Row> windows = windows_of(series, 60, 100);
    Row reference(16, 0);
    for (const Row& window : windows) {
      for (std::size_t i = 0; i < window.size(); ++i) reference[i] += window[i];
    }
    for (int gap = 0; gap < 50; ++gap) series.next();
    const Row current = series.window(100);
    const double effective = 6000.0 * 100 / 6100;
    const double d = ks_of_cells(reference, current).low;
    raw += ks_tail(d, effective) <= 0.05 ? 1 : 0;
    corrected += ks_tail(d, effective / *design_effect(windows)) <= 0.05 ? 1 : 0;
  }
  CHECK(raw >= 30);
  CHECK(corrected <= 30);
  CHECK(corrected >= 1);
}

TEST_CASE("the design effect is unknown of few windows, of empty ones and of other cells") {
  Series series(0, 3);
  std::vector<Row> windows = windows_of(series, 29, 50);
  CHECK(design_effect({}) == std::nullopt);
  CHECK(design_effect(windows) == std::nullopt);
  windows.push_back(Row(16, 0));
  CHECK(design_effect(windows) == std::nullopt);
  windows.back() = series.window(50);
  CHECK(design_effect(windows).has_value());
  windows.push_back(Row(15, 1));
  CHECK(design_effect(windows) == std::nullopt);
  // A constant cannot vary from window to window.
  CHECK(design_effect(std::vector<Row>(40, Row{0, 7, 0})) == 1.0);
  CHECK(design_effect(std::vector<Row>(40, Row{7})) == 1.0);
}

TEST_CASE("one window's e-value is the ratio of the Dirichlet-multinomial to the reference") {
  // 500 records of prior weight, 250 for each of two cells: the first record has the chance of the reference, the second the
  // chance 251/501 of the same cell again.
  EDetector one({0.5, 0.5});
  CHECK(std::fabs(one.add(Row{1, 0})) < 1e-12);
  EDetector two({0.5, 0.5});
  CHECK(near(std::exp(two.add(Row{2, 0})), (251.0 / 501) / 0.5, 1e-10));
  // One more window: that start, of three records now, and a new one.
  CHECK(near(std::exp(two.add(Row{1, 0})), (251.0 / 501) * (252.0 / 502) / 0.25 + 1, 1e-10));
  CHECK(near(std::exp(two.add(Row{0, 0})), (251.0 / 501) * (252.0 / 502) / 0.25 + 2, 1e-10));
  // Shares of 40 records: 10 of prior weight against 40.
  EDetector learned({0.5, 0.5}, 40);
  CHECK(near(std::exp(learned.add(Row{2, 0})), (6.0 / 11) / (21.0 / 41), 1e-10));
}

TEST_CASE("an e-detector that was given the windows of another goes on as that one") {
  Series series(0, 4);
  EDetector detector(std::vector<double>(16, 1.0));
  for (int w = 0; w < 100; ++w) {
    detector.add(series.window(20));
    CHECK(detector.windows().size() <= EDetector::kMostStarts);
  }
  EDetector other(std::vector<double>(16, 1.0 / 16));
  for (const Row& window : detector.windows()) other.add(window);
  CHECK(other.log_e() == detector.log_e());
  const Row next = series.window(20);
  CHECK(other.add(next) == detector.add(next));
}

TEST_CASE("an e-detector keeps quiet without drift and finds a shift within a few windows") {
  // Without drift e_t - t has the mean 0 up to any stop, so that an alarm at 1000 within 50 windows has at most the chance
  // 50/1000. Of 60 runs that is 3 with a deviation of 1.7: up to 8 is within three of them.
  int alarms = 0;
  for (std::uint64_t run = 0; run < 60; ++run) {
    Series series(0, 1000 + run);
    EDetector detector(std::vector<double>(16, 1.0));
    bool alarm = false;
    for (int w = 0; w < 50 && !alarm; ++w) alarm = detector.add(series.window(50)) >= std::log(1000.0);
    alarms += alarm ? 1 : 0;
  }
  CHECK(alarms <= 8);

  Series series(0, 5);
  EDetector detector(std::vector<double>(16, 1.0));
  for (int w = 0; w < 30; ++w) detector.add(series.window(200));
  CHECK(detector.log_e() < std::log(1000.0));
  // A third of the lowest two cells moved to the highest: half a deviation or so.
  int windows = 0;
  do {
    Row shifted = series.window(200);
    for (const std::size_t low : {0, 1}) {
      const std::uint64_t moved = shifted[low] * 2 / 3;
      shifted[low] -= moved;
      shifted[15 - low] += moved;
    }
    ++windows;
    detector.add(shifted);
  } while (detector.log_e() < std::log(1000.0) && windows < 10);
  CHECK(windows <= 4);
}

TEST_CASE("an e-detector takes what the reference never saw, huge counts and no cells at all") {
  EDetector rare({1, 0, 0});
  CHECK(std::isfinite(rare.add(Row{1000, 1, 0})));
  CHECK(rare.log_e() < std::log(100.0));
  CHECK(rare.add(Row{900, 100, 0}) > std::log(1e6));
  EDetector huge({0.5, 0.5});
  CHECK(std::isfinite(huge.add(Row{std::uint64_t{1} << 53, 0})));
  EDetector odd({std::numeric_limits<double>::quiet_NaN(), -1, 0});
  CHECK(std::isfinite(odd.add(Row{1, 2, 3})));
  CHECK(std::isfinite(odd.add(Row{1})));
  EDetector nothing({});
  CHECK(nothing.add({}) == 0);
}

}  // namespace
}  // namespace weir
