// SPDX-License-Identifier: Apache-2.0
// Schemas in every form that they come in, and those that nobody should take.
#include "decode/protobuf_schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/protobuf_records.h"

namespace weir {
namespace {

namespace pb = google::protobuf;
using testing::proto;
using testing::read_protobuf;
using testing::Wire;

std::string fault_of(const SchemaText& schema, std::string_view message = {}) {
  const auto made = ProtobufSchema::make(schema);
  if (!made) return made.error().message;
  const auto found = (*made)->message(message);
  return found ? "none: " + (*found)->full_name() : found.error().message;
}

SchemaText with(SchemaText schema, std::vector<SchemaText::Reference> references) {
  schema.references = std::move(references);
  return schema;
}

std::string base64_of(std::string_view bytes) {
  Arena arena;
  const Plan plan;
  const std::string json =
      testing::protobuf_json(proto("syntax='proto3'; message M { bytes b = 1; }"), Wire().text(1, bytes));
  return json.substr(6, json.size() - 8);  // {"b":"…"}
}

/// orders.proto with what it imports, as protoc would describe them.
pb::FileDescriptorSet descriptions() {
  pb::FileDescriptorSet set;
  pb::FileDescriptorProto& common = *set.add_file();
  common.set_name("common.proto");
  common.set_package("shop");
  common.set_syntax("proto3");
  pb::DescriptorProto& money = *common.add_message_type();
  money.set_name("Money");
  pb::FieldDescriptorProto& units = *money.add_field();
  units.set_name("units");
  units.set_number(1);
  units.set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  units.set_type(pb::FieldDescriptorProto::TYPE_INT64);
  pb::FileDescriptorProto& orders = *set.add_file();
  orders.set_name("orders.proto");
  orders.set_package("shop");
  orders.set_syntax("proto3");
  orders.add_dependency("common.proto");
  pb::DescriptorProto& order = *orders.add_message_type();
  order.set_name("Order");
  pb::FieldDescriptorProto& price = *order.add_field();
  price.set_name("price");
  price.set_number(3);
  price.set_label(pb::FieldDescriptorProto::LABEL_OPTIONAL);
  price.set_type(pb::FieldDescriptorProto::TYPE_MESSAGE);
  price.set_type_name(".shop.Money");
  return set;
}

const std::string kRecord = Wire().text(3, Wire().number(1, 42));

TEST_CASE("a schema is the text of a file with references by path") {
  const SchemaText schema =
      with(proto("syntax = \"proto3\";\npackage shop;\nimport \"common/money.proto\";\n"
                 "message Order { Money price = 3; }"),
           {{"common/money.proto", "syntax = \"proto3\"; package shop; message Money { int64 units = 1; }"}});
  CHECK(fault_of(schema) == "none: shop.Order");
  CHECK(read_protobuf(schema, {"price.units"}, kRecord).values[0] == "integer 42 ");
}

TEST_CASE("a schema is a set of descriptions, one description, or either in base64") {
  pb::FileDescriptorSet set = descriptions();
  const std::string binary = set.SerializeAsString();
  CHECK(read_protobuf(proto(binary), {"price.units"}, kRecord).values[0] == "integer 42 ");
  CHECK(read_protobuf(proto(base64_of(binary)), {"price.units"}, kRecord).values[0] == "integer 42 ");
  const std::string orders = set.file(1).SerializeAsString();
  const std::string common = set.file(0).SerializeAsString();
  for (const std::string& reference : {common, base64_of(common)}) {
    CHECK(read_protobuf(with(proto(orders), {{"common.proto", reference}}), {"price.units"}, kRecord).values[0] ==
          "integer 42 ");
    CHECK(read_protobuf(with(proto(base64_of(orders)), {{"common.proto", reference}}), {"price.units"}, kRecord)
              .values[0] == "integer 42 ");
  }
}

TEST_CASE("an import that did not come is named where a type of it is needed") {
  pb::FileDescriptorSet set = descriptions();
  set.mutable_file()->DeleteSubrange(0, 1);
  const std::string fault = fault_of(proto(set.SerializeAsString()));
  CHECK(fault.find("it imports `common.proto`, which did not come with it") != std::string::npos);
  CHECK(fault.find(".shop.Money") != std::string::npos);
  const std::string text =
      fault_of(proto("syntax = \"proto3\";\nimport \"common.proto\";\nmessage O {\n  Money price = 3;\n}"));
  CHECK(text.starts_with("line 4, column 3: \"Money\" is not defined; it imports `common.proto`"));
  CHECK(fault_of(proto("syntax = \"proto3\"; import \"buf/validate/validate.proto\";\n"
                       "message O { int32 n = 1 [(buf.validate.field).int32.gt = 0]; option (x.y) = {a: 1}; }")) ==
        "none: O");
}

TEST_CASE("the type of the records is the only one, or the one that is named") {
  const SchemaText two = proto("syntax = \"proto3\"; package a.b; message One { message In {} } message Two {}");
  CHECK(fault_of(two) == "it has several messages, `source.message` has to name one: `a.b.One`, `a.b.Two`");
  CHECK(fault_of(two, "a.b.One.In") == "none: a.b.One.In");
  CHECK(fault_of(two, "In") ==
        "there is no message `In`, only `a.b.One`, `a.b.One.In`, `a.b.Two`; did you mean `a.b.One.In`?");
  CHECK(fault_of(proto("syntax = \"proto3\"; enum E { A = 0; }")) == "it has no message");
}

TEST_CASE("message indexes in front of a record choose its type") {
  const SchemaText schema = proto(R"(syntax = "proto3"; package p;
    message A { int32 a = 1; } message B { int32 b = 1; message C { message D { int32 d = 1; } message E { int32 e = 1; } } })");
  const std::string body = Wire().number(1, 9);
  const auto read = [&](const Wire& front, const std::string& message = {}) {
    const testing::DecodedRow row = read_protobuf(schema, {"a", "b", "e"}, std::string(front) + body, message, true);
    return row.decoded ? row.values[0] + "|" + row.values[1] + "|" + row.values[2]
                       : row.code + " at " + std::to_string(row.at) + ": " + row.reason;
  };
  CHECK(read(Wire().varint(0)) == "integer 9 |absent|absent");
  CHECK(read(Wire().varint(2).varint(0)) == "integer 9 |absent|absent");
  CHECK(read(Wire().varint(2).varint(2)) == "absent|integer 9 |absent");
  CHECK(read(Wire().varint(6).varint(2).varint(0).varint(2)) == "absent|absent|integer 9 ");
  CHECK(read(Wire().varint(2).varint(4)) ==
        "schema at 0: it says that it is message 2 of its schema, which has none there");
  CHECK(read(Wire().varint(2).varint(2), "p.A") == "schema at 0: it is a message `p.B`, not `p.A`");
  CHECK(read(Wire().varint(1)) == "syntax at 1: the message indexes in front of the record are none");
  CHECK(read_protobuf(schema, {"a"}, "", {}, true).code == "syntax");
  CHECK(read_protobuf(schema, {"a"}, std::string("\x04\x02", 2), {}, true).code == "syntax");
}

TEST_CASE("faults in the text of a schema are told with line and column") {
  CHECK(fault_of(proto("syntax = \"proto3\";\nmessage A {\n  int32 a 1;\n}")) ==
        "line 3, column 11: missing field number");
  CHECK(fault_of(proto("syntax = \"proto3\";\nmessage A {\n  Nowhere a = 1;\n}")) ==
        "line 3, column 3: \"Nowhere\" is not defined");
  CHECK(fault_of(proto("syntax = \"proto9\";")).starts_with("line 1, column 10: unrecognized syntax identifier"));
  CHECK(fault_of(proto("syntax = \"proto3\"; message A { int32 a = 19500; }")).find("19000 through 19999") !=
        std::string::npos);
  CHECK(fault_of(proto("syntax = \"proto3\"; message A { reserved 5; int32 a = 5; }")).find("uses reserved number 5") !=
        std::string::npos);
  CHECK(fault_of(proto("syntax = \"proto3\"; message A { int32 a = 1; int32 b = 1; }")).find("already been used") !=
        std::string::npos);
  CHECK(fault_of(proto("")) == "it is empty");
  CHECK(fault_of(proto(std::string("\0\1\2\3", 4))) ==
        "it is neither the text of a .proto file nor a FileDescriptorSet within the limits");
  const SchemaText reference =
      with(proto("syntax = \"proto3\"; import \"b.proto\"; message A {}"), {{"b.proto", "message {"}});
  CHECK(fault_of(reference).starts_with("reference `b.proto`: line 1, column 9: "));
}

TEST_CASE("files that import each other are told") {
  const std::string a = "syntax = \"proto3\"; import \"b.proto\"; message A {}";
  const std::string b = "syntax = \"proto3\"; import \"a.proto\"; message B {}";
  CHECK(fault_of(with(proto("syntax = \"proto3\"; import \"a.proto\"; message M { A a = 1; }"),
                      {{"a.proto", a}, {"b.proto", b}})) ==
        "files import each other in a circle: `a.proto`, `b.proto`, `a.proto`");
  CHECK(fault_of(with(proto("syntax = \"proto3\"; import \"c.proto\"; message M {}"),
                      {{"c.proto", "syntax = \"proto3\"; import \"c.proto\";"}})) ==
        "files import each other in a circle: `c.proto`, `c.proto`");
}

TEST_CASE("large schemas are taken up to a limit, nested ones as well") {
  std::string many = "syntax = \"proto3\";";
  for (int i = 0; i < 10'000; ++i) many += "message M" + std::to_string(i) + " { int32 a = 1; }\n";
  CHECK(fault_of(proto(many), "M9999") == "none: M9999");
  std::string values = "syntax = \"proto3\"; enum E {";
  for (int i = 0; i < 250'000; ++i) values += "A" + std::to_string(i) + "=" + std::to_string(i) + ";";
  CHECK(fault_of(proto(values + "}")) == "it has more than 200000 declarations");

  const auto deep = [](int levels) {
    std::string text = "syntax = \"proto3\";";
    for (int i = 0; i < levels; ++i) text += "message M {";
    return text + std::string(static_cast<std::size_t>(levels), '}');
  };
  CHECK(fault_of(proto(deep(31))) == "none: M");
  CHECK(fault_of(proto(deep(60))).find("maximum recursion limit") != std::string::npos);
  CHECK(fault_of(proto(deep(61))).find("nested deeper than 60") != std::string::npos);
  CHECK(fault_of(proto(deep(200'000))).find("nested deeper than 60") != std::string::npos);
  std::string aggregate = "syntax = \"proto3\"; message M { option (x) = ";
  for (int i = 0; i < 100'000; ++i) aggregate += "{ a ";
  CHECK(fault_of(proto(aggregate)).find("nested deeper than 60") != std::string::npos);

  pb::DescriptorProto inner;
  inner.set_name("M");
  for (int i = 0; i < 90; ++i) {
    pb::DescriptorProto outer;
    outer.set_name("M");
    outer.add_nested_type()->Swap(&inner);
    inner.Swap(&outer);
  }
  pb::FileDescriptorSet set;
  set.add_file()->set_name("deep.proto");
  set.mutable_file(0)->add_message_type()->Swap(&inner);
  CHECK(fault_of(proto(set.SerializeAsString())).find("within the limits") != std::string::npos);
}

TEST_CASE("the name of a well-known type does not make a stranger's type one") {
  const SchemaText schema =
      proto("syntax = \"proto3\"; package google.protobuf; message Value { Value v = 1; int32 n = 2; }");
  CHECK(testing::protobuf_json(schema, Wire().text(1, Wire().number(2, 3))) == R"({"v":{"n":3},"n":0})");
  pb::FileDescriptorSet set = descriptions();
  set.mutable_file(0)->set_name("google/protobuf/struct.proto");
  set.mutable_file(1)->set_dependency(0, "google/protobuf/struct.proto");
  CHECK(fault_of(proto(set.SerializeAsString())).find(".shop.Money") != std::string::npos);
}

TEST_CASE("any bytes of a schema, cut and changed, are taken or refused") {
  const std::string whole = descriptions().SerializeAsString();
  for (std::size_t size = 0; size < whole.size(); ++size) static_cast<void>(fault_of(proto(whole.substr(0, size))));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const unsigned flip : {1U, 0x80U, 0x7FU, 0xFFU}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
      CHECK_FALSE(fault_of(proto(changed)).empty());
    }
  }
}

}  // namespace
}  // namespace weir
