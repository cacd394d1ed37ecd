// SPDX-License-Identifier: Apache-2.0
// What each type of Protobuf comes out as, from bytes put together by hand.
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/protobuf_records.h"

namespace weir {
namespace {

using testing::DecodedRow;
using testing::proto;
using testing::protobuf_json;
using testing::read_protobuf;
using testing::Wire;
using Lines = std::vector<std::string>;

std::string value(const SchemaText& schema, const std::string& path, const Wire& record) {
  const DecodedRow row = read_protobuf(schema, {path}, record);
  return row.decoded ? row.values[0] : row.code + ": " + row.reason;
}

const SchemaText& scalars() {
  static const SchemaText schema = proto(R"(syntax = "proto3"; package shop;
    enum Colour { NONE = 0; RED = 1; CRIMSON = 7; }
    message All {
      int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; sint32 s32 = 5; sint64 s64 = 6;
      fixed32 f32 = 7; fixed64 f64 = 8; sfixed32 sf32 = 9; sfixed64 sf64 = 10;
      float real = 11; double precise = 12; bool yes = 13; string text = 14; bytes raw = 15; Colour colour = 16;
      optional int32 maybe = 17; repeated sint32 many = 18; repeated string words = 19;
    })");
  return schema;
}

TEST_CASE("protobuf integers of every encoding are integers") {
  const SchemaText& s = scalars();
  CHECK(value(s, "i32", Wire().number(1, 150)) == "integer 150 ");
  CHECK(value(s, "i32", Wire().number(1, ~0ULL)) == "integer -1 ");
  CHECK(value(s, "i32", Wire().number(1, 0x1'0000'0002)) == "integer 2 ");
  CHECK(value(s, "i64", Wire().number(2, 1ULL << 63U)) == "integer -9223372036854775808 ");
  CHECK(value(s, "u32", Wire().number(3, 0xFFFFFFFF)) == "integer 4294967295 ");
  CHECK(value(s, "u64", Wire().number(4, INT64_MAX)) == "integer 9223372036854775807 ");
  CHECK(value(s, "u64", Wire().number(4, ~0ULL)) == "number 18446744073709551615");
  CHECK(value(s, "s32", Wire().number(5, 3)) == "integer -2 ");
  CHECK(value(s, "s32", Wire().number(5, 0xFFFFFFFF)) == "integer -2147483648 ");
  CHECK(value(s, "s64", Wire().number(6, ~0ULL)) == "integer -9223372036854775808 ");
  CHECK(value(s, "f32", Wire().fixed32(7, 0x80000000)) == "integer 2147483648 ");
  CHECK(value(s, "f64", Wire().fixed64(8, ~0ULL)) == "number 18446744073709551615");
  CHECK(value(s, "sf32", Wire().fixed32(9, 0x80000000)) == "integer -2147483648 ");
  CHECK(value(s, "sf64", Wire().fixed64(10, ~0ULL)) == "integer -1 ");
}

TEST_CASE("protobuf floats are the shortest decimals that read back") {
  const SchemaText& s = scalars();
  const auto real = [&](float number) {
    return value(s, "real", Wire().fixed32(11, std::bit_cast<std::uint32_t>(number)));
  };
  const auto precise = [&](double number) {
    return value(s, "precise", Wire().fixed64(12, std::bit_cast<std::uint64_t>(number)));
  };
  CHECK(real(0.1F) == "decimal 1/1 ");
  CHECK(precise(0.1) == "decimal 1/1 ");
  CHECK(precise(-12.50) == "decimal -125/1 ");
  CHECK(precise(100000.0) == "integer 100000 ");
  CHECK(precise(1e300) == "number 1e+300");
  CHECK(precise(std::bit_cast<double>(0x7FF8000000000000)) == "number NaN");
  CHECK(precise(-std::bit_cast<double>(0x7FF0000000000000)) == "number -Infinity");
}

TEST_CASE("protobuf texts, bytes, booleans and enums") {
  const SchemaText& s = scalars();
  CHECK(value(s, "yes", Wire().number(13, 5)) == "boolean 1 true");
  CHECK(value(s, "text", Wire().text(14, "h\xC3\xA9")) == "text h\xC3\xA9");
  CHECK(value(s, "raw", Wire().text(15, std::string("\0\xFF", 2))) == "text AP8=");
  CHECK(value(s, "colour", Wire().number(16, 7)) == "text CRIMSON");
  CHECK(value(s, "colour", Wire().number(16, 3)) == "integer 3 ");
  CHECK(value(s, "text", Wire().text(14, "a\xFFz")) == "utf8: the text of `shop.All.text` is not UTF-8");
}

TEST_CASE("what proto3 does not write has its default, unless it says whether it is there") {
  const Lines paths = {"i32", "u64", "precise", "yes", "text", "raw", "colour", "maybe", "many", "many[]", "words"};
  const Lines expected = {"integer 0 ", "integer 0 ", "integer 0 ", "boolean 0 false", "text ", "text ", "text NONE",
                          "absent",     "array []",   "[]",         "array []"};
  CHECK(read_protobuf(scalars(), paths, "").values == expected);
  CHECK(value(scalars(), "maybe", Wire().number(17, 0)) == "integer 0 ");
}

TEST_CASE("the last of a singular field counts; repeated ones come packed, unpacked and mixed") {
  const SchemaText& s = scalars();
  CHECK(value(s, "i32", Wire().number(1, 1).number(1, 2)) == "integer 2 ");
  const Wire mixed = Wire().number(18, 2).text(18, std::string("\x04\x06", 2)).number(18, 7);
  CHECK(value(s, "many[]", mixed) == "[integer 1 , integer 2 , integer 3 , integer -4 ]");
  CHECK(value(s, "many", mixed) == "array [1,2,3,-4]");
  CHECK(value(s, "words[]", Wire().text(19, "a").text(19, "")) == "[text a, text ]");
}

TEST_CASE("a field of another wire type is one that nobody knows") {
  const SchemaText& s = scalars();
  CHECK(value(s, "i32", Wire().number(1, 4).fixed32(1, 9).text(1, "x")) == "integer 4 ");
  CHECK(value(s, "words[]", Wire().number(19, 1)) == "[]");
  CHECK(value(s, "text", Wire().group(14, Wire().number(1, 1))) == "text ");
}

const SchemaText& nested() {
  static const SchemaText schema = proto(R"(syntax = "proto3"; package shop;
    message Order {
      message Line { string sku = 1; int32 qty = 2; repeated string tags = 3; }
      Line first = 1; repeated Line lines = 2; map<string, int32> counts = 3; map<int64, Line> by_id = 4;
      oneof pay { string card = 5; Line cash = 6; int32 points = 7; }
      map<bool, string> flags = 8;
    }
    )");
  return schema;
}

TEST_CASE("nested messages: absent, empty, and in pieces that are merged") {
  const SchemaText& s = nested();
  CHECK(value(s, "first", Wire()) == "absent");
  CHECK(value(s, "first.qty", Wire()) == "absent");
  CHECK(value(s, "first", Wire().text(1, "")) == R"(object {"sku":"","qty":0,"tags":[]})");
  const Wire pieces =
      Wire().text(1, Wire().text(1, "a").number(2, 1).text(3, "x")).text(1, Wire().number(2, 9).text(3, "y"));
  CHECK(value(s, "first", pieces) == R"(object {"sku":"a","qty":9,"tags":["x","y"]})");
  CHECK(read_protobuf(s, {"first.sku", "first.qty", "first.tags[]"}, pieces).values ==
        Lines{"text a", "integer 9 ", "[text x, text y]"});
}

TEST_CASE("elements of repeated messages, arrays within arrays") {
  const Wire record = Wire()
                          .text(2, Wire().text(1, "a").text(3, "x").text(3, "y"))
                          .text(2, "")
                          .text(2, Wire().number(2, 5).text(3, "z"));
  const Lines paths = {"lines[].sku", "lines[].qty", "lines[].tags[]", "lines[].no", "lines.sku", "first.tags[]"};
  CHECK(read_protobuf(nested(), paths, record).values ==
        Lines{"[text a, text , text ]", "[integer 0 , integer 0 , integer 5 ]", "[text x, text y, text z]",
              "[absent, absent, absent]", "absent", "[absent]"});
}

TEST_CASE("maps are objects; of a key that comes again the last entry counts") {
  const SchemaText& s = nested();
  const Wire record = Wire()
                          .text(3, Wire().text(1, "a").number(2, 1))
                          .text(3, Wire().text(1, "b"))
                          .text(3, Wire().number(2, 4).text(1, "a"))
                          .text(4, Wire().number(1, ~0ULL).text(2, Wire().number(2, 3)))
                          .text(8, Wire().number(1, 1).text(2, "t"))
                          .text(8, "");
  CHECK(value(s, "counts", record) == R"(object {"a":4,"b":0})");
  CHECK(value(s, "counts.a", record) == "integer 4 ");
  CHECK(value(s, "counts.c", record) == "absent");
  CHECK(value(s, "by_id.\"-1\".qty", record) == "integer 3 ");
  CHECK(value(s, "flags", record) == R"(object {"true":"t","false":""})");
  CHECK(value(s, "counts", Wire()) == "object {}");
  CHECK(value(s, "counts", Wire().text(3, Wire().text(1, "\xC0"))) ==
        "utf8: the text of `shop.Order.CountsEntry.key` is not UTF-8");
}

TEST_CASE("of a oneof the member that came last is there") {
  const SchemaText& s = nested();
  const Wire record = Wire().text(6, Wire().number(2, 3).text(3, "x")).text(5, "4111").text(6, Wire().text(1, "eur"));
  CHECK(value(s, "cash", record) == R"(object {"sku":"eur","qty":0,"tags":[]})");
  CHECK(value(s, "card", record) == "absent");
  CHECK(value(s, "points", Wire()) == "absent");
  CHECK(value(s, "points", Wire().number(7, 0)) == "integer 0 ");
  CHECK(value(s, "points", Wire().number(7, 5).text(5, "")) == "absent");
}

TEST_CASE("proto2: groups, defaults that are not there, required fields that nobody wrote") {
  const SchemaText s = proto(R"(syntax = "proto2";
    message Old { required int32 id = 1; optional int32 size = 2 [default = 41];
      repeated group Row = 3 { optional string name = 4; } optional group One = 5 { optional int32 n = 1; }
      extensions 100 to 200; })");
  const Wire record =
      Wire().group(3, Wire().text(4, "a")).group(3, Wire()).group(5, Wire().number(1, 1)).group(5, Wire().number(1, 2));
  CHECK(read_protobuf(s, {"id", "size", "row[].name", "row", "one.n"}, record).values ==
        Lines{"absent", "absent", "[text a, absent]", R"(array [{"name":"a"},{}])", "integer 2 "});
}

TEST_CASE("well-known types come out as what they mean") {
  const SchemaText s = proto(R"(syntax = "proto3";
    import "google/protobuf/any.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/empty.proto";
    import "google/protobuf/field_mask.proto"; import "google/protobuf/struct.proto";
    import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto"; import "google/type/money.proto";
    message W { google.protobuf.Timestamp at = 1; google.protobuf.Duration took = 2; google.protobuf.Int64Value n = 3;
      google.protobuf.StringValue t = 4; google.protobuf.Struct s = 5; google.protobuf.Value v = 6;
      google.protobuf.ListValue l = 7; google.protobuf.Any any = 8; google.protobuf.FieldMask mask = 9;
      google.protobuf.Empty none = 10; google.type.Money price = 11; google.protobuf.NullValue nil = 12; })");
  const auto at = [&](std::uint64_t seconds, std::uint64_t nanos) {
    return value(s, "at", Wire().text(1, Wire().number(1, seconds).number(2, nanos)));
  };
  CHECK(at(1767225600, 0) == "text 2026-01-01T00:00:00Z");
  CHECK(at(1767225600, 500'000'000) == "text 2026-01-01T00:00:00.500Z");
  CHECK(at(1767225600, 1'000) == "text 2026-01-01T00:00:00.000001Z");
  CHECK(at(static_cast<std::uint64_t>(-1), 1) == "text 1969-12-31T23:59:59.000000001Z");
  CHECK(at(253402300799, 999'999'999) == "text 9999-12-31T23:59:59.999999999Z");
  CHECK(at(253402300800, 0) == "integer 253402300800 253402300800");
  CHECK(at(5, static_cast<std::uint64_t>(-500'000'000)) == "decimal 4500/3 4.500");
  const auto took = [&](std::int64_t seconds, std::int64_t nanos) {
    return value(
        s, "took",
        Wire().text(
            2, Wire().number(1, static_cast<std::uint64_t>(seconds)).number(2, static_cast<std::uint64_t>(nanos))));
  };
  CHECK(took(1, 500'000'000) == "text PT1.500S");
  CHECK(took(-90061, -4'000'000) == "text -PT90061.004S");
  CHECK(took(0, 0) == "text PT0S");
  CHECK(took(INT64_MIN, INT32_MIN) == "text -PT9223372036854775810.147483648S");

  CHECK(value(s, "n", Wire()) == "absent");
  CHECK(value(s, "n", Wire().text(3, "")) == "integer 0 ");
  CHECK(value(s, "n", Wire().text(3, Wire().number(1, 7))) == "integer 7 ");
  CHECK(value(s, "t", Wire().text(4, Wire().text(1, "x"))) == "text x");

  const auto number = [](double d) { return Wire().fixed64(2, std::bit_cast<std::uint64_t>(d)); };
  const Wire list = Wire().text(1, number(1.5)).text(1, Wire().number(1, 0)).text(1, Wire().number(4, 1));
  const auto entry = [](std::string_view key, const Wire& held) { return Wire().text(1, key).text(2, held); };
  const Wire inner = Wire().text(1, entry("d", Wire().text(3, "deep")));
  const Wire object = Wire()
                          .text(1, entry("a", number(2)))
                          .text(1, entry("b", Wire().text(6, list)))
                          .text(1, entry("c", Wire().text(5, inner)));
  CHECK(value(s, "s", Wire().text(5, object)) == R"(object {"a":2,"b":[1.5,null,true],"c":{"d":"deep"}})");
  CHECK(read_protobuf(s, {"s.a", "s.b[]", "s.c.d", "s.x", "v.c.d", "l[]", "v", "l"},
                      Wire().text(5, object).text(6, Wire().text(5, object)).text(7, list))
            .values == Lines{"integer 2 ", "[decimal 15/1 , null null, boolean 1 true]", "text deep", "absent",
                             "text deep", "[decimal 15/1 , null null, boolean 1 true]",
                             R"(object {"a":2,"b":[1.5,null,true],"c":{"d":"deep"}})", "array [1.5,null,true]"});
  CHECK(value(s, "v", Wire().text(6, "")) == "null null");
  CHECK(value(s, "nil", Wire()) == "null null");

  const Wire any = Wire().text(8, Wire().text(1, "type.googleapis.com/x.Y").text(2, "\x01"));
  CHECK(value(s, "any", any) == R"(object {"@type":"type.googleapis.com/x.Y","value":"AQ=="})");
  CHECK(value(s, "any.\"@type\"", any) == "text type.googleapis.com/x.Y");
  CHECK(value(s, "mask", Wire().text(9, Wire().text(1, "a.b_c").text(1, "d"))) == "text a.b_c,d");
  CHECK(value(s, "none", Wire().text(10, "")) == "object {}");
  CHECK(value(s, "price.units", Wire().text(11, Wire().number(2, 12))) == "integer 12 ");
}

TEST_CASE("a record as JSON has what is there, in the order of the schema") {
  CHECK(protobuf_json(nested(), Wire().text(5, "a\"b").text(1, Wire().number(2, 1))) ==
        R"({"first":{"sku":"","qty":1,"tags":[]},"lines":[],"counts":{},"by_id":{},"card":"a\"b","flags":{}})");
}

TEST_CASE("fields that no rule names and fields that are there are noted, unknown ones by number") {
  Plan plan = testing::plan_of({"first.qty", "card"});
  plan.extra_fields_rule = 1;
  plan.note_fields = true;
  testing::ProtobufDecoder decoder(plan, nested());
  const Wire record = Wire().number(99, 1).text(5, "x").text(1, "").number(17, 1).number(99, 2).fixed32(2, 1);
  const DecodedRow row = testing::decode(
      decoder, plan, testing::MessageBlock({std::string(record)}, testing::Layout::Apart).messages())[0];
  CHECK(row.extra == Lines{"lines", "counts", "by_id", "flags", "#2", "#17", "#99"});
  CHECK(row.seen == Lines{"0 first object", "1 lines array", "2 counts object", "3 by_id object", "4 card text",
                          "5 flags object", "6 #2 text", "7 #17 text", "8 #99 text"});
}

}  // namespace
}  // namespace weir
