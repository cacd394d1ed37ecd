// SPDX-License-Identifier: Apache-2.0
// What `drift` becomes in a plan, and what is told of its references.
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "drift/baseline.h"
#include "drift/edges.h"
#include "drift/registry.h"
#include "loading.h"
#include "rules/explain.h"
#include "rules/keys.h"

namespace weir {
namespace {

using testing::load_text;
using testing::summaries_of;

const std::string kHead = "weir: 1\nsource: {time: at}\nfields: {amount: {type: decimal}, status: {type: string}}\n";

Loaded load_entry(const std::string& entry, const testing::Files& files = {}) {
  return load_text(kHead + "drift:\n  - {" + entry + "}\n", files);
}

const WindowRule* drift_rule(const Loaded& loaded, std::string_view id) {
  if (loaded.plan == nullptr) return nullptr;
  for (const WindowRule& rule : loaded.plan->window_rules) {
    if (rule.info.id == id && rule.drift >= 0) return &rule;
  }
  return nullptr;
}

const DriftRule& compared(const Loaded& loaded, std::string_view id) {
  const WindowRule* const rule = drift_rule(loaded, id);
  REQUIRE(rule != nullptr);
  return loaded.plan->drift_rules.at(static_cast<std::size_t>(rule->drift));
}

std::vector<std::string> ids(const Loaded& loaded) {
  std::vector<std::string> out;
  if (loaded.plan == nullptr) return {"refused"};
  for (const WindowRule& rule : loaded.plan->window_rules) out.push_back(rule.info.id);
  return out;
}

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

Profile texts(std::size_t count) {
  Profile out;
  out.elements = out.types.text = out.texts = count;
  out.categories = {{.hash = 7, .count = count, .label = "new"}};
  out.lengths[3] = count;
  out.distinct = 1;
  return out;
}

Profile nulls(std::size_t count) {
  Profile out;
  out.elements = out.odd.null = count;
  return out;
}

std::string baseline_of(std::vector<BaselineField> fields, std::uint64_t records = 1'000) {
  Baseline baseline;
  baseline.weir = "1.0.0";
  baseline.records = records;
  baseline.fields = std::move(fields);
  return write_baseline(baseline, {});
}

testing::Files orders(double scale = 1) {
  return {{"refs/orders.json", baseline_of({{.path = "amount", .profile = numbers(1'000, scale)},
                                            {.path = "note", .profile = nulls(1'000)},
                                            {.path = "status", .profile = texts(1'000)}})}};
}

TEST_CASE("an entry becomes a rule for each field, with what it says and what it does not say") {
  using Kind = DriftReference::Kind;
  const Loaded plain = load_entry("fields: [amount, 'items[].qty'], every: 1h, reference: {previous: 6}");
  CHECK(summaries_of(plain).empty());
  CHECK(ids(plain) == std::vector<std::string>{"drift.amount", "drift.items[].qty"});
  const WindowRule& rule = *drift_rule(plain, "drift.amount");
  CHECK(rule.info.kind == RuleKind::Drift);
  CHECK(rule.info.field == "amount");
  CHECK(rule.info.check == "auto");
  CHECK(rule.info.expected == "as in the 6 windows before");
  CHECK(rule.info.severity == Severity::Error);
  CHECK(rule.must.condition == nullptr);
  const WindowBlock& block = plain.plan->windows.at(rule.block);
  CHECK(block.every == std::chrono::hours(1));
  CHECK(block.size == block.every);
  CHECK(block.extent == "1h");
  CHECK(block.accepted_only);
  CHECK(block.lateness == std::chrono::seconds(30));
  const DriftRule& drift = compared(plain, "drift.amount");
  CHECK(&plain.plan->window_rules[drift.rule] == &rule);
  CHECK(plain.plan->fields[drift.columns.at(0)].path.text() == "amount");
  CHECK(drift.declared.at(0) == FieldType::Decimal);
  CHECK(drift.tests.empty());
  CHECK(drift.reference.kind == Kind::Previous);
  CHECK(drift.reference.windows == 6);
  CHECK((drift.fire == 2 && drift.of == 3 && drift.clear == 3));

  const Loaded full = load_entry(
      "id: d, fields: amount, every: 10m, lateness: 1m, late: revise, reference: {same: [hour, week], weeks: 5}, "
      "test: [ks, psi], tolerance: {ks: 0.07, psi: 12%}, alert_after: 3 of 5, clear_after: 2, mode: sequential, "
      "dependence: any, segment: {country: [DE]}, max_segments: 9, over: all, on_empty: fail, severity: warn, "
      "when: amount > 0, description: why, tags: [t], runbook: r");
  CHECK(summaries_of(full).empty());
  const DriftRule& said = compared(full, "d");
  REQUIRE(said.tests.size() == 2);
  CHECK(said.tests[0] == find_drift_test("ks"));
  CHECK(said.tolerance_of(*find_drift_test("ks")) == 0.07);
  CHECK(said.tolerance_of(*find_drift_test("psi")) == 0.12);
  CHECK((said.fire == 3 && said.of == 5 && said.clear == 2));
  CHECK((said.sequential && said.any_dependence));
  CHECK(said.reference.kind == Kind::Same);
  CHECK(said.reference.period == std::chrono::hours(168));
  CHECK(said.reference.weeks == 5);
  const WindowRule& written = *drift_rule(full, "d");
  CHECK(written.info.check == "ks, psi");
  CHECK(written.on_empty == OnEmpty::Fail);
  CHECK(written.info.severity == Severity::Warn);
  CHECK(written.when != nullptr);
  CHECK(written.info.when == "amount > 0");
  CHECK(written.info.tags == std::vector<std::string>{"t"});
  const WindowBlock& cut = full.plan->windows.at(written.block);
  CHECK_FALSE(cut.accepted_only);
  CHECK(cut.late == LatePolicy::Revise);
  CHECK(cut.max_segments == 9);
  CHECK(cut.segment.at(0).listed == std::vector<std::string>{"DE"});
}

TEST_CASE("entries that compare at the same time share their windows, and no others do") {
  const Loaded loaded = load_text(kHead +
                                  "windows:\n  - {every: 1h, over: accepted, rules: [{must: row_count >= 1}]}\n"
                                  "drift:\n"
                                  "  - {fields: [amount], every: 1h, reference: {previous: 6}}\n"
                                  "  - {fields: [amount], every: 1d, reference: {previous: 6}}\n"
                                  "  - {fields: [status], every: 60m, reference: {rolling: 2d}}\n"
                                  "  - {fields: [status], every: 1h, reference: {previous: 6}, over: all}\n");
  CHECK(summaries_of(loaded).empty());
  REQUIRE(loaded.plan != nullptr);
  CHECK(loaded.plan->windows.size() == 4);
  CHECK(ids(loaded) == std::vector<std::string>{"windows.1h.row_count >= 1", "drift.amount", "drift.status",
                                                "drift.amount#2", "drift.status#2"});
  CHECK(drift_rule(loaded, "drift.amount")->block == drift_rule(loaded, "drift.status")->block);
  CHECK(drift_rule(loaded, "drift.amount")->block != 0);
}

TEST_CASE("a test of several fields is one rule, beside those of each field") {
  const Loaded both =
      load_entry("fields: [amount, tax], every: 1h, reference: {previous: 6}, test: [ks, correlation, pca]");
  CHECK(summaries_of(both).empty());
  CHECK(ids(both) == std::vector<std::string>{"drift.amount", "drift.tax", "drift.correlation", "drift.pca"});
  CHECK(compared(both, "drift.pca").paths == std::vector<std::string>{"amount", "tax"});
  CHECK(testing::field_of(both, "tax")->cell_type == CellType::Number);
  CHECK(ids(load_entry("id: d, fields: [amount, tax], every: 1h, reference: {previous: 6}, test: [ks, pca]")) ==
        std::vector<std::string>{"d.amount", "d.tax", "d.pca"});
  CHECK(ids(load_entry("id: d, fields: [amount, tax], every: 1h, reference: {previous: 6}, test: pca")) ==
        std::vector<std::string>{"d"});
}

TEST_CASE("without every the whole input is compared once") {
  const Loaded loaded = load_entry("fields: amount, reference: {previous: 3}");
  CHECK(summaries_of(loaded).empty());
  const DriftRule& drift = compared(loaded, "drift.amount");
  CHECK((drift.fire == 1 && drift.of == 1 && drift.clear == 1));
  CHECK(drift.reference.text == "the 3 runs before");
  CHECK(loaded.plan->windows.at(0).kind == WindowKind::Whole);
}

TEST_CASE("auto takes a tolerance of psi for chi_square, whose effect it is") {
  const Loaded loaded = load_entry("fields: status, every: 1h, reference: {previous: 3}, tolerance: {psi: 0.3}");
  CHECK(summaries_of(loaded).empty());
  CHECK(compared(loaded, "drift.status").tolerance_of(*find_drift_test("chi_square")) == 0.3);
}

TEST_CASE("the language has every test of the registry, and the registry every test of the language") {
  const std::span<const std::string_view> names = drift_keys().find("test")->choices;
  CHECK(names.size() == drift_tests().size() + 1);
  for (const std::string_view name : names) {
    INFO(name);
    CHECK((name == "auto" || find_drift_test(name) != nullptr));
  }
}

TEST_CASE("a baseline gives a rule its edges") {
  const Loaded loaded = load_entry("fields: [amount, status], reference: {file: refs/orders.json}", orders());
  CHECK(summaries_of(loaded).empty());
  const DriftRule& amount = compared(loaded, "drift.amount");
  REQUIRE(amount.reference.baseline != nullptr);
  CHECK(amount.reference.baseline->records == 1'000);
  REQUIRE(amount.edges != nullptr);
  // Those of the baseline, and more beyond its ends.
  CHECK(*amount.edges == with_tails(*amount.reference.baseline->find("amount")->profile.edges));
  CHECK(amount.edges->size() > 10);
  CHECK(compared(loaded, "drift.status").edges == nullptr);
  CHECK(drift_rule(loaded, "drift.amount")->info.expected == "as in refs/orders.json");
}

TEST_CASE("what cannot be compared with is told at its place") {
  const auto told = [](const std::string& entry, const testing::Files& files = orders()) {
    const std::vector<std::string> all = summaries_of(load_entry(entry, files));
    return all.size() == 1 ? all[0] : std::to_string(all.size()) + " diagnostics";
  };
  CHECK(told("fields: [amont], reference: {file: refs/orders.json}") ==
        "error[W176]: the reference `refs/orders.json` does not know the field `amont` at 5:15");
  CHECK(told("fields: [note], reference: {file: refs/orders.json}") ==
        "error[W176]: `note` has no value in the reference `refs/orders.json` at 5:15");
  CHECK(told("fields: [amount], reference: {file: refs/other.json}",
             {{"refs/other.json", baseline_of({{.path = "amount", .profile = texts(1'000)}})}}) ==
        "error[W176]: `amount` is declared a number, and in the reference `refs/other.json` it never is one at 5:15");
  CHECK(told("fields: [status], reference: {file: refs/other.json}",
             {{"refs/other.json", baseline_of({{.path = "status", .profile = numbers(1'000, 1)}})}}) ==
        "error[W176]: `status` is declared a text, and in the reference `refs/other.json` it never is a text at 5:15");
  CHECK(told("fields: [x], test: ks, reference: {file: refs/other.json}",
             {{"refs/other.json", baseline_of({{.path = "x", .profile = texts(1'000)}})}}) ==
        "error[W176]: `ks` compares numbers, and in the reference `refs/other.json` `x` never is one at 5:15");
  CHECK(told("fields: [amount], reference: {file: refs/other.json}", {{"refs/other.json", baseline_of({}, 0)}}) ==
        "error[W176]: the reference `refs/other.json` is empty at 5:42");
  CHECK(told("fields: [amount, tax], test: pca, reference: {file: refs/orders.json}",
             {{"refs/orders.json", baseline_of({{.path = "amount", .profile = numbers(1'000, 1)},
                                                {.path = "tax", .profile = numbers(1'000, 1)}})}}) ==
        "error[W176]: the reference `refs/orders.json` does not know `amount,tax` together at 5:58");
  const std::string whole = orders().at("refs/orders.json");
  const std::string cut = told("fields: [amount], reference: {file: refs/orders.json}",
                               {{"refs/orders.json", whole.substr(0, whole.size() / 2)}});
  CHECK(cut.starts_with("error[W176]: "));
  CHECK(cut.ends_with(" at 5:42"));
  CHECK(told("fields: [amount], reference: {file: refs/none.json}") ==
        "error[W152]: cannot read `refs/none.json`: no such file at 5:42");
}

TEST_CASE("a reference that is switched off or left out is not opened") {
  CHECK(summaries_of(load_entry("fields: amount, enabled: false, reference: {file: refs/none.json}")).empty());
  LoadOptions options = testing::options_for(
      {{"rules.yml", kHead + "drift:\n  - {fields: amount, reference: {file: refs/none.json}}\n"}});
  options.read_references = false;
  const Loaded loaded = load_rules("rules.yml", options);
  CHECK(summaries_of(loaded).empty());
  CHECK(compared(loaded, "drift.amount").reference.baseline == nullptr);
}

TEST_CASE("a file of records is asked for once, with all of its fields") {
  const std::string text = kHead +
                           "drift:\n  - {fields: [amount, tax], test: [ks, pca], reference: {file: refs/day.ndjson}}\n"
                           "  - {fields: status, every: 1h, reference: {file: refs/day.ndjson}}\n";
  LoadOptions options = testing::options_for({{"rules.yml", text}});
  std::vector<std::string> asked;
  options.profile_records = [&](const ProfileRequest& request) -> Result<Baseline> {
    asked.push_back(request.path);
    REQUIRE(request.fields.size() == 3);
    CHECK(request.fields[0].path.text() == "amount");
    CHECK(request.fields[0].cell_type == CellType::Number);
    CHECK(request.declared.at(2) == FieldType::String);
    CHECK(request.together == std::vector<std::vector<std::string>>{{"amount", "tax"}});
    Baseline baseline;
    baseline.records = 100;
    baseline.fields = {{.path = "amount", .profile = numbers(100, 1)},
                       {.path = "status", .profile = texts(100)},
                       {.path = "tax", .profile = numbers(100, 1)}};
    baseline.joints = {{.paths = {"amount", "tax"}, .rows = 100, .means = {1, 1}, .comoments = {1, 0, 0, 1}}};
    return baseline;
  };
  const Loaded loaded = load_rules("rules.yml", options);
  CHECK(summaries_of(loaded).empty());
  CHECK(asked == std::vector<std::string>{"refs/day.ndjson"});
  CHECK(compared(loaded, "drift.status").reference.baseline == compared(loaded, "drift.amount").reference.baseline);
}

TEST_CASE("the fingerprint knows drift, and what its reference holds") {
  const auto ruleset = [](const std::string& more, double scale = 1) {
    const Loaded loaded = load_entry("fields: amount, reference: {file: refs/orders.json}" + more, orders(scale));
    REQUIRE(loaded.plan != nullptr);
    return loaded.plan->ruleset;
  };
  const std::string base = ruleset("");
  CHECK(base == ruleset(", description: why"));
  CHECK(base != ruleset("", 2));
  CHECK(base != ruleset(", test: ks"));
  CHECK(base != ruleset(", tolerance: {ks: 0.06}"));
  CHECK(base != ruleset(", severity: warn"));
  CHECK(base != ruleset(", every: 1h"));
  CHECK(ruleset(", every: 1h") != ruleset(", every: 1h, alert_after: 3 of 3"));
}

TEST_CASE("an entry of thousands of fields is a located error") {
  std::string fields;
  for (int i = 0; i < 20'000; ++i) fields += (i == 0 ? "f" : ", f") + std::to_string(i);
  const std::vector<std::string> told =
      summaries_of(load_entry("every: 1h, reference: {previous: 6}, fields: [" + fields + "]"));
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "error[W101]: more than 4,096 rules of windows and drift at 5:5");
}

TEST_CASE("explain says what is compared with what, when it alarms and what that costs") {
  const Loaded loaded = load_entry("fields: amount, every: 10m, reference: {file: refs/orders.json}", orders());
  const std::string all = explain_rules(loaded);
  CHECK(all.find("drift.amount   amount as in refs/orders.json, by auto") != std::string::npos);
  const std::string one = explain_rule(loaded, "drift.amount");
  INFO(one);
  CHECK(one.find("with      refs/orders.json: 1,000 records") != std::string::npos);
  CHECK(one.find("tolerance ks 0.05, chi_square 0.1, null_share 0.02, type_share 0.01") != std::string::npos);
  CHECK(one.find("alarm     when 2 of 3 windows drift; it ends after 3 that do not") != std::string::npos);
  CHECK(one.find("cells of the reference") != std::string::npos);
}

}  // namespace
}  // namespace weir
