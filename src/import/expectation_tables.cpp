// SPDX-License-Identifier: Apache-2.0
// Expectations about a whole table: its rows and its columns.
#include <algorithm>

#include "import/condition.h"
#include "import/expectation.h"
#include "import/words.h"

namespace weir {
namespace {

void bounded(Expectation& e, const std::string& what) {
  const ValueBounds bounds = bounds_of(e, false);
  if (bounds.spoiled) return e.leave_out("a bound is no number");
  if (bounds.none()) return e.draft.note(e.name + " without bounds always holds.");
  e.judge_window(bounds.condition(what), false);
}

void row_count(Expectation& e) {
  bounded(e, "row_count");
}
void column_count(Expectation& e) {
  bounded(e, "column_count");
}

void equal(Expectation& e, const std::string& what) {
  const std::optional<std::uint64_t> value = e.argument("value").count();
  if (!value) return e.leave_out("`value` is no whole number");
  e.judge_window(what + " == " + std::to_string(*value), false);
}
void row_count_equal(Expectation& e) {
  equal(e, "row_count");
}
void column_count_equal(Expectation& e) {
  equal(e, "column_count");
}

/// The name of a table in another tool's words: `ref('orders')`, `source('shop', 'orders')`, `db.orders`.
std::string name_of_table(const SuiteNode& node) {
  std::string name = node.text_or();
  const std::size_t close = name.find_last_of("'\"");
  if (close != std::string::npos && close > 0) {
    const std::size_t open = name.find_last_of("'\"", close - 1);
    if (open != std::string::npos) name = name.substr(open + 1, close - open - 1);
  }
  return name;
}

void other_table(Expectation& e) {
  const SuiteNode& written =
      e.argument("other_table_name").is_null() ? e.argument("compare_model") : e.argument("other_table_name");
  const std::string name = name_of_table(written);
  if (name.empty()) return e.leave_out("it does not name the other table");
  const SuiteNode& factor = e.argument("factor");
  const std::string times = factor.is_number() ? factor.text + " * " : "";
  e.judge_window("row_count == " + times + "other(" + quoted(name) + ", row_count)", false);
  e.draft.note("The other table has to be an input of the same run, under the name " + name + ".");
}

void exists(Expectation& e) {
  const std::string field = e.field();
  if (field.empty() || field == "\"\"") return e.leave_out("it names no column");
  e.judge_field(field, "required", "present");
  const SuiteNode& index = e.argument("column_index");
  const std::optional<std::uint64_t> position = index.count();
  if (position) {
    const std::string place = std::to_string(*position);
    e.judge_window("column_count > " + place + " && schema[" + place + "].startsWith(" +
                       quoted(e.argument("column").text_or() + ": ") + ")",
                   true);
  } else if (!index.is_null()) {
    e.draft.note("Where the column stands is not asked.");
  }
}

void all_present(Expectation& e, const std::vector<std::string>& names) {
  for (const std::string& name : names) e.judge_field(path_of(name), "required", "present");
}

void columns_in_order(Expectation& e) {
  const std::vector<std::string> names = e.argument("column_list").texts();
  if (!e.argument("column_list").is_list()) {
    if (e.argument("column_list").is_null()) return e.draft.note(e.name + " without columns always holds.");
    return e.leave_out("`column_list` is no list of names");
  }
  std::string condition = "column_count == " + std::to_string(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    condition += " && schema[" + std::to_string(i) + "].startsWith(" + quoted(names[i] + ": ") + ")";
  e.judge_window(condition, true);
}

void columns_set(Expectation& e) {
  const SuiteNode& set = e.argument("column_set").is_null() ? e.argument("column_list") : e.argument("column_set");
  const bool exact = !e.argument("exact_match").is_false();
  if (set.is_null() && !exact) return e.draft.note(e.name + " without columns always holds.");
  if (!set.is_list() && !set.is_null()) return e.leave_out("`column_set` is no list of names");
  const std::vector<std::string> names = set.texts();
  if (!e.mostly.empty()) return e.leave_out("`mostly` of the columns has no counterpart in weir");
  std::vector<std::string> different = names;
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (exact) e.judge_window("column_count == " + std::to_string(different.size()), false);
  all_present(e, different);
}

void columns_contain(Expectation& e) {
  const std::vector<std::string> names = e.argument("column_list").texts();
  if (names.empty()) return e.leave_out("`column_list` is no list of names");
  all_present(e, names);
}

void columns_not_contain(Expectation& e) {
  const std::vector<std::string> names = e.argument("column_list").texts();
  if (names.empty()) return e.leave_out("`column_list` is no list of names");
  for (const std::string& name : names)
    e.judge_expression("!has(" + field_in_expression(path_of(name)) + ")", path_of(name) + ".absent");
}

/// `SELECT … FROM {batch} WHERE condition` finds the rows that must not be there.
void unexpected_rows(Expectation& e) {
  const std::string query(trimmed(e.argument("unexpected_rows_query").text_or()));
  const std::string small = lower(query);
  const std::size_t where = small.find(" where ");
  const bool simple = small.starts_with("select") && where != std::string::npos && small.find("{batch}") < where &&
                      small.find("select", 6) == std::string::npos && small.find(" group by ") == std::string::npos &&
                      small.find(" join ") == std::string::npos && small.find(" order by ") == std::string::npos &&
                      small.find(" limit ") == std::string::npos && small.find(" having ") == std::string::npos;
  if (!simple) return e.leave_out("it is a query in SQL");
  const Result<std::string> condition =
      translate_condition(std::string_view(query).substr(where + 7), ConditionDialect::Sql);
  if (!condition) return e.leave_out("it is a query in SQL: " + condition.error().message);
  e.judge_expression("!(" + *condition + ")", "unexpected-rows");
}

void query(Expectation& e) {
  e.leave_out("it is a query in SQL");
}

constexpr ExpectationKind kKinds[] = {
    {"expect_table_row_count_to_be_between", row_count},
    {"expect_table_row_count_to_equal", row_count_equal},
    {"expect_table_row_count_to_equal_other_table", other_table},
    {"expect_table_row_count_to_equal_other_table_times_factor", other_table},
    {"expect_table_column_count_to_be_between", column_count},
    {"expect_table_column_count_to_equal", column_count_equal},
    {"expect_table_columns_to_match_ordered_list", columns_in_order},
    {"expect_table_columns_to_match_set", columns_set},
    {"expect_table_columns_to_contain_set", columns_contain},
    {"expect_table_columns_to_not_contain_set", columns_not_contain},
    {"expect_column_to_exist", exists},
    {"unexpected_rows_expectation", unexpected_rows},
    {"expect_query_results_to_match_comparison", query},
    {"expect_queried_table_row_count_to_be", query},
    {"expect_queried_column_value_frequency_to_meet_threshold", query},
};

}  // namespace

std::span<const ExpectationKind> table_expectations() {
  return kKinds;
}

}  // namespace weir
