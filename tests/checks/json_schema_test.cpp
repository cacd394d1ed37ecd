// SPDX-License-Identifier: Apache-2.0
// What the page of `json_schema` and the official suite do not show: files that refer to each other, hostile schemas and values,
// what is redacted, and the tape that values are laid out on.
#include "checks/json_schema.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "checks/json_schema_judge.h"
#include "checks/json_schema_pattern.h"
#include "checks/json_schema_uri.h"
#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

std::unique_ptr<const JsonSchema> compiled(const std::vector<SchemaFile>& files, bool formats = false) {
  auto schema = JsonSchema::compile(files, {.formats = formats});
  if (!schema) FAIL(schema.error().message);
  return *std::move(schema);
}

std::string refusal_of(const std::vector<SchemaFile>& files) {
  const auto schema = JsonSchema::compile(files, {});
  return schema ? "" : schema.error().message;
}

/// "" when the value fits, else `keyword: message`.
std::string judged(const JsonSchema& schema, const std::string& value) {
  JsonTape tape;
  if (!tape.read(value)) return "no JSON";
  SchemaFault fault;
  const SchemaJudge::Answer quick = SchemaJudge(schema).judge(tape);
  const SchemaJudge::Answer told = SchemaJudge(schema).judge(tape, &fault);
  CHECK(quick == told);
  if (quick == SchemaJudge::Answer::TooMuchWork) return "too much work";
  return quick == SchemaJudge::Answer::Valid ? "" : fault.keyword + ": " + fault.message;
}

