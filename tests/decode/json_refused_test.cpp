// SPDX-License-Identifier: Apache-2.0
// Documents that are not JSON: each is put aside with a reason and the offset of the fault, the same in every place where it
// may stand, and its neighbours come to no harm.
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "decode/json_places.h"

namespace weir {
namespace {

using namespace std::string_view_literals;

struct Refused {
  std::string_view document;
  std::uint32_t at = 0;
  std::string_view reason;
  std::string_view code = "syntax";
};

// Reasons that many share.
constexpr std::string_view kCut = "the record ends in the middle of a value";
constexpr std::string_view kOpen = "a text is not closed";
constexpr std::string_view kEscape = "unknown escape in a text";
constexpr std::string_view kHex = "`\\u` wants four hexadecimal digits";
constexpr std::string_view kLone = "an escaped surrogate has no partner";
constexpr std::string_view kControl = "a control character in a text must be escaped";
constexpr std::string_view kUtf8 = "the bytes are not UTF-8";
constexpr std::string_view kValueOddByte = "expected a value, got a byte that is not part of JSON";
constexpr std::string_view kKeyOddByte = "expected a key in an object, got a byte that is not part of JSON";

void refuses(const std::vector<Refused>& documents) {
  JsonPlaces places;
  for (const Refused& refused : documents) {
    INFO("document: " << refused.document);
    const testing::DecodedRow row = places.read_everywhere(refused.document);
    CHECK_FALSE(row.decoded);
    CHECK(row.code == refused.code);
    CHECK(row.reason == refused.reason);
    CHECK(row.at == refused.at);
  }
}

TEST_CASE("a document that is empty or not all there is refused") {
  refuses({
      {R"()"sv, 0, "the record is empty"},
      {R"( )"sv, 0, "the record is empty"},
      {"\n"sv, 0, "the record is empty"},
      {"\t\r\n "sv, 0, "the record is empty"},
      {R"({)"sv, 1, kCut},
      {R"([)"sv, 1, kCut},
      {R"(")"sv, 0, kOpen},
      {R"("a)"sv, 0, kOpen},
      {R"({"a")"sv, 4, kCut},
      {R"({"a":)"sv, 5, kCut},
      {R"({"a":1)"sv, 6, kCut},
      {R"({"a":1,)"sv, 7, kCut},
      {R"({"a":[)"sv, 6, kCut},
      {R"({"a":[1)"sv, 7, kCut},
      {R"({"a":[1,)"sv, 8, kCut},
      {R"({"a":{)"sv, 6, kCut},
      {R"({"a":{"b")"sv, 9, kCut},
      {R"({"a":{"b":1})"sv, 12, kCut},
      {R"([1)"sv, 2, kCut},
      {R"([1,)"sv, 3, kCut},
      {R"([[)"sv, 2, kCut},
      {R"([{})"sv, 3, kCut},
      {R"({"a":"b)"sv, 5, kOpen},
      {R"({"a":"b\)"sv, 5, kOpen},
      {R"({"a":"b\"})"sv, 5, kOpen},
      {R"({"a":")"sv, 5, kOpen},
      {R"({")"sv, 1, kOpen},
      {R"(-)"sv, 0, "expected a value, got `-`"},
      {R"({"a":-)"sv, 5, "expected a value, got `-`"},
      {R"({"a":t)"sv, 5, "expected a value, got `t`"},
      {R"({"a":tru)"sv, 5, "expected a value, got `t`"},
      {R"(n)"sv, 0, "expected a value, got `n`"},
      {R"(nul)"sv, 0, "expected a value, got `n`"},
      {R"(["a)"sv, 1, kOpen},
      {R"(["a",)"sv, 5, kCut},
      {R"([{"a":1})"sv, 8, kCut},
  });
}

TEST_CASE("whatever stands behind a document is refused") {
  refuses({
      {R"({}})"sv, 2, "unexpected `}` behind the document"},
      {R"({}{})"sv, 2, "unexpected `{` behind the document"},
      {R"({} {})"sv, 3, "unexpected `{` behind the document"},
      {R"({},)"sv, 2, "unexpected `,` behind the document"},
      {R"({}])"sv, 2, "unexpected `]` behind the document"},
      {R"({} 1)"sv, 3, "unexpected `1` behind the document"},
      {R"({}x)"sv, 2, "unexpected `x` behind the document"},
      {R"({}")"sv, 2, kOpen},
      {R"({}"a")"sv, 2, R"(unexpected `"` behind the document)"},
      {R"([]])"sv, 2, "unexpected `]` behind the document"},
      {R"([1]2)"sv, 3, "unexpected `2` behind the document"},
      {R"(1 2)"sv, 2, "unexpected `2` behind the document"},
      {R"(1,2)"sv, 1, "unexpected `,` behind the document"},
      {R"(null null)"sv, 5, "unexpected `n` behind the document"},
      {R"("a""b")"sv, 3, R"(unexpected `"` behind the document)"},
      {R"("a" "b")"sv, 4, R"(unexpected `"` behind the document)"},
      {R"({}#)"sv, 2, "unexpected `#` behind the document"},
      {R"({}//)"sv, 2, "unexpected `/` behind the document"},
      {R"({}/**/)"sv, 2, "unexpected `/` behind the document"},
      {R"({};)"sv, 2, "unexpected `;` behind the document"},
      {R"({}null)"sv, 2, "unexpected `n` behind the document"},
      {R"(])"sv, 0, "expected a value, got `]`"},
      {R"(})"sv, 0, "expected a value, got `}`"},
      {R"(,)"sv, 0, "expected a value, got `,`"},
      {R"(:)"sv, 0, "expected a value, got `:`"},
      {R"({}:)"sv, 2, "unexpected `:` behind the document"},
      {R"({"a":1}})"sv, 7, "unexpected `}` behind the document"},
      {R"({"a":1}])"sv, 7, "unexpected `]` behind the document"},
      {R"([})"sv, 1, "expected a value, got `}`"},
      {R"({])"sv, 1, "expected a key in an object, got `]`"},
      {R"({[)"sv, 1, "expected a key in an object, got `[`"},
      {R"({}[])"sv, 2, "unexpected `[` behind the document"},
  });
}

TEST_CASE("commas, colons and brackets have to be where they belong") {
  refuses({
      {R"({"a":1,})"sv, 7, "expected a key in an object, got `}`"},
      {R"({,})"sv, 1, "expected a key in an object, got `,`"},
      {R"({,"a":1})"sv, 1, "expected a key in an object, got `,`"},
      {R"({"a":1,,"b":2})"sv, 7, "expected a key in an object, got `,`"},
      {R"({"a":1 "b":2})"sv, 7, R"(expected `,` or `}`, got `"`)"},
      {R"({"a" 1})"sv, 5, "expected `:` behind a key, got `1`"},
      {R"({"a",1})"sv, 4, "expected `:` behind a key, got `,`"},
      {R"({"a"::1})"sv, 5, "expected a value, got `:`"},
      {R"({"a":})"sv, 5, "expected a value, got `}`"},
      {R"({"a":,})"sv, 5, "expected a value, got `,`"},
      {R"({:1})"sv, 1, "expected a key in an object, got `:`"},
      {R"({"a":1:2})"sv, 6, "unexpected `:` in a value"},
      {R"({"a"=1})"sv, 4, "expected `:` behind a key, got `=`"},
      {R"({"a":1;"b":2})"sv, 6, "unexpected `;` in a value"},
      {R"([1,])"sv, 3, "expected a value, got `]`"},
      {R"([,1])"sv, 1, "expected a value, got `,`"},
      {R"([,])"sv, 1, "expected a value, got `,`"},
      {R"([1,,2])"sv, 3, "expected a value, got `,`"},
      {R"([1 2])"sv, 3, "expected `,` or `]`, got `2`"},
      {R"([1:2])"sv, 2, "unexpected `:` in a value"},
      {R"(["a":1])"sv, 4, "expected `,` or `]`, got `:`"},
      {R"([1;2])"sv, 2, "unexpected `;` in a value"},
      {R"(["a" "b"])"sv, 5, R"(expected `,` or `]`, got `"`)"},
      {R"({"a":[1,]})"sv, 8, "expected a value, got `]`"},
      {R"({"a":[,]})"sv, 6, "expected a value, got `,`"},
      {R"({"a":[1,,2]})"sv, 8, "expected a value, got `,`"},
      {R"({"a":{"b":1,}})"sv, 12, "expected a key in an object, got `}`"},
      {R"({"items":[{"x":1},]})"sv, 18, "expected a value, got `]`"},
      {R"({"items":[{"x":1}{"x":2}]})"sv, 17, "expected `,` or `]`, got `{`"},
      {R"({"items":[{"x":1}})"sv, 17, "expected `,` or `]`, got `}`"},
      {R"({"a":[1})"sv, 7, "expected `,` or `]`, got `}`"},
      {R"({"a":[1}])"sv, 7, "expected `,` or `]`, got `}`"},
      {R"([1})"sv, 2, "expected `,` or `]`, got `}`"},
  });
}

