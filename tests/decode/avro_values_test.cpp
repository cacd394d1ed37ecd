// SPDX-License-Identifier: Apache-2.0
// How values of each type and logical type come out.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "decode/avro_rows.h"

namespace weir {
namespace {

using testing::avro_json_of;
using testing::avro_long;
using testing::avro_of;
using testing::avro_raw;
using testing::avro_record;
using testing::avro_text;
using testing::read_avro;

std::string value_of(const std::string& type, const std::string& datum) {
  return read_avro({"a"}, avro_of(type), datum);
}
std::string logical(const std::string& type, const std::string& name, const std::string& more = "") {
  return R"({"type":")" + type + R"(","logicalType":")" + name + "\"" + more + "}";
}
std::string fixed(std::size_t size, const std::string& more = "") {
  return R"({"type":"fixed","name":"f","size":)" + std::to_string(size) + more + "}";
}
std::string decimal(int precision, int scale) {
  return logical("bytes", "decimal",
                 ",\"precision\":" + std::to_string(precision) + ",\"scale\":" + std::to_string(scale));
}

TEST_CASE("primitive types come out as the values of JSON do") {
  CHECK(value_of(R"("null")", "") == "null null");
  CHECK(value_of(R"("boolean")", std::string(1, '\0')) == "boolean 0 false");
  CHECK(value_of(R"("boolean")", "\1") == "boolean 1 true");
  CHECK(value_of(R"("int")", avro_long(-64)) == "integer -64");
  CHECK(value_of(R"("int")", avro_long(2147483647)) == "integer 2147483647");
  CHECK(value_of(R"("int")", avro_long(-2147483648LL)) == "integer -2147483648");
  CHECK(value_of(R"("long")", avro_long(std::numeric_limits<std::int64_t>::min())) == "integer -9223372036854775808");
  CHECK(value_of(R"("long")", avro_long(std::numeric_limits<std::int64_t>::max())) == "integer 9223372036854775807");
  CHECK(value_of(R"("string")", avro_text("grün")) == "text grün");
  CHECK(value_of(R"("string")", avro_text("")) == "text");
  CHECK(value_of(R"("bytes")", avro_text(std::string("\0\xff\x10", 3))) == "text AP8Q");
  CHECK(value_of(R"("bytes")", avro_text("ab")) == "text YWI=");
  CHECK(value_of(R"("bytes")", avro_text("a")) == "text YQ==");
  CHECK(value_of(R"("bytes")", avro_text("")) == "text");
  CHECK(value_of(fixed(3), "abc") == "text YWJj");
  CHECK(value_of(R"({"type":"enum","name":"e","symbols":["NEW","PAID"]})", avro_long(1)) == "text PAID");
}

TEST_CASE("floating point numbers come out as the shortest decimal that reads back") {
  CHECK(value_of(R"("double")", avro_raw(0.1)) == "decimal 1/1");
  CHECK(value_of(R"("double")", avro_raw(-19.99)) == "decimal -1999/2");
  CHECK(value_of(R"("double")", avro_raw(3.0)) == "integer 3");
  CHECK(value_of(R"("double")", avro_raw(1e300)) == "number 1e+300");
  CHECK(value_of(R"("double")", avro_raw(std::nan(""))) == "number NaN");
  CHECK(value_of(R"("double")", avro_raw(-HUGE_VAL)) == "number -Infinity");
  CHECK(value_of(R"("float")", avro_raw(0.1F)) == "decimal 1/1");
  CHECK(value_of(R"("float")", avro_raw(16777216.0F)) == "integer 16777216");
}

TEST_CASE("decimals are exact") {
  CHECK(value_of(decimal(4, 2), avro_text("\x04\xd2")) == "decimal 1234/2");
  CHECK(value_of(decimal(4, 2), avro_text(std::string("\xff\xff\xff", 3))) == "decimal -1/2");
  CHECK(value_of(decimal(4, 2), avro_text("")) == "decimal 0/2");
  CHECK(value_of(decimal(4, 0), avro_text("\xfe")) == "integer -2");
  CHECK(value_of(fixed(2, R"(,"logicalType":"decimal","precision":4,"scale":1)"), "\xff\xfe") == "decimal -2/1");
  // Beyond 18 digits their text.
  CHECK(value_of(decimal(19, 2), avro_text("\x7f\xff\xff\xff\xff\xff\xff\xff")) == "number 92233720368547758.07");
  CHECK(value_of(decimal(19, 2), avro_text(std::string("\x80\0\0\0\0\0\0\0", 8))) == "number -92233720368547758.08");
  CHECK(value_of(decimal(30, 3), avro_text(std::string("\x01\0\0\0\0\0\0\0\0", 9))) == "number 18446744073709551.616");
  CHECK(value_of(decimal(30, 3), avro_text(std::string("\xff\0\0\0\0\0\0\0\0", 9))) == "number -18446744073709551.616");
  CHECK(value_of(decimal(30, 0), avro_text(std::string("\x01\0\0\0\0\0\0\0\0", 9))) == "number 18446744073709551616");
  CHECK(value_of(decimal(30, 20), avro_text("\x05")) == "number 0.00000000000000000005");
  CHECK(value_of(decimal(30, 20), avro_text(std::string(1, '\0'))) == "number 0.00000000000000000000");
  // No row of zeros that nobody wrote.
  CHECK(value_of(decimal(9000, 9000), avro_text("\x05")) == "number 5e-9000");
  CHECK(value_of(decimal(9000, 9000), avro_text("")) == "number 0");
  // Filled up with the sign to any length.
  CHECK(value_of(decimal(4, 2), avro_text(std::string(4000, '\0') + "\x04\xd2")) == "decimal 1234/2");
  CHECK(value_of(decimal(4, 2), avro_text(std::string(4000, '\xff') + "\xfe")) == "decimal -2/2");
}

/// bytes x 256 + byte, in decimal digits, by hand.
std::string digits_of(const std::string& bytes) {
  std::string digits = "0";  // least significant first
  for (const char c : bytes) {
    int carry = static_cast<unsigned char>(c);
    for (char& digit : digits) {
      carry += (digit - '0') * 256;
      digit = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry > 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  }
  return {digits.rbegin(), digits.rend()};
}

TEST_CASE("decimals of thousands of digits are exact, and there is an end to them") {
  for (const std::size_t size : {8U, 9U, 11U, 12U, 13U, 100U, 4200U}) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>((i * 37 + 90) & (i == 0 ? 0x7f : 0xff));
    CHECK(value_of(decimal(20000, 0), avro_text(bytes)) == (size == 8 ? "integer " : "number ") + digits_of(bytes));
    const std::string digits = digits_of(bytes);
    CHECK(value_of(decimal(20000, 5), avro_text(bytes)) ==
          "number " + digits.substr(0, digits.size() - 5) + "." + digits.substr(digits.size() - 5));
  }
  CHECK(value_of(decimal(20000, 0), avro_text(std::string(5001, 'x'))) ==
        "too_large at 0: `a`: a decimal of 5001 bytes, at most 5000 are read");
}

TEST_CASE("times come out as the texts that JSON carries them in") {
  const std::string date = logical("int", "date");
  CHECK(value_of(date, avro_long(20454)) == "text 2026-01-01");
  CHECK(value_of(date, avro_long(-1)) == "text 1969-12-31");
  CHECK(value_of(date, avro_long(2147483647)) == "integer 2147483647");
  CHECK(value_of(logical("int", "time-millis"), avro_long(45296789)) == "text 12:34:56.789");
  CHECK(value_of(logical("int", "time-millis"), avro_long(-1)) == "integer -1");
  CHECK(value_of(logical("long", "time-micros"), avro_long(45296000001)) == "text 12:34:56.000001");
  CHECK(value_of(logical("long", "timestamp-millis"), avro_long(1767225600000)) == "text 2026-01-01T00:00:00Z");
  CHECK(value_of(logical("long", "timestamp-millis"), avro_long(-1)) == "text 1969-12-31T23:59:59.999Z");
  CHECK(value_of(logical("long", "timestamp-micros"), avro_long(1767225600000001)) ==
        "text 2026-01-01T00:00:00.000001Z");
  CHECK(value_of(logical("long", "timestamp-nanos"), avro_long(1767225600000000001)) ==
        "text 2026-01-01T00:00:00.000000001Z");
  CHECK(value_of(logical("long", "local-timestamp-millis"), avro_long(1767225600500)) ==
        "text 2026-01-01T00:00:00.500");
  CHECK(value_of(logical("long", "local-timestamp-micros"), avro_long(1767225600000000)) == "text 2026-01-01T00:00:00");
  CHECK(value_of(logical("long", "local-timestamp-nanos"), avro_long(0)) == "text 1970-01-01T00:00:00");
  CHECK(value_of(logical("long", "timestamp-millis"), avro_long(std::numeric_limits<std::int64_t>::max())) ==
        "integer 9223372036854775807");
}

TEST_CASE("uuids and durations come out as their texts") {
  const std::string bytes = "\x0f\x8f\xad\x5b\xd9\xcb\x46\x9f\xa1\x65\x70\x86\x77\x28\x95\x0e";
  const std::string text = "0f8fad5b-d9cb-469f-a165-70867728950e";
  CHECK(value_of(fixed(16, R"(,"logicalType":"uuid")"), bytes) == "text " + text);
  CHECK(value_of(logical("string", "uuid"), avro_text(text)) == "text " + text);
  const std::string duration = fixed(12, R"(,"logicalType":"duration")");
  const auto of = [&](std::uint32_t months, std::uint32_t days, std::uint32_t millis) {
    return value_of(duration, avro_raw(months) + avro_raw(days) + avro_raw(millis));
  };
  CHECK(of(1, 2, 3004) == "text P1M2DT3.004S");
  CHECK(of(0, 0, 0) == "text PT0S");
  CHECK(of(0, 7, 0) == "text P7D");
  CHECK(of(4294967295, 0, 5000) == "text P4294967295MT5S");
}

TEST_CASE("a logical type that does not fit its type is not there") {
  CHECK(value_of(logical("string", "date"), avro_text("x")) == "text x");
  CHECK(value_of(logical("long", "date"), avro_long(1)) == "integer 1");
  CHECK(value_of(logical("long", "no-such-thing"), avro_long(1)) == "integer 1");
  CHECK(value_of(decimal(0, 0), avro_text("a")) == "text YQ==");
  CHECK(value_of(decimal(2, 3), avro_text("a")) == "text YQ==");
  CHECK(value_of(logical("bytes", "decimal"), avro_text("a")) == "text YQ==");
  CHECK(value_of(fixed(1, R"(,"logicalType":"decimal","precision":3)"), "a") == "text YQ==");
  CHECK(value_of(fixed(1, R"(,"logicalType":"decimal","precision":2)"), "a") == "integer 97");
  CHECK(value_of(fixed(1, R"(,"logicalType":"uuid")"), "a") == "text YQ==");
  CHECK(value_of(fixed(1, R"(,"logicalType":"duration")"), "a") == "text YQ==");
}

const std::string kOrder = avro_record(
    R"({"name":"id","type":"long"},)"
    R"({"name":"user","type":["null",{"type":"record","name":"u","fields":[{"name":"zip","type":"string"}]}]},)"
    R"({"name":"lines","type":{"type":"array","items":{"type":"record","name":"l","fields":[)"
    R"({"name":"qty","type":"int"},{"name":"tags","type":{"type":"array","items":"string"}}]}}},)"
    R"({"name":"more","type":{"type":"map","values":["null","double"]}})");

std::string order() {
  return avro_long(7) + avro_long(1) + avro_text("1010") +  //
         avro_long(2) + avro_long(3) + avro_long(0) +       // qty 3, no tags
         avro_long(4) + avro_long(-1) + avro_long(3) + avro_text("x\"") +
         avro_long(0) +  // qty 4, a block with its size
         avro_long(0) +  //
         avro_long(2) + avro_text("p") + avro_long(1) + avro_raw(2.5) + avro_text("q") + avro_long(0) + avro_long(0);
}

TEST_CASE("what is nested lies where paths say") {
  CHECK(read_avro({"id", "user.zip", "lines[].qty", "lines[].tags[]", "more.p", "more.q", "more.r"}, kOrder, order()) ==
        "integer 7 | text 1010 | [integer 3 , integer 4 ] | [text x\"] | decimal 25/1 | null null | absent");
  CHECK(read_avro({"lines[].no", "user.no.x[]", "id.x", "id[]", "lines.x", "no"}, kOrder, order()) ==
        "[absent, absent] | [absent] | absent | [absent] | absent | absent");
  CHECK(read_avro({"id"}, kOrder, order()) == "integer 7");
  CHECK(read_avro({"user", "lines", "more", "lines[].qty"}, kOrder, order()) ==
        R"(object {"zip":"1010"} | array [{"qty":3,"tags":[]},{"qty":4,"tags":["x\""]}] | object {"p":2.5,"q":null})"
        " | [integer 3 , integer 4 ]");
}

