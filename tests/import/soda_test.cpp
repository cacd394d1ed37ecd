// SPDX-License-Identifier: Apache-2.0
#include "import/importing.h"

namespace weir::testing {
namespace {

Imported checks(const std::string& list) {
  return import_one(SuiteKind::Soda, "checks for d:\n" + list);
}

std::string window(const std::string& rule) {
  return "windows:\n  - rules:\n      - {" + rule + "}\n";
}

TEST_CASE("a metric with a threshold is a rule over the whole input") {
  CHECK(checks("  - row_count > 0\n").rules() == window("must: row_count > 0"));
  CHECK(checks("  - avg(a) between 1 and 5\n").rules() == window("must: mean(a) >= 1 && mean(a) <= 5"));
  CHECK(checks("  - max(a) between (1 and 5)\n").rules() == window("must: max(a) > 1 && max(a) < 5"));
  CHECK(checks("  - sum(a) not between -1 and 5\n").rules() == window("must: '(sum(a) < -1 || sum(a) > 5)'"));
  CHECK(checks("  - percentile(a, 0.95) <= 5\n").rules() == window("must: 'quantile(a, 0.95) <= 5'"));
  CHECK(checks("  - avg_length(a) != 3\n").rules() == window("must: mean_length(a) != 3"));
  CHECK(checks("  - freshness(t) < 1d6h\n").rules() == window("must: freshness(t) < 1d6h, on_empty: fail"));
  CHECK(checks("  - missing_percent(a) < 5 %\n").rules() == window("must: missing_rate(a) < 5%"));
}

TEST_CASE("warn and fail say what is bad, and weir what has to hold") {
  CHECK(checks("  - row_count:\n      warn: when < 10\n      fail: when = 0\n").rules() ==
        window("must: row_count != 0, should: row_count >= 10"));
  CHECK(checks("  - avg(a):\n      fail: when not between 1 and 5\n").rules() ==
        window("must: mean(a) >= 1 && mean(a) <= 5"));
}

TEST_CASE("that there is none is a rule over the records") {
  CHECK(checks("  - missing_count(a) = 0\n").rules() == "fields:\n  a: {required: true}\n");
  CHECK(checks("  - duplicate_count(a) = 0\n").rules() == "fields:\n  a: {unique: true}\n");
  CHECK(checks("  - duplicate_count(a, b) = 0\n").rules() == "records:\n  - {unique: [a, b]}\n");
  CHECK(checks("  - invalid_count(a) = 0:\n      valid values: [x, 1]\n      valid max length: 5\n").rules() ==
        "fields:\n  a: {in: [x, 1], max_length: 5}\n");
  CHECK(checks("  - missing_count(a) = 0:\n      missing values: [n/a, '']\n").rules() ==
        "records:\n  - {id: a.missing, expr: 'a != null && !(a in [\"n/a\", \"\"])'}\n");
  CHECK(checks("  - invalid_count(a):\n      valid format: uuid\n      warn: when > 0\n").rules() ==
        "fields:\n  a:\n    - {format: uuid, severity: warn}\n");
}

TEST_CASE("other thresholds count the records that fail") {
  CHECK(checks("  - invalid_count(a) < 5:\n      valid regex: ^x\n").rules() ==
        "fields:\n  a:\n    - {id: a.match, match: '^x', severity: warn, on_fail: count}\n" +
            window("must: 'fail_count(\"a.match\") < 5'"));
  CHECK(checks("  - invalid_percent(a) < 5 %:\n      valid min: 1\n").rules() ==
        "fields:\n  a:\n    - {id: a.min, min: 1, severity: warn, on_fail: count}\n" +
            window("must: 'fail_count(\"a.min\") < 0.05 * row_count'"));
  CHECK(checks("  - duplicate_count(a) < 5\n").rules() == window("must: distinct(a) * (1 - unique_rate(a)) < 5"));
}

TEST_CASE("filters of a check and of a dataset become `when`") {
  const Imported imported = import_one(SuiteKind::Soda,
                                       "filter d [daily]:\n  where: b > 1\nchecks for d [daily]:\n"
                                       "  - missing_count(a) = 0:\n      filter: c = 'x'\n      name: why\n");
  CHECK(imported.rules() ==
        "fields:\n  a:\n    - {required: true, when: '(b > 1) && (c == \"x\")', description: why}\n");
}

TEST_CASE("columns of a schema are asked for one by one") {
  CHECK(checks("  - schema:\n      fail:\n        when required column missing: [a]\n        when forbidden column "
               "present: [b]\n"
               "      warn:\n        when wrong column type: {a: varchar}\n        when wrong column index: {a: 0}\n")
            .rules() ==
        "fields:\n  a:\n    - {required: present}\n    - {type: string, severity: warn}\nrecords:\n  - {id: b.absent, "
        "expr: '!has(b)'}\n" +
            window("should: 'column_count > 0 && schema[0].startsWith(\"a: \")'"));
}

TEST_CASE("a change, an anomaly and another dataset are measures with a past or a partner") {
  CHECK(checks("  - change avg last 7 percent for row_count between -20 and 50\n").rules() ==
        window("must: 'change(row_count, avg(last(7))) >= -20% && change(row_count, avg(last(7))) <= 50%'"));
  CHECK(checks("  - anomaly detection for avg(a)\n").rules() == window("must: 'abs(z_score(mean(a), 30)) <= 3'"));
  CHECK(checks("  - row_count same as o\n").rules() == window("must: 'row_count == other(\"o\", row_count)'"));
  CHECK(checks("  - change for row_count < 5\n").left_out() ==
        "change for row_count < 5: it asks for the difference itself; weir's change() is a share of the baseline\n");
}

TEST_CASE("failing rows are an expression, and SQL is left out") {
  CHECK(checks("  - failed rows:\n      fail condition: a < 0 or b is null\n").rules() ==
        "records:\n  - {id: failed-rows, expr: '!(a < 0 || b == null)'}\n");
  CHECK(checks("  - failed rows:\n      fail query: select 1\n").left_out() == "failed rows: it is a query in SQL\n");
  CHECK(checks("  - m > 1:\n      m expression: count(*)\n").left_out() == "m > 1: the metric is written in SQL\n");
  CHECK(checks("  - row_count > ${MIN}\n").left_out() ==
        "row_count > ${MIN}: it holds a variable (`${…}`), which Soda fills in\n");
}

TEST_CASE("contracts of Soda name their checks by type or by key") {
  const Imported imported = import_one(SuiteKind::Soda, R"(
dataset: db/schema/orders
columns:
  - name: a
    data_type: integer
    checks:
      - type: no_missing_values
      - invalid: {valid_values: [1, 2]}
      - aggregate: {function: avg, threshold: {must_be_between: {greater_than: 1, less_than_or_equal: 5}}}
  - {name: b, optional: true}
checks:
  - row_count: {threshold: {must_be_greater_than: 10}}
  - duplicate: {columns: [a, b]}
  - freshness: {column: t, threshold: {unit: hour, must_be_less_than: 24}}
)");
  CHECK(imported.draft.name == "orders");
  CHECK(imported.left_out() == "");
  CHECK(imported.rules() ==
        "fields:\n  a:\n    - {required: present, type: integer, in: [1, 2]}\n    - {required: true}\n"
        "records:\n  - {unique: [a, b]}\n"
        "windows:\n  - rules:\n      - {must: mean(a) > 1 && mean(a) <= 5}\n      - {must: row_count > 10}\n"
        "      - {must: freshness(t) < 24h, on_empty: fail}\n");
}

TEST_CASE("checks of several datasets are several rule files") {
  const std::vector<Imported> all = import_all(SuiteKind::Soda, R"(
checks for a: [row_count > 0]
checks for b: [row_count > 1]
for each dataset D:
  datasets: [a, include b, "%x"]
  checks: [row_count < 9]
)");
  REQUIRE(all.size() == 2);
  CHECK(all[0].rules() == "windows:\n  - rules:\n      - {must: row_count > 0}\n      - {must: row_count < 9}\n");
  CHECK(all[1].draft.name == "b");
}

}  // namespace
}  // namespace weir::testing
