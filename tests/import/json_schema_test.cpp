// SPDX-License-Identifier: Apache-2.0
#include "import/importing.h"

namespace weir::testing {
namespace {

Imported schema(const std::string& text) {
  return import_one(SuiteKind::JsonSchema, text, "schema.json");
}

/// The rules of a schema with one property `a`.
std::string rules(const std::string& property) {
  const Imported imported = schema(R"({"type": "object", "properties": {"a": )" + property + "}}");
  CHECK(imported.left_out() == "");
  return imported.rules();
}

std::string left_out(const std::string& property) {
  return schema(R"({"properties": {"a": )" + property + "}}").left_out();
}

TEST_CASE("keywords about one value are checks of the field") {
  CHECK(rules(R"({"type": "integer", "minimum": 1, "maximum": 9})") ==
        "fields:\n  a: {type: integer, min: 1, max: 9}\n");
  CHECK(rules(R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 5, "multipleOf": 0.5})") ==
        "fields:\n  a: {type: number, above: 0, below: 5, multiple_of: 0.5}\n");
  CHECK(rules(R"({"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z\\/]+$", "format": "email"})") ==
        "fields:\n  a: {type: string, min_length: 1, max_length: 5, match: '^[a-z/]+$', format: email}\n");
  CHECK(rules(R"({"enum": ["x", 1, null]})") == "fields:\n  a: {in: [x, 1]}\n");
  CHECK(rules(R"({"const": "x"})") == "fields:\n  a: {in: [x]}\n");
  CHECK(rules(R"({"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true})") ==
        "fields:\n  a: {type: array, min_items: 1, max_items: 3, unique_items: true}\n");
}

TEST_CASE("draft 4 says beside a bound whether it is excluded") {
  CHECK(rules(R"({"minimum": 0, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": false})") ==
        "fields:\n  a: {above: 0, max: 5}\n");
}

TEST_CASE("nested properties are paths, and what is required within an object is asked for where the object is") {
  CHECK(schema(R"({"required": ["a"], "properties": {
    "a": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}},
    "c": {"type": "array", "items": {"type": "object", "properties": {"x.y": {"type": "integer"}}}}}})")
            .rules() ==
        "fields:\n  a: {required: true, type: object}\n  a.b:\n    - {type: string}\n    - {required: true, when: a != "
        "null}\n"
        "  c: {type: array}\n  c[]: {type: object}\n  'c[].\"x.y\"': {type: integer}\n");
}

TEST_CASE("a field that may be null is required to be there only") {
  CHECK(
      schema(
          R"({"required": ["a", "b", "c"], "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "string"}, "c": {}}})")
          .rules() ==
      "fields:\n  a: {required: present, type: string}\n  b: {required: true, type: string}\n  c: {required: "
      "present}\n");
  CHECK(rules(R"({"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1}]})") ==
        "fields:\n  a: {type: integer, min: 1}\n");
}

TEST_CASE("a closed record allows no other fields, also when its properties say nothing themselves") {
  CHECK(schema(
            R"({"additionalProperties": false, "properties": {"a": {}, "b": {"title": "B"}, "c": {"type": "string"}}})")
            .rules() ==
        "fields:\n  a: {required: false}\n  b: {required: false}\n  c: {type: string}\nextra_fields: fail\n");
}

TEST_CASE("references within the file are followed, and a schema within itself comes to an end") {
  CHECK(schema(R"({"properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#y"}},
                  "$defs": {"x": {"type": "string"}, "z": {"$anchor": "y", "type": "integer"}}})")
            .rules() == "fields:\n  a: {type: string}\n  b: {type: integer}\n");
  const Imported tree = schema(R"({"properties": {"children": {"type": "array", "items": {"$ref": "#"}}}})");
  CHECK(tree.rules() == "fields:\n  children: {type: array}\n");
  CHECK(tree.left_out() == "$ref: the schema refers to itself; the first level is carried over\n");
  CHECK(left_out(R"({"$ref": "other.json"})") ==
        "$ref: the reference `other.json` leads out of the file, or nowhere\n");
}