TEST_CASE("a null where a record might be leaves its fields absent") {
  const std::string datum = avro_long(7) + avro_long(0) + avro_long(0) + avro_long(0);
  CHECK(read_avro({"user", "user.zip", "lines[].qty"}, kOrder, datum) == "null null | absent | []");
}

TEST_CASE("a record is JSON for whoever reads JSON") {
  CHECK(
      avro_json_of(kOrder, order()) ==
      R"({"id":7,"user":{"zip":"1010"},"lines":[{"qty":3,"tags":[]},{"qty":4,"tags":["x\""]}],"more":{"p":2.5,"q":null}})");
  CHECK(avro_json_of(avro_of(R"("double")"), avro_raw(std::nan(""))) == R"({"a":"NaN"})");
  CHECK(avro_json_of(avro_of(R"("float")"), avro_raw(-HUGE_VALF)) == R"({"a":"-Infinity"})");
  CHECK(avro_json_of(avro_of(R"("bytes")"), avro_text("ab")) == R"({"a":"YWI="})");
  CHECK(avro_json_of(avro_of(R"("boolean")"), "\1") == R"({"a":true})");
  CHECK(avro_json_of(avro_of(decimal(4, 2)), avro_text("\x04\xd2")) == R"({"a":12.34})");
  CHECK(avro_json_of(R"("string")", avro_text("x")) == R"("x")");
}

