// SPDX-License-Identifier: Apache-2.0
// The specification's rules of schema resolution, one by one.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "decode/avro_rows.h"

namespace weir {
namespace {

using testing::avro_json_of;
using testing::avro_long;
using testing::avro_of;
using testing::avro_raw;
using testing::avro_record;
using testing::avro_schema;
using testing::avro_text;
using testing::read_avro;

std::string resolved(const std::string& writer, const std::string& reader, const std::string& datum) {
  return read_avro({"a"}, avro_of(writer), datum, avro_of(reader));
}

TEST_CASE("an int is read as long, float and double") {
  CHECK(resolved(R"("int")", R"("long")", avro_long(-5)) == "integer -5");
  CHECK(resolved(R"("int")", R"("float")", avro_long(16777217)) == "integer 16777216");
  CHECK(resolved(R"("int")", R"("double")", avro_long(16777217)) == "integer 16777217");
}

TEST_CASE("a long is read as float and double") {
  CHECK(resolved(R"("long")", R"("float")", avro_long(3)) == "integer 3");
  CHECK(resolved(R"("long")", R"("double")", avro_long(9007199254740993)) == "integer 9007199254740992");
}

TEST_CASE("a float is read as double") {
  CHECK(resolved(R"("float")", R"("double")", avro_raw(0.5F)) == "decimal 5/1");
  CHECK(resolved(R"("float")", R"("double")", avro_raw(0.1F)) == "decimal 10000000149011612/17");
}

TEST_CASE("string and bytes are read as each other") {
  CHECK(resolved(R"("string")", R"("bytes")", avro_text("ab")) == "text YWI=");
  CHECK(resolved(R"("bytes")", R"("string")", avro_text("ab")) == "text ab");
  CHECK(resolved(R"("bytes")", R"("string")", avro_text("a\xff")) == "utf8 at 2: `a`: the bytes are not UTF-8");
}

TEST_CASE("nothing else is promoted") {
  const std::string types[] = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
  const auto number = [](std::size_t i) { return i >= 2 && i <= 5; };
  for (std::size_t from = 0; from < 8; ++from) {
    for (std::size_t to = 0; to < 8; ++to) {
      const bool fits = from == to || (number(from) && number(to) && from < to) || (from >= 6 && to >= 6);
      const std::string got = resolved("\"" + types[from] + "\"", "\"" + types[to] + "\"", "");
      CAPTURE(types[from], types[to], got);
      CHECK(fits == (got.rfind("schema: ", 0) != 0));
      if (!fits) CHECK(got == "schema: `a`: written as " + types[from] + ", to be read as " + types[to]);
    }
  }
}

const std::string kWritten =
    avro_record(R"({"name":"id","type":"int"},{"name":"old","type":"string"},{"name":"gone","type":"double"})");
const std::string kDatum = avro_long(7) + avro_text("x") + avro_raw(2.5);

TEST_CASE("fields are found by name in any order, and those that are not read are skipped") {
  CHECK(read_avro({"old", "id", "gone"}, kWritten, kDatum,
                  avro_record(R"({"name":"old","type":"string"},{"name":"id","type":"long"})")) ==
        "text x | integer 7 | absent");
  CHECK(avro_json_of(kWritten, kDatum, avro_record(R"({"name":"old","type":"string"},{"name":"id","type":"long"})")) ==
        R"({"old":"x","id":7})");
}

TEST_CASE("a field that was not written takes its default") {
  const std::string reader =
      avro_record(R"({"name":"s","type":"string","default":"d"},{"name":"id","type":"int"},)"
                  R"({"name":"u","type":["null","int"],"default":null},{"name":"v","type":["int","null"],"default":5},)"
                  R"({"name":"l","type":{"type":"array","items":"int"},"default":[1,2]},)"
                  R"({"name":"m","type":{"type":"map","values":"double"},"default":{"k":0.5}},)"
                  R"({"name":"b","type":"bytes","default":"\u00ff"},{"name":"t","type":"boolean","default":true},)"
                  R"({"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]},"default":"B"},)"
                  R"({"name":"x","type":{"type":"fixed","name":"F","size":2},"default":"ab"},)"
                  R"({"name":"f","type":"float","default":1.5},{"name":"g","type":"long","default":-3})");
  CHECK(
      read_avro({"s", "id", "u", "v", "l[]", "m.k", "b", "t", "e", "x", "f", "g"}, kWritten, kDatum, reader) ==
      "text d | integer 7 | null null | integer 5 | [integer 1 , integer 2 ] | decimal 5/1 | text /w== | boolean 1 true"
      " | text B | text YWI= | decimal 15/1 | integer -3");
  CHECK(
      avro_json_of(kWritten, kDatum, reader) ==
      R"({"s":"d","id":7,"u":null,"v":5,"l":[1,2],"m":{"k":0.5},"b":"/w==","t":true,"e":"B","x":"YWI=","f":1.5,"g":-3})");
}