TEST_CASE("allOf is merged, and a choice of single values is a list") {
  CHECK(rules(R"({"allOf": [{"type": "string"}, {"minLength": 2}]})") ==
        "fields:\n  a: {type: string, min_length: 2}\n");
  CHECK(rules(R"({"oneOf": [{"const": "x", "title": "X"}, {"enum": ["y"]}]})") == "fields:\n  a: {in: [x, 'y']}\n");
  CHECK(rules(R"({"anyOf": [{"pattern": "^a"}, {"pattern": "^b"}]})") == "fields:\n  a: {match: ['^a', '^b']}\n");
}

TEST_CASE("choices between schemas, not and if are conditions") {
  CHECK(rules(R"({"oneOf": [{"type": "string", "minLength": 2}, {"type": "object", "required": ["b"]}]})") ==
        "records:\n  - {id: a.one_of, expr: '(type(a) == string && size(a) >= 2) || (type(a) == map && has(a.b))'}\n");
  CHECK(left_out(R"({"oneOf": [{"minimum": 1}, {"multipleOf": 2}]})") ==
        "oneOf: it is no condition that an expression of weir can hold\n");
  CHECK(rules(R"({"not": {"const": "x"}})") == "records:\n  - {id: a.not, expr: '!(a == \"x\")'}\n");
  CHECK(rules(R"({"type": ["string", "integer"]})") ==
        "records:\n  - {id: a.type, expr: type(a) == string || type(a) == int}\n");
  CHECK(
      rules(
          R"({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}})") ==
      "fields:\n  a: {type: array}\nrecords:\n"
      "  - {id: 'a[].any_of', expr: 'a.all(x, type(x) == string || (type(x) == list && x.all(e1, type(e1) == "
      "int)))'}\n");
  CHECK(schema(R"({"if": {"properties": {"k": {"const": "x"}}, "required": ["k"]}, "then": {"required": ["v"]}})")
            .rules() == "records:\n  - {id: if, expr: '((k == null || k == \"x\") && has(k)) ? (has(v)) : (true)'}\n");
  CHECK(schema(R"({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})").rules() ==
        "records:\n  - {any_of: [a, b]}\n");
}

TEST_CASE("an object within the record is closed by its keys") {
  CHECK(rules(R"({"type": "object", "properties": {"b": {"type": "integer"}}, "additionalProperties": false})") ==
        "fields:\n  a: {type: object}\n  a.b: {type: integer}\nrecords:\n  - {id: a.extra_fields, expr: 'a.all(k, k in "
        "[\"b\"])'}\n");
  CHECK(rules(R"({"type": "array", "items": {"patternProperties": {"^x": {}}, "additionalProperties": false}})") ==
        "fields:\n  a: {type: array}\nrecords:\n"
        "  - {id: 'a[].extra_fields', expr: 'a.all(x, x.all(k, k in [] || k.matches(\"^x\")))'}\n");
}

TEST_CASE("what a pattern has and RE2 has not is left out with its name") {
  CHECK(left_out(R"j({"pattern": "^(?!x)"})j") == "pattern: weir refuses it: `(?!` is not supported\n");
}

TEST_CASE("keywords of others are annotations, as the standard has it") {
  CHECK(rules(R"({"type": "string", "x-order": 1, "enumDescriptions": ["a"], "description": "d"})") ==
        "fields:\n  a: {type: string}\n");
}

TEST_CASE("a schema of a list of records is about its items") {
  CHECK(
      schema(
          R"({"type": "array", "items": {"$ref": "#/definitions/r"}, "definitions": {"r": {"properties": {"a": {"type": "string"}}}}})")
          .rules() == "fields:\n  a: {type: string}\n");
}

}  // namespace
}  // namespace weir::testing
