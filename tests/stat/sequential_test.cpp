// SPDX-License-Identifier: Apache-2.0
// `mode: sequential` looks after every window and promises less than one false alarm in 10 080 windows, a week of minutes, over all
// fields of a block. Here: how many there are, against shares that are known and such as a reference of a finite size
// knows, and how soon a shift is found.
//
// Bounds: the mean time to the first false alarm is at least a horizon, so in two at most two are expected; three
// standard deviations more are six. The e-detector holds the mean of likelihood ratios against its level and is far
// on the safe side, so in truth there is next to none. The delays are medians; at 1 000 values a window 0.5 sd has to be an alarm
// in the first window, 0.2 sd within five, and 0.1 sd, which is ten standard errors of the reference, within 15.
#include "drift/sequential.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "stat/draw.h"
#include "stat/page.h"
#include "stat/sides.h"
#include "stat/watched.h"
#include "stats/family.h"

namespace weir::stat {
namespace {

constexpr std::size_t kGroups = 20;

std::vector<std::uint64_t> even_counts(std::size_t n, Draw& draw) {
  std::vector<std::uint64_t> out(kGroups, 0);
  for (std::size_t i = 0; i < n; ++i) ++out[draw.below(kGroups)];
  return out;
}

TEST_CASE("the sequential test has less than one false alarm in its horizon") {
  constexpr std::size_t kValues = 200;
  constexpr std::size_t kHorizons = 2;
  std::string table = "| reference | windows | false alarms | promised at most |\n|---|---|---|---|\n";
  Draw draw(20260209);
  for (const std::size_t ratio : {0, 100, 10, 2}) {
    std::uint64_t alarms = 0;
    const auto most = static_cast<std::size_t>(kHorizon) * kHorizons;
    // Each reference serves a twentieth of the time.
    const std::size_t references = ratio == 0 ? 1 : 20;
    for (std::size_t r = 0; r < references; ++r) {
      std::vector<double> shares(kGroups, 1);
      if (ratio > 0) {
        const std::vector<std::uint64_t> counts = even_counts(kValues * ratio, draw);
        for (std::size_t i = 0; i < kGroups; ++i) shares[i] = static_cast<double>(counts[i]) + 0.5;
      }
      const double known = ratio == 0 ? std::numeric_limits<double>::infinity() : static_cast<double>(kValues * ratio);
      EDetector detector(shares, known);
      for (std::size_t w = 0; w < most / references; ++w) {
        if (detector.add(even_counts(kValues, draw)) < log_e_to_alarm(1)) continue;
        ++alarms;
        detector = EDetector(shares, known);  // an alarm that ends begins anew
      }
    }
    CHECK(alarms <= kHorizons + 4);
    table += "| " + (ratio == 0 ? std::string("known") : "× " + std::to_string(ratio)) + " | " + std::to_string(most) +
             " | " + std::to_string(alarms) + " | " + std::to_string(kHorizons) + " |\n";
  }
  hold_against_page("sequential-silence", table);
}

TEST_CASE("the sequential test finds a shift within a few windows") {
  constexpr std::size_t kColumns = 10;
  constexpr std::size_t kDrifted = 5;
  constexpr int kQuiet = 10;
  constexpr int kMost = 40;
  std::string table =
      "| shift | columns that moved | alarm after windows: median | nine in ten | false alarms of the others |\n"
      "|---|---|---|---|---|\n";
  Draw draw(20260210);
  for (const double shift : {0.5, 0.2, 0.1}) {
    std::vector<int> delays;
    Rate others;
    for (int r = 0; r < 8; ++r) {
      std::vector<Profile> references;
      for (std::size_t c = 0; c < kColumns; ++c) references.push_back(baseline_of(sample(Shape::Normal, 10'000, draw)));
      Watched stream(numbers(kColumns), std::move(references));
      stream.tolerate("ks", 0);
      for (DriftRule& rule : stream.rules()) rule.sequential = true;
      std::vector<int> found(kDrifted, 0);
      for (int w = 1 - kQuiet; w <= kMost && std::count(found.begin(), found.end(), 0) > 0; ++w) {
        std::vector<std::vector<double>> columns;
        for (std::size_t c = 0; c < kColumns; ++c) {
          columns.push_back(sample(Shape::Normal, 1'000, draw));
          for (double& value : columns.back()) value += c < kDrifted && w > 0 ? shift : 0;
        }
        const std::vector<DriftVerdict> verdicts = stream.add(columns);
        for (std::size_t c = 0; c < kColumns; ++c) {
          const bool moved = c < kDrifted && w > 0;
          if (moved && verdicts[c].firing && found[c] == 0) found[c] = w;
          if (moved) continue;
          ++others.of;
          others.hits += verdicts[c].firing ? 1 : 0;
        }
      }
      for (const int w : found) delays.push_back(w == 0 ? kMost + 1 : w);
    }
    std::sort(delays.begin(), delays.end());
    const int median = delays[delays.size() / 2];
    INFO("a shift of " << shift << " sd");
    CHECK(median <= (shift >= 0.5 ? 1 : shift >= 0.2 ? 5 : 15));
    char cells[160];
    std::snprintf(cells, sizeof cells, "| %.1f sd | %zu | %d | %d | %llu of %llu windows |\n", shift, delays.size(),
                  median, delays[delays.size() * 9 / 10], static_cast<unsigned long long>(others.hits),
                  static_cast<unsigned long long>(others.of));
    table += cells;
  }
  hold_against_page("sequential-delay", table);
}

}  // namespace
}  // namespace weir::stat
