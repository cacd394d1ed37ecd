// SPDX-License-Identifier: Apache-2.0
// What references are made of, window after window.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "drift/reference.h"
#include "drift/registry.h"
#include "drift/watched_stream.h"

namespace weir {

namespace {

using testing::Chance;
using testing::WatchedStream;

constexpr std::size_t kValues = 500;
constexpr double kPi = 3.14159265358979;

struct Told {
  int windows = 0;  // with an answer
  int drifted = 0;
  int firing = 0;
};

void count(Told& told, const DriftVerdict& verdict) {
  if (verdict.verdict != Verdict::Pass && verdict.verdict != Verdict::Fail) return;
  ++told.windows;
  told.drifted += verdict.drifted ? 1 : 0;
  told.firing += verdict.firing ? 1 : 0;
}

}  // namespace

TEST_CASE("a reference of the windows before waits for all of them and then moves along") {
  Chance chance(31);
  WatchedStream stream(testing::previous(6));
  for (int i = 0; i < 6; ++i) {
    const DriftVerdict verdict = stream.add(chance.normals(kValues));
    CHECK(verdict.verdict == Verdict::NoData);
    CHECK(verdict.cause == std::to_string(i) + " of 6 windows of the reference are known");
  }
  const DriftVerdict first = stream.add(chance.normals(kValues));
  CHECK(first.verdict == Verdict::Pass);
  CHECK(first.reference_windows == 6);
  CHECK(first.reference_values == 6 * kValues);
  CHECK(first.bytes_of_reference > 0);
  // The level moves for good: after six windows the reference holds nothing else.
  Told told;
  for (int i = 0; i < 6; ++i) count(told, stream.add(chance.normals(kValues, 1)));
  CHECK(told.firing >= 4);
  for (int i = 0; i < 3; ++i) stream.add(chance.normals(kValues, 1));
  CHECK(stream.add(chance.normals(kValues, 1)).verdict == Verdict::Pass);
}

TEST_CASE("no more windows are kept than references need") {
  Chance chance(32);
  WatchedStream before(testing::previous(6));
  WatchedStream length(testing::rolling(std::chrono::hours(12)));
  WatchedStream slots(testing::same(std::chrono::hours(24), 3));
  for (int i = 0; i < 120; ++i) {
    const FieldSummary window = testing::summary_of_numbers(chance.normals(60));
    before.add(window);
    length.add(window);
    slots.add(window);
  }
  // A few are spare, for windows that are judged again: 8, or 16 where they are counted.
  CHECK(before.history().records("drift|") <= 6 + 16 + 1);
  CHECK(length.history().records("drift|") <= 12 + 8 + 2);
  CHECK(slots.history().records("drift|") <= 3 * 24 + 12 + 8 + 1);
  for (WatchedStream* const stream : {&before, &length, &slots}) {
    CHECK(stream->history().records("drift-votes|") <= 60 + 8 + 1);
    CHECK(stream->history().records("drift-state|") <= 4);
  }
}

TEST_CASE("windows that overlap are in no reference together, and not with the one that is judged") {
  Chance chance(33);
  WatchedStream stream(testing::previous(3), std::chrono::hours(1));
  stream.block().size = std::chrono::hours(4);  // four hours by one
  for (int i = 0; i < 40; ++i) {
    const DriftVerdict verdict = stream.add(chance.normals(kValues));
    if (i < 12) CHECK(verdict.verdict == Verdict::NoData);
  }
  std::vector<Instant> ends;
  for (const auto& [at, bytes] : stream.history().series.at("drift|drift.amount|1h|")) ends.push_back(at);
  REQUIRE(ends.size() > 4);
  for (std::size_t i = 1; i < ends.size(); ++i) CHECK(ends[i] - ends[i - 1] >= std::chrono::hours(4));
}

TEST_CASE("a rolling reference leaves windows in alarm out, and then holds to its anchor") {
  Chance chance(34);
  WatchedStream stream(testing::rolling(std::chrono::hours(12)));
  for (int i = 0; i < 6; ++i) CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::NoData);
  for (int i = 6; i < 20; ++i) CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::Pass);
  // The level moves for good, and the alarm goes on for good: no window in alarm is ever taken for the usual.
  CHECK_FALSE(stream.add(chance.normals(kValues, 1)).firing);
  for (int i = 21; i < 50; ++i) {
    const DriftVerdict verdict = stream.add(chance.normals(kValues, 1));
    CHECK(verdict.verdict == Verdict::Fail);
    CHECK(verdict.since == stream.start_of(20));
    if (i > 40) CHECK(verdict.summary.find("compared with the anchor of") != std::string::npos);
  }
  for (int i = 0; i < 2; ++i) CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::Fail);
  CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::Pass);
}

