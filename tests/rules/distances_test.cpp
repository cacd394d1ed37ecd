// SPDX-License-Identifier: Apache-2.0
// What stands outside of `drift` and is compared with the reference of a drift rule: psi(f) and its kin, max_z_score.
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "drift/baseline.h"
#include "loading.h"

namespace weir {
namespace {

using testing::load_text;
using testing::summaries_of;

const std::string kHead =
    "weir: 1\nsource: {time: at}\nfields: {amount: {type: decimal}, status: {type: string}}\n"
    "windows:\n  - every: 1m\n    rules:\n      - {id: far, must: 'psi(amount) < 0.1'}\n";
const std::string kDrift = "drift:\n  - {fields: [amount], every: 1h, reference: {file: refs/orders.json}}\n";

Profile numbers(std::size_t count, double scale) {
  Profile out;
  for (std::size_t i = 0; i < count; ++i) out.raw.push_back(scale * static_cast<double>(i));
  out.elements = out.finite = count;
  out.types.integer = count;
  for (const double value : out.raw) out.mean += value / static_cast<double>(count);
  for (const double value : out.raw) out.m2 += (value - out.mean) * (value - out.mean);
  out.other = count;
  out.exact = false;
  out.category_error = count;
  out.distinct = static_cast<double>(count);
  return out;
}

testing::Files reference(const Profile& amount) {
  Baseline baseline;
  baseline.weir = "1.0.0";
  baseline.records = 1'000;
  baseline.fields = {{.path = "amount", .profile = amount}};
  return {{"refs/orders.json", write_baseline(baseline, {})}};
}

std::string told(const std::string& text, const testing::Files& files = {}) {
  const std::vector<std::string> all = summaries_of(load_text(text, files));
  return all.empty() ? "" : all[0];
}

const MeasureCall& first_call(const Loaded& loaded) {
  REQUIRE(loaded.plan != nullptr);
  return loaded.plan->window_rules.at(0).must.calls.at(0);
}

TEST_CASE("a distance takes the reference of the first drift rule that compares its field with a file") {
  const Loaded loaded =
      load_text(kHead +
                    "drift:\n  - {fields: [amount], every: 1h, reference: {previous: 6}}\n"
                    "  - {fields: [amount, tax], test: pca, enabled: false, reference: {file: refs/none.json}}\n"
                    "  - {id: second, fields: [amount], every: 1h, reference: {file: refs/orders.json}}\n"
                    "  - {id: third, fields: [amount], every: 1h, reference: {file: refs/orders.json}}\n",
                reference(numbers(1'000, 1)));
  INFO((summaries_of(loaded).empty() ? "" : summaries_of(loaded)[0]));
  const MeasureCall& call = first_call(loaded);
  REQUIRE(call.drift >= 0);
  const DriftRule& drift = loaded.plan->drift_rules.at(static_cast<std::size_t>(call.drift));
  CHECK(loaded.plan->window_rules[drift.rule].info.id == "second");
  CHECK(loaded.plan->not_judged == 0);
}

TEST_CASE("a distance without a file to be measured from is refused, with the remedy") {
  const std::string none =
      "error[W171]: `psi` has no reference: no drift rule compares `amount` by itself with a file at 7:26";
  CHECK(told(kHead) == none);
  const Loaded plain = load_text(kHead);
  REQUIRE(plain.diagnostics.size() == 1);
  CHECK(plain.diagnostics[0].error.help ==
        "add `drift: [{fields: [amount], reference: {file: …}}]`, with a file that `weir baseline` made");
  const Loaded learned = load_text(kHead + "drift:\n  - {fields: [amount], every: 1h, reference: {previous: 6}}\n");
  REQUIRE_FALSE(learned.diagnostics.empty());
  CHECK(learned.diagnostics[0].error.label == "its drift rule compares windows with windows");
  const Loaded off = load_text(
      kHead + "drift:\n  - {fields: [amount], enabled: false, every: 1h, reference: {file: refs/orders.json}}\n");
  REQUIRE_FALSE(off.diagnostics.empty());
  CHECK(off.diagnostics[0].error.label == "the drift rule that does is switched off");
  CHECK(told("weir: 1\nfields: {status: {type: string}}\nwindows:\n  - {rules: [must: ks(status) < 0.1]}\n") ==
        "error[W171]: `ks` compares numbers, and `status` is declared as something else at 4:20");
}

TEST_CASE("a selected distance brings the drift rule with it, and another one stays out") {
  LoadOptions options = testing::options_for([] {
    testing::Files files = reference(numbers(1'000, 1));
    files["rules.yml"] = kHead + "      - {id: other, must: row_count > 0}\n" + kDrift;
    return files;
  }());
  const auto ids = [&](const std::string& selected) {
    options.keep = [&](const RuleInfo& info) { return info.id == selected; };
    const Loaded loaded = load_rules("rules.yml", options);
    std::vector<std::string> out;
    REQUIRE(loaded.plan != nullptr);
    for (const WindowRule& rule : loaded.plan->window_rules) out.push_back(rule.info.id);
    REQUIRE(loaded.conditions.size() == out.size());
    return out;
  };
  CHECK(ids("far") == std::vector<std::string>{"far", "drift.amount"});
  CHECK(ids("other") == std::vector<std::string>{"other"});
}

TEST_CASE("another reference is another meaning") {
  const auto ruleset = [](const std::string& drift, double scale) {
    LoadOptions options = testing::options_for([&] {
      testing::Files files = reference(numbers(1'000, scale));
      files["rules.yml"] = kHead + drift;
      return files;
    }());
    const Loaded loaded = load_rules("rules.yml", options);
    REQUIRE(loaded.plan != nullptr);
    return loaded.conditions.at(0).reference;
  };
  CHECK(ruleset(kDrift, 1).size() == 64);
  CHECK(ruleset(kDrift, 1) == ruleset(kDrift, 1));
  CHECK(ruleset(kDrift, 1) != ruleset(kDrift, 2));
}

const std::string kCheck = "weir: 1\nsource: {time: at}\nfields: {amount: {max_z_score: 4}}\n";

TEST_CASE("max_z_score takes mean and standard deviation from the reference") {
  const Loaded loaded = load_text(kCheck + kDrift, reference(numbers(101, 1)));
  CHECK(summaries_of(loaded).empty());
  const RecordRule* const rule = testing::rule_of(loaded, "amount.max_z_score");
  REQUIRE(rule != nullptr);
  CHECK(rule->info.expected == "at most 4 standard deviations (29.3002) from the mean (50)");
  CHECK(rule->check->expected() == rule->info.expected);
  CHECK(testing::field_of(loaded, "amount")->cell_type == CellType::Number);
  const Loaded other = load_text(kCheck + kDrift, reference(numbers(101, 2)));
  REQUIRE(testing::rule_of(other, "amount.max_z_score") != nullptr);
  CHECK(rule->fingerprint != testing::rule_of(other, "amount.max_z_score")->fingerprint);
}

TEST_CASE("max_z_score with its own mean needs no reference") {
  const Loaded loaded = load_text("weir: 1\nfields: {amount: {max_z_score: {max: 3, mean: 1.5, sd: 0.1}}}\n");
  CHECK(summaries_of(loaded).empty());
  REQUIRE(testing::rule_of(loaded, "amount.max_z_score") != nullptr);
  CHECK(testing::rule_of(loaded, "amount.max_z_score")->info.expected ==
        "at most 3 standard deviations (0.1) from the mean (1.5)");
}

TEST_CASE("max_z_score without a spread to count by is refused") {
  CHECK(told(kCheck) ==
        "error[W122]: `max_z_score` has no reference: no drift rule compares `amount` by itself with a file at 3:19");
  CHECK(told(kCheck + kDrift, reference(numbers(100, 0))) ==
        "error[W176]: `amount` never varies in the reference `refs/orders.json`: its standard deviation is 0 at 3:19");
  CHECK(told(kCheck + kDrift, reference(numbers(1, 1))) ==
        "error[W176]: `amount` has fewer than two numbers in the reference `refs/orders.json` at 3:19");
  const Loaded unread = load_text(kCheck + kDrift);
  REQUIRE(unread.diagnostics.size() == 1);
  CHECK(unread.diagnostics[0].error.code == "W152");
}

}  // namespace
}  // namespace weir
