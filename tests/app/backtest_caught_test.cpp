// SPDX-License-Identifier: Apache-2.0
// Which records one set of rules caught and another did not, within bounds.
#include "app/backtest_caught.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

CaughtList list(std::vector<std::uint64_t> at, bool whole = true) {
  CaughtList made;
  made.parts[0] = {.at = std::move(at), .whole = whole};
  return made;
}

/// A step in which rule 0 broke on these offsets.
Outcome step(const std::vector<std::uint64_t>& offsets, OnFail action = OnFail::Quarantine) {
  Outcome outcome;
  for (const std::uint64_t offset : offsets) {
    FailingRecord record;
    record.line = offset + 1;
    record.offset = offset;
    record.action = action;
    record.violations.push_back({.rule = 0, .code = "max", .path = "x", .value = "9", .message = "9 is above 8"});
    outcome.failing.push_back(std::move(record));
  }
  return outcome;
}

Plan plan_of_one_rule() {
  Plan plan;
  plan.rules.resize(1);
  return plan;
}

TEST_CASE("what one list holds alone is counted, the first of it is kept") {
  const CaughtMore more = caught_only_by(list({1, 4, 7, 9}), list({1, 7, 8}));
  CHECK(more.records == 2);
  CHECK(more.whole);
  CHECK(more.first == CaughtPlace{.part = 0, .at = 4});
  CHECK(caught_only_by(list({1, 7}), list({1, 7})).records == 0);
  CHECK_FALSE(caught_only_by(list({}), list({1, 7})).any);
}

TEST_CASE("behind the bound of the other list nothing is claimed") {
  const CaughtMore more = caught_only_by(list({1, 2, 5, 90}), list({1, 5}, false));
  CHECK(more.records == 1);
  CHECK_FALSE(more.whole);
}

TEST_CASE("parts are apart") {
  CaughtList one;
  one.parts[1] = {.at = {3}, .whole = true};
  const CaughtMore more = caught_only_by(one, list({3}));
  CHECK(more.records == 1);
  CHECK(more.first.part == 1);
}

TEST_CASE("a sample with words is preferred to an earlier one without") {
  CaughtList one = list({3, 5});
  one.words[{.part = 0, .at = 5}] = {.value = "9", .message = "9 is above 8"};
  const CaughtMore more = caught_only_by(one, {});
  CHECK(more.first.at == 5);
  CHECK(more.words.message == "9 is above 8");
}

TEST_CASE("places are lines of files and offsets of topics, and those that are put aside are known") {
  CaughtRecords by_line(plan_of_one_rule());
  by_line.add(0, true, step({10, 20}));
  by_line.add(0, true, step({30}, OnFail::Tag));
  CHECK(by_line.of_rule(0).parts.at(0).at == std::vector<std::uint64_t>{11, 21, 31});
  CHECK(by_line.put_aside().parts.at(0).at == std::vector<std::uint64_t>{11, 21});
  CaughtRecords by_offset(plan_of_one_rule());
  by_offset.add(0, false, step({10, 20}));
  CHECK(by_offset.of_rule(0).parts.at(0).at == std::vector<std::uint64_t>{10, 20});
  CHECK(by_offset.of_rule(0).words.at({.part = 0, .at = 10}).value == "9");
}

TEST_CASE("no more places are kept than the bound allows, and the list says so") {
  CaughtRecords bounded(plan_of_one_rule(), {.places = 100, .of_part = 2, .words = 1});
  bounded.add(0, false, step({1, 2, 3}));
  CHECK(bounded.of_rule(0).parts.at(0).at.size() == 2);
  CHECK_FALSE(bounded.of_rule(0).is_whole());
  CHECK(bounded.of_rule(0).words.size() == 1);
  CaughtRecords in_all(plan_of_one_rule(), {.places = 3, .of_part = 100, .words = 1});
  in_all.add(0, false, step({1, 2, 3, 4}));
  CHECK(in_all.of_rule(0).parts.at(0).at.size() + in_all.put_aside().parts.at(0).at.size() == 3);
}

}  // namespace
}  // namespace weir
