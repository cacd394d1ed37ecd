// SPDX-License-Identifier: Apache-2.0
// What was not looked at is never fine, and what may not be shown is not.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "drift/kept_window.h"
#include "drift/sides_of.h"
#include "drift/told.h"
#include "drift/watched_stream.h"

namespace weir::testing {
namespace {

JointProfile joint_of(const std::vector<std::vector<double>>& columns) {
  return profile_of(scatter_of(columns), {"a", "b"});
}

FieldResult compared_together(const JointProfile& reference, const JointProfile& current, std::string_view test) {
  FieldPair pair;
  pair.path = "a, b";
  pair.joint_reference = &reference;
  pair.joint_current = &current;
  pair.tests = {find_drift_test(test)};
  return compare_fields(std::vector{pair}, {}).front();
}

TEST_CASE("where a redacted field differs most is not said: it would be one of its values") {
  const Profile reference = profile_written("1..1000", true);
  const Profile current = profile_written("500..1500", true);
  for (const std::string_view test : {"ks", "quantile_shift"}) {
    INFO(test);
    const FieldResult found = compared(reference, current, {test});
    CHECK(found.verdict == Verdict::Fail);
    CHECK_FALSE(found.tests[0].measured.at.has_value());
    CHECK(compared("1..1000", "500..1500", {test}).tests[0].measured.at.has_value());
  }
}

TEST_CASE("a field that no record has is never fine, however rare it was") {
  const FieldResult found = compared("1..30 absent*9970", "absent*500", {"null_share"});
  CHECK(found.tests[0].outcome == Verdict::Pass);
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "no record has the field");
  CHECK(compared("1..30 absent*9970", "1*2 absent*498", {"null_share"}).verdict == Verdict::Pass);
}

TEST_CASE("auto is not content with nulls and types where values could not be compared") {
  const Profile reference = profile_written("DE*400 FR*300 IT*300");
  Profile rare;  // as a baseline tells of values that are all rarer than its floor
  rare.elements = rare.other = rare.types.text = rare.texts = 1000;
  rare.exact = false;
  rare.category_error = 4;
  rare.distinct = 1000;
  rare.lengths[2] = 1000;
  const FieldResult found = compared(reference, rare);
  CHECK(test_of(found, "type_share").outcome == Verdict::Pass);
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "chi_square: its values were not counted one by one");
}

TEST_CASE("numbers whose squares have no sum have no means to compare") {
  std::vector<double> large(100, 1e308);
  for (std::size_t i = 0; i < large.size(); i += 2) large[i] = -1e308;
  const FieldResult found = compared(profile_of_numbers(normals(100, 1)), profile_of_numbers(large), {"mean_shift"});
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "a side has no mean: a baseline does not tell it below its floor, or the numbers are too large");
  for (const std::string_view test : {"ks", "wasserstein", "cvm", "psi", "quantile_shift"}) {
    INFO(test);
    CHECK(compared(profile_of_numbers(normals(100, 1)), profile_of_numbers(large), {test}).verdict == Verdict::Fail);
  }
}

TEST_CASE("fields that do not vary have no correlation, and no direction") {
  const JointProfile both = joint_of({normals(200, 1), normals(200, 2)});
  const JointProfile stuck = joint_of({normals(200, 3), std::vector<double>(200, 7)});
  const FieldResult found = compared_together(both, stuck, "correlation");
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "no two of the fields vary on both sides");
  const JointProfile constant = joint_of({std::vector<double>(200, 1), std::vector<double>(200, 7)});
  CHECK(compared_together(constant, both, "mahalanobis").verdict == Verdict::NoData);
  CHECK(compared_together(constant, constant, "pca").verdict == Verdict::NoData);
  CHECK(compared_together(both, both, "correlation").verdict == Verdict::Pass);
  CHECK(compared_together(both, both, "mahalanobis").verdict == Verdict::Pass);
  CHECK(compared_together(both, both, "pca").verdict == Verdict::Pass);
}

TEST_CASE("a mean that a baseline does not tell is no mean of 0") {
  Baseline made;
  made.weir = "1";
  made.records = 60;
  made.fields.push_back({"x", profile_of_numbers(normals(60, 5, 1000))});
  const Result<Baseline> read = read_baseline(write_baseline(made, {.floor = 100}), "x.json", "");
  REQUIRE(read);
  const Profile& reference = read->find("x")->profile;
  const FieldResult found = compared(reference, profile_of_numbers(normals(60, 6, 1000)), {"mean_shift"});
  CHECK(found.verdict == Verdict::NoData);
  made.fields[0].profile = profile_of_numbers(normals(200, 5, 1000));
  const Result<Baseline> large = read_baseline(write_baseline(made, {.floor = 100}), "x.json", "");
  REQUIRE(large);
  CHECK(compared(large->find("x")->profile, profile_of_numbers(normals(60, 6, 1000)), {"mean_shift"}).verdict ==
        Verdict::Pass);
}