TEST_CASE("a default of a record may leave out fields that have defaults of their own") {
  const std::string reader =
      avro_record(R"({"name":"r2","type":{"type":"record","name":"R2","fields":[{"name":"p","type":"int","default":4},)"
                  R"({"name":"q","type":"string"}]},"default":{"q":"z"}})");
  CHECK(read_avro({"r2.p", "r2.q"}, kWritten, kDatum, reader) == "integer 4 | text z");
  CHECK(read_avro({"r2"}, kWritten, kDatum, reader) == R"(object {"p":4,"q":"z"})");
}

TEST_CASE("a field without default that was not written is an error, as is a default that does not fit") {
  CHECK(read_avro({"n"}, kWritten, kDatum, avro_record(R"({"name":"n","type":"int"})")) ==
        "schema: the field `n` was not written and has no default");
  const auto with = [](const std::string& type, const std::string& value) {
    return read_avro({"n"}, kWritten, kDatum,
                     avro_record(R"({"name":"n","type":)" + type + R"(,"default":)" + value + "}"));
  };
  const std::string fault = "schema: the default of the field `n` does not fit its type";
  CHECK(with(R"("int")", R"("x")") == fault);
  CHECK(with(R"("int")", "2147483648") == fault);
  CHECK(with(R"("int")", "1.5") == fault);
  CHECK(with(R"("long")", "2147483648") == "integer 2147483648");
  CHECK(with(R"("bytes")", R"("\u0100")") == fault);
  CHECK(with(R"({"type":"fixed","name":"F","size":2})", R"("abc")") == fault);
  CHECK(with(R"({"type":"enum","name":"E","symbols":["A"]})", R"("B")") == fault);
  CHECK(with(R"(["int","string"])", R"(true)") == fault);
  CHECK(with(R"({"type":"record","name":"R2","fields":[{"name":"p","type":"int"}]})", "{}") == fault);
}

TEST_CASE("defaults that hold themselves, or more and more, come to an end") {
  CHECK(read_avro({"n"}, kWritten, kDatum,
                  avro_record(R"({"name":"n","type":{"type":"record","name":"N","fields":[)"
                              R"({"name":"a","type":"N","default":{}}]},"default":{}})")) ==
        "schema: the default of the field `n` does not fit its type");
  std::string type = "\"int\"";
  for (int i = 0; i < 40; ++i) {
    type = R"({"type":"record","name":"N)" + std::to_string(i) + R"(","fields":[{"name":"a","default":)" +
           (i == 0 ? "1" : "{}") + R"(,"type":)" + type + R"(},{"name":"b","default":)" + (i == 0 ? "1" : "{}") +
           R"(,"type":)" + (i == 0 ? "\"int\"" : "\"N" + std::to_string(i - 1) + "\"") + "}]}";
  }
  CHECK(read_avro({"n"}, kWritten, kDatum, avro_record(R"({"name":"n","default":{},"type":)" + type + "}")) ==
        "schema: the default of the field `n` does not fit its type");
}

TEST_CASE("a field is found by its alias") {
  CHECK(read_avro(
            {"new", "id"}, kWritten, kDatum,
            avro_record(R"({"name":"new","type":"string","aliases":["older","old"]},{"name":"id","type":"int"})")) ==
        "text x | integer 7");
  // The name comes first.
  CHECK(read_avro(
            {"new", "old"}, kWritten, kDatum,
            avro_record(
                R"({"name":"new","type":"string","aliases":["old"],"default":"d"},{"name":"old","type":"string"})")) ==
        "text d | text x");
}

