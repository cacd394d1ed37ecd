// SPDX-License-Identifier: Apache-2.0
// Fifty columns in which nothing happens, watched as a topic is, by `auto`, with tolerances of 0, so that chance alone decides: how often
// any of them is called drift in a window, and how often the vote of two in three makes an alarm of it.
//
// Bounds: Benjamini-Hochberg promises that a window without any drift has a discovery in 5 % at most; with exact tests and
// columns of their own it is 5 %, neither more nor less, so what is measured lies on either side of it. 2 400 windows have a standard
// error of 0.45 % then: three of them more are 6.4 %, above which the test fails. (A share of nulls or types that is 0 on both
// sides is in no family.) After the vote, of all columns and windows at most 0.1 % are in alarm where the reference is ten times
// as large as a window, and 1 % where it is as large and its luck weighs on all windows that are compared with it, which is why many
// references are drawn. To fail, the vote would have to let single windows through: of those 0.1 % drift.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "stat/draw.h"
#include "stat/page.h"
#include "stat/sides.h"
#include "stat/watched.h"

namespace weir::stat {
namespace {

constexpr std::size_t kColumns = 50;
constexpr std::size_t kValues = 200;

struct Family {
  std::size_t ratio;
  std::size_t references;
  std::size_t windows;
};

struct Told {
  Rate any;     // windows in which a column drifted
  Rate single;  // columns and windows
  Rate alarm;   // columns and windows in alarm
  std::uint64_t begun = 0;
};

Told watch(const Family& family, Draw& draw) {
  Told told;
  for (std::size_t r = 0; r < family.references; ++r) {
    std::vector<Profile> references;
    for (std::size_t c = 0; c < kColumns; ++c)
      references.push_back(baseline_of(sample(kShapes[c % kShapes.size()], kValues * family.ratio, draw)));
    Watched stream(numbers(kColumns), std::move(references));
    stream.tolerate("ks", 0);
    std::vector<bool> firing(kColumns, false);
    for (std::size_t w = 0; w < family.windows; ++w) {
      std::vector<std::vector<double>> columns;
      for (std::size_t c = 0; c < kColumns; ++c) columns.push_back(sample(kShapes[c % kShapes.size()], kValues, draw));
      bool any = false;
      const std::vector<DriftVerdict> verdicts = stream.add(columns);
      for (std::size_t c = 0; c < kColumns; ++c) {
        any = any || verdicts[c].drifted;
        told.single.hits += verdicts[c].drifted ? 1 : 0;
        told.alarm.hits += verdicts[c].firing ? 1 : 0;
        told.begun += verdicts[c].firing && !firing[c] ? 1 : 0;
        firing[c] = verdicts[c].firing;
      }
      told.any.hits += any ? 1 : 0;
      ++told.any.of;
    }
  }
  told.single.of = told.alarm.of = told.any.of * kColumns;
  return told;
}

TEST_CASE("of fifty columns without drift any is told in 5 % of windows, and alarms are rare") {
  std::string table =
      "| reference | windows | with any of 50 columns drifted | columns drifted | in alarm after 2 of 3 | alarms begun "
      "|\n"
      "|---|---|---|---|---|---|\n";
  Draw draw(20260202);
  for (const Family& family : {Family{1, 60, 12}, Family{10, 48, 50}, Family{100, 3, 60}}) {
    const Told told = watch(family, draw);
    INFO("a reference " << family.ratio << " times as large as a window");
    CHECK(told.any.share() <= 0.05 + 3 * std::sqrt(0.05 * 0.95 / static_cast<double>(told.any.of)));
    CHECK(told.alarm.share() <= (family.ratio == 1 ? 0.01 : 0.001));
    CHECK(told.any.hits > 0);  // the test would see something
    table += "| × " + std::to_string(family.ratio) + " | " + std::to_string(told.any.of) + " | " +
             percent(told.any.share()) + " | " + percent(told.single.share(), 3) + " | " +
             percent(told.alarm.share(), 3) + " | " + std::to_string(told.begun) + " of " +
             std::to_string(told.alarm.of) + " |\n";
  }
  hold_against_page("family", table);
}

}  // namespace
}  // namespace weir::stat