TEST_CASE("a rule on the record itself sees its JSON") {
  Plan plan = testing::plan_of({"id"});
  plan.fields.add(FieldPath::whole());
  CHECK(
      read_avro(plan, kOrder, {order()})[0] ==
      R"(integer 7 | object {"id":7,"user":{"zip":"1010"},"lines":[{"qty":3,"tags":[]},{"qty":4,"tags":["x\""]}],"more":{"p":2.5,"q":null}})");
}

TEST_CASE("of a key that comes twice in a map the last value counts") {
  const std::string map = avro_of(R"({"type":"map","values":{"type":"array","items":"int"}})");
  const std::string one = avro_long(1) + avro_long(1) + avro_long(0);
  const std::string two = avro_long(2) + avro_long(2) + avro_long(3) + avro_long(0);
  const std::string datum = avro_long(1) + avro_text("k") + one + avro_long(1) + avro_text("k") + two + avro_long(0);
  CHECK(read_avro({"a.k[]"}, map, datum) == "[integer 2 , integer 3 ] (a key twice)");
}

TEST_CASE("a schema need not be a record") {
  CHECK(read_avro({"a"}, R"("string")", avro_text("x")) == "absent");
  CHECK(read_avro({"a"}, R"({"type":"map","values":"int"})",
                  avro_long(1) + avro_text("a") + avro_long(5) + avro_long(0)) == "integer 5");
  CHECK(read_avro({"a"}, "[\"null\"," + avro_of(R"("int")") + "]", avro_long(1) + avro_long(5)) == "integer 5");
  CHECK(read_avro({"a"}, "[\"null\"," + avro_of(R"("int")") + "]", avro_long(0)) == "absent");
}