TEST_CASE("keys are texts") {
  refuses({
      {R"({a:1})"sv, 1, "expected a key in an object, got `a`"},
      {R"({'a':1})"sv, 1, "expected a key in an object, got `'`"},
      {R"({1:1})"sv, 1, "expected a key in an object, got `1`"},
      {R"({null:1})"sv, 1, "expected a key in an object, got `n`"},
      {R"({true:1})"sv, 1, "expected a key in an object, got `t`"},
      {R"({[]:1})"sv, 1, "expected a key in an object, got `[`"},
      {R"({{}:1})"sv, 1, "expected a key in an object, got `{`"},
      {R"({"a":1,b:2})"sv, 7, "expected a key in an object, got `b`"},
      {R"({"a"})"sv, 4, "expected `:` behind a key, got `}`"},
      {R"({"a":1,"b"})"sv, 10, "expected `:` behind a key, got `}`"},
      {R"({"a" "b"})"sv, 5, R"(expected `:` behind a key, got `"`)"},
      {R"({"a":"b":1})"sv, 8, "expected `,` or `}`, got `:`"},
      {R"({"a":1,2})"sv, 7, "expected a key in an object, got `2`"},
      {R"({"a","b"})"sv, 4, "expected `:` behind a key, got `,`"},
      {R"({"a":1 , })"sv, 9, "expected a key in an object, got `}`"},
  });
}

TEST_CASE("there are three words: true, false, null") {
  refuses({
      {R"({"a":True})"sv, 5, "expected a value, got `T`"},
      {R"({"a":TRUE})"sv, 5, "expected a value, got `T`"},
      {R"({"a":truE})"sv, 5, "expected a value, got `t`"},
      {R"({"a":tru})"sv, 5, "expected a value, got `t`"},
      {R"({"a":truee})"sv, 9, "unexpected `e` in a value"},
      {R"({"a":true1})"sv, 9, "unexpected `1` in a value"},
      {R"({"a":nulll})"sv, 9, "unexpected `l` in a value"},
      {R"({"a":Null})"sv, 5, "expected a value, got `N`"},
      {R"({"a":None})"sv, 5, "expected a value, got `N`"},
      {R"({"a":nil})"sv, 5, "expected a value, got `n`"},
      {R"({"a":undefined})"sv, 5, "expected a value, got `u`"},
      {R"({"a":fals})"sv, 5, "expected a value, got `f`"},
      {R"({"a":falsey})"sv, 10, "unexpected `y` in a value"},
      {R"({"a":yes})"sv, 5, "expected a value, got `y`"},
      {R"({"a":abc})"sv, 5, "expected a value, got `a`"},
      {R"({"a":a})"sv, 5, "expected a value, got `a`"},
      {R"({"a":'b'})"sv, 5, "expected a value, got `'`"},
      {R"({"a":`b`})"sv, 5, "expected a value, got ```"},
      {R"({"a":new Date()})"sv, 5, "expected a value, got `n`"},
      {R"({"a":true"b"})"sv, 9, R"(unexpected `"` in a value)"},
      {R"({"a":null[]})"sv, 9, "unexpected `[` in a value"},
      {R"({"a":t r u e})"sv, 5, "expected a value, got `t`"},
      {R"([tru])"sv, 1, "expected a value, got `t`"},
      {R"(TRUE)"sv, 0, "expected a value, got `T`"},
  });
}

TEST_CASE("numbers are written as JSON writes them") {
  refuses({
      {R"({"a":01})"sv, 5, "expected a value, got `0`"},
      {R"({"a":-01})"sv, 5, "expected a value, got `-`"},
      {R"({"a":00})"sv, 5, "expected a value, got `0`"},
      {R"({"a":-})"sv, 5, "expected a value, got `-`"},
      {R"({"a":+1})"sv, 5, "expected a value, got `+`"},
      {R"({"a":--1})"sv, 5, "expected a value, got `-`"},
      {R"({"a":-+1})"sv, 5, "expected a value, got `-`"},
      {R"({"a":.5})"sv, 5, "expected a value, got `.`"},
      {R"({"a":-.5})"sv, 5, "expected a value, got `-`"},
      {R"({"a":5.})"sv, 5, "expected a value, got `5`"},
      {R"({"a":-5.})"sv, 5, "expected a value, got `-`"},
      {R"({"a":1.e5})"sv, 5, "expected a value, got `1`"},
      {R"({"a":.e1})"sv, 5, "expected a value, got `.`"},
      {R"({"a":1e})"sv, 5, "expected a value, got `1`"},
      {R"({"a":1e+})"sv, 5, "expected a value, got `1`"},
      {R"({"a":1e-})"sv, 5, "expected a value, got `1`"},
      {R"({"a":1E})"sv, 5, "expected a value, got `1`"},
      {R"({"a":1ee5})"sv, 5, "expected a value, got `1`"},
      {R"({"a":1e5.5})"sv, 8, "unexpected `.` in a value"},
      {R"({"a":1e5e5})"sv, 8, "unexpected `e` in a value"},
      {R"({"a":1.2.3})"sv, 8, "unexpected `.` in a value"},
      {R"({"a":1..2})"sv, 5, "expected a value, got `1`"},
      {R"({"a":0x10})"sv, 6, "unexpected `x` in a value"},
      {R"({"a":0b1})"sv, 6, "unexpected `b` in a value"},
      {R"({"a":0o7})"sv, 6, "unexpected `o` in a value"},
      {R"({"a":1_000})"sv, 6, "unexpected `_` in a value"},
      {R"({"a":1,000})"sv, 7, "expected a key in an object, got `0`"},
      {R"({"a":1 000})"sv, 7, "expected `,` or `}`, got `0`"},
      {R"({"a":1f})"sv, 6, "unexpected `f` in a value"},
      {R"({"a":1L})"sv, 6, "unexpected `L` in a value"},
      {R"({"a":1/2})"sv, 6, "unexpected `/` in a value"},
      {R"({"a":1+2})"sv, 6, "unexpected `+` in a value"},
      {R"({"a":1-2})"sv, 6, "unexpected `-` in a value"},
      {R"({"a":NaN})"sv, 5, "expected a value, got `N`"},
      {R"({"a":-NaN})"sv, 5, "expected a value, got `-`"},
      {R"({"a":Infinity})"sv, 5, "expected a value, got `I`"},
      {R"({"a":-Infinity})"sv, 5, "expected a value, got `-`"},
      {R"({"a":inf})"sv, 5, "expected a value, got `i`"},
      {R"({"a":$1})"sv, 5, "expected a value, got `$`"},
      {R"({"a":1%})"sv, 6, "unexpected `%` in a value"},
      {R"({"a":٣})"sv, 5, kValueOddByte},
      {R"({"a":１})"sv, 5, kValueOddByte},
      {R"({"a":- 1})"sv, 5, "expected a value, got `-`"},
      {R"({"a":1"b"})"sv, 6, R"(unexpected `"` in a value)"},
      {R"({"a":0.0.0})"sv, 8, "unexpected `.` in a value"},
      {R"({"a":012345678901234567890})"sv, 5, "expected a value, got `0`"},
      {R"({"a":1e+-5})"sv, 5, "expected a value, got `1`"},
      {"{\"a\":1\000}"sv, 6, "unexpected a NUL byte in a value"},
      {R"({"a":1.5x})"sv, 8, "unexpected `x` in a value"},
      {R"({"a":12345678901234567890123x})"sv, 28, "unexpected `x` in a value"},
  });
}

