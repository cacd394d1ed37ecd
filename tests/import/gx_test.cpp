// SPDX-License-Identifier: Apache-2.0
#include "import/importing.h"

namespace weir::testing {
namespace {

std::string suite_of(const std::string& type, const std::string& kwargs) {
  return R"({"expectation_suite_name": "s", "expectations": [{"expectation_type": ")" + type + R"(", "kwargs": )" +
         kwargs + "}]}";
}

Imported one(const std::string& type, const std::string& kwargs) {
  return import_one(SuiteKind::GreatExpectations, suite_of(type, kwargs), "suite.json");
}

/// What the expectation becomes; nothing may be left out.
std::string rules(const std::string& type, const std::string& kwargs) {
  const Imported imported = one(type, kwargs);
  CHECK(imported.left_out() == "");
  return imported.rules();
}

std::string left_out(const std::string& type, const std::string& kwargs) {
  const Imported imported = one(type, kwargs);
  CHECK(imported.rules() == "");
  return imported.left_out();
}

TEST_CASE("an expectation about each value is a check of its field") {
  CHECK(rules("expect_column_values_to_not_be_null", R"({"column": "a"})") == "fields:\n  a: {required: true}\n");
  CHECK(rules("expect_column_values_to_be_null", R"({"column": "a"})") == "fields:\n  a: {\"null\": true}\n");
  CHECK(rules("expect_column_values_to_be_unique", R"({"column": "a"})") == "fields:\n  a: {unique: true}\n");
  CHECK(
      rules("expect_column_values_to_be_in_set", R"({"column": "a", "value_set": ["x", 1, "1", true, null, "yes"]})") ==
      "fields:\n  a: {in: [x, 1, '1', true, 'yes']}\n");
  CHECK(rules("expect_column_values_to_not_be_in_set", R"({"column": "a", "value_set": ["x"]})") ==
        "fields:\n  a: {not_in: [x]}\n");
  CHECK(rules("expect_column_values_to_match_regex", R"({"column": "a", "regex": "^[\\w-.]+\\Z"})") ==
        "fields:\n  a: {match: '^[\\w\\-.]+\\z'}\n");
  CHECK(rules("expect_column_values_to_match_regex_list",
              R"({"column": "a", "regex_list": ["x", "y"], "match_on": "all"})") ==
        "fields:\n  a: {match_all: [x, 'y']}\n");
  CHECK(rules("expect_column_values_to_match_like_pattern", R"({"column": "a", "like_pattern": "x%"})") ==
        "fields:\n  a: {like: 'x%'}\n");
  CHECK(rules("expect_column_value_lengths_to_be_between",
              R"({"column": "a", "min_value": 1, "max_value": 5, "strict_max": true})") ==
        "fields:\n  a: {min_length: 1, max_length: 4}\n");
  CHECK(rules("expect_column_value_lengths_to_equal", R"({"column": "a", "value": 5})") ==
        "fields:\n  a: {length: 5}\n");
  CHECK(rules("expect_column_values_to_be_increasing", R"({"column": "a", "strictly": true})") ==
        "fields:\n  a: {increasing: {strict: true}}\n");
  CHECK(rules("expect_column_values_to_be_json_parseable", R"({"column": "a"})") == "fields:\n  a: {parse: json}\n");
  CHECK(rules("expect_column_values_to_match_strftime_format", R"({"column": "a", "strftime_format": "%d.%m.%Y"})") ==
        "fields:\n  a: {strftime: '%d.%m.%Y'}\n");
  CHECK(rules("expect_column_values_to_be_of_type", R"({"column": "a", "type_": "INT64"})") ==
        "fields:\n  a: {type: integer}\n");
  CHECK(rules("expect_column_values_to_be_in_type_list", R"({"column": "a", "type_list": ["int", "float64"]})") ==
        "fields:\n  a: {type: number}\n");
}

TEST_CASE("bounds keep their strictness, and nulls among them stand for none") {
  const std::string between = "expect_column_values_to_be_between";
  CHECK(rules(between, R"({"column": "a", "min_value": 0, "max_value": 9.5, "strict_min": true})") ==
        "fields:\n  a: {above: 0, max: 9.5}\n");
  CHECK(rules(between, R"({"column": "a", "min_value": null, "max_value": 9, "strict_max": true})") ==
        "fields:\n  a: {below: 9}\n");
  CHECK(rules(between, R"({"column": "a", "min_value": "2020-01-01T00:00:00Z"})") ==
        "fields:\n  a: {min: '2020-01-01T00:00:00Z'}\n");
  CHECK(rules(between, R"({"column": "a", "min_value": "2020-01-01"})") ==
        "records:\n  - {id: a.between, expr: 'a >= \"2020-01-01\"'}\n");
  CHECK(left_out(between, R"({"column": "a", "min_value": null})") ==
        between + ": it has no bound, which the tool refuses as well\n");
  CHECK(left_out(between, R"({"column": "a", "min_value": {"$PARAMETER": "low"}})") ==
        between + ": `min_value` is a parameter whose value is given at run time\n");
  CHECK(rules(between, R"({"column": "a", "min_value": {"$PARAMETER": "low", "$PARAMETER.low": 3}})") ==
        "fields:\n  a: {min: 3}\n");
}

TEST_CASE("times in another layout are put together within the expression") {
  const std::string text =
      rules("expect_column_values_to_be_between",
            R"({"column": "t", "min_value": "Jan 31 2020 12:00:02", "parse_strings_as_datetimes": true})");
  CHECK(text.find(">= 2020-01-31T12:00:02Z") != std::string::npos);
  CHECK(text.find("t.substring(7, 11)") != std::string::npos);
}

TEST_CASE("with mostly the records are counted and the share is judged") {
  CHECK(rules("expect_column_values_to_be_in_set", R"({"column": "a", "value_set": ["x"], "mostly": 0.955})") ==
        "fields:\n  a:\n    - {id: a.in, in: [x], severity: warn, on_fail: count}\n"
        "windows:\n  - rules:\n      - {must: 'pass_rate(\"a.in\") >= 95.5%'}\n");
  CHECK(rules("expect_column_values_to_be_between",
              R"({"column": "a", "min_value": 0, "max_value": 9, "mostly": 0.9})") ==
        "records:\n  - {id: a.between, expr: a >= 0 && a <= 9, severity: warn, on_fail: count}\n"
        "windows:\n  - rules:\n      - {must: 'pass_rate(\"a.between\") >= 90%'}\n");
  CHECK(rules("expect_column_values_to_be_unique", R"({"column": "a", "mostly": 0.4})") ==
        "windows:\n  - rules:\n      - {must: unique_rate(a) * distinct_rate(a) >= 40%}\n");
  CHECK(rules("expect_column_values_to_not_be_null", R"({"column": "a", "mostly": 1.0})") ==
        "fields:\n  a: {required: true}\n");
  CHECK(left_out("expect_column_values_to_not_be_null", R"({"column": "a", "mostly": 95})") ==
        "expect_column_values_to_not_be_null: `mostly` is no share between 0 and 1\n");
}

TEST_CASE("a condition on rows becomes `when`") {
  const std::string name = "expect_column_values_to_not_be_null";
  const auto when = [&](const std::string& condition) {
    return rules(name, R"({"column": "a", "condition_parser": "pandas", "row_condition": ")" + condition + "\"}");
  };
  CHECK(when("b==5") == "fields:\n  a:\n    - {required: true, when: b == 5}\n");
  CHECK(when("b > 5 and c == 'x'") == "fields:\n  a:\n    - {required: true, when: 'b > 5 && c == \"x\"'}\n");
  CHECK(when("b.notnull() & ~(c in [1, 2])") ==
        "fields:\n  a:\n    - {required: true, when: 'b != null && !(c in [1, 2])'}\n");
  CHECK(when("b != 5") == "fields:\n  a:\n    - {required: true, when: b == null || b != 5}\n");
  CHECK(
      rules(
          name,
          R"j({"column": "a", "condition_parser": "great_expectations__experimental__", "row_condition": "col(\"b\").notNull()"})j") ==
      "fields:\n  a:\n    - {required: true, when: b != null}\n");
  CHECK(left_out(name, R"({"column": "a", "row_condition": "b.str.len() > 5", "condition_parser": "pandas"})") ==
        name + ": the condition on rows cannot be said: `.len()` has no counterpart in weir\n");
}

TEST_CASE("expectations about several columns say which nulls take a row out") {
  CHECK(rules("expect_column_pair_values_to_be_equal",
              R"({"column_A": "a", "column_B": "b", "ignore_row_if": "either_value_is_missing"})") ==
        "records:\n  - {id: a.b.equal, expr: a == b}\n");
  CHECK(rules("expect_column_pair_values_A_to_be_greater_than_B",
              R"({"column_A": "a", "column_B": "b c", "or_equal": true})") ==
        "records:\n  - {id: a.b c.greater, expr: 'a != null && `b c` != null && (a >= `b c`)', when: 'a != null || `b "
        "c` != null'}\n");
  CHECK(rules("expect_compound_columns_to_be_unique", R"({"column_list": ["a", "b"]})") ==
        "records:\n  - {unique: [a, b]}\n");
  CHECK(rules("expect_multicolumn_sum_to_equal",
              R"({"column_list": ["a", "b"], "sum_total": 4, "ignore_row_if": "any_value_is_missing"})") ==
        "records:\n  - {sum_of: {fields: [a, b], equals: 4}}\n");
  CHECK(rules("expect_select_column_values_to_be_unique_within_record",
              R"({"column_list": ["a", "b"], "ignore_row_if": "any_value_is_missing"})") ==
        "records:\n  - {id: 'a,b.distinct', expr: a != b}\n");
}

TEST_CASE("an aggregate is a rule over the whole input, and fails where there is nothing") {
  CHECK(rules("expect_column_mean_to_be_between", R"({"column": "a", "min_value": 1, "max_value": 5})") ==
        "windows:\n  - rules:\n      - {must: mean(a) >= 1 && mean(a) <= 5, on_empty: fail}\n");
  CHECK(rules("expect_column_stdev_to_be_between", R"({"column": "a", "min_value": 1, "max_value": 1})") ==
        "windows:\n  - rules:\n      - {must: stddev(a) == 1, on_empty: fail}\n");
  CHECK(rules("expect_column_proportion_of_unique_values_to_be_between", R"({"column": "a", "max_value": 0.5})") ==
        "windows:\n  - rules:\n      - {must: distinct_rate(a) <= 50%}\n");
  CHECK(
      rules("expect_column_quantile_values_to_be_between",
            R"({"column": "a", "quantile_ranges": {"quantiles": [0.5, 0.9], "value_ranges": [[1, 2], [null, 9]]}})") ==
      "windows:\n  - rules:\n      - {must: 'quantile(a, 0.5) >= 1 && quantile(a, 0.5) <= 2', on_empty: fail}\n"
      "      - {must: 'quantile(a, 0.9) <= 9', on_empty: fail}\n");
  CHECK(rules("expect_column_distinct_values_to_equal_set", R"({"column": "a", "value_set": [1, 1.0, "x"]})") ==
        "windows:\n  - rules:\n      - {must: 'count(!(a in [1, \"x\"])) == 0 && distinct(a) == 2', on_empty: fail}\n");
  CHECK(rules("expect_column_distinct_values_to_contain_set", R"({"column": "a", "value_set": [1, 2]})") ==
        "windows:\n  - rules:\n      - {must: distinct(a) == 2, when: 'a in [1, 2]', on_empty: fail}\n");
  CHECK(rules("expect_column_most_common_value_to_be_in_set", R"({"column": "a", "value_set": [1, 2]})") ==
        "windows:\n  - rules:\n      - {must: 'size(modes(a)) == 1 && modes(a)[0] in [1, 2]', on_empty: fail}\n");
  CHECK(rules("expect_column_most_common_value_to_be_in_set",
              R"({"column": "a", "value_set": [1, 2], "ties_okay": true})") ==
        "windows:\n  - rules:\n      - {must: 'modes(a).exists(v, v in [1, 2])', on_empty: fail}\n");
  CHECK(rules("expect_table_row_count_to_be_between", R"({"min_value": 1, "max_value": 5})") ==
        "windows:\n  - rules:\n      - {must: row_count >= 1 && row_count <= 5}\n");
  CHECK(left_out("expect_column_kl_divergence_to_be_less_than", R"({"column": "a"})")
            .find("a distribution that stands in the suite") != std::string::npos);
}

TEST_CASE("columns of a table are asked for by name, by number and by place") {
  CHECK(rules("expect_column_to_exist", R"({"column": "a.b"})") == "fields:\n  '\"a.b\"': {required: present}\n");
  CHECK(rules("expect_table_columns_to_match_set", R"({"column_set": ["b", "a"], "exact_match": false})") ==
        "fields:\n  a: {required: present}\n  b: {required: present}\n");
  CHECK(rules("expect_table_columns_to_match_ordered_list", R"({"column_list": ["a"]})") ==
        "windows:\n  - rules:\n      - {must: 'column_count == 1 && schema[0].startsWith(\"a: \")', on_empty: fail}\n");
}

TEST_CASE("notes, severity and the names of version 1 are understood") {
  const Imported imported = import_one(SuiteKind::GreatExpectations,
                                       R"({"name": "v1", "expectations": [
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}, "severity": "warning", "notes": "why"},
    {"type": "ExpectColumnMeanToBeBetween", "kwargs": {"column": "a", "min_value": 1}, "severity": "info"}]})");
  CHECK(imported.rules() ==
        "fields:\n  a:\n    - {required: true, severity: warn, description: why}\n"
        "windows:\n  - rules:\n      - {should: mean(a) >= 1, on_empty: fail}\n");
  CHECK(imported.draft.name == "v1");
}