TEST_CASE("fields are noted as they stand in the schema") {
  Plan plan = testing::plan_of({"id"});
  plan.note_fields = true;
  plan.extra_fields_rule = 0;
  CHECK(read_avro(plan, kOrder, {order(), "\1"})[0] ==
        "integer 7 + user + lines + more ~ 0 id integer ~ 1 user object ~ 2 lines array ~ 3 more object");
  const std::string bare = avro_long(7) + avro_long(0) + avro_long(0) + avro_long(0);
  CHECK(read_avro(plan, kOrder, {"\1", bare})[1] ==
        "integer 7 + user + lines + more ~ 0 id integer ~ 1 user null ~ 2 lines array ~ 3 more object");
}

TEST_CASE("a type may hold itself") {
  const std::string list = R"({"type":"record","name":"n","fields":[{"name":"v","type":"int"},)"
                           R"({"name":"next","type":["null","n"]}]})";
  const std::string datum = avro_long(1) + avro_long(1) + avro_long(2) + avro_long(1) + avro_long(3) + avro_long(0);
  CHECK(read_avro({"v", "next.v", "next.next.v", "next.next.next"}, list, datum) ==
        "integer 1 | integer 2 | integer 3 | null null");
  CHECK(avro_json_of(list, datum) == R"({"v":1,"next":{"v":2,"next":{"v":3,"next":null}}})");
}

}  // namespace
}  // namespace weir