TEST_CASE("slow drift is found by the anchor, and by no reference that moves along") {
  // 0.02 sd a window. The mean of the 12 windows before lies 0.13 sd below the current one, a distance of 0.052 between the
  // distribution functions, about the tolerance of 0.07 that is asked for here less a half of its chance of 0.03. The anchor
  // is left behind by 0.02 sd more each window: at 0.3 sd, 15 windows on, the distance is 0.119.
  Chance chance(35);
  WatchedStream moving(testing::previous(12));
  WatchedStream guarded(testing::rolling(std::chrono::hours(12)));
  const DriftSpec* const ks = find_drift_test("ks");
  REQUIRE(ks != nullptr);
  moving.rule().tolerance = guarded.rule().tolerance = {{ks, 0.1}};
  Told without;
  int found = -1;
  bool slowly = false;
  for (int i = 0; i < 100; ++i) {
    const FieldSummary window = testing::summary_of_numbers(chance.normals(1'000, 0.02 * i));
    count(without, moving.add(window));
    const DriftVerdict verdict = guarded.add(window);
    if (verdict.firing && found < 0) {
      found = i;
      slowly = verdict.summary.find("slowly, away from the anchor of") != std::string::npos;
    }
  }
  CHECK(without.firing == 0);
  CHECK(found > 12);
  CHECK(found < 40);
  CHECK(slowly);
}

TEST_CASE("a season is no drift against the same slots, and is against the windows before") {
  // The level follows the hour of the day, up and down by 2 sd: from one hour to the next by up to 0.5 sd.
  Chance chance(36);
  WatchedStream slots(testing::same(std::chrono::hours(24), 4));
  WatchedStream before(testing::previous(6));
  Told seasonal;
  Told naive;
  for (int hour = 0; hour < 24 * 7; ++hour) {
    const std::vector<double> values = chance.normals(kValues, 2 * std::sin(2 * kPi * hour / 24));
    const FieldSummary window = testing::summary_of_numbers(values);
    const DriftVerdict verdict = slots.add(window);
    count(seasonal, verdict);
    count(naive, before.add(window));
  }
  // Two days are learned from. Of the others a few are inconclusive: chance that 256 cells for all hours leave in doubt.
  CHECK(seasonal.windows > 24 * 5 - 12);
  CHECK(seasonal.firing == 0);
  CHECK(naive.firing > 24 * 7 / 4);
  // A change of 2 sd at all hours is found at once: slots of four days differ by nothing but chance.
  Told shifted;
  for (int hour = 0; hour < 6; ++hour)
    count(shifted, slots.add(chance.normals(kValues, 2 + 2 * std::sin(2 * kPi * hour / 24))));
  CHECK(shifted.drifted == 6);
  CHECK(shifted.firing == 5);
}

TEST_CASE("how much slots differ is no drift either") {
  // Every day lies elsewhere by 0.3 sd, for all of its hours alike: against four slots that is worth a ks of 0.13, and 5 % of
  // days are beyond the bound. Windows of one day go together, so days are counted: of 16 judged with four slots known,
  // P(more than 4 beyond | 5 %) = 0.0009. Without the bound nearly all windows would have drifted.
  Chance chance(37);
  WatchedStream slots(testing::same(std::chrono::hours(24), 4), std::chrono::hours(6));
  int beyond = 0;
  for (int day = 0; day < 20; ++day) {
    const double level = chance.normal(0, 0.3);
    int drifted = 0;
    for (int part = 0; part < 4; ++part) drifted += slots.add(chance.normals(kValues, level)).drifted ? 1 : 0;
    if (day >= 4 && drifted >= 2) ++beyond;
  }
  CHECK(beyond <= 4);
}

TEST_CASE("edges are made anew when they fit no longer, and what happens there is seen again") {
  Chance chance(38);
  WatchedStream stream(testing::previous(6));
  for (int i = 0; i < 8; ++i) stream.add(chance.normals(kValues));
  const auto epochs = [&] {
    const KeptState state =
        past_state(stream.history(), kept_series("drift.amount", stream.block(), ""), stream.start_of(1'000));
    return state.epochs.size();
  };
  CHECK(epochs() == 1);
  // A thousand times larger: all of it lies in one cell of the old edges.
  for (int i = 0; i < 12; ++i) stream.add(chance.normals(kValues, 1'000, 100));
  CHECK(epochs() >= 2);
  CHECK(stream.add(chance.normals(kValues, 1'000, 100)).verdict == Verdict::Pass);
  const DriftVerdict verdict = stream.add(chance.normals(kValues, 1'050, 100));  // 0.5 sd up there
  CHECK(verdict.drifted);
}

TEST_CASE("the design effect is known from thirty windows on") {
  // Each window lies elsewhere by 0.1 sd, as dependent records do: at 500 values the variance of window means is
  // 0.01 + 0.002, six times that of independent ones.
  Chance chance(39);
  WatchedStream stream(testing::previous(40));
  DriftVerdict last;
  for (int i = 0; i < 41; ++i) last = stream.add(chance.normals(kValues, chance.normal(0, 0.1)));
  REQUIRE(last.design_effect);
  CHECK(*last.design_effect > 1.5);
  CHECK(*last.design_effect < 20);
  WatchedStream few(testing::previous(6));
  for (int i = 0; i < 10; ++i) last = few.add(chance.normals(kValues));
  CHECK_FALSE(last.design_effect);
}

TEST_CASE("windows that drifted do not pass for dependence and so hide what follows") {
  // Of 40 windows before, more and more lie elsewhere by 1 sd. Counted in, they would make the design effect hundreds.
  Chance chance(41);
  WatchedStream stream(testing::previous(40));
  for (int i = 0; i < 42; ++i) stream.add(chance.normals(kValues));
  for (int i = 0; i < 10; ++i) {
    const DriftVerdict verdict = stream.add(chance.normals(kValues, 1));
    CHECK(verdict.drifted);
    REQUIRE(verdict.design_effect);
    CHECK(*verdict.design_effect < 3);  // records are independent: 1, and 30 windows leave some doubt
  }
}

TEST_CASE("the sequential test is silent without drift and finds a small shift that single windows do not show") {
  // 200 values a window: ks reaches significance at 0.096 or so, 0.24 sd. At 0.15 sd the evidence adds up: some 10 windows.
  Chance chance(40);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(20'000))));
  stream.rule().sequential = true;
  const DriftSpec* const ks = find_drift_test("ks");
  REQUIRE(ks != nullptr);
  stream.rule().tolerance = {{ks, 0.03}};
  for (int i = 0; i < 150; ++i) CHECK_FALSE(stream.add(chance.normals(200)).firing);
  int found = -1;
  for (int i = 0; i < 60 && found < 0; ++i) {
    if (stream.add(chance.normals(200, 0.15)).firing) found = i;
  }
  CHECK(found >= 0);
  DriftVerdict last;
  for (int i = 0; i < 40; ++i) last = stream.add(chance.normals(200));
  CHECK_FALSE(last.firing);
}

}  // namespace weir
