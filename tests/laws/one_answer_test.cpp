// SPDX-License-Identifier: Apache-2.0
// One answer: the verdicts of the product are those of a second, slow evaluator, and they do not change with the size of a
// batch, the place of a cut, where the bytes lie, or the number of threads.
//
// Everything is drawn from fixed seeds; a failure names its seed and prints the rule file. WEIR_LAWS=10 draws ten times as much.
#include <catch2/catch_test_macros.hpp>

#include "laws/draw.h"
#include "laws/runs.h"

namespace weir::testing {
namespace {

Cutting random_cutting(Draw& draw, std::size_t most) {
  return {.next_size = [&draw, most] { return draw.below(most) + 1; },
          .layout = [&draw] { return draw.chance(2) ? Layout::OneBlock : Layout::Apart; }};
}

Cutting fixed_cutting(std::size_t size) {
  return {.next_size = [size] { return size; }};
}

TEST_CASE("random rules give random records the verdicts of the slow evaluator") {
  constexpr std::size_t kRecords = 70;
  std::uint64_t failures = 0;
  std::uint64_t evaluated = 0;
  const std::size_t rounds = 200 * effort();
  for (std::size_t seed = 1; seed <= rounds; ++seed) {
    Draw draw(seed);
    const SlowRules rules = draw.rules();
    const std::vector<std::string> records = draw.records(kRecords);
    const Run run = run_steps(plan_of(rules), cut(records, random_cutting(draw, kRecords)));
    const Answer expected = slow_answer(rules, records);
    const std::string found = difference(expected, run.answer);
    if (!found.empty()) {
      INFO("seed " << seed << "\n" << rules.yaml());
      const std::size_t line = found.starts_with("line ") ? std::stoul(found.substr(5)) : 0;
      INFO("record: " << (line == 0 ? "" : records[line - 1]));
      CHECK(found == "");
    }
    failures += expected.failing.size();
    for (const auto& [id, counts] : expected.rules) evaluated += counts.evaluated;
  }
  // The draw has to be worth something: both verdicts are common.
  CHECK(failures > evaluated / 10);
  CHECK(failures < evaluated * 9 / 10);
}

TEST_CASE("the verdicts do not depend on where the input is cut") {
  for (std::size_t seed = 1; seed <= 25 * effort(); ++seed) {
    Draw draw(1'000'000 + seed);
    const SlowRules rules = draw.rules();
    const std::vector<std::string> records = draw.records(300);
    const std::shared_ptr<const Plan> plan = plan_of(rules);
    const Run whole = run_steps(plan, cut(records, fixed_cutting(records.size())));
    INFO("seed " << 1'000'000 + seed << "\n" << rules.yaml());
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{63}, std::size_t{64},
                                   std::size_t{65}, std::size_t{128}}) {
      INFO("batches of " << size);
      CHECK(difference(whole, run_steps(plan, cut(records, fixed_cutting(size)))) == "");
    }
    for (int i = 0; i < 4; ++i)
      CHECK(difference(whole, run_steps(plan, cut(records, random_cutting(draw, 100)))) == "");
  }
}

TEST_CASE("the verdicts do not depend on the number of threads") {
  for (std::size_t seed = 1; seed <= 10 * effort(); ++seed) {
    Draw draw(2'000'000 + seed);
    const SlowRules rules = draw.rules();
    const std::vector<std::string> records = draw.records(400);
    const std::shared_ptr<const Plan> plan = plan_of(rules);
    const Run whole = run_steps(plan, cut(records, fixed_cutting(records.size())));
    INFO("seed " << 2'000'000 + seed << "\n" << rules.yaml());
    for (unsigned threads = 1; threads <= 8; ++threads) {
      INFO(threads << " threads");
      CHECK(difference(whole, run_threads(plan, cut(records, random_cutting(draw, 40)), threads)) == "");
    }
  }
}

TEST_CASE("batches of up to 100 000 records give the verdicts of batches of one") {
  Draw draw(3'000'000);
  SlowRules rules;
  for (const std::string check : {"required", "unique", "increasing"}) {
    SlowRule& rule = rules.rules.emplace_back();
    rule.id = check;
    rule.check = check;
    rule.path = "n";
    if (check == "required") rule.values = {{"true", false}};
  }
  std::vector<std::string> records;
  for (std::size_t i = 0; i < 100'001; ++i) {
    const bool odd = draw.chance(1000);
    records.push_back(odd ? draw.record() : "{\"n\":" + std::to_string(i - draw.below(2)) + "}");
  }
  const std::shared_ptr<const Plan> plan = plan_of(rules);
  const Run ones = run_steps(plan, cut(records, fixed_cutting(1)));
  CHECK(ones.answer.rules.at("unique").failed > 1000);
  for (const std::size_t size : {std::size_t{1000}, std::size_t{4096}, std::size_t{65'536}, std::size_t{100'000}}) {
    INFO("batches of " << size);
    CHECK(difference(ones, run_steps(plan, cut(records, fixed_cutting(size)))) == "");
  }
}

}  // namespace
}  // namespace weir::testing
