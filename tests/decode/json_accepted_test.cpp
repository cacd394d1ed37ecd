// SPDX-License-Identifier: Apache-2.0
// Documents that every reader of JSON has to accept. Each is read alone and between neighbours, in a block and apart.
#include <catch2/catch_test_macros.hpp>
#include <string_view>
#include <vector>

#include "decode/json_places.h"

namespace weir {
namespace {

using namespace std::string_view_literals;
using Documents = std::vector<std::string_view>;

void accepts(const Documents& documents) {
  JsonPlaces places;
  for (const std::string_view document : documents) {
    INFO("document: " << document);
    const testing::DecodedRow row = places.read_everywhere(document);
    CHECK(row.decoded);
    CHECK(row.code == "");
  }
}

TEST_CASE("white space may stand between all pieces of a document") {
  accepts({
      R"({})"sv,
      R"( {} )"sv,
      "\t{\t}\t"sv,
      "\r\n{\r\n}\r\n"sv,
      "\n\n{}\n"sv,
      R"({ "a" : 1 })"sv,
      "{\"a\"\t:\n1\r,\"b\" :2}"sv,
      R"([ ])"sv,
      R"([ 1 , 2 ])"sv,
      R"({"a":[ ] , "b":{ } })"sv,
      "{\"a\":1}\r"sv,
  });
}

TEST_CASE("any value is a document") {
  accepts({
      R"(0)"sv,
      R"(-1.5)"sv,
      R"("text")"sv,
      R"("")"sv,
      R"(true)"sv,
      R"(false)"sv,
      R"(null)"sv,
      R"([])"sv,
      R"([1,"a",null])"sv,
      R"( 7 )"sv,
      R"([[]])"sv,
      R"([{"a":1}])"sv,
  });
}

TEST_CASE("numbers of every form are read") {
  accepts({
      R"({"a":0})"sv,
      R"({"a":-0})"sv,
      R"({"a":-0.0})"sv,
      R"({"a":1})"sv,
      R"({"a":-1})"sv,
      R"({"a":10})"sv,
      R"({"a":0.1})"sv,
      R"({"a":1.0})"sv,
      R"({"a":100.001})"sv,
      R"({"a":0e1})"sv,
      R"({"a":0E+1})"sv,
      R"({"a":0e-1})"sv,
      R"({"a":1e5})"sv,
      R"({"a":1E5})"sv,
      R"({"a":1e+5})"sv,
      R"({"a":1e-5})"sv,
      R"({"a":1.5e5})"sv,
      R"({"a":-1.5E-5})"sv,
      R"({"a":1e00})"sv,
      R"({"a":1e007})"sv,
      R"({"a":9223372036854775807})"sv,
      R"({"a":-9223372036854775808})"sv,
      R"({"a":123456789012345678})"sv,
      R"({"a":0.123456789012345678})"sv,
      R"({"a":1.0000000000000000000})"sv,
  });
}

TEST_CASE("texts hold every character but quotes, backslashes and control characters") {
  accepts({
      R"({"a":""})"sv,
      R"({"a":"text"})"sv,
      R"({"a":" "})"sv,
      R"({"a":"a/b"})"sv,
      R"({"a":"it's"})"sv,
      R"({"a":"{}[],:"})"sv,
      R"({"a":"}{"})"sv,
      R"({"a":"null"})"sv,
      R"({"a":"/* no comment */"})"sv,
      "{\"a\":\"\177\"}"sv,
      R"({"a":"äöüß"})"sv,
      "{\"a\":\"\302\200\337\277\"}"sv,
      "{\"a\":\"\340\240\200\357\277\277\"}"sv,
      "{\"a\":\"\355\237\277\356\200\200\"}"sv,
      "{\"a\":\"\360\220\200\200\364\217\277\277\"}"sv,
      R"({"a":"😀"})"sv,
      "{\"a\":\"\342\200\250\342\200\251\"}"sv,
      "{\"a\":\"\357\273\277\"}"sv,
      "{\"a\":\"\357\277\276\360\237\277\276\"}"sv,
      R"({"a":"é"})"sv,
      R"({"ä":"ä"})"sv,
      R"({"":0})"sv,
      R"({" a ":1})"sv,
  });
}

TEST_CASE("every escape of the RFC is read") {
  accepts({
      R"({"a":"\""})"sv,
      R"({"a":"\\"})"sv,
      R"({"a":"\/"})"sv,
      R"({"a":"\b\f\n\r\t"})"sv,
      R"({"a":"\\\\"})"sv,
      R"({"a":"\\\""})"sv,
      R"({"a":"\\n"})"sv,
      R"({"a":"\u0061"})"sv,
      R"({"a":"\u00E9"})"sv,
      R"({"a":"\u00e9"})"sv,
      R"({"a":"\u20AC"})"sv,
      R"({"a":"\u0000"})"sv,
      R"({"a":"\u001f"})"sv,
      R"({"a":"\u0022"})"sv,
      R"({"a":"\u005c"})"sv,
      R"({"a":"\uD83D\uDE00"})"sv,
      R"({"a":"\ud800\udc00"})"sv,
      R"({"a":"\uDBFF\uDFFF"})"sv,
      R"({"a":"\uFFFF"})"sv,
      R"({"a":"\uFFFE"})"sv,
      R"({"a":"\u2028"})"sv,
      R"({"a":"x\u0041y\u0042"})"sv,
      R"({"a\nb":1})"sv,
      R"({"\u0061":1})"sv,
      R"({"\"":1})"sv,
      R"({"\\":1})"sv,
      R"({"\u0000":1})"sv,
      R"({"a":"\\u12"})"sv,
      R"({"a":"\u0061\\"})"sv,
  });
}

TEST_CASE("arrays and objects hold anything, in any order") {
  accepts({
      R"({"a":[]})"sv,
      R"({"a":[1]})"sv,
      R"({"a":[1,2,3]})"sv,
      R"({"a":[[],[[]]]})"sv,
      R"({"a":[null,true,false,0,"",{},[]]})"sv,
      R"({"a":{}})"sv,
      R"({"a":{"b":{"c":{}}}})"sv,
      R"({"a":{"b":1},"b":2})"sv,
      R"({"items":[]})"sv,
      R"({"items":[{"x":1},{"x":2}]})"sv,
      R"({"items":[{"x":1},{},null,7,[{"x":2}]]})"sv,
      R"({"items":{"x":1}})"sv,
      R"({"a":1,"a":2})"sv,
      R"({"a":1,"b":1,"a":1})"sv,
      R"({"a":true,"b":false})"sv,
      R"({"a":null})"sv,
      R"({"b":1,"a":2})"sv,
      R"({"z":{"a":[{"a":""}]}})"sv,
  });
}

}  // namespace
}  // namespace weir
