// SPDX-License-Identifier: Apache-2.0
#include "import/importing.h"

namespace weir::testing {
namespace {

/// The rules of tests under a column `a`, written as YAML's flow.
Imported column(const std::string& tests) {
  return import_one(SuiteKind::Dbt,
                    "models:\n  - name: m\n    columns:\n      - name: a\n        tests: " + tests + "\n");
}
Imported model(const std::string& tests) {
  return import_one(SuiteKind::Dbt, "models:\n  - name: m\n    tests: " + tests + "\n");
}

TEST_CASE("the tests of dbt itself are checks") {
  CHECK(column("[not_null, unique]").rules() == "fields:\n  a: {required: true, unique: true}\n");
  CHECK(column("[{accepted_values: {values: [x, 1]}}]").rules() == "fields:\n  a: {in: [x, 1]}\n");
  CHECK(column("[{accepted_values: {values: ['1', '2'], quote: false}}]").rules() == "fields:\n  a: {in: [1, 2]}\n");
  CHECK(column("[{relationships: {to: ref('b'), field: id}}]").left_out() ==
        "relationships: the values of `id` of ref('b') have to be a file for weir: a: {exists_in: {file: NAME.csv, "
        "column: id}}\n");
}

TEST_CASE("arguments may stand under `arguments`, and a test may have a name of its own") {
  CHECK(column("[{accepted_values: {arguments: {values: [x]}, config: {severity: warn}}}]").rules() ==
        "fields:\n  a:\n    - {in: [x], severity: warn}\n");
  CHECK(column("[{name: mine, test_name: accepted_values, arguments: {values: [x]}}]").rules() ==
        "fields:\n  a: {in: [x]}\n");
}

TEST_CASE("where, severity and tags are options of the rule") {
  CHECK(column("[{not_null: {where: \"b is not null and c <> 'x'\", severity: warn, tags: [t]}}]").rules() ==
        "fields:\n  a:\n    - {required: true, when: 'b != null && c != \"x\"', severity: warn, tags: [t]}\n");
  CHECK(column("[{not_null: {where: \"d > current_date\"}}]").left_out() ==
        "not_null: its `where` cannot be said: `current_date` has no counterpart in weir\n");
  CHECK(column("[{not_null: {config: {enabled: false}}}]").left_out() ==
        "not_null: it is switched off: enabled: false\n");
}

TEST_CASE("thresholds on the number of failures judge a count") {
  CHECK(column("[{not_null: {config: {error_if: '>10', warn_if: '>= 2'}}}]").rules() ==
        "fields:\n  a:\n    - {id: a.required, required: true, severity: warn, on_fail: count}\n"
        "windows:\n  - rules:\n      - {must: 'fail_count(\"a.required\") <= 10', should: 'fail_count(\"a.required\") "
        "< 2'}\n");
}

TEST_CASE("the tests of dbt_utils are checks, expressions and measures") {
  CHECK(column("[{dbt_utils.accepted_range: {min_value: 0, max_value: 9, inclusive: false}}]").rules() ==
        "fields:\n  a: {above: 0, below: 9}\n");
  CHECK(column("[{dbt_utils.accepted_range: {min_value: b}}]").rules() == "records:\n  - {id: a.min, expr: a >= b}\n");
  CHECK(column("[dbt_utils.at_least_one]").rules() ==
        "windows:\n  - rules:\n      - {must: missing_rate(a) < 100%, on_empty: fail}\n");
  CHECK(column("[{dbt_utils.not_null_proportion: {at_least: 0.95}}]").rules() ==
        "windows:\n  - rules:\n      - {must: '1 - missing_rate(a) >= 95%'}\n");
  CHECK(column("[dbt_utils.not_empty_string]").rules() == "fields:\n  a: {match: '[^ ]'}\n");
  CHECK(column("[{dbt_utils.expression_is_true: {expression: '>= 0'}}]").rules() ==
        "records:\n  - {id: a.expression, expr: a >= 0}\n");
  CHECK(model("[{dbt_utils.expression_is_true: {expression: 'a + b = c'}}]").rules() ==
        "records:\n  - {id: expression, expr: a + b == c}\n");
  CHECK(model("[{dbt_utils.unique_combination_of_columns: {combination_of_columns: [a, b]}}]").rules() ==
        "records:\n  - {unique: [a, b]}\n");
  CHECK(model("[{dbt_utils.recency: {datepart: day, field: t, interval: 2}}]").rules() ==
        "windows:\n  - rules:\n      - {must: freshness(t) <= 2d, on_empty: fail}\n");
  CHECK(model("[{dbt_utils.equal_rowcount: {compare_model: ref('o')}}]").rules() ==
        "windows:\n  - rules:\n      - {must: 'row_count == other(\"o\", row_count)'}\n");
}

TEST_CASE("dbt_expectations are expectations with SQL conditions") {
  CHECK(column("[{dbt_expectations.expect_column_values_to_be_between: {min_value: 0, row_condition: \"b = 1\"}}]")
            .rules() == "fields:\n  a:\n    - {min: 0, when: b == 1}\n");
  CHECK(column("[{dbt_expectations.expect_column_values_to_match_regex: {regex: '^x', flags: i, mostly: 0.9}}]")
            .rules() ==
        "fields:\n  a:\n    - {id: a.match, match: '(?i)^x', severity: warn, on_fail: count}\n"
        "windows:\n  - rules:\n      - {must: 'pass_rate(\"a.match\") >= 90%'}\n");
}

TEST_CASE("elementary's tests ask the past of a measure") {
  CHECK(model("[{elementary.volume_anomalies: {anomaly_sensitivity: 2}}]").rules() ==
        "windows:\n  - rules:\n      - {must: 'abs(z_score(row_count, 14)) <= 2'}\n");
}

TEST_CASE("each model and each table of a source is a rule file of its own, with constraints and freshness") {
  const std::vector<Imported> all = import_all(SuiteKind::Dbt, R"(
models:
  - name: m
    config: {contract: {enforced: true}}
    constraints: [{type: primary_key, columns: [a, b]}]
    columns:
      - {name: a, data_type: bigint, constraints: [{type: not_null}, {type: check, expression: a > 0}]}
  - name: quiet
sources:
  - name: s
    loaded_at_field: at::timestamp
    freshness: {warn_after: {count: 6, period: hour}, error_after: {count: 1, period: day}}
    tables: [{name: t}]
)");
  REQUIRE(all.size() == 2);
  CHECK(all[0].draft.name == "m");
  CHECK(all[0].rules() ==
        "fields:\n  a: {required: true, type: integer}\n  b: {required: true}\n"
        "records:\n  - {unique: [a, b]}\n  - {id: a.check, expr: a > 0}\n");
  CHECK(all[1].draft.name == "t");
  CHECK(all[1].rules() ==
        "windows:\n  - rules:\n      - {must: freshness(at) <= 1d, on_empty: fail}\n      - {should: freshness(at) <= "
        "6h, on_empty: fail}\n");
}

TEST_CASE("templates and tests of one's own are left out with their reason") {
  CHECK(column("[{accepted_values: {values: [\"{{ var('x') }}\"]}}]").left_out() ==
        "accepted_values: a value is a template (`{{ … }}`), which dbt fills in\n");
  CHECK(column("[my_test, other.thing]").left_out() ==
        "my_test: a test of your own project\nother.thing: a test of the package other that weir does not know\n");
  CHECK(refusal(SuiteKind::Dbt, "checks for x: []\n") ==
        "1:1: there are no `models`, `seeds`, `snapshots` or `sources`: this is no property file of dbt");
}

}  // namespace
}  // namespace weir::testing