TEST_CASE("escapes that JSON does not have are refused, wherever they stand") {
  refuses({
      {R"({"a":"\a"})"sv, 6, kEscape},
      {R"({"a":"\x41"})"sv, 6, kEscape},
      {R"({"a":"\0"})"sv, 6, kEscape},
      {R"({"a":"\'"})"sv, 6, kEscape},
      {R"({"a":"\ "})"sv, 6, kEscape},
      {R"({"a":"\v"})"sv, 6, kEscape},
      {R"({"a":"\U0061"})"sv, 6, kEscape},
      {R"({"a":"\u"})"sv, 6, kHex},
      {R"({"a":"\u1"})"sv, 6, kHex},
      {R"({"a":"\u12"})"sv, 6, kHex},
      {R"({"a":"\u123"})"sv, 6, kHex},
      {R"({"a":"\u123g"})"sv, 6, kHex},
      {R"({"a":"\u 123"})"sv, 6, kHex},
      {R"({"a":"\u+123"})"sv, 6, kHex},
      {R"({"a":"\u{61}"})"sv, 6, kHex},
      {R"({"a":"\uD800"})"sv, 6, kLone},
      {R"({"a":"\uDC00"})"sv, 6, kLone},
      {R"({"a":"\uDFFF\uD800"})"sv, 6, kLone},
      {R"({"a":"\uD800\uD800"})"sv, 6, kLone},
      {R"({"a":"\uD800x"})"sv, 6, kLone},
      {R"({"a":"\uD800\n"})"sv, 6, kLone},
      {R"({"a":"\uD800\u"})"sv, 6, kLone},
      {R"({"a":"\uD800\u0061"})"sv, 6, kLone},
      {R"({"a":"\uD83D\u00"})"sv, 6, kLone},
      {R"({"a":"x\uDE00\uD83D"})"sv, 7, kLone},
      {R"({"\q":1})"sv, 2, kEscape},
      {R"({"\uD800":1})"sv, 2, kLone},
      {R"({"z":"\uD800"})"sv, 6, kLone},
      {R"({"z":["\q"]})"sv, 7, kEscape},
      {R"({"z":{"\q":1}})"sv, 7, kEscape},
      {R"(["\u00A"])"sv, 2, kHex},
      {R"("\c")"sv, 1, kEscape},
      {R"({"a":\"b\"})"sv, 5, R"(expected a value, got `\`)"},
      {R"({\"a\":1})"sv, 1, R"(expected a key in an object, got `\`)"},
      {R"(\u007B})"sv, 0, R"(expected a value, got `\`)"},
      {R"({"a":"b"\n})"sv, 8, R"(expected `,` or `}`, got `\`)"},
      {R"({"a":"\ä"})"sv, 6, kEscape},
      {"{\"a\":\"\\\n\"}"sv, 7, kControl},
      {"{\"a\":\"\\\001\"}"sv, 7, kControl},
  });
}

TEST_CASE("control characters have to be escaped, and may not stand between pieces") {
  refuses({
      {"{\"a\":\"\t\"}"sv, 6, kControl},
      {"{\"a\":\"\n\"}"sv, 6, kControl},
      {"{\"a\":\"\r\"}"sv, 6, kControl},
      {"{\"a\":\"b\000c\"}"sv, 7, kControl},
      {"{\"a\":\"\037\"}"sv, 6, kControl},
      {"{\"a\":\"\001\"}"sv, 6, kControl},
      {"{\"a\nb\":1}"sv, 3, kControl},
      {"{\"z\":\"\t\"}"sv, 6, kControl},
      {"\000"sv, 0, "expected a value, got a NUL byte"},
      {"{\000}"sv, 1, "expected a key in an object, got a NUL byte"},
      {"\000{}"sv, 0, "expected a value, got a NUL byte"},
      {"{}\000"sv, 2, "unexpected a NUL byte behind the document"},
      {"{\"a\":1\013}"sv, 6, "unexpected a byte that is not part of JSON in a value"},
      {"\014{}"sv, 0, kValueOddByte},
      {"{\"a\"\001:1}"sv, 4, "expected `:` behind a key, got a byte that is not part of JSON"},
      {"\177{}"sv, 0, kValueOddByte},
      {"{\"a\":\0371}"sv, 5, kValueOddByte},
      {"{\"a\":[\000]}"sv, 6, "expected a value, got a NUL byte"},
  });
}

TEST_CASE("white space is space, tab, line feed and carriage return") {
  refuses({
      {"\302\240{}"sv, 0, kValueOddByte},
      {"{\342\201\240}"sv, 1, kKeyOddByte},
      {"{\"a\":\343\200\2001}"sv, 5, kValueOddByte},
      {"\357\273\277{}"sv, 0, kValueOddByte},
      {"{}\357\273\277"sv, 2, "unexpected a byte that is not part of JSON behind the document"},
      {"{\"a\":1,\357\273\277\"b\":2}"sv, 7, kKeyOddByte},
      {"\342\200\250{}"sv, 0, kValueOddByte},
      {"{\302\205}"sv, 1, kKeyOddByte},
  });
}

TEST_CASE("bytes that are not UTF-8 are refused, wherever they stand") {
  refuses({
      {"{\"a\":\"\377\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\303\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\303(\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\342\202\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\360\237\230\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\300\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\301\277\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\340\200\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\360\200\200\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\355\240\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\355\277\277\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\364\220\200\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\370\210\200\200\200\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"\376\"}"sv, 6, kUtf8, "utf8"},
      {"{\"a\":\"caf\351\"}"sv, 9, kUtf8, "utf8"},
      {"{\"a\377\":1}"sv, 3, kUtf8, "utf8"},
      {"{\"z\":\"\377\"}"sv, 6, kUtf8, "utf8"},
      {"\377"sv, 0, kUtf8, "utf8"},
      {"{\351}"sv, 1, kUtf8, "utf8"},
      {"{\"a\":\377}"sv, 5, kUtf8, "utf8"},
      {"{}\377"sv, 2, kUtf8, "utf8"},
      {"\357\273{}"sv, 0, kUtf8, "utf8"},
      {"\377\376{\000}\000"sv, 0, "the text is in UTF-16, little endian: weir reads UTF-8", "encoding"},
      {"\376\377\000{\000}"sv, 0, "the text is in UTF-16, big endian: weir reads UTF-8", "encoding"},
      {"{\"a\":1\303}"sv, 6, kUtf8, "utf8"},
      {"[\377]"sv, 1, kUtf8, "utf8"},
      {"{\"a\":\"\303"sv, 6, kUtf8, "utf8"},
  });
}

TEST_CASE("what is nearly JSON, or something else, is refused") {
  refuses({
      {R"({"a":1} // comment)"sv, 8, "unexpected `/` behind the document"},
      {R"(/* comment */{})"sv, 0, "expected a value, got `/`"},
      {R"({/**/})"sv, 1, "expected a key in an object, got `/`"},
      {R"(# comment)"sv, 0, "expected a value, got `#`"},
      {R"(<a>1</a>)"sv, 0, "expected a value, got `<`"},
      {R"(a: 1)"sv, 0, "expected a value, got `a`"},
      {R"(a=1)"sv, 0, "expected a value, got `a`"},
      {R"(a,b,c)"sv, 0, "expected a value, got `a`"},
      {R"(callback({}))"sv, 0, "expected a value, got `c`"},
      {R"(({}))"sv, 0, "expected a value, got `(`"},
      {R"({"a":(1)})"sv, 5, "expected a value, got `(`"},
      {R"({"a":<b>})"sv, 5, "expected a value, got `<`"},
      {R"({"a":${b}})"sv, 5, "expected a value, got `$`"},
      {R"({"a":@b})"sv, 5, "expected a value, got `@`"},
      {R"({"a":*})"sv, 5, "expected a value, got `*`"},
      {R"({"a":\b})"sv, 5, R"(expected a value, got `\`)"},
      {R"({“a”:1})"sv, 1, kKeyOddByte},
      {R"([*])"sv, 1, "expected a value, got `*`"},
      {R"(...)"sv, 0, "expected a value, got `.`"},
      {R"({"a":1...})"sv, 5, "expected a value, got `1`"},
  });
}

}  // namespace
}  // namespace weir
