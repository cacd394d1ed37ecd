// SPDX-License-Identifier: Apache-2.0
// JSON that any parser takes, whatever the texts hold.
#include "base/json_writer.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "base/json_value.h"
#include "base/utf8.h"

namespace weir {
namespace {

TEST_CASE("commas and colons stand where JSON wants them") {
  JsonWriter json;
  json.begin_object()
      .field("a", 1)
      .key("b")
      .begin_array()
      .value("x")
      .null()
      .value(true)
      .begin_object()
      .end_object()
      .end_array();
  json.field("c", "y").end_object();
  CHECK(json.text() == R"({"a":1,"b":["x",null,true,{}],"c":"y"})");
}

TEST_CASE("pretty JSON has one value a line and nothing within what is empty") {
  JsonWriter json(true);
  json.begin_object()
      .key("a")
      .begin_array()
      .value(1)
      .value(2)
      .end_array()
      .key("b")
      .begin_array()
      .end_array()
      .end_object();
  CHECK(json.text() == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}");
}

TEST_CASE("doubles are as short as they can be and read back the same") {
  const auto text = [](double number) {
    JsonWriter json;
    return json.value(number).take();
  };
  CHECK(text(0.1) == "0.1");
  CHECK(text(0.061) == "0.061");
  CHECK(text(3) == "3");
  CHECK(text(1e-9) == "1e-09");
  const double tiniest = std::numeric_limits<double>::denorm_min();
  CHECK(std::strtod(text(1.0 / 3).c_str(), nullptr) == 1.0 / 3);
  CHECK(std::strtod(text(tiniest).c_str(), nullptr) == tiniest);
}

TEST_CASE("numbers that JSON does not have are null") {
  JsonWriter json;
  json.begin_array()
      .value(std::numeric_limits<double>::quiet_NaN())
      .value(std::numeric_limits<double>::infinity())
      .end_array();
  CHECK(json.text() == "[null,null]");
}

TEST_CASE("whole numbers keep every digit") {
  JsonWriter json;
  json.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::uint64_t>::max())
      .end_array();
  CHECK(json.text() == "[-9223372036854775808,18446744073709551615]");
}

TEST_CASE("quotes, backslashes and control characters are escaped") {
  CHECK(json_quote("a\"b\\c\n\r\t\b\f\x01\x1f\x7f") == R"("a\"b\\c\n\r\t\b\f\u0001\u001f\u007f")");
  CHECK(json_quote(std::string("\0", 1)) == R"("\u0000")");
  CHECK(json_quote("grün €") == "\"grün €\"");
}

TEST_CASE("what is no UTF-8 becomes one U+FFFD a byte") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(json_quote("a\xff"
                   "b") == "\"a" + replacement + "b\"");
  CHECK(json_quote("\xc0\x80") == "\"" + replacement + replacement + "\"");                    // overlong
  CHECK(json_quote("\xed\xa0\x80") == "\"" + replacement + replacement + replacement + "\"");  // a surrogate
  CHECK(json_quote("\xf4\x90\x80\x80") == "\"" + replacement + replacement + replacement + replacement + "\"");
  CHECK(json_quote("\xe2\x82") == "\"" + replacement + replacement + "\"");  // cut short
  CHECK(json_quote("\xf4\x8f\xbf\xbf") == "\"\xf4\x8f\xbf\xbf\"");           // the last code point
}

TEST_CASE("any byte at all gives JSON that reads back") {
  std::string bytes;
  for (int first = 0; first < 256; ++first) {
    for (const int second : {0, 0x22, 0x7f, 0x80, 0xbf, 0xc2, 0xff}) {
      bytes += static_cast<char>(first);
      bytes += static_cast<char>(second);
    }
  }
  const Result<JsonValue> value = parse_json(json_quote(bytes));
  REQUIRE(value.ok());
  CHECK(value->type == JsonValue::Type::Text);
}

TEST_CASE("code points are read one by one, and every byte is accounted for") {
  const std::string text = "aé€😀\xff";
  std::size_t at = 0;
  std::u32string points;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    points += point.value;
    at += point.bytes;
  }
  CHECK(at == text.size());
  CHECK(points == U"aé€😀\xFFFD");
}

}  // namespace
}  // namespace weir