std::string judged(const std::string& schema, const std::string& value) {
  return judged(*compiled({{.name = "", .text = schema}}), value);
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("files refer to each other by name and by $id, and to nothing else") {
  const std::vector<SchemaFile> files = {
      {.name = "schemas/order.json", .text = R"({"properties":{"to":{"$ref":"parts/address.json#/$defs/zip"},
                                                "by":{"$ref":"https://example.com/person"}}})"},
      {.name = "schemas/parts/address.json", .text = R"({"$defs":{"zip":{"type":"string"}}})"},
      {.name = "person.json",
       .text =
           R"({"$id":"https://example.com/person","$ref":"#who","$defs":{"p":{"$anchor":"who","type":"number"}}})"}};
  const auto schema = compiled(files);
  CHECK(judged(*schema, R"({"to":"1010","by":5})") == "");
  CHECK(judged(*schema, R"({"to":1010})") == "type: 1010 is not a text");
  CHECK(judged(*schema, R"({"by":"joe"})") == "type: `joe` is not a number");
  CHECK(refusal_of({files[0], files[1]}) ==
        "`https://example.com/person` refers to https://example.com/person, which is none of the schemas given in "
        "schemas/order.json at `/properties/by/$ref`");
  CHECK(refusal_of({{.name = "a.json", .text = R"({"$ref":"#/$defs/x"})"}}) ==
        "`#/$defs/x` leads to nothing: there is no `$defs` in a.json at `/$ref`");
  CHECK(refusal_of({{.name = "a.json", .text = R"({"$ref":"#x"})"}}) ==
        "`#x` names an anchor that is not there in a.json at `/$ref`");
}

TEST_CASE("a schema file that is no JSON, or no schema, is refused with its place") {
  CHECK(refusal_of({{.name = "a.json", .text = "{\n  \"type\": }"}}) ==
        "the schema is no JSON: expected a value, at a.json:2:11");
  CHECK(refusal_of({{.name = "a.json", .text = "5"}}) == "a schema is an object, `true` or `false` in a.json");
  CHECK(refusal_of({{.name = "a.json", .text = R"({"properties":{"a":[]}})"}}) ==
        "a schema is an object, `true` or `false` in a.json at `/properties/a`");
  CHECK(refusal_of({{.name = "", .text = R"({"minLength":-1})"}}) ==
        "`minLength` takes a whole number that is not negative at `/minLength`");
  CHECK(refusal_of({{.name = "", .text = R"({"items":[{}]})"}}) ==
        "`items` takes one schema in draft 2020-12 at `/items`");
  CHECK(refusal_of({{.name = "", .text = repeated(R"({"not":)", 400) + "true" + repeated("}", 400)}})
            .starts_with("the schema is no JSON: nested deeper than 256 levels"));
  const auto several = JsonSchema::compile({{.name = "", .text = R"({"minimum":"1","maximum":"2"})"}}, {});
  REQUIRE_FALSE(several.ok());
  CHECK(several.error().help == "besides, `maximum` takes a number at `/maximum`");
}

TEST_CASE("numbers are exact: long, short and with exponents") {
  CHECK(judged(R"({"const":1})", "1.0") == "");
  CHECK(judged(R"({"const":1000})", "1e3") == "");
  CHECK(judged(R"({"enum":[123456789012345678901]})", "123456789012345678901.0") == "");
  CHECK(judged(R"({"enum":[123456789012345678901]})", "123456789012345678902") ==
        "enum: 123456789012345678902 is none of 123456789012345678901");
  CHECK(judged(R"({"multipleOf":0.01})", "4.35") == "");
  CHECK(judged(R"({"multipleOf":0.01})", "4.355") == "multipleOf: 4.355 is no multiple of 0.01");
  CHECK(judged(R"({"multipleOf":1e-10})", "1e10") == "");
  CHECK(judged(R"({"multipleOf":3})", "1e999999999") == "multipleOf: 1e999999999 is no multiple of 3");
  CHECK(judged(R"({"maximum":0.3})", "0.30000000000000000001") ==
        "maximum: 0.30000000000000000001 is above the maximum 0.3");
  CHECK(judged(R"({"exclusiveMaximum":0.3})", "0.30") == "exclusiveMaximum: 0.30 is not below 0.3");
  CHECK(judged(R"({"exclusiveMinimum":-5})", "-4.99") == "");
  CHECK(judged(R"({"minimum":1e400})", "1e399") == "minimum: 1e399 is below the minimum 1e400");
  CHECK(judged(R"({"type":"integer"})", "1e400") == "");
  CHECK(judged(R"({"uniqueItems":true})", "[1, 1.00]") == "uniqueItems: 1.00 is there twice");
  CHECK(judged(R"({"uniqueItems":true})", "[100, 1e2]") == "uniqueItems: 1e2 is there twice");
  CHECK(judged(R"({"uniqueItems":true})", "[0.5, 50e-2]") == "uniqueItems: 50e-2 is there twice");
  CHECK(judged(R"({"uniqueItems":true})", R"([{"a":1,"b":[]},{"b":[],"a":1.0}])") == "uniqueItems: is there twice");
  CHECK(judged(R"({"uniqueItems":true})", R"([1,"1",true,null,[1],{"1":1},0])") == "");
}

TEST_CASE("objects with many members are equal whatever their order") {
  std::string up;
  std::string down;
  for (int i = 0; i < 1000; ++i) {
    const std::string member = "\"k" + std::to_string(i) + "\":" + std::to_string(i);
    up += (up.empty() ? "" : ",") + member;
    down = member + (down.empty() ? "" : ",") + down;
  }
  CHECK(judged(R"({"uniqueItems":true})", "[{" + up + "},{" + down + "}]") == "uniqueItems: is there twice");
  CHECK(judged(R"({"uniqueItems":true})", "[{" + up + "},{" + down + ",\"k\":1}]") == "");
}

TEST_CASE("work is bounded: an exponential schema and a deep recursion come to an end") {
  const std::string twice = R"({"$ref":"#/$defs/d0","$defs":{)";
  std::string chain;
  for (int i = 0; i < 40; ++i) {
    const std::string next = i == 39 ? R"({"type":"string"})" : R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + "\"}";
    chain += (i == 0 ? "" : ",") + ("\"d" + std::to_string(i)) + R"(":{"anyOf":[)" + next + "," + next + "]}";
  }
  CHECK(judged(twice + chain + "}}", "5") == "too much work");
  CHECK(judged(twice + chain + "}}", R"("x")") == "");
  CHECK(judged(R"({"items":{"$ref":"#"},"maxItems":1})", repeated("[", 400) + repeated("]", 400)) == "");
  CHECK(judged(R"({"type":"array","items":{"allOf":[{"$ref":"#"}]}})", repeated("[", 900) + repeated("]", 900)) ==
        "too much work");
  CHECK(judged("{}", repeated("[", 2000) + repeated("]", 2000)) == "no JSON");
  CHECK(judged(R"({"uniqueItems":true})", "[" + repeated("[],", 100'000) + "1]") == "uniqueItems: is there twice");
}

TEST_CASE("a circle of references without progress is refused, one with progress is fine") {
  CHECK(refusal_of(
            {{.name = "",
              .text = R"({"$ref":"#/$defs/a","$defs":{"a":{"not":{"$ref":"#/$defs/b"}},"b":{"$ref":"#/$defs/a"}}})"}})
            .starts_with("this schema refers to itself without going on to a part of the value at `/$defs/"));
  CHECK(judged(R"({"properties":{"next":{"$ref":"#"}},"required":["v"]})", R"({"v":1,"next":{"v":2,"next":{}}})") ==
        "required: `v` is missing");
}

TEST_CASE("patterns of JavaScript become those of RE2") {
  CHECK(as_re2(R"(^\u00e9\d$)") == R"(^\x{e9}\d$)");
  CHECK(as_re2(R"(\ud83d\ude00)") == R"(\x{1f600})");
  CHECK(as_re2(R"(\cA)") == R"(\x{1})");
  CHECK(as_re2("(?<year>x)") == "(?P<year>x)");
  CHECK(as_re2(R"(\p{Letter}\p{Script=Greek})") == R"(\p{L}\p{Greek})");
  CHECK(as_re2("[^]a") == "(?s:.)a");
  CHECK(as_re2("[[a]") == R"([\[a])");
  CHECK(as_re2("\\") == "\\");
  CHECK_FALSE(compile_schema_pattern("(?<=x)y").ok());
  CHECK_FALSE(compile_schema_pattern("(a)\\1").ok());
  CHECK(judged(R"({"pattern":"^\\S+\\s\\u00e9$"})", "\"ab\\u00a0\\u00e9\"") == "");
}

TEST_CASE("references are resolved as RFC 3986 says") {
  const std::string base = "http://a/b/c/d;p?q";
  CHECK(resolve_uri(base, "g") == "http://a/b/c/g");
  CHECK(resolve_uri(base, "./g/") == "http://a/b/c/g/");
  CHECK(resolve_uri(base, "/g") == "http://a/g");
  CHECK(resolve_uri(base, "//g/x") == "http://g/x");
  CHECK(resolve_uri(base, "?y") == "http://a/b/c/d;p?y");
  CHECK(resolve_uri(base, "#s") == "http://a/b/c/d;p?q#s");
  CHECK(resolve_uri(base, "../../../g") == "http://a/g");
  CHECK(resolve_uri(base, "") == base);
  CHECK(resolve_uri("urn:uuid:1", "#/a") == "urn:uuid:1#/a");
  CHECK(resolve_uri("http://a", "g") == "http://a/g");
  CHECK(split_uri("a#b%25%zz").fragment == "b%%zz");
  CHECK(pointer_steps("/a~1b/~0/") == std::vector<std::string>{"a/b", "~", ""});
}

TEST_CASE("the tape takes JSON apart and refuses what is cut short") {
  const std::string text = R"({"a":[1,-2.50,1e3,true,false,null],"b\u00e9\ud83d\ude00":"x\n","c":{}})";
  JsonTape tape;
  REQUIRE(tape.read(text));
  CHECK(tape[0].count == 3);
  CHECK(tape[2].count == 6);
  CHECK(tape[4].number == -250);
  CHECK(tape[4].scale == 2);
  CHECK_FALSE(tape[5].small);
  CHECK(tape[9].text == "bé😀");
  CHECK(tape[10].text == "x\n");
  CHECK(tape[0].end == tape.size());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::vector<char> cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(tape.read(std::string_view(cut.data(), cut.size())));
  }
  for (const char* const wrong :
       {"[1,]", "{\"a\"}", "{\"a\":}", "[1 2]", "1 2", "tru", "\"\\q\"", "\"\\u12\"", "{1:2}", "]"})
    CHECK_FALSE(tape.read(wrong));
}

TEST_CASE("columns are judged value by value: nulls are, absent ones are not") {
  const Written written = std::move(Written().scalar("schema", R"({"type":["object","integer"],"required":["id"]})"));
  CHECK(verdicts(kJsonSchemaCheck, written, {R"({"id":1})", "{}", "5", "5.5", "\"{}\"", "null", "absent", "[]"}) ==
        ".F.FFF-F");
  CHECK(reason(kJsonSchemaCheck, written, "\"{}\"") == "type: `{}` is not a whole number or an object");
  CHECK(reason(kJsonSchemaCheck, written, "{}") == "required: `id` is missing");
  const auto check = make(kJsonSchemaCheck, written);
  const TableOfValues hidden = std::move(TableOfValues().column("f", {"\"secret\""}).redact());
  CHECK(check->explain(hidden.subject(), 0).message == "`type` does not hold");
  CHECK(check->explain(hidden.subject(), 0).code == "type");
}

TEST_CASE("names of members are found however many there are and in whatever order they come") {
  std::string properties;
  std::string required;
  std::string value;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "\"n" + std::to_string(i) + "\"";
    properties += (i == 0 ? "" : ",") + name + R"(:{"type":"integer"})";
    required += (i == 0 ? "" : ",") + name;
    value = name + ":1" + (i == 0 ? "" : ",") + value;
  }
  const auto schema =
      compiled({{.name = "", .text = R"({"properties":{)" + properties + R"(},"required":[)" + required + "]}"}});
  CHECK(judged(*schema, "{" + value + "}") == "");
  CHECK(judged(*schema, "{" + value.substr(value.find(',') + 1) + "}") == "required: `n99` is missing");
  CHECK(judged(*schema, "{" + value + R"(,"n5":"x"})") == "type: `x` is not a whole number");
}

}  // namespace
}  // namespace weir::testing
