// SPDX-License-Identifier: Apache-2.0
// Values of redacted fields leave a record, and nothing else does.
#include "decode/redact.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"

namespace weir {

namespace {

std::string redacted(std::string_view record, const std::vector<std::string_view>& paths,
                     Redaction how = Redaction::Mask) {
  FieldTable fields;
  for (const std::string_view path : paths) fields[fields.add(*FieldPath::parse(path))].redacted = true;
  fields.add(*FieldPath::parse("plain"));
  return redact_json(record, fields, how).value_or("no JSON");
}

}  // namespace

TEST_CASE("A masked value is replaced and every other byte stays") {
  CHECK(redacted(R"( {"email" : "a@b.c" , "plain":1.50, "x":"é\n"} )", {"email"}) ==
        R"( {"email" : "***" , "plain":1.50, "x":"é\n"} )");
  CHECK(redacted(R"({"email":12345})", {"email"}) == R"({"email":"***"})");
  CHECK(redacted(R"({"email":{"a":[1,"}"]},"b":2})", {"email"}) == R"({"email":"***","b":2})");
  CHECK(redacted(R"({"email":null})", {"email"}) == R"({"email":null})");
}

TEST_CASE("Nested fields and elements of arrays are redacted where the path leads") {
  CHECK(redacted(R"({"user":{"name":"Ann","age":3},"name":"shop"})", {"user.name"}) ==
        R"({"user":{"name":"***","age":3},"name":"shop"})");
  CHECK(redacted(R"({"items":[{"sku":"a"},{"n":1},{"sku":"b"}],"tags":["x","y"]})", {"items[].sku", "tags[]"}) ==
        R"({"items":[{"sku":"***"},{"n":1},{"sku":"***"}],"tags":["***","***"]})");
  CHECK(redacted(R"([{"email":"a"}])", {"email"}) == R"([{"email":"a"}])");
}

TEST_CASE("In an envelope a field is redacted wherever it may stand") {
  const std::string event = R"({"before":{"email":"a","n":1},"after":{"email":"b"},"source":{"email":"db"},"op":"u"})";
  const std::string shown =
      R"({"before":{"email":"***","n":1},"after":{"email":"***"},"source":{"email":"db"},"op":"u"})";
  CHECK(redacted(event, {"email"}) == shown);
  CHECK(redacted(event, {"after.email"}) == shown);
  CHECK(redacted(R"({"schema":{},"payload":)" + event + "}", {"email"}) == R"({"schema":{},"payload":)" + shown + "}");
  CHECK(redacted(R"({"specversion":"1.0","type":"t","data":{"email":"a"}})", {"email"}) ==
        R"({"specversion":"1.0","type":"t","data":{"email":"***"}})");
  CHECK(redacted(R"({"specversion":"1.0","data_base64":"eyJlbWFpbCI6ImEifQ=="})", {"email"}) ==
        R"({"specversion":"1.0","data_base64":"***"})");
  CHECK(redacted(R"({"specversion":"1.0","subject":"ann"})", {"ce.subject"}) ==
        R"({"specversion":"1.0","subject":"***"})");
}

TEST_CASE("A key that is written with escapes or twice does not slip through") {
  CHECK(redacted(R"({"e\u006dail":"a","email":"b"})", {"email"}) == R"({"e\u006dail":"***","email":"***"})");
}

TEST_CASE("A hash is that of the text, whatever escapes it was written with") {
  const std::string hash = sha256_hex("Ann").substr(0, 16);
  CHECK(redacted(R"({"name":"Ann"})", {"name"}, Redaction::Hash) == R"({"name":")" + hash + "\"}");
  CHECK(redacted(R"({"name":"\u0041nn"})", {"name"}, Redaction::Hash) == R"({"name":")" + hash + "\"}");
}

TEST_CASE("A dropped field leaves valid JSON behind") {
  const auto dropped = [](std::string_view record) { return redacted(record, {"a", "b", "list[]"}, Redaction::Drop); };
  CHECK(dropped(R"({"a":1,"x":2,"b":3})") == R"({"x":2})");
  CHECK(dropped(R"({"x":2,"a":1,"y":3})") == R"({"x":2,"y":3})");
  CHECK(dropped(R"({"a":1,"b":null})") == "{}");
  CHECK(dropped(R"({"list":[1,2]})") == R"({"list":[]})");
}

TEST_CASE("What is no JSON is not passed on") {
  for (const std::string_view record :
       {"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1}}", "{\"a\" 1}", "[1", "\"x", "{a:1}"}) {
    CHECK(redacted(record, {"a"}) == "no JSON");
  }
}

}  // namespace weir