TEST_CASE("what weir refuses is left out with its reason and its place") {
  const Imported imported = one("expect_column_values_to_match_regex", R"({"column": "a", "regex": "(?=x)y"})");
  CHECK(imported.left_out() == "expect_column_values_to_match_regex: weir refuses it: `(?=` is not supported\n");
  CHECK(imported.text.find("# left out, line 1: expect_column_values_to_match_regex: weir refuses it") !=
        std::string::npos);
  CHECK(left_out("expect_my_own", "{}") ==
        "expect_my_own: an expectation of your own, or one that weir does not know\n");
}

TEST_CASE("the infinities that Python writes into JSON do not stop the rest of a suite") {
  const std::string suite = R"({"expectations": [
    {"type": "expect_column_kl_divergence_to_be_less_than", "kwargs": {"column": "a", "bins": [-Infinity, 0, Infinity, NaN]}},
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "Infinity"}}]})";
  const Imported imported = import_one(SuiteKind::GreatExpectations, suite, "s.json");
  CHECK(imported.rules() == "fields:\n  Infinity: {required: true}\n");
  CHECK(imported.draft.sources[1].line == 3);
}

TEST_CASE("the place of a column is asked for where there are as many columns") {
  CHECK(rules("expect_column_to_exist", R"({"column": "a", "column_index": 4})") ==
        "fields:\n  a: {required: present}\n"
        "windows:\n  - rules:\n      - {must: 'column_count > 4 && schema[4].startsWith(\"a: \")', on_empty: fail}\n");
}

TEST_CASE("a checkpoint is told apart from a suite") {
  CHECK(refusal(SuiteKind::GreatExpectations, "name: c\nvalidations: []\n") ==
        "1:1: this is a checkpoint: it names suites and holds no expectations; import the suites");
  CHECK(refusal(SuiteKind::GreatExpectations, "{}", "s.json") == "1:1: there is no list `expectations`");
}

}  // namespace
}  // namespace weir::testing