TEST_CASE("fields together are found in any order, and not among others") {
  Baseline baseline;
  baseline.joints = {{.paths = {"a", "b"}, .rows = 9, .means = {1, 2}, .comoments = {3, 4, 4, 5}}};
  const std::optional<JointProfile> turned = baseline.find_together({"b", "a"});
  REQUIRE(turned);
  CHECK(turned->paths == std::vector<std::string>{"b", "a"});
  CHECK(turned->means == std::vector<double>{2, 1});
  CHECK(turned->comoments == std::vector<double>{5, 4, 4, 3});
  CHECK(*baseline.find_together({"a", "b"}) == baseline.joints[0]);
  baseline.joints[0].paths = {"a", "c"};
  CHECK_FALSE(baseline.find_together({"a", "b"}));
  CHECK_FALSE(baseline.find_together({"a"}));
}

TEST_CASE("one odd value in a small window is chance, however large the reference") {
  // 5 of 100 such windows have one or more: 50 records, and 1 of 1,000 in the reference.
  const auto side = [](std::uint64_t texts, std::uint64_t missing, std::uint64_t all) {
    Profile out;
    out.elements = all;
    out.odd.null = missing;
    out.types.text = texts;
    out.types.integer = all - missing - texts;
    out.other = all - missing;
    out.exact = false;
    return out;
  };
  const auto p_of = [](const Profile& reference, const Profile& current, std::string_view test) {
    return compared(reference, current, {test}).tests[0].measured.p_high;
  };
  for (const std::uint64_t n : {10'000ULL, 1'000'000ULL, 1'000'000'000ULL}) {
    INFO(n);
    // 1 - 0.999^50 = 0.0488; a little more where the reference is not much larger.
    const double types = p_of(side(n / 1000, 0, n), side(1, 0, 50), "type_share");
    CHECK(types > 0.048);
    CHECK(types < 0.06);
    // 13 or more of 100 with a share of 0.05: 0.0015 by the binomial law, and 0.0002 by z.
    const double nulls = p_of(side(0, n / 20, n), side(0, 13, 100), "null_share");
    CHECK(nulls > 0.0014);
    CHECK(nulls < 0.003);
  }
}