TEST_CASE("records, enums and fixed are matched by the last part of their names or an alias") {
  const auto pair = [](const std::string& writer, const std::string& reader) {
    return R"({"type":"fixed","size":1,"name":")" + writer + "\"}|" + R"({"type":"fixed","size":1,)" + reader + "}";
  };
  const auto of = [](const std::string& both) {
    const std::size_t bar = both.find('|');
    return resolved(both.substr(0, bar), both.substr(bar + 1), "a");
  };
  CHECK(of(pair("x.F", R"("name":"y.F")")) == "text YQ==");
  CHECK(of(pair("x.F", R"("name":"y.G","aliases":["x.F"])")) == "text YQ==");
  CHECK(of(pair("F", R"("name":"G","aliases":["F"])")) == "text YQ==");
  CHECK(of(pair("F", R"("name":"G")")) ==
        "schema: `a`: written as fixed `F` of 1 bytes, to be read as fixed `G` of 1 bytes");
  const std::string record = R"({"type":"record","name":"s.P","fields":[{"name":"q","type":"int"}]})";
  CHECK(read_avro({"a.q"}, avro_of(record), avro_long(1),
                  avro_of(R"({"type":"record","name":"t.P","fields":[{"name":"q","type":"long"}]})")) == "integer 1");
  CHECK(read_avro({"a.q"}, avro_of(record), avro_long(1),
                  avro_of(R"({"type":"record","name":"t.O","fields":[{"name":"q","type":"long"}]})")) ==
        "schema: `a`: written as record `s.P`, to be read as record `t.O`");
}

TEST_CASE("fixed must have one size") {
  CHECK(resolved(R"({"type":"fixed","name":"F","size":1})", R"({"type":"fixed","name":"F","size":2})", "a") ==
        "schema: `a`: written as fixed `F` of 1 bytes, to be read as fixed `F` of 2 bytes");
}

TEST_CASE("a symbol that is not read becomes the reader's default, or the record cannot be read") {
  const std::string writer = R"({"type":"enum","name":"E","symbols":["A","B","C"]})";
  const std::string with = R"({"type":"enum","name":"E","symbols":["C","X","A"],"default":"X"})";
  CHECK(resolved(writer, with, avro_long(0)) == "text A");
  CHECK(resolved(writer, with, avro_long(1)) == "text X");
  CHECK(resolved(writer, with, avro_long(2)) == "text C");
  const std::string without = R"({"type":"enum","name":"E","symbols":["C","A"]})";
  CHECK(resolved(writer, without, avro_long(2)) == "text C");
  CHECK(resolved(writer, without, avro_long(1)) ==
        "schema at 0: `a`: symbol 1 of the enum is none of those to read, which name no default");
}

TEST_CASE("arrays and maps are resolved by their elements") {
  CHECK(read_avro({"a[]"}, avro_of(R"({"type":"array","items":"int"})"), avro_long(1) + avro_long(5) + avro_long(0),
                  avro_of(R"({"type":"array","items":"double"})")) == "[integer 5 ]");
  CHECK(read_avro({"a.k"}, avro_of(R"({"type":"map","values":"int"})"),
                  avro_long(1) + avro_text("k") + avro_long(5) + avro_long(0),
                  avro_of(R"({"type":"map","values":"long"})")) == "integer 5");
  CHECK(resolved(R"({"type":"array","items":"int"})", R"({"type":"map","values":"int"})", avro_long(0)) ==
        "schema: `a`: written as array, to be read as map");
  CHECK(resolved(R"({"type":"array","items":"string"})", R"({"type":"array","items":"int"})", avro_long(0)) ==
        "schema: `a[]`: written as string, to be read as int");
}

TEST_CASE("both unions: the branch that was written is read by the first that takes it") {
  const std::string writer = R"(["null","int","string"])";
  const std::string reader = R"(["string","double","null"])";
  CHECK(resolved(writer, reader, avro_long(0)) == "null null");
  CHECK(resolved(writer, reader, avro_long(1) + avro_long(5)) == "integer 5");
  CHECK(resolved(writer, reader, avro_long(2) + avro_text("x")) == "text x");
  CHECK(resolved(writer, R"(["null","int"])", avro_long(1) + avro_long(5)) == "integer 5");
  CHECK(resolved(writer, R"(["null","int"])", avro_long(2) + avro_text("x")) ==
        "schema at 1: `a`: written as string, which no branch of the union to read it with takes");
}

TEST_CASE("the reader's union: the same type comes before one that it would be promoted to") {
  CHECK(resolved(R"("int")", R"(["null","long"])", avro_long(5)) == "integer 5");
  CHECK(resolved(R"("string")", R"(["bytes","string"])", avro_text("x")) == "text x");
  CHECK(resolved(R"("string")", R"(["null","bytes"])", avro_text("x")) == "text eA==");
  CHECK(resolved(R"("string")", R"(["null","int"])", avro_text("x")) ==
        "schema: `a`: written as string, which no branch of the union to read it with takes");
  const auto record = [](const std::string& name, const std::string& field) {
    return R"({"type":"record","name":")" + name + R"(","fields":[{"name":")" + field +
           R"(","type":"int","default":9}]})";
  };
  CHECK(read_avro({"a.p"}, avro_of(record("x.R", "p")), avro_long(1),
                  avro_of("[" + record("y.R", "q") + "," + record("x.R", "p") + "]")) == "integer 1");
}

