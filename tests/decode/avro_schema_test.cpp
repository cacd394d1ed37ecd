// SPDX-License-Identifier: Apache-2.0
// Schemas: what is taken, what is refused and where, and the form that stands for what a schema means.
#include "decode/avro_schema.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "decode/avro_rows.h"

namespace weir {
namespace {

using testing::avro_of;
using testing::avro_record;
using testing::avro_schema;

std::string fault_of(const std::string& text) {
  const Result<AvroSchema> schema = parse_avro_schema(avro_schema(text));
  return schema ? "" : schema.error().message;
}
std::string form_of(const std::string& text) {
  const Result<AvroSchema> schema = parse_avro_schema(avro_schema(text));
  return schema ? avro_canonical_form(*schema) : schema.error().message;
}
std::string fingerprint_of(const std::string& text) {
  const Result<AvroSchema> schema = parse_avro_schema(avro_schema(text));
  REQUIRE(schema.ok());
  char out[17];
  std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(avro_fingerprint(*schema)));
  return out;
}

TEST_CASE("names are found in the namespace around them") {
  CHECK(fault_of(
            R"({"type":"record","name":"a.b.R","fields":[{"name":"x","type":{"type":"enum","name":"E","symbols":["A"]}},
    {"name":"y","type":"E"},{"name":"z","type":"a.b.E"},{"name":"r","type":["null","R"]}]})") == "");
  CHECK(fault_of(R"({"type":"record","name":"R","namespace":"a","fields":[{"name":"x","type":{"type":"fixed","name":"F",
    "namespace":"b","size":1}},{"name":"y","type":"F"}]})") == "in a.R, field `y`: unknown type `F`");
  // A dot in the name decides, whatever the namespace says.
  CHECK(form_of(R"({"type":"fixed","name":"a.F","namespace":"b","size":1})") ==
        R"({"name":"a.F","type":"fixed","size":1})");
  CHECK(form_of(R"({"type":"record","name":"R","namespace":"a","fields":[{"name":"x","type":{"type":"fixed","name":"F",
    "namespace":"","size":1}}]})") ==
        R"({"name":"a.R","type":"record","fields":[{"name":"x","type":{"name":"F","type":"fixed","size":1}}]})");
}

TEST_CASE("schemas that are none are refused with their place") {
  CHECK(fault_of("") == "this is no JSON, byte 0: expected a value");
  CHECK(fault_of("7") == "expected a type: a name, an object or an array of branches");
  CHECK(fault_of(R"("strnig")") == "unknown type `strnig`");
  CHECK(fault_of("{}") == "a type in braces lacks `type`");
  CHECK(fault_of("[]") == "a union has no branch");
  CHECK(fault_of(R"(["int",["null"]])") == "a union stands directly in a union");
  CHECK(fault_of(R"(["int","null","int"])") == "a union holds two branches of the type `int`");
  CHECK(fault_of(R"([{"type":"array","items":"int"},{"type":"array","items":"long"}])") ==
        "a union holds two branches of the type `array`");
  CHECK(fault_of(R"({"type":"array"})") == "an array lacks `items`");
  CHECK(fault_of(R"({"type":"map","items":"int"})") == "a map lacks `values`");
  CHECK(fault_of(R"({"type":"record","fields":[]})") == "a type of the kind record lacks its `name`");
  CHECK(fault_of(R"({"type":"record","name":"R"})") == "in R: a record needs `fields`, an array");
  CHECK(fault_of(R"({"type":"record","name":"1R","fields":[]})") == "`1R` is no name of a type");
  CHECK(fault_of(R"({"type":"record","name":"","fields":[]})") == "`` is no name of a type");
  CHECK(fault_of(R"({"type":"record","name":"a..R","fields":[]})") == "`a.` is no namespace");
  CHECK(fault_of(R"({"type":"record","name":"int","fields":[]})") == "a type must not be named `int`");
  CHECK(fault_of(avro_record(R"({"type":"int"})")) == "in r: a field lacks its `name`");
  CHECK(fault_of(avro_record(R"({"name":"a b","type":"int"})")) == "in r: `a b` is no name of a field");
  CHECK(fault_of(avro_record(R"({"name":"a"})")) == "in r, field `a`: it lacks its `type`");
  CHECK(fault_of(avro_record(R"({"name":"a","type":"int"},{"name":"a","type":"int"})")) ==
        "in r, field `a`: the field is there twice");
  CHECK(fault_of(avro_record(R"({"name":"a","type":{"type":"fixed","name":"r","size":1}})")) ==
        "in r, field `a`: the type `r` is defined twice");
  CHECK(fault_of(avro_of(R"({"type":"fixed","name":"f","size":-1})")) ==
        "in r, field `a`: the fixed type `f` needs a `size` from 0 to 1048576");
  CHECK(fault_of(R"({"type":"enum","name":"e","symbols":["A","A"]})") == "the enum `e` holds the symbol `A` twice");
  CHECK(fault_of(R"({"type":"enum","name":"e","symbols":["A-B"]})") ==
        "the enum `e` holds a symbol that is no name: `A-B`");
  CHECK(fault_of(R"({"type":"enum","name":"e","symbols":["A"],"default":"B"})") ==
        "the default of the enum `e` is none of its symbols");
  CHECK(fault_of(R"({"type":"enum","name":"e"})") == "the enum `e` needs `symbols`, an array of names");
  CHECK(fault_of(R"({"type":"fixed","name":"f","size":1,"aliases":"g"})") == "`aliases` must be an array of names");
}

