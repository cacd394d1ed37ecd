// SPDX-License-Identifier: Apache-2.0
// What stands in the columns: numbers as written, texts unescaped, the last of two keys, every element of an array.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace weir {
namespace {

using testing::DecodedRow;
using testing::Layout;
using testing::MessageBlock;

DecodedRow read(const std::vector<std::string>& paths, const std::string& record) {
  const Plan plan = testing::plan_of(paths);
  return testing::decode(*make_json_decoder(plan), plan, MessageBlock({record}).messages())[0];
}

std::string value(const std::string& json) {
  return read({"a"}, "{\"a\":" + json + "}").values[0];
}

TEST_CASE("a number keeps its digits, and the form that makes comparing it cheap") {
  CHECK(value("5") == "integer 5 5");
  CHECK(value("-5") == "integer -5 -5");
  CHECK(value("5.0") == "decimal 50/1 5.0");
  CHECK(value("-0.25") == "decimal -25/2 -0.25");
  CHECK(value("1.50") == "decimal 150/2 1.50");
  CHECK(value("1e3") == "number 1e3");
  CHECK(value("1e400") == "number 1e400");
  CHECK(value("123456789012345678") == "integer 123456789012345678 123456789012345678");
  CHECK(value("9223372036854775807") == "integer 9223372036854775807 9223372036854775807");
  CHECK(value("9223372036854775808") == "number 9223372036854775808");
  CHECK(value("-9223372036854775808") == "integer -9223372036854775808 -9223372036854775808");
  CHECK(value("123456789012345678901234567890") == "number 123456789012345678901234567890");
  CHECK(value("0.12345678901234567") == "decimal 12345678901234567/17 0.12345678901234567");
  CHECK(value("12345678901234567890.5") == "number 12345678901234567890.5");
}

TEST_CASE("the record itself is a value, as it came, beside what is in it") {
  Plan plan;
  for (const std::string_view path : {"a", "b[].c"}) plan.fields.add(*FieldPath::parse(path));
  plan.fields.add(FieldPath::whole());
  const MessageBlock block({R"({"a":1, "b":[{"c":2}]})", "[1, {}]", "-1.5", R"("t\u0061")", "null", R"({"a":1,})"});
  const auto rows = testing::decode(*make_json_decoder(plan), plan, block.messages());
  CHECK(rows[0].values == std::vector<std::string>{"integer 1 1", "[integer 2 2]", R"(object {"a":1, "b":[{"c":2}]})"});
  CHECK(rows[1].values == std::vector<std::string>{"absent", "[absent]", "array [1, {}]"});
  CHECK(rows[2].values == std::vector<std::string>{"absent", "[absent]", "decimal -15/1 -1.5"});
  CHECK(rows[3].values[2] == "text ta");
  CHECK(rows[4].values[2] == "null null");
  CHECK_FALSE(rows[5].decoded);
  CHECK(rows[5].values[2] == "absent");
}

TEST_CASE("what the record as a value is called is not a name in it") {
  CHECK(FieldPath::whole().text() == "$");
  CHECK(FieldPath::parse("$")->text() == "\"$\"");
  CHECK_FALSE(*FieldPath::parse("$") == FieldPath::whole());
  FieldTable fields;
  CHECK(fields.add(FieldPath::whole()) == 0);
  CHECK(fields.add(*FieldPath::parse("$")) == 1);
  CHECK(fields.root().column == 0);
}

TEST_CASE("a text is unescaped, an array and an object stay JSON") {
  CHECK(value(R"("plain")") == "text plain");
  CHECK(value(R"("\u00e9\n\"\\\/\ud83d\ude00")") == "text é\n\"\\/😀");
  CHECK(value(R"([1, "\u0061"])") == R"(array [1, "\u0061"])");
  CHECK(value(R"({ "b" : 1 })") == R"(object { "b" : 1 })");
  CHECK(value("true") == "boolean 1 true");
  CHECK(value("false") == "boolean 0 false");
  CHECK(value("null") == "null null");
}

TEST_CASE("keys are compared unescaped") {
  CHECK(read({"amount"}, R"({"\u0061mount":7})").values[0] == "integer 7 7");
  CHECK(read({"amount"}, R"({"\u0061\u006d\u006f\u0075\u006e\u0074":7})").values[0] == "integer 7 7");
  CHECK(read({R"("a\"b")"}, R"({"a\"b":7})").values[0] == "integer 7 7");
  CHECK(read({"ä"}, R"({"\u00e4":7})").values[0] == "integer 7 7");
  CHECK(read({"a_name_of_more_than_sixteen_bytes"},
             R"({"a_name_of_more_than_sixteen_byte":1,"a_name_of_more_than_sixteen_bytes":2})")
            .values[0] == "integer 2 2");
  CHECK(read({"amount"}, R"({"amount2":1,"amoun":2,"Amount":3})").values[0] == "absent");
}

TEST_CASE("fields are found at any depth, and what is missing on the way is absent") {
  const std::vector<std::string> paths = {"a.b.c", "a.b", "a"};
  CHECK(testing::show(read(paths, R"({"a":{"b":{"c":1}}})")) ==
        R"(decoded | integer 1 1 | object {"c":1} | object {"b":{"c":1}})");
  CHECK(testing::show(read(paths, R"({"a":{"b":5}})")) == R"(decoded | absent | integer 5 5 | object {"b":5})");
  CHECK(testing::show(read(paths, R"({"a":{"b":null}})")) == R"(decoded | absent | null null | object {"b":null})");
  CHECK(testing::show(read(paths, R"({"a":[{"b":{"c":1}}]})")) ==
        R"(decoded | absent | absent | array [{"b":{"c":1}}])");
  CHECK(testing::show(read(paths, R"({"b":{"c":1}})")) == "decoded | absent | absent | absent");
  CHECK(testing::show(read(paths, "[1]")) == "decoded | absent | absent | absent");
}

TEST_CASE("a path with brackets sees every element, one without its field as absent") {
  const std::vector<std::string> paths = {"items[].x", "items[]", "tags[]"};
  CHECK(
      testing::show(read(paths, R"({"items":[{"x":1},{"x":null},{},3],"tags":["a","b"]})")) ==
      R"(decoded | [integer 1 1, null null, absent, absent] | [object {"x":1}, object {"x":null}, object {}, integer 3 3] | [text a, text b])");
  CHECK(testing::show(read(paths, R"({"items":[]})")) == "decoded | [] | [] | [absent]");
  CHECK(testing::show(read(paths, R"({"items":5})")) == "decoded | [absent] | [absent] | [absent]");
  CHECK(testing::show(read({"a[].b[].c"}, R"({"a":[{"b":[{"c":1},{"c":2}]},{"b":[]},{"b":[{"c":3}]}]})")) ==
        "decoded | [integer 1 1, integer 2 2, integer 3 3]");
  CHECK(testing::show(read({"a[][]"}, R"({"a":[[1,2],[],[3]]})")) ==
        "decoded | [integer 1 1, integer 2 2, integer 3 3]");
}

TEST_CASE("the last of two keys wins, with all that is below it") {
  CHECK(read({"a"}, R"({"a":1,"a":2,"a":3})").values[0] == "integer 3 3");
  CHECK(read({"a.b", "a.c"}, R"({"a":{"b":1,"c":1},"a":{"b":2}})").values ==
        std::vector<std::string>{"integer 2 2", "absent"});
  CHECK(read({"a.b"}, R"({"a":{"b":1},"a":5})").values[0] == "absent");
  CHECK(read({"a.b"}, R"({"a":5,"a":{"b":1}})").values[0] == "integer 1 1");
  CHECK(read({"items[].x"}, R"({"items":[{"x":1},{"x":2}],"items":[{"x":3}]})").values[0] == "[integer 3 3]");
  CHECK(read({"items[].x"}, R"({"items":[{"x":1}],"items":7})").values[0] == "[absent]");
  CHECK(read({"items[].x"}, R"({"items":7,"items":[{"x":1}]})").values[0] == "[integer 1 1]");
  CHECK(read({"items[].x"}, R"({"items":[{"x":1,"x":2}]})").values[0] == "[integer 2 2]");
  CHECK(read({"items[].x[]"}, R"({"items":[{"x":[1],"x":[2,3]}]})").values[0] == "[integer 2 2, integer 3 3]");
  CHECK(read({"items[].x", "b"}, R"({"items":[{"x":1}],"b":1,"items":[],"b":2})").values ==
        std::vector<std::string>{"[]", "integer 2 2"});
}

TEST_CASE("a record that is refused leaves nothing behind") {
  const Plan plan = testing::plan_of({"a", "items[].x"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  for (const Layout layout : {Layout::OneBlock, Layout::Apart}) {
    const MessageBlock block({R"({"a":1,"items":[{"x":1},{"x":2}],"z":tru})", R"({"items":[{"x":7}]})",
                              R"({"a":3,"a":4,"items":[{"x":1}],"items":[{"x":2}])"},
                             layout);
    const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
    CHECK_FALSE(rows[0].decoded);
    CHECK(rows[0].values[0] == "absent");
    CHECK(rows[0].values[1] == "[]");
    CHECK(testing::show(rows[1]) == "decoded | absent | [integer 7 7]");
    CHECK_FALSE(rows[2].decoded);
    CHECK_FALSE(rows[2].duplicate_keys);
  }
}

TEST_CASE("a message that ends inside a value is not completed by the next one") {
  const Plan plan = testing::plan_of({"a"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  for (const Layout layout : {Layout::OneBlock, Layout::Apart}) {
    for (const std::string_view separator : {"\n", " "}) {
      const MessageBlock block(
          {R"({"a":1)", "}", R"({"a":)", "2}", R"({"a":[1,)", "2]}", R"({"a":"x)", R"(y"})", R"({"a":3})", "1", "2"},
          layout, separator);
      const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
      for (std::size_t i = 0; i < 8; ++i) {
        INFO("message " << i);
        CHECK_FALSE(rows[i].decoded);
      }
      CHECK(rows[8].values[0] == "integer 3 3");
      CHECK(rows[9].decoded);
      CHECK(rows[10].decoded);
    }
  }
}

TEST_CASE("a record longer than the limit is put aside, and its neighbours are read") {
  Plan plan = testing::plan_of({"a"});
  plan.record_max_bytes = 20;
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  const std::string just_fits = R"({"a":"12345678901"} )";
  REQUIRE(just_fits.size() == 20);
  for (const Layout layout : {Layout::OneBlock, Layout::Apart}) {
    const MessageBlock block({R"({"a":1})", just_fits, just_fits + " ", R"({"a":2})"}, layout);
    const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
    CHECK(rows[0].values[0] == "integer 1 1");
    CHECK(rows[1].values[0] == "text 12345678901");
    CHECK(rows[2].code == "too_large");
    CHECK(rows[2].at == 20);
    CHECK(rows[2].reason == "the record is longer than 20 bytes");
    CHECK(rows[3].values[0] == "integer 2 2");
  }
}

TEST_CASE("a record of which only the beginning came is put aside") {
  const Plan plan = testing::plan_of({"a"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  MessageBlock block({R"({"a":1})", R"({"a":2})"}, Layout::Apart);
  block.messages().items[0].whole = false;
  const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  CHECK(rows[0].code == "too_large");
  CHECK(rows[1].values[0] == "integer 2 2");
}

TEST_CASE("extra fields are told by name where the plan asks, at most eight a record") {
  Plan plan = testing::plan_of({"a", "b.c"});
  plan.extra_fields_rule = 1;
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  const std::string long_key(300, 'k');
  const MessageBlock block({R"({"a":1,"x":1,"b":{"y":1},"\u007a":2})",
                            R"({"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0})", R"({"a":1})",
                            "{\"" + long_key + "\" :1}", "{\"" + long_key + "\\u0061\":1}", R"({"x":1,"y":)"});
  const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  CHECK(rows[0].extra == std::vector<std::string>{"x", "z"});
  CHECK(rows[1].extra.size() == 8);
  CHECK(rows[2].extra.empty());
  CHECK(rows[3].extra == std::vector<std::string>{long_key});
  CHECK(rows[4].extra == std::vector<std::string>{long_key + "a"});
  CHECK(rows[5].extra.empty());
}

TEST_CASE("keys that change from record to record are still found, and duplicates among them told") {
  const Plan plan = testing::plan_of({"a"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 50; ++i) {
      const std::string key = "\"k" + std::to_string(round * 50 + i) + "\":1";
      records.push_back("{" + key + ",\"a\":" + std::to_string(i) + (i % 2 == 0 ? "," + key : "") + "}");
    }
    const MessageBlock block(records);
    const std::vector<DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
    for (int i = 0; i < 50; ++i) {
      const DecodedRow& row = rows[static_cast<std::size_t>(i)];
      CHECK(row.values[0] == "integer " + std::to_string(i) + " " + std::to_string(i));
      CHECK(row.duplicate_keys == (i % 2 == 0));
    }
  }
}

TEST_CASE("no message at all is no row at all") {
  const Plan plan = testing::plan_of({"a"});
  CHECK(testing::decode(*make_json_decoder(plan), plan, Messages{}).empty());
}

}  // namespace
}  // namespace weir
