// SPDX-License-Identifier: Apache-2.0
#include "decode/schema_change.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace weir;

namespace {

SchemaText schema(SchemaLanguage language, std::string text) {
  SchemaText out;
  out.language = language;
  out.text = std::move(text);
  return out;
}
SchemaText avro(std::string text) {
  return schema(SchemaLanguage::Avro, std::move(text));
}
/// A record of the name shop.Order with these fields.
SchemaText order(const std::string& fields) {
  return avro(R"({"type":"record","name":"Order","namespace":"shop","fields":[)" + fields + "]}");
}
SchemaText proto(const std::string& fields) {
  return schema(SchemaLanguage::Protobuf, "syntax = \"proto3\"; package shop; message Order {" + fields + "}");
}
SchemaText json(std::string text) {
  return schema(SchemaLanguage::Json, std::move(text));
}

using Words = std::vector<std::string>;
constexpr const char* kId = R"({"name":"id","type":"long"})";
const std::string kComma = ",";

}  // namespace

TEST_CASE("a field of an Avro record that comes with a default is compatible in both directions, one without is not") {
  const SchemaDifference with =
      compare_schemas(order(kId), order(kId + kComma + R"({"name":"note","type":["null","string"],"default":null})"));
  CHECK(with.differences == Words{"`note` added, null | string, default null"});
  CHECK(with.compatibility == Compatibility::Full);

  const SchemaDifference without = compare_schemas(order(kId), order(kId + kComma + R"({"name":"n","type":"int"})"));
  CHECK(without.differences == Words{"`n` added, int, without default"});
  CHECK(without.compatibility == Compatibility::Forward);
  CHECK(without.why_not_backward == "`n` is not written and has no default");
  CHECK(without.why_not_forward.empty());

  const SchemaDifference removed = compare_schemas(order(kId + kComma + R"({"name":"n","type":"int"})"), order(kId));
  CHECK(removed.differences == Words{"`n` removed, was int"});
  CHECK(removed.compatibility == Compatibility::Backward);
}

TEST_CASE("types of Avro that are promoted are compatible in one direction, others in none") {
  const SchemaDifference wider =
      compare_schemas(order(R"({"name":"n","type":"int"})"), order(R"({"name":"n","type":"long"})"));
  CHECK(wider.differences == Words{"`n`: int -> long"});
  CHECK(wider.compatibility == Compatibility::Backward);
  CHECK(wider.why_not_forward == "`n`: long cannot be read as int");

  const SchemaDifference other =
      compare_schemas(order(R"({"name":"n","type":"int"})"), order(R"({"name":"n","type":"string"})"));
  CHECK(other.differences == Words{"`n`: int -> string"});
  CHECK(other.compatibility == Compatibility::None);
}

TEST_CASE("a type that may be null now, and one that may no longer be, are said as that") {
  const SchemaText plain = order(R"({"name":"n","type":"string"})");
  const SchemaText nullable = order(R"({"name":"n","type":["null","string"]})");
  const SchemaDifference looser = compare_schemas(plain, nullable);
  CHECK(looser.differences == Words{"`n` may be null now"});
  CHECK(looser.compatibility == Compatibility::Backward);
  const SchemaDifference stricter = compare_schemas(nullable, plain);
  CHECK(stricter.differences == Words{"`n` may no longer be null"});
  CHECK(stricter.compatibility == Compatibility::Forward);
}

TEST_CASE("differences of Avro are found inside of records, arrays, maps and unions") {
  const auto with = [](const std::string& amount) {
    return order(R"({"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
                    {"name":"amount","type":)" +
                 amount + R"(}]}}},{"name":"tags","type":{"type":"map","values":"Line"}})");
  };
  const SchemaDifference found =
      compare_schemas(with(R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})"),
                      with(R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":4})"));
  CHECK(found.differences == Words{"`lines[].amount`: bytes (decimal 9,2) -> bytes (decimal 9,4)"});
  CHECK(found.compatibility == Compatibility::None);

  const SchemaDifference more = compare_schemas(order(R"({"name":"v","type":["int","string"]})"),
                                                order(R"({"name":"v","type":["int","boolean"]})"));
  CHECK(more.differences == Words{"`v` is no longer string", "`v` may be boolean now"});
  CHECK(more.compatibility == Compatibility::None);
}

TEST_CASE("a logical type of Avro that comes is a change, and one that is compatible") {
  const SchemaDifference found =
      compare_schemas(order(R"({"name":"at","type":"long"})"),
                      order(R"({"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}})"));
  CHECK(found.differences == Words{"`at`: long -> long (timestamp-millis)"});
  CHECK(found.compatibility == Compatibility::Full);
}

TEST_CASE("symbols of an Avro enum are compatible as far as the reader knows them or has a default") {
  const auto state = [](const std::string& symbols, const std::string& more = "") {
    return order(R"({"name":"s","type":{"type":"enum","name":"State","symbols":[)" + symbols + "]" + more + "}}");
  };
  const SchemaDifference added = compare_schemas(state(R"("a","b")"), state(R"("a","b","c")"));
  CHECK(added.differences == Words{"`s`: symbol `c` added"});
  CHECK(added.compatibility == Compatibility::Backward);
  CHECK(added.why_not_forward == "`s`: the reader does not know `c` and has no default for it");
  const SchemaDifference safe = compare_schemas(state(R"("a","b")", R"(,"default":"a")"), state(R"("a","b","c")"));
  CHECK(safe.compatibility == Compatibility::Full);
}

