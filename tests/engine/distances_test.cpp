// SPDX-License-Identifier: Apache-2.0
// psi(f), ks(f) … in conditions of windows, from a rule file to the verdicts.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "rules/load.h"
#include "testing/drift_reference.h"

namespace weir {
namespace {

using Lines = std::vector<std::string>;

std::string amount(int minute, int number) {
  const std::string time = minute < 10 ? "0" + std::to_string(minute) : std::to_string(minute);
  return R"({"at":"2026-01-01T00:)" + time + R"(:30Z","amount":)" + std::to_string(number) + R"(,"status":")" +
         (number % 2 == 0 ? "new" : "paid") + "\"}";
}

/// Numbers from `first`, one after the other, in one minute.
void add(Lines& out, int minute, int first, int count) {
  for (int i = 0; i < count; ++i) out.push_back(amount(minute, first + i));
}

Loaded load(const std::string& conditions) {
  Lines records;
  add(records, 0, 0, 1'000);
  const std::string baseline = write_baseline(testing::baseline_of(records, {"amount", "status"}), {.reveal = true});
  LoadOptions options;
  options.read_file = [&](const std::string& path) -> Result<std::string> {
    if (path == "orders.json") return baseline;
    return "weir: 1\nsource: {time: at}\nwindows:\n  - every: 1m\n    rules:\n" + conditions +
           "drift:\n  - {fields: [amount, status], every: 1m, over: all, reference: {file: orders.json}}\n";
  };
  return load_rules("rules.yml", options);
}

/// `far 00:01 fail 0.2`, for each verdict of a condition.
Lines judged(const Loaded& loaded, const Lines& records) {
  static const char* const kWords[] = {"pass", "warn", "fail", "no_data", "inconclusive", "error"};
  EngineOptions options;
  options.now = testing::instant("2026-01-02T00:00:00Z");
  options.all_windows = true;
  REQUIRE(loaded.plan != nullptr);
  const Outcome outcome = testing::run(loaded.plan, records, options, 500);
  Lines out;
  for (const WindowVerdict& verdict : outcome.windows.verdicts) {
    const RuleInfo& info = loaded.plan->window_rules[verdict.rule].info;
    if (info.kind == RuleKind::Drift) continue;
    out.push_back(info.id + " " + format_timestamp(verdict.start).substr(11, 5) + " " +
                  kWords[static_cast<int>(verdict.verdict)] + " " +
                  (verdict.observed.is_value() ? show(verdict.observed) : verdict.cause));
  }
  return out;
}

TEST_CASE("a distance is the effect of its drift test against the reference") {
  const Loaded loaded = load("      - {id: ks, must: ks(amount) <= 0.05}\n");
  Lines records;
  add(records, 0, 0, 1'000);
  add(records, 1, 200, 1'000);
  add(records, 2, 500, 20);
  const Lines found = judged(loaded, records);
  REQUIRE(found.size() == 3);
  CHECK(found[0].starts_with("ks 00:00 pass 0"));
  CHECK(found[1].starts_with("ks 00:01 fail 0."));
  CHECK(found[2] == "ks 00:02 no_data 20 values, 30 are needed");
}

TEST_CASE("every distance is judged, of numbers and of categories") {
  std::string conditions;
  for (const char* const name : {"psi", "ks", "js", "wasserstein", "hellinger", "chi_square"})
    conditions += std::string("      - {id: ") + name + ", must: " + name + "(amount) < 0.1}\n";
  for (const char* const name : {"psi", "js", "hellinger", "chi_square"})
    conditions += std::string("      - {id: ") + name + "-of-status, must: " + name + "(status) < 0.1}\n";
  const Loaded loaded = load(conditions);
  Lines same;
  add(same, 0, 0, 1'000);
  for (const std::string& line : judged(loaded, same)) {
    INFO(line);
    CHECK(line.find(" pass ") != std::string::npos);
  }
  Lines other;
  for (int i = 0; i < 1'000; ++i) other.push_back(amount(0, 2 * i + 1'000));
  const Lines far = judged(loaded, other);
  CHECK(far.size() == 10);
  for (const std::string& line : far) {
    INFO(line);
    CHECK(line.find(" fail ") != std::string::npos);
  }
}

TEST_CASE("a distance says the interval that the cells of the reference leave") {
  const Loaded loaded = load("      - {id: ks, must: ks(amount) < 0.102}\n");
  Lines records;
  add(records, 0, 100, 1'000);
  EngineOptions options;
  options.now = testing::instant("2026-01-02T00:00:00Z");
  options.all_windows = true;
  const Outcome outcome = testing::run(loaded.plan, records, options, 500);
  const auto found = std::find_if(
      outcome.windows.verdicts.begin(), outcome.windows.verdicts.end(),
      [&](const WindowVerdict& verdict) { return loaded.plan->window_rules[verdict.rule].info.id == "ks"; });
  REQUIRE(found != outcome.windows.verdicts.end());
  CHECK_FALSE(found->observed.exact);
  CHECK(found->observed.low < 0.102);
  CHECK(found->observed.high > 0.102);
  CHECK(found->verdict == Verdict::Inconclusive);
}

TEST_CASE("a distance looks at the records of its own rule, and is remembered as every measure is") {
  const Loaded loaded = load(
      "      - {id: paid, must: psi(status) > 1, when: status == \"paid\"}\n"
      "      - {id: steady, must: \"past(ks(amount), last) < 1\"}\n");
  Lines records;
  add(records, 0, 0, 100);
  add(records, 1, 0, 100);
  const Lines found = judged(loaded, records);
  REQUIRE(found.size() == 4);
  CHECK(found[0].starts_with("paid 00:00 pass "));
  CHECK(found[1].starts_with("steady 00:00 no_data "));
  CHECK(found[3].starts_with("steady 00:01 pass 0."));
}

}  // namespace
}  // namespace weir