TEST_CASE("the writer's union: only a branch that fits can be read") {
  CHECK(resolved(R"(["null","int"])", R"("long")", avro_long(1) + avro_long(5)) == "integer 5");
  CHECK(resolved(R"(["null","int"])", R"("long")", avro_long(0)) ==
        "schema at 1: `a`: written as null, to be read as long");
  CHECK(resolved(R"(["null","string"])", R"("long")", avro_long(0)) ==
        "schema: `a`: written as null, to be read as long");
}

TEST_CASE("a record in a branch that does not fit within is one that cannot be read, also where nobody looks") {
  const auto with = [](const std::string& type) {
    return avro_of(R"(["null",{"type":"record","name":"R","fields":[{"name":"p","type":")" + type + "\"}]}]");
  };
  const std::string fault = "schema at 1: `a.p`: written as string, to be read as int";
  CHECK(read_avro({"a.p"}, with("string"), avro_long(1) + avro_text("x"), with("int")) == fault);
  CHECK(read_avro({"b"}, with("string"), avro_long(1) + avro_text("x"), with("int")) == fault);
  CHECK(read_avro({"a"}, with("string"), avro_long(0), with("int")) == "null null");
}

TEST_CASE("logical types do not decide what fits, and a value keeps the one it was written with") {
  const auto decimal = [](int scale) {
    return R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":)" + std::to_string(scale) + "}";
  };
  CHECK(resolved(decimal(2), decimal(4), avro_text("\x64")) == "decimal 100/2");
  CHECK(resolved(R"("bytes")", decimal(4), avro_text("\x64")) == "decimal 100/4");
  CHECK(resolved(decimal(2), R"("bytes")", avro_text("\x64")) == "text ZA==");
  const std::string millis = R"({"type":"long","logicalType":"timestamp-millis"})";
  const std::string micros = R"({"type":"long","logicalType":"timestamp-micros"})";
  CHECK(resolved(millis, micros, avro_long(1767225600000)) == "text 2026-01-01T00:00:00Z");
  CHECK(resolved(R"("int")", millis, avro_long(1000)) == "text 1970-01-01T00:00:01Z");
  CHECK(resolved(millis, R"("long")", avro_long(1000)) == "integer 1000");
}

TEST_CASE("types that hold themselves are resolved") {
  const auto list = [](const std::string& type, const std::string& more) {
    return R"({"type":"record","name":"n","fields":[{"name":"v","type":")" + type + R"("},)" + more +
           R"({"name":"next","type":["null","n"]}]})";
  };
  const std::string datum = avro_long(1) + avro_long(1) + avro_long(2) + avro_long(0);
  CHECK(read_avro({"next.v", "next.w", "next.next"}, list("int", ""), datum,
                  list("double", R"({"name":"w","type":"string","default":"d"},)")) ==
        "integer 2 | text d | null null");
  CHECK(avro_json_of(list("int", ""), datum, list("long", R"({"name":"w","type":"int","default":0},)")) ==
        R"({"v":1,"w":0,"next":{"v":2,"w":0,"next":null}})");
}

TEST_CASE("fields are noted as the schema to read with has them") {
  Plan plan = testing::plan_of({"id"});
  plan.note_fields = true;
  plan.extra_fields_rule = 0;
  const std::string reader = avro_record(
      R"({"name":"d","type":["null","int"],"default":null},{"name":"old","type":"string"},{"name":"id","type":"int"})");
  CHECK(read_avro(plan, kWritten, {kDatum}, reader)[0] == "integer 7 + d + old ~ 0 d null ~ 1 old text ~ 2 id integer");
}

TEST_CASE("errors name the schemas") {
  SchemaText writer = avro_schema(avro_of(R"("string")"));
  SchemaText reader = avro_schema(avro_of(R"("int")"));
  writer.name = "orders-value version 3";
  reader.name = "orders.avsc";
  const Plan plan = testing::plan_of({"a"});
  const FieldTree& tree = plan.fields.nodes();
  const auto made = make_avro_reader({.plan = plan, .tree = tree, .schema = writer, .reader = &reader});
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().message ==
        "the Avro schema orders-value version 3: to be read as orders.avsc: `a`: written as string, to be read as int");
}

}  // namespace
}  // namespace weir