TEST_CASE("a field of Avro that has another name by an alias is no new one") {
  const SchemaDifference found = compare_schemas(order(R"({"name":"sum","type":"int"})"),
                                                 order(R"({"name":"total","aliases":["sum"],"type":"int"})"));
  CHECK(found.differences == Words{"`sum` is called `total` now, by an alias"});
  CHECK(found.compatibility == Compatibility::Backward);
}

TEST_CASE("a default of Avro that changes is told, and schemas that hold themselves are compared") {
  const SchemaDifference found = compare_schemas(order(R"({"name":"n","type":"int","default":1})"),
                                                 order(R"({"name":"n","type":"int","default":2})"));
  CHECK(found.differences == Words{"`n`: default 1 -> default 2"});
  CHECK(found.compatibility == Compatibility::Full);

  const std::string node = R"({"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]})";
  const SchemaDifference tree = compare_schemas(avro(node + "]}"), avro(node + R"(,{"name":"n","type":"int"}]})"));
  CHECK(tree.differences == Words{"`n` added, int, without default"});
}

TEST_CASE("a schema that cannot be read is said, and nothing is known of who reads whom") {
  const SchemaDifference found = compare_schemas(order(kId), avro("{"));
  REQUIRE(found.differences.size() == 1);
  CHECK(found.differences[0].starts_with("the new schema cannot be read: "));
  CHECK_FALSE(found.compatibility);
  CHECK(compare_schemas(order(kId), json("{}")).compatibility == Compatibility::None);
}

TEST_CASE("so many differences are told and no more, and long names are cut") {
  std::string many = kId;
  for (int i = 0; i < 150; ++i) many += R"(,{"name":"f)" + std::to_string(i) + R"(","type":"int"})";
  const SchemaDifference found = compare_schemas(order(kId), order(many));
  CHECK(found.differences.size() == SchemaDifference::kMost);
  CHECK(found.more == 50);
  const SchemaDifference name =
      compare_schemas(order(kId), order(R"({"name":")" + std::string(900, 'x') + R"(","type":"int"})"));
  for (const std::string& one : name.differences) CHECK(one.size() < 500);
}

TEST_CASE("fields of Protobuf are known by their numbers") {
  const SchemaDifference added = compare_schemas(proto("int64 id = 1;"), proto("int64 id = 1; string note = 2;"));
  CHECK(added.differences == Words{"`note` added, string, number 2"});
  CHECK(added.compatibility == Compatibility::Full);
  const SchemaDifference renamed = compare_schemas(proto("int64 id = 1;"), proto("int32 number = 1;"));
  CHECK(renamed.differences == Words{"`id` is called `number` now, number 1", "`number`: int64 -> int32"});
  CHECK(renamed.compatibility == Compatibility::Full);
  const SchemaDifference other = compare_schemas(proto("int64 id = 1;"), proto("string id = 1;"));
  CHECK(other.differences == Words{"`id`: int64 -> string"});
  CHECK(other.compatibility == Compatibility::None);
  const SchemaDifference nested = compare_schemas(proto("message L { double a = 1; } repeated L l = 1;"),
                                                  proto("message L { float a = 1; } repeated L l = 1;"));
  CHECK(nested.differences == Words{"`l.a`: double -> float"});
  CHECK(schema_kind(proto("int64 id = 1;")) == "shop.Order");
}

TEST_CASE("a JSON Schema that takes less breaks one direction, one that takes more the other") {
  const auto with = [](const std::string& properties, const std::string& more = "") {
    return json(R"({"type":"object","properties":{)" + properties + "}" + more + "}");
  };
  const SchemaDifference required =
      compare_schemas(with(R"("a":{"type":"integer"})"), with(R"("a":{"type":"integer"})", R"(,"required":["a"])"));
  CHECK(required.differences == Words{"`a` is required now"});
  CHECK(required.compatibility == Compatibility::Forward);
  const SchemaDifference wider =
      compare_schemas(with(R"("a":{"type":"integer"})"), with(R"("a":{"type":["number","null"]})"));
  CHECK(wider.differences == Words{"`a`: integer -> null | number"});
  CHECK(wider.compatibility == Compatibility::Backward);
  const SchemaDifference added = compare_schemas(with(R"("a":{})"), with(R"("a":{},"b":{"type":"string"})"));
  CHECK(added.differences == Words{"`b` added, string"});
  CHECK(added.compatibility == Compatibility::Full);
  const SchemaDifference unknown = compare_schemas(with(R"("a":{"minimum":1})"), with(R"("a":{"minimum":2})"));
  CHECK(unknown.differences == Words{"`a`: keyword `minimum` changed"});
  CHECK_FALSE(unknown.compatibility);
  const SchemaDifference text = compare_schemas(with(R"("a":{"title":"x"})"), with(R"("a":{"title":"y"})"));
  CHECK(text.differences.empty());
  CHECK(text.compatibility == Compatibility::Full);
}

TEST_CASE("a change is one sentence") {
  SchemaText before = order(R"({"name":"n","type":"int"})");
  SchemaText after = order(R"({"name":"n","type":"string"})");
  before.subject = after.subject = "orders-value";
  before.version = 3;
  after.version = 4;
  const SchemaChange change{.topic = "orders",
                            .from_key = schema_key(7),
                            .to_key = schema_key(9),
                            .from = std::make_shared<SchemaText>(before),
                            .to = std::make_shared<SchemaText>(after),
                            .difference = compare_schemas(before, after)};
  CHECK(in_words(change) ==
        "the values of orders went from orders-value version 3 (id 7) to orders-value version 4 (id 9): `n`: int -> "
        "string; not compatible: `n`: int cannot be read as string; `n`: string cannot be read as int");
}
