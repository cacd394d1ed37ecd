// SPDX-License-Identifier: Apache-2.0
// How soon a shift of the mean is an alarm: 50 normal columns, 5 of which move at once, windows of 1 000 values against a
// reference of 10 000, tolerance 0, 2 votes of 3. `auto`, the real watch.
//
// Bounds on the median: 0.5 sd and 0.2 sd in 2 windows, the fewest that two votes leave; 0.1 sd within 15. At 1 000 against
// 10 000, ks has an effective size of 909; 0.2 sd moves the distribution function by 0.08, which is 2.4 of its standard deviations
// of 0.033 and more than the 0.068 that p = 0.05 5/150 asks for; 0.1 sd moves it by 0.04, and a window is significant in some 15 %.
// To fail, half of 100 columns would have to miss one of the first two windows at 0.2 sd.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "stat/draw.h"
#include "stat/page.h"
#include "stat/sides.h"
#include "stat/watched.h"

namespace weir::stat {
namespace {

constexpr std::size_t kColumns = 50;
constexpr std::size_t kDrifted = 5;
constexpr std::size_t kValues = 1'000;
constexpr std::size_t kReference = 10'000;
constexpr int kMostWindows = 40;

struct Delays {
  std::vector<int> windows;  // of columns that moved; kMostWindows + 1: not found
  Rate false_alarms;         // columns that did not, by window
};

void watch(double shift, Draw& draw, Delays& into) {
  std::vector<Profile> references;
  for (std::size_t c = 0; c < kColumns; ++c) references.push_back(baseline_of(sample(Shape::Normal, kReference, draw)));
  Watched stream(numbers(kColumns), std::move(references));
  stream.tolerate("ks", 0);
  std::vector<int> found(kDrifted, 0);
  for (int w = 1; w <= kMostWindows && std::count(found.begin(), found.end(), 0) > 0; ++w) {
    std::vector<std::vector<double>> columns;
    for (std::size_t c = 0; c < kColumns; ++c) {
      columns.push_back(sample(Shape::Normal, kValues, draw));
      for (double& value : columns.back()) value += c < kDrifted ? shift : 0;
    }
    const std::vector<DriftVerdict> verdicts = stream.add(columns);
    for (std::size_t c = 0; c < kColumns; ++c) {
      if (c < kDrifted) {
        if (verdicts[c].firing && found[c] == 0) found[c] = w;
      } else {
        ++into.false_alarms.of;
        into.false_alarms.hits += verdicts[c].firing ? 1 : 0;
      }
    }
  }
  for (const int w : found) into.windows.push_back(w == 0 ? kMostWindows + 1 : w);
}

TEST_CASE("a shift of a tenth of the spread is an alarm within fifteen windows, of a fifth within two") {
  std::string table =
      "| shift | columns that moved | alarm after windows: median | nine in ten | false alarms of the others |\n"
      "|---|---|---|---|---|\n";
  Draw draw(20260206);
  struct Asked {
    double shift;
    int repetitions;
    int most;
  };
  for (const Asked& asked : {Asked{0.5, 8, 2}, Asked{0.2, 20, 2}, Asked{0.1, 12, 15}}) {
    Delays delays;
    for (int i = 0; i < asked.repetitions; ++i) watch(asked.shift, draw, delays);
    std::sort(delays.windows.begin(), delays.windows.end());
    const int median = delays.windows[delays.windows.size() / 2];
    const int most = delays.windows[delays.windows.size() * 9 / 10];
    INFO("a shift of " << asked.shift << " sd");
    CHECK(median <= asked.most);
    CHECK(delays.false_alarms.share() <= 0.002);
    char cells[160];
    std::snprintf(cells, sizeof cells, "| %.1f sd | %zu | %d | %d | %llu of %llu windows |\n", asked.shift,
                  delays.windows.size(), median, most, static_cast<unsigned long long>(delays.false_alarms.hits),
                  static_cast<unsigned long long>(delays.false_alarms.of));
    table += cells;
  }
  hold_against_page("delay", table);
}

}  // namespace
}  // namespace weir::stat
