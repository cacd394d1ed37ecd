// SPDX-License-Identifier: Apache-2.0
// The tests that dbt has itself, and those of dbt_utils.
#include "import/condition.h"
#include "import/dbt_test.h"
#include "import/words.h"

namespace weir {
namespace {

std::string field_of(const DbtTest& test) {
  const std::string named = test.argument("column_name").text_or(test.argument("field").text_or());
  return !test.column.empty() ? test.column : dbt_path(named);
}

std::string measure(const DbtTest& test, const std::string& name) {
  return name + "(" + field_in_expression(field_of(test)) + ")";
}

std::optional<std::string> values_of(const SuiteNode& list, bool quote) {
  std::string out = "[";
  for (const SuiteNode& item : list.items) {
    if (item.is_null()) continue;
    if (!item.is_scalar()) return std::nullopt;
    // dbt puts the values in quotes unless it is told not to; without quotes a text is a number or a name.
    const bool bare = !quote && item.is_text() && is_number(item.text);
    out += (out.size() == 1 ? "" : ", ") + (bare ? item.text : scalar_in_yaml(item));
  }
  if (out.size() == 1) return std::nullopt;
  return out + "]";
}

void accepted_values(DbtTest& test, const char* check) {
  const std::optional<std::string> list = values_of(test.argument("values"), !test.argument("quote").is_false());
  if (!list) return test.leave_out("`values` is no list of values");
  test.judge_field(field_of(test), check, *list);
}

/// The literal of a bound: a number, or a text of SQL in its quotes.
std::string bound_of(const SuiteNode& node) {
  if (node.is_number()) return node.text;
  const std::string_view text = trimmed(node.text);
  if (is_number(text)) return std::string(text);
  if (text.size() > 2 && text.front() == '\'' && text.back() == '\'') return quoted(text.substr(1, text.size() - 2));
  return "";
}

void accepted_range(DbtTest& test) {
  const SuiteNode& low = test.argument("min_value");
  const SuiteNode& high = test.argument("max_value");
  const bool inclusive = !test.argument("inclusive").is_false();
  if (low.is_null() && high.is_null()) return test.leave_out("it has no bound");
  const std::string field = field_of(test);
  struct Side {
    const SuiteNode* node;
    std::string check;
    std::string sign;
  };
  const Side sides[] = {{&low, inclusive ? "min" : "above", inclusive ? " >= " : " > "},
                        {&high, inclusive ? "max" : "below", inclusive ? " <= " : " < "}};
  for (const auto& [node, check, sign] : sides) {
    if (node->is_null()) continue;
    const std::string bound = bound_of(*node);
    if (!bound.empty() && bound.front() != '"') {
      test.judge_field(field, check, bound);
      continue;
    }
    const Result<std::string> expression =
        bound.empty() ? translate_condition(node->text_or(), ConditionDialect::Sql) : Result<std::string>(bound);
    if (!expression) return test.leave_out("a bound cannot be said: " + expression.error().message);
    test.judge_expression(field_in_expression(field) + sign + *expression, field + "." + check);
  }
}

void expression_is_true(DbtTest& test) {
  std::string text = test.argument("expression").text_or();
  // Under a column the expression goes on behind the column's name: `>= 0`.
  const std::string_view begin = trimmed(text);
  if (!test.column.empty() && !begin.empty() && std::string_view("<>=!").find(begin.front()) != std::string_view::npos)
    text = test.column + " " + text;
  const bool goes_on = lower(begin).starts_with("is ") || lower(begin).starts_with("in ") ||
                       lower(begin).starts_with("not ") || lower(begin).starts_with("between ") ||
                       lower(begin).starts_with("like ");
  if (!test.column.empty() && goes_on) text = test.column + " " + text;
  const Result<std::string> expression = translate_condition(text, ConditionDialect::Sql);
  if (!expression) return test.leave_out("the expression cannot be said: " + expression.error().message);
  const SuiteNode& condition = test.argument("condition");
  if (condition.is_text() && condition.text != "1=1") {
    const Result<std::string> when = translate_condition(condition.text, ConditionDialect::Sql);
    if (!when) return test.leave_out("its condition cannot be said: " + when.error().message);
    test.when = test.when.empty() ? *when : "(" + test.when + ") && (" + *when + ")";
  }
  test.judge_expression(*expression, test.column.empty() ? "expression" : test.column + ".expression");
}

void unique_combination(DbtTest& test) {
  const SuiteNode& list = test.argument("combination_of_columns");
  std::vector<std::string> paths = (list.is_list() ? list : test.argument("column_names")).texts();
  if (paths.empty()) return test.leave_out("it names no columns");
  for (std::string& path : paths) path = dbt_path(path);
  test.judge({.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(paths)});
}

/// dbt_constraints.primary_key: `column_name`, or `column_names`.
void primary_key(DbtTest& test) {
  std::vector<std::string> names = test.argument("column_names").texts();
  if (names.empty()) {
    test.judge_field(field_of(test), "required", "true");
    return test.judge_field(field_of(test), "unique", "true");
  }
  unique_combination(test);
  for (const std::string& name : names) test.judge_field(dbt_path(name), "required", "true");
}

void not_null_proportion(DbtTest& test) {
  const std::optional<std::string> low = percent_of_share(test.argument("at_least").text_or());
  const std::optional<std::string> high = percent_of_share(test.argument("at_most").text_or());
  if (!low && !high) return test.leave_out("`at_least` is no number");
  const std::string share = "1 - " + measure(test, "missing_rate");
  if (low) test.judge_window(share + " >= " + *low, false);
  if (high && *high != "100%") test.judge_window(share + " <= " + *high, false);
}

void recency(DbtTest& test) {
  const std::string part = lower(test.argument("datepart").text_or());
  const std::optional<std::uint64_t> interval = test.argument("interval").count();
  const std::string unit = part == "week"     ? "w"
                           : part == "day"    ? "d"
                           : part == "hour"   ? "h"
                           : part == "minute" ? "m"
                                              : "";
  if (!interval || unit.empty()) return test.leave_out("`datepart` and `interval` name no fixed time");
  const Result<std::string> field =
      translate_condition(test.argument("field").text_or(test.column), ConditionDialect::Sql);
  if (!field || field->find_first_of("(+ ") != std::string::npos)
    return test.leave_out("`field` is no column but an expression");
  test.judge_window("freshness(" + *field + ") <= " + std::to_string(*interval) + unit, true);
}

std::string other_table(const DbtTest& test) {
  std::string name = test.argument("compare_model").text_or();
  const std::size_t close = name.find_last_of("'\"");
  const std::size_t open = close == std::string::npos || close == 0 ? close : name.find_last_of("'\"", close - 1);
  if (open != std::string::npos && open != close) name = name.substr(open + 1, close - open - 1);
  return name;
}

void compare_rows(DbtTest& test, const std::string& sign) {
  const std::string other = other_table(test);
  if (other.empty()) return test.leave_out("`compare_model` names no table");
  test.judge_window("row_count " + sign + " other(" + quoted(other) + ", row_count)", false);
  test.draft.note("The other table has to be an input of the same run, under the name " + other + ".");
}

void relationship(DbtTest& test) {
  const std::string field = test.argument("field").text_or(test.argument("pk_column_name").text_or("id"));
  test.leave_out("the values of `" + one_line(field, 40) + "` of " +
                 one_line(test.argument("to").text_or("another table"), 60) + " have to be a file for weir: " +
                 key_in_yaml(field_of(test)) + ": {exists_in: {file: NAME.csv, column: " + key_in_yaml(field) + "}}");
}

}  // namespace

bool translate_known_dbt_test(DbtTest& test) {
  const std::string& name = test.name;
  const auto field = [&test](const char* check, const char* value) {
    test.judge_field(field_of(test), check, value);
    return true;
  };
  const auto window = [&test](const std::string& condition, bool fails_when_empty) {
    test.judge_window(condition, fails_when_empty);
    return true;
  };
  if (name == "not_null" || name == "not_null_where") return field("required", "true");
  if (name == "unique" || name == "unique_where" || name == "unique_key") {
    if (!test.argument("column_names").texts().empty()) return unique_combination(test), true;
    return field("unique", "true");
  }
  if (name == "primary_key") return primary_key(test), true;
  if (name == "accepted_values") return accepted_values(test, "in"), true;
  if (name == "not_accepted_values") return accepted_values(test, "not_in"), true;
  if (name == "relationships" || name == "relationships_where" || name == "foreign_key")
    return relationship(test), true;
  if (test.package != "dbt_utils" && !test.package.empty()) return false;
  if (name == "accepted_range") return accepted_range(test), true;
  if (name == "expression_is_true") return expression_is_true(test), true;
  if (name == "unique_combination_of_columns") return unique_combination(test), true;
  if (name == "not_null_proportion") return not_null_proportion(test), true;
  if (name == "recency") return recency(test), true;
  if (name == "at_least_one") return window(measure(test, "missing_rate") + " < 100%", true);
  if (name == "not_constant") return window(measure(test, "distinct") + " > 1", false);
  if (name == "not_empty_string") {
    if (test.argument("trim_whitespace").is_false()) return field("min_length", "1");
    return field("match", "'[^ ]'");
  }
  if (name == "sequential_values") {
    const SuiteNode& interval = test.argument("interval");
    if (test.argument("datepart").is_text())
      return test.leave_out("steps of a part of a date have no counterpart in weir"), true;
    test.draft.note("weir judges the records in the order in which they come; dbt sorts them first.");
    return field("sequence",
                 interval.is_number() && interval.text != "1" ? ("{step: " + interval.text + "}").c_str() : "true");
  }
  if (name == "equal_rowcount") return compare_rows(test, "=="), true;
  if (name == "fewer_rows_than") return compare_rows(test, "<"), true;
  if (name == "equality" || name == "cardinality_equality" || name == "mutually_exclusive_ranges") {
    test.leave_out(name == "mutually_exclusive_ranges" ? "it compares each row with the next one"
                                                       : "it compares with another table");
    return true;
  }
  return false;
}

}  // namespace weir
