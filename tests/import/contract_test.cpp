// SPDX-License-Identifier: Apache-2.0
#include "import/importing.h"

namespace weir::testing {
namespace {

Imported table(const std::string& properties) {
  return import_one(SuiteKind::OpenDataContract,
                    "kind: DataContract\napiVersion: v3.0.0\nschema:\n  - name: t\n    properties:\n" + properties);
}

TEST_CASE("properties of a contract are fields with their types and options") {
  const Imported imported = table(R"(
      - {name: a, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1, maximum: 9}}
      - {name: b, logicalType: string, unique: true, logicalTypeOptions: {minLength: 1, pattern: '^x', format: uuid}}
      - {name: c, logicalType: date}
      - {name: d, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: e, logicalType: array, items: {logicalType: object, properties: [{name: f, logicalType: boolean}]}}
      - {name: g, logicalType: blob}
)");
  CHECK(imported.rules() ==
        "fields:\n  a: {type: integer, required: true, min: 1, max: 9}\n"
        "  b: {type: string, unique: true, min_length: 1, match: '^x', format: uuid}\n  c: {type: date}\n"
        "  d: {strftime: '%d/%m/%Y'}\n  e: {type: array}\n  e[]: {type: object}\n  e[].f: {type: boolean}\n");
  CHECK(imported.left_out() == "type blob: weir has no type `blob` for records\n");
}

TEST_CASE("a key of one column is unique, a key of several is unique together") {
  CHECK(table("      - {name: a, primaryKey: true}\n").rules() == "fields:\n  a: {required: true, unique: true}\n");
  CHECK(table("      - {name: a, primaryKey: true}\n      - {name: b, primaryKey: true}\n").rules() ==
        "fields:\n  a: {required: true}\n  b: {required: true}\nrecords:\n  - {unique: [a, b]}\n");
}

TEST_CASE("the library's metrics are rules, and SQL, words and other tools are left out") {
  const Imported imported = table(R"(
      - name: a
        quality:
          - {metric: nullValues, mustBe: 0}
          - {rule: nullCheck, mustBeLessThan: 5, unit: percent, severity: warning}
          - {metric: invalidValues, arguments: {validValues: [x, 1]}, mustBeLessOrEqualTo: 3}
          - {rule: uniqueCheck}
          - {rule: duplicateCount, mustBeBetween: [1, 4]}
          - {type: sql, query: select 1, mustBe: 1}
          - {type: text, description: be good}
          - {type: custom, engine: dqx, implementation: x}
    quality:
      - {metric: rowCount, mustBeGreaterThan: 10}
      - {metric: duplicateValues, mustBe: 0, arguments: {properties: [a, b]}}
)");
  CHECK(imported.rules() ==
        "fields:\n  a:\n    - {required: true, unique: true}\n    - {id: a.in, in: [x, 1], severity: warn, on_fail: "
        "count}\n"
        "records:\n  - {unique: [a, b]}\n"
        "windows:\n  - rules:\n      - {should: missing_rate(a) < 5%}\n      - {must: 'fail_count(\"a.in\") <= 3'}\n"
        "      - {must: duplicate_count(a) >= 1 && duplicate_count(a) <= 4}\n      - {must: row_count > 10}\n");
  CHECK(imported.left_out() ==
        "quality sql: it is a query in SQL\nquality text: it is said in words only\nquality custom: it is written for "
        "dqx\n");
}

TEST_CASE("the specification of datacontract.com and version 2 of the standard are read as well") {
  CHECK(import_one(SuiteKind::OpenDataContract, R"(
dataContractSpecification: 1.1.0
models:
  orders:
    fields:
      id: {$ref: '#/definitions/id', primaryKey: true}
      amount: {type: 'decimal(10,2)', minimum: 0}
      status: {type: text, enum: [new, paid]}
definitions:
  id: {type: text, format: uuid}
servicelevels:
  freshness: {threshold: 25h, timestampField: orders.at}
)")
            .rules() ==
        "fields:\n  id: {type: string, format: uuid, required: true, unique: true}\n"
        "  amount: {type: number, precision: 10, scale: 2, min: 0}\n  status: {type: string, in: [new, paid]}\n"
        "windows:\n  - rules:\n      - {must: freshness(at) <= 25h, on_empty: fail}\n");
  CHECK(import_one(SuiteKind::OpenDataContract, R"(
kind: DataContract
dataset:
  - table: t
    columns: [{column: a, logicalType: string, isNullable: false, isUnique: true}]
)")
            .rules() == "fields:\n  a: {type: string, required: true, unique: true}\n");
}

}  // namespace
}  // namespace weir::testing