TEST_CASE("what the error of a sketch may have made is no drift, even with no tolerance") {
  // Both sides of a million, known within half a hundredth: a shift of a tenth of that is no evidence.
  const auto known_within = [](double error, std::uint64_t moved) {
    Profile out;
    out.elements = out.finite = out.types.fraction = out.other = 1'000'000;
    out.exact = false;
    out.distinct = 1'000'000;
    auto edges = std::make_shared<std::vector<double>>();
    for (int i = 1; i < 10; ++i) edges->push_back(i);
    out.edges = edges;
    out.cells.assign(10, 100'000);
    out.cells[3] += moved;
    out.cells[4] -= moved;
    out.cell_error = error;
    return out;
  };
  for (const std::string_view test : {"quantile_shift", "cvm"}) {
    INFO(test);
    const auto run = [&](double error) {
      const Profile reference = known_within(error, 0);
      const Profile current = known_within(error, 4'000);
      FieldPair pair = pair_of(reference, current, {test});
      pair.tolerance = {{find_drift_test(test), 0.0}};
      return compare_fields(std::vector{pair}, {}).front();
    };
    CHECK(run(0.005).verdict == Verdict::Inconclusive);
    CHECK(run(0).verdict == Verdict::Fail);
  }
}

TEST_CASE("an anchor that does not know is not overruled by a reference that sees nothing") {
  DriftRule rule;
  rule.paths = {"amount"};
  WatchedSubject subject;
  subject.rule = &rule;
  subject.path = "amount";
  subject.current.elements = 100;
  subject.anchor = Anchor{};
  FieldResult fine;
  fine.verdict = Verdict::Pass;
  FieldResult unsure;
  unsure.verdict = Verdict::Inconclusive;
  unsure.cause = "dependence";
  const DriftVerdict found = verdict_of(subject, {.reference = &fine, .anchor = &unsure, .log_e = {}});
  CHECK(found.verdict == Verdict::Inconclusive);
  CHECK(found.summary.find("dependence; compared with the anchor of") != std::string::npos);
  CHECK(verdict_of(subject, {.reference = &unsure, .anchor = &fine, .log_e = {}}).verdict == Verdict::Inconclusive);
  CHECK(verdict_of(subject, {.reference = &fine, .anchor = &fine, .log_e = {}}).verdict == Verdict::Pass);
}

TEST_CASE("an alarm with nothing left to compare with does not stay for ever") {
  Chance chance(61);
  WatchedStream stream(rolling(std::chrono::hours(12)));
  for (int i = 0; i < 7; ++i) stream.add(chance.normals(500));
  stream.add(chance.normals(500, 1));
  CHECK(stream.add(chance.normals(500, 1)).firing);
  // Six hours of silence, before there was an anchor: four windows of the reference are left, and six are needed.
  const DriftVerdict behind = stream.add(chance.normals(500, 1), {.partial = false, .number = 15});
  CHECK(behind.verdict == Verdict::NoData);
  CHECK(behind.firing);
  DriftVerdict last;
  for (std::int64_t i = 16; i < 30; ++i) last = stream.add(chance.normals(500, 1), {.partial = false, .number = i});
  CHECK(last.verdict == Verdict::Pass);
  CHECK_FALSE(last.firing);
}

TEST_CASE("an anchor learns how dependent records are when that is known") {
  Chance chance(62);
  WatchedStream stream(rolling(std::chrono::hours(12)));
  stream.rule().tolerance = {{find_drift_test("ks"), 0.3}};
  const auto anchor = [&] {
    const auto& states = stream.history().series.at("drift-state|drift.amount|1h|");
    const auto state = read_state(states.rbegin()->first, states.rbegin()->second);
    REQUIRE(state);
    REQUIRE(state->anchor);
    return *state->anchor;
  };
  for (int i = 0; i < 20; ++i) stream.add(chance.normals(500, chance.normal(0, 0.06)));
  const Anchor first = anchor();
  CHECK_FALSE(first.design_effect.has_value());
  for (int i = 20; i < 60; ++i) stream.add(chance.normals(500, chance.normal(0, 0.06)));
  REQUIRE(anchor().design_effect.has_value());
  CHECK(*anchor().design_effect > 1.5);
  CHECK(anchor().from == first.from);
  CHECK(anchor().profile.cells == first.profile.cells);
}

TEST_CASE("a quiet weekend makes nobody forget how dependent records are") {
  Chance chance(64);
  WatchedStream stream(previous(6));
  stream.rule().tolerance = {{find_drift_test("ks"), 0.3}};
  DriftVerdict last;
  for (int i = 0; i < 50; ++i) last = stream.add(chance.normals(500, chance.normal(0, 0.06)));
  REQUIRE(last.design_effect.has_value());
  const std::size_t votes = stream.history().records("drift-votes|");
  for (int i = 0; i < 100; ++i) {
    const DriftVerdict quiet = stream.add(std::vector<double>());
    CHECK(quiet.verdict == Verdict::NoData);
    CHECK(quiet.cause == "no records");
  }
  CHECK(stream.history().records("drift-votes|") == votes);
  last = stream.add(chance.normals(500));
  CHECK(last.verdict == Verdict::Pass);
  CHECK(last.design_effect.has_value());
}

TEST_CASE("a rule that keeps its id and looks at another field begins with nothing") {
  Chance chance(65);
  WatchedStream stream(previous(3));
  for (int i = 0; i < 4; ++i) stream.add(chance.normals(500));
  stream.restart();
  stream.rule().paths = {"price"};
  const DriftVerdict first = stream.add(chance.normals(500, 100));
  CHECK(first.verdict == Verdict::NoData);
  CHECK(first.cause == "0 of 3 windows of the reference are known");
  for (int i = 0; i < 2; ++i) stream.add(chance.normals(500, 100));
  CHECK(stream.add(chance.normals(500, 100)).verdict == Verdict::Pass);
}

TEST_CASE("no window alone raises a sequential alarm, against an anchor either") {
  Chance chance(63);
  WatchedStream stream(rolling(std::chrono::hours(12)));
  stream.rule().sequential = true;
  int drifted = 0;
  for (int i = 0; i < 250; ++i) drifted += stream.add(chance.normals(200)).drifted ? 1 : 0;
  CHECK(drifted == 0);
  // And a shift that stays is found.
  bool found = false;
  for (int i = 0; i < 10; ++i) found = stream.add(chance.normals(200, 0.5)).firing || found;
  CHECK(found);
}

}  // namespace
}  // namespace weir::testing
