// SPDX-License-Identifier: Apache-2.0
// What is called tighter, looser or merely different.
#include "app/plan_diff.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>

namespace weir {
namespace {

RuleInfo rule(std::string id, std::string check, std::string expected) {
  RuleInfo info;
  info.id = std::move(id);
  info.field = "amount";
  info.check = std::move(check);
  info.expected = std::move(expected);
  return info;
}

Plan plan(std::vector<RuleInfo> rules) {
  Plan made;
  for (RuleInfo& info : rules) made.rules.emplace_back().info = std::move(info);
  return made;
}

/// "tighter amount.max <= 10 -> <= 5" for each change.
std::vector<std::string> changes(const RuleInfo& before, const RuleInfo& after) {
  std::vector<std::string> lines;
  const Plan old_plan = plan({before});
  const Plan new_plan = plan({after});
  for (const RuleChange& change : compare_plans({.plan = old_plan}, {.plan = new_plan})) {
    lines.push_back(std::string(word_of(change.kind)) + " " + change.id + " " + change.before + " -> " + change.after);
  }
  return lines;
}

using Lines = std::vector<std::string>;

std::string kind_of_bound(const std::string& before, const std::string& after) {
  const Lines lines = changes(rule("r", "x", before), rule("r", "x", after));
  return lines.empty() ? "" : lines.front().substr(0, lines.front().find(' '));
}

TEST_CASE("a lower upper bound is tighter, a lower lower bound is looser") {
  CHECK(kind_of_bound("<= 100", "<= 50") == "tighter");
  CHECK(kind_of_bound("<= 50", "<= 100") == "looser");
  CHECK(kind_of_bound(">= 50", ">= 100") == "tighter");
  CHECK(kind_of_bound("> 100", "> 50") == "looser");
  CHECK(kind_of_bound("< 9007199254740993", "< 9007199254740992") == "tighter");
  CHECK(kind_of_bound("<= 2h", "<= 30m") == "tighter");
  CHECK(kind_of_bound("at most 20 characters", "at most 30 characters") == "looser");
  CHECK(kind_of_bound("at least 2 elements", "at least 3 elements") == "tighter");
  CHECK(kind_of_bound("at least 2 elements", "at least 3 characters") == "changed");
}

TEST_CASE("what has no order is only different") {
  CHECK(kind_of_bound("<= 100", "< 100") == "changed");
  CHECK(kind_of_bound("matches ^a", "matches ^b") == "changed");
  CHECK(kind_of_bound("<= x", "<= y") == "changed");
}

TEST_CASE("equal meaning is no change, whatever stands in the description") {
  RuleInfo after = rule("r", "max", "<= 1");
  after.description = "new words";
  after.where.line = 99;
  CHECK(changes(rule("r", "max", "<= 1"), after).empty());
}

TEST_CASE("severity, condition and consequence are told with their names") {
  RuleInfo after = rule("r", "max", "<= 1");
  after.severity = Severity::Warn;
  after.on_fail = OnFail::Count;
  CHECK(changes(rule("r", "max", "<= 1"), after) == Lines{"looser r severity error -> severity warn"});
  after = rule("r", "max", "<= 1");
  after.when = "status == \"paid\"";
  CHECK(changes(rule("r", "max", "<= 1"), after) == Lines{"looser r when none -> when status == \"paid\""});
  CHECK(changes(after, rule("r", "max", "<= 1")) == Lines{"tighter r when status == \"paid\" -> when none"});
  after = rule("r", "max", "<= 1");
  after.on_fail = OnFail::Drop;
  CHECK(changes(rule("r", "max", "<= 1"), after) == Lines{"changed r on_fail quarantine -> on_fail drop"});
}

TEST_CASE("a rule that is tighter in one way and looser in another is different") {
  RuleInfo after = rule("r", "max", "<= 1");
  after.severity = Severity::Warn;
  CHECK(changes(rule("r", "max", "<= 2"), after) == Lines{"changed r <= 2, severity error -> <= 1, severity warn"});
}

TEST_CASE("new rules stand where they are in the new file, and what is gone comes last") {
  const Plan before = plan({rule("a", "max", "<= 1"), rule("b", "max", "<= 1")});
  const Plan after = plan({rule("c", "max", "<= 1"), rule("b", "max", "<= 1")});
  const std::vector<RuleChange> found = compare_plans({.plan = before}, {.plan = after});
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == "c");
  CHECK(found[0].kind == ChangeKind::Added);
  CHECK(found[1].id == "a");
  CHECK(found[1].kind == ChangeKind::Removed);
}

Params listing(const std::vector<std::string>& values) {
  Params params;
  std::vector<Scalar> list;
  for (const std::string& value : values) list.push_back({.text = value});
  params.entries.push_back({.name = "values", .value = std::move(list), .where = {}});
  return params;
}

TEST_CASE("a list is told by the values that came and went") {
  const auto change = [](const std::string& check, const std::vector<std::string>& from,
                         const std::vector<std::string>& to) {
    const Plan before = plan({rule("r", check, "in " + std::to_string(from.size()) + " values")});
    const Plan after = plan({rule("r", check, "in " + std::to_string(to.size()) + " values")});
    const std::vector<Params> old_list = {listing(from)};
    const std::vector<Params> new_list = {listing(to)};
    const std::vector<RuleChange> found =
        compare_plans({.plan = before, .written = old_list}, {.plan = after, .written = new_list});
    return found.empty() ? "" : std::string(word_of(found[0].kind)) + ": " + found[0].after;
  };
  CHECK(change("in", {"EUR", "USD"}, {"USD", "EUR"}) == "");
  CHECK(change("in", {"EUR", "USD"}, {"EUR"}) == "tighter: without USD");
  CHECK(change("in", {"EUR"}, {"EUR", "CHF"}) == "looser: with CHF");
  CHECK(change("in", {"EUR"}, {"CHF"}) == "changed: without EUR, with CHF");
  CHECK(change("not_in", {"TEST"}, {"TEST", "DEMO"}) == "tighter: with DEMO");
}

TEST_CASE("rules that look alike in a few words and mean something else are different") {
  const Plan same = plan({rule("r", "in", "in 300 values")});
  const std::vector<RuleChange> found =
      compare_plans({.plan = same, .meanings = {"a b"}}, {.plan = same, .meanings = {"a c"}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].after == "the same with other parameters");
  CHECK(compare_plans({.plan = same, .meanings = {"a b"}}, {.plan = same, .meanings = {"a b"}}).empty());
}

}  // namespace
}  // namespace weir