TEST_CASE("hostile schemas are bounded") {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += R"({"type":"array","items":)";
  CHECK(fault_of(deep).find("nested deeper than 200 levels") != std::string::npos);
  std::string wide = "[";
  for (int i = 0; i < 60'000; ++i) wide += (i == 0 ? "" : ",") + std::string(R"({"type":"array","items":"int"})");
  CHECK(fault_of(wide + "]").find("bytes, at most 1048576 are read") != std::string::npos);
  std::string many;
  for (int i = 0; i < 30'000; ++i) {
    const std::string number = std::to_string(i);
    many += (i == 0 ? R"({"name":"f)" : R"(,{"name":"f)") + number + R"(","type":["null"]})";
  }
  CHECK(fault_of(avro_record(many)) == "in r, field `f24999`: the schema holds more than 50000 types");
  CHECK(fault_of(R"({"type":"fixed","size":1,"name":")" + std::string(5000, 'x') + "\"}").find("is too long") !=
        std::string::npos);
}

TEST_CASE("types that are nested through references are bounded as well") {
  SchemaText text = avro_schema(R"("T299")");
  for (int i = 0; i < 300; ++i) {
    const std::string below = i == 0 ? "\"int\"" : R"("T)" + std::to_string(i - 1) + "\"";
    text.references.push_back({.name = "T" + std::to_string(i),
                               .text = R"({"type":"record","name":"T)" + std::to_string(i) +
                                       R"(","fields":[{"name":"a","type":)" + below + "}]}"});
  }
  const Result<AvroSchema> schema = parse_avro_schema(text);
  REQUIRE_FALSE(schema.ok());
  CHECK(schema.error().message == "the referenced schema `T199`: in T199: types are nested too deeply");
}

TEST_CASE("a schema may name types of others") {
  SchemaText text = avro_schema(avro_record(R"({"name":"a","type":"x.Money"},{"name":"b","type":["null","x.Money"]})"));
  CHECK(parse_avro_schema(text).error().message == "in r, field `a`: unknown type `x.Money`");
  text.references.push_back({.name = "x.Cents", .text = R"({"type":"fixed","name":"x.Cents","size":4})"});
  text.references.push_back(
      {.name = "x.Money",
       .text = R"({"type":"record","name":"Money","namespace":"x","fields":[{"name":"c","type":"Cents"}]})"});
  text.references.push_back(text.references[0]);  // needed by two others
  REQUIRE(parse_avro_schema(text).ok());
  text.references.push_back({.name = "x.Bad", .text = "{"});
  CHECK(parse_avro_schema(text).error().message ==
        "the referenced schema `x.Bad`: this is no JSON, byte 1: expected a key in quotes");
}

TEST_CASE("the canonical form holds what decides how bytes are read and nothing else") {
  CHECK(form_of(R"({"type":"string","logicalType":"uuid"})") == R"("string")");
  CHECK(form_of(R"(["null",{"type":"map","values":{"type":"array","items":"long"}}])") ==
        R"(["null",{"type":"map","values":{"type":"array","items":"long"}}])");
  CHECK(form_of(R"({"fields":[{"default":1,"type":{"type":"int"},"doc":"x","name":"a"},
    {"name":"e","type":{"symbols":["A","B"],"type":"enum","name":"E","default":"A","aliases":["z"]}},
    {"name":"f","type":"E"}],"namespace":"n","name":"R","type":"error"})") ==
        R"({"name":"n.R","type":"record","fields":[{"name":"a","type":"int"},)"
        R"({"name":"e","type":{"name":"n.E","type":"enum","symbols":["A","B"]}},{"name":"f","type":"n.E"}]})");
}

TEST_CASE("fingerprints are those that others compute") {
  // From the test data of Apache Avro (share/test/data/schema-tests.txt).
  CHECK(fingerprint_of(R"("null")") == "63dd24e7cc258f8a");
  CHECK(fingerprint_of(R"("boolean")") == "9f42fc78a4d4f764");
  CHECK(fingerprint_of(R"("int")") == "7275d51a3f395c8f");
  CHECK(fingerprint_of(R"("string")") == "8f014872634503c7");
  CHECK(fingerprint_of(R"({"fields":[], "type":"record", "name":"foo"})") != fingerprint_of(R"("int")"));
}

TEST_CASE("a record that carries its fingerprint is told by its first bytes") {
  const std::string bytes = std::string("\xC3\x01\x08\x07\x06\x05\x04\x03\x02\x01", 10) + "rest";
  const std::optional<AvroObject> object = avro_single_object(bytes);
  REQUIRE(object.has_value());
  CHECK(object->fingerprint == 0x0102030405060708U);
  CHECK(object->body == "rest");
  CHECK_FALSE(avro_single_object(bytes.substr(0, 9)).has_value());
  CHECK_FALSE(avro_single_object("\xC3\x02\x08\x07\x06\x05\x04\x03\x02\x01 ").has_value());
}

}  // namespace
}  // namespace weir
