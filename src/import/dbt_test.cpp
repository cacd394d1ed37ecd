// SPDX-License-Identifier: Apache-2.0
#include "import/dbt_test.h"

#include <algorithm>
#include <array>

#include "import/condition.h"
#include "import/expectation.h"
#include "import/words.h"

namespace weir {
namespace {

/// `> 10` on the number of failing rows is what is bad; weir says what must hold.
std::string holds_when_not(std::string_view condition) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOpposites = {{
      {">=", "<"},
      {"<=", ">"},
      {"!=", "=="},
      {"<>", "=="},
      {"==", "!="},
      {">", "<="},
      {"<", ">="},
      {"=", "!="},
  }};
  const std::string_view text = trimmed(condition);
  for (const auto& [bad, good] : kOpposites) {
    if (!text.starts_with(bad)) continue;
    const std::string_view number = trimmed(text.substr(bad.size()));
    if (is_number(number)) return std::string(good) + " " + std::string(number);
  }
  return "";
}

/// An option stands beside the arguments or under `config`.
const SuiteNode& option(const DbtTest& test, std::string_view key) {
  const SuiteNode& config = test.arguments["config"];
  return config.has(key) ? config[key] : test.arguments[key];
}

/// False when the test is left out.
bool read_options(DbtTest& test) {
  const auto leave_out = [&test](std::string reason) {
    test.leave_out(std::move(reason));
    return false;
  };
  if (option(test, "enabled").is_false()) return leave_out("it is switched off: enabled: false");
  const SuiteNode& where = option(test, "where");
  if (where.is_text() && !trimmed(where.text).empty()) {
    const Result<std::string> condition = translate_condition(where.text, ConditionDialect::Sql);
    if (!condition) return leave_out("its `where` cannot be said: " + condition.error().message);
    test.when = *condition;
  }
  test.warns = lower(option(test, "severity").text_or()) == "warn";
  for (const auto& [key, target] : {std::pair{"error_if", &test.error_if}, {"warn_if", &test.warn_if}}) {
    const SuiteNode& threshold = option(test, key);
    if (threshold.is_null()) continue;
    *target = holds_when_not(threshold.text_or());
    if (target->empty()) return leave_out("`" + std::string(key) + "` is no comparison with a number");
  }
  if (test.error_if == "== 0" && test.warn_if.empty()) test.error_if.clear();
  if (!option(test, "fail_calc").is_null()) return leave_out("`fail_calc` is an expression in SQL");
  test.description = one_line(test.arguments["description"].text_or(), 300);
  test.tags = option(test, "tags").texts();
  return true;
}

bool is_option(std::string_view key) {
  static constexpr std::array<std::string_view, 17> kOptions = {
      "config",      "where",  "severity", "error_if", "warn_if",        "enabled",           "fail_calc",
      "description", "tags",   "name",     "limit",    "store_failures", "store_failures_as", "meta",
      "alias",       "schema", "database"};
  return std::find(kOptions.begin(), kOptions.end(), key) != kOptions.end();
}

void translate_expectation_of_dbt(DbtTest& test) {
  if (!test.error_if.empty() || !test.warn_if.empty())
    return test.leave_out("its thresholds count the rows of a query, which are not the failing records");
  const SuiteNode& inner = test.arguments["arguments"];
  Expectation expectation{.draft = test.draft,
                          .name = lower(test.name),
                          .arguments = inner.is_map() ? inner : test.arguments,
                          .column = test.column,
                          .is_dbt = true};
  expectation.severity = test.warns ? "warn" : "";
  expectation.description = test.description;
  expectation.tags = test.tags;
  const std::size_t before = test.draft.rules.size();
  translate_expectation(expectation);
  if (test.when.empty()) return;
  for (std::size_t i = before; i < test.draft.rules.size(); ++i) {
    std::string& when = test.draft.rules[i].when;
    when = when.empty() ? test.when : "(" + when + ") && (" + test.when + ")";
  }
}

}  // namespace

const SuiteNode& DbtTest::argument(std::string_view key) const {
  const SuiteNode& inner = arguments["arguments"];
  return inner.is_map() && inner.has(key) ? inner[key] : arguments[key];
}

void DbtTest::judge(DraftRule rule) {
  rule.when = when;
  rule.description = description;
  rule.tags = tags;
  if (error_if.empty() && warn_if.empty()) {
    if (warns) rule.severity = "warn";
    draft.add(std::move(rule));
    return;
  }
  const std::string about = rule.field.empty() ? rule.id : rule.field + "." + rule.check;
  rule.id = draft.free_id(about.empty() ? rule.check : about);
  rule.severity = "warn";
  rule.on_fail = "count";
  DraftRule count{.where = DraftRule::Where::Window};
  const std::string failed = "fail_count(" + quoted(rule.id) + ") ";
  const std::string must = warns ? "" : error_if.empty() ? "== 0" : error_if;
  if (!must.empty()) count.must = failed + must;
  const std::string should = warn_if.empty() ? (warns ? "== 0" : "") : warn_if;
  if (!should.empty()) count.should = failed + should;
  draft.add(std::move(rule));
  draft.add(std::move(count));
}

void DbtTest::judge_field(const std::string& field, std::string check, std::string value) {
  judge({.field = field, .check = std::move(check), .value = std::move(value)});
}

void DbtTest::judge_expression(const std::string& expression, const std::string& label) {
  judge({.where = DraftRule::Where::Records,
         .check = "expr",
         .value = expression_in_yaml(expression),
         .id = draft.free_id(label)});
}

void DbtTest::judge_window(std::string condition, bool fails_when_empty) {
  DraftRule rule{.where = DraftRule::Where::Window, .description = description, .when = when, .tags = tags};
  (warns ? rule.should : rule.must) = std::move(condition);
  if (fails_when_empty) rule.on_empty = "fail";
  draft.add(std::move(rule));
}

bool holds_template(const SuiteNode& node) {
  if (node.is_text()) return node.text.find("{{") != std::string::npos || node.text.find("{%") != std::string::npos;
  return std::any_of(node.items.begin(), node.items.end(),
                     [](const SuiteNode& item) { return holds_template(item); }) ||
         std::any_of(node.members.begin(), node.members.end(),
                     [](const SuiteMember& member) { return !is_option(member.key) && holds_template(member.value); });
}

std::string dbt_period(const SuiteNode& node) {
  const std::optional<std::uint64_t> count = node["count"].count();
  const std::string period = lower(node["period"].text_or());
  const std::string unit = period == "day" ? "d" : period == "hour" ? "h" : period == "minute" ? "m" : "";
  return count && !unit.empty() ? std::to_string(*count) + unit : "";
}

std::string dbt_path(std::string_view name) {
  std::string path;
  while (!name.empty()) {
    const std::size_t dot = name.find('.');
    const std::string_view step = name.substr(0, dot);
    path += (path.empty() ? "" : ".") + path_of(step);
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  return path;
}

void translate_dbt_test(DbtTest& test) {
  if (!read_options(test)) return;
  // `compare_model: ref('x')` is a template by its nature and is read as a name.
  if (holds_template(test.arguments)) return test.leave_out("a value is a template (`{{ … }}`), which dbt fills in");
  if (test.package == "dbt_expectations" || test.name.starts_with("expect_")) return translate_expectation_of_dbt(test);
  if (translate_known_dbt_test(test) || translate_elementary_test(test)) return;
  test.leave_out(test.package.empty()
                     ? "a test of your own project"
                     : "a test of the package " + one_line(test.package, 40) + " that weir does not know");
}

}  // namespace weir
