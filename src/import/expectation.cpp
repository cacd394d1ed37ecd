// SPDX-License-Identifier: Apache-2.0
#include "import/expectation.h"

#include <algorithm>
#include <array>

#include "import/condition.h"
#include "import/words.h"

namespace weir {
namespace {

/// Arguments that say how results are shown, not what has to hold.
bool is_about_results(std::string_view key) {
  static constexpr std::array<std::string_view, 19> kKeys = {"result_format",
                                                             "include_config",
                                                             "catch_exceptions",
                                                             "meta",
                                                             "batch_id",
                                                             "profiler_config",
                                                             "auto",
                                                             "notes",
                                                             "domain",
                                                             "quote_values",
                                                             "config",
                                                             "name",
                                                             "quote_columns",
                                                             "description",
                                                             "table",
                                                             "id",
                                                             "rendered_content",
                                                             "result_url",
                                                             "expectation_context"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

const ExpectationKind* find_kind(std::string_view name) {
  for (const auto kinds : {value_expectations(), pair_expectations(), aggregate_expectations(), table_expectations(),
                           dbt_only_expectations()}) {
    for (const ExpectationKind& kind : kinds) {
      if (kind.name == name) return &kind;
    }
  }
  return nullptr;
}

/// mostly, as digits; empty when it asks for all. False when it is no share.
bool read_mostly(Expectation& expectation) {
  const SuiteNode& mostly = expectation.argument("mostly");
  if (mostly.is_null()) return true;
  const std::optional<double> value = mostly.is_number() || mostly.is_text() ? number_of(mostly.text) : std::nullopt;
  if (!value || *value < 0 || *value > 1) return false;
  if (*value < 1) expectation.mostly = mostly.text;
  return true;
}

Status read_condition(Expectation& expectation) {
  const SuiteNode& condition = expectation.argument("row_condition");
  if (condition.is_null() || (condition.is_text() && trimmed(condition.text).empty())) return Done{};
  const Result<std::string> translated =
      expectation.is_dbt && condition.is_text()
          ? translate_condition(condition.text, ConditionDialect::Sql)
          : translate_row_condition(condition, expectation.argument("condition_parser").text_or());
  if (!translated) return translated.error();
  expectation.when = *translated;
  return Done{};
}

}  // namespace

const SuiteNode& Expectation::argument(std::string_view key) const {
  const SuiteNode& value = arguments[key];
  if (!value.is_map() || !value.has("$PARAMETER")) return value;
  const std::string parameter = value["$PARAMETER"].text_or();
  if (const SuiteNode& inside = value["$PARAMETER." + parameter]; !inside.is_null()) return inside;
  if (parameters != nullptr && !(*parameters)[parameter].is_null()) return (*parameters)[parameter];
  return value;
}

std::string Expectation::path(const SuiteNode& name) {
  return path_of(name.text_or());
}

std::string Expectation::field() const {
  const SuiteNode& written = argument("column");
  return written.is_null() ? column : path(written);
}

void Expectation::judge(DraftRule rule) {
  rule.when = when;
  rule.description = description;
  rule.tags = tags;
  if (mostly.empty()) {
    rule.severity = severity;
    draft.add(std::move(rule));
    return;
  }
  const std::string about = rule.field.empty() ? rule.id : rule.field + "." + rule.check;
  rule.id = draft.free_id(about.empty() ? rule.check : about);
  rule.severity = "warn";
  rule.on_fail = "count";
  DraftRule share{.where = DraftRule::Where::Window};
  (severity == "warn" ? share.should : share.must) =
      "pass_rate(" + quoted(rule.id) + ") >= " + percent_of_share(mostly).value_or("100%");
  draft.add(std::move(rule));
  draft.add(std::move(share));
}

void Expectation::judge_field(std::string field, std::string check, std::string value) {
  judge({.field = std::move(field), .check = std::move(check), .value = std::move(value)});
}

void Expectation::judge_expression(const std::string& expression, const std::string& label) {
  judge({.where = DraftRule::Where::Records,
         .check = "expr",
         .value = expression_in_yaml(expression),
         .id = draft.free_id(label)});
}

void Expectation::judge_window(std::string condition, bool fails_when_empty) {
  DraftRule rule{.where = DraftRule::Where::Window, .description = description, .when = when, .tags = tags};
  (severity == "warn" ? rule.should : rule.must) = std::move(condition);
  if (fails_when_empty) rule.on_empty = "fail";
  draft.add(std::move(rule));
}

std::string ValueBounds::condition(const std::string& what) const {
  if (!low.empty() && low == high && !strict_low && !strict_high) return what + " == " + low;
  std::string text;
  if (!low.empty()) text = what + (strict_low ? " > " : " >= ") + low;
  if (!high.empty()) text += (text.empty() ? "" : " && ") + what + (strict_high ? " < " : " <= ") + high;
  return text;
}

ValueBounds bounds_of(const Expectation& expectation, bool as_rate) {
  ValueBounds bounds;
  const auto read = [&](std::string_view key) -> std::string {
    const SuiteNode& node = expectation.argument(key);
    if (node.is_null()) return "";
    const std::optional<std::string> text = as_rate ? percent_of_share(node.text_or()) : literal(node);
    if (!text || node.is_boolean()) bounds.spoiled = true;
    return text.value_or("");
  };
  bounds.low = read("min_value");
  bounds.high = read("max_value");
  const bool strictly = expectation.is_dbt && expectation.argument("strictly").is_true();
  bounds.strict_low = strictly || expectation.argument("strict_min").is_true();
  bounds.strict_high = strictly || expectation.argument("strict_max").is_true();
  return bounds;
}

void translate_expectation(Expectation& expectation) {
  if (!read_mostly(expectation)) return expectation.leave_out("`mostly` is no share between 0 and 1");
  if (const Status status = read_condition(expectation); !status)
    return expectation.leave_out("the condition on rows cannot be said: " + status.error().message);
  if (expectation.arguments.has("group_by") && !expectation.arguments["group_by"].is_null())
    return expectation.leave_out("weir has segments by a field for windows, and no groups within one rule");
  for (const SuiteMember& member : expectation.arguments.members) {
    const SuiteNode& value = expectation.argument(member.key);
    if (value.is_map() && value.has("$PARAMETER") && !is_about_results(member.key))
      return expectation.leave_out("`" + member.key + "` is a parameter whose value is given at run time");
  }
  const ExpectationKind* kind = find_kind(expectation.name);
  if (kind == nullptr) return expectation.leave_out("an expectation of your own, or one that weir does not know");
  kind->translate(expectation);
}

}  // namespace weir
