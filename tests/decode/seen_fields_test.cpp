// SPDX-License-Identifier: Apache-2.0
// The fields of a record itself, noted where the plan asks for all of them.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace weir {
namespace {

using testing::Layout;
using testing::MessageBlock;
using Lines = std::vector<std::string>;

constexpr std::string_view kKindNames[] = {"absent", "null", "boolean", "integer", "decimal",
                                           "number", "text", "array",   "object"};

Plan plan_of(const Lines& paths) {
  Plan plan = testing::plan_of(paths);
  plan.note_fields = true;
  return plan;
}

std::string show(const SeenField& field) {
  return std::to_string(field.row) + "/" + std::to_string(field.position) + " " + std::string(field.name) + " " +
         std::string(kKindNames[static_cast<std::size_t>(field.kind)]);
}

/// Each field as `row/position name kind`.
Lines seen(Decoder& decoder, const Plan& plan, const Messages& messages) {
  Batch batch;
  batch.clear(plan.fields.size());
  decoder.decode(messages, batch);
  Lines out;
  for (const SeenField& field : batch.seen_fields) out.push_back(show(field));
  return out;
}

Lines seen(const Lines& paths, const Lines& records) {
  const Plan plan = plan_of(paths);
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  return seen(*decoder, plan, MessageBlock(records).messages());
}

TEST_CASE("every field of a record is noted in its order, with the kind of its value") {
  const Lines expected = {"0/0 a integer", "0/1 b decimal", "0/2 c number", "0/3 d text", "0/4 e boolean",
                          "0/5 f null",    "0/6 g array",   "0/7 h object", "1/0 h text"};
  const std::string record = R"({"a":1,"b":1.5,"c":1e3,"d":"x","e":false,"f":null,"g":[{"a":1}],"h":{"z":2}})";
  CHECK(seen({}, {record, R"({"h":"1"})"}) == expected);
  CHECK(seen({"a", "g[].a", "h.z", "d"}, {record, R"({"h":"1"})"}) == expected);
}

TEST_CASE("a field that comes twice stands where it came first, as what it is last") {
  const Lines expected = {"0/0 a text", "0/1 b integer", "0/2 c array"};
  const std::string record = R"({"a":1,"b":2,"a":null,"c":[1],"a":"x","c":[2]})";
  CHECK(seen({}, {record}) == expected);
  CHECK(seen({"a"}, {record}) == expected);
  CHECK(seen({"c[]", "b"}, {record}) == expected);
}

TEST_CASE("names are noted unescaped, and stay when the decoder has gone on") {
  const Plan plan = plan_of({"amount"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  for (const Layout layout : {Layout::OneBlock, Layout::Apart}) {
    const MessageBlock first({R"({"\u0061mount" : 1, "a\"b":2, "":3})"}, layout);
    const MessageBlock second({R"({"other":1})"}, layout);
    Batch batch;
    batch.clear(plan.fields.size());
    decoder->decode(first.messages(), batch);
    Batch later;
    later.clear(plan.fields.size());
    decoder->decode(second.messages(), later);
    REQUIRE(batch.seen_fields.size() == 3);
    CHECK(show(batch.seen_fields[0]) == "0/0 amount integer");
    CHECK(show(batch.seen_fields[1]) == "0/1 a\"b integer");
    CHECK(show(batch.seen_fields[2]) == "0/2  integer");
  }
}

TEST_CASE("a record that is refused and one that is no object have no fields") {
  CHECK(seen({"a"}, {R"({"a":1,"b":tru})", R"({"b":1})", "[1]", "7", R"({"a":1,"a":[1],"a":[)"}) ==
        Lines{"1/0 b integer"});
}

TEST_CASE("fields are noted only where the plan asks for them") {
  Plan plan = plan_of({"a"});
  plan.note_fields = false;
  CHECK(seen(*make_json_decoder(plan), plan, MessageBlock({R"({"a":1,"b":2})"}).messages()).empty());
  MessageBlock table({"1,2"});
  table.messages().header = "a,b";
  CHECK(seen(*make_csv_decoder(plan, ','), plan, table.messages()).empty());
}

TEST_CASE("a record of very many fields loses none") {
  std::string record = "{";
  Lines expected;
  for (int i = 0; i < 20000; ++i) {
    record += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + (i % 2 == 0 ? "1" : "true");
    expected.push_back("0/" + std::to_string(i) + " k" + std::to_string(i) + (i % 2 == 0 ? " text" : " boolean"));
  }
  for (int i = 0; i < 20000; i += 2) record += ",\"k" + std::to_string(i) + "\":\"x\"";
  const Lines found = seen({"k3"}, {record + "}"});
  CHECK(found.size() == expected.size());
  CHECK(found == expected);
}

// The slow way: a tree of the document, each key once, its last value.
Lines slowly_seen(std::size_t row, const std::string& record) {
  const Result<JsonValue> document = parse_json(record);
  REQUIRE(document.ok());
  std::vector<std::string> order;
  std::map<std::string, std::string_view> kinds;
  for (const auto& [name, value] : document->members) {
    static constexpr std::string_view kTypes[] = {"null", "boolean", "integer", "text", "array", "object"};
    if (kinds.emplace(name, "").second) order.push_back(name);
    kinds[name] = kTypes[static_cast<std::size_t>(value.type)];
  }
  Lines out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    out.push_back(std::to_string(row) + "/" + std::to_string(i) + " " + order[i] + " " + std::string(kinds[order[i]]));
  }
  return out;
}

TEST_CASE("whatever keys come in whatever order, the fields noted are those of the document") {
  std::mt19937_64 random(7);
  const std::vector<Lines> plans = {{}, {"a"}, {"b[]", "a.x"}, {"c.d[].e", "b", "f"}};
  constexpr std::string_view kValues[] = {"1", "null", "true", "\"t\"", "[1,{\"e\":2}]", R"({"d":[{"e":1}],"x":1})"};
  for (const Lines& paths : plans) {
    const Plan plan = plan_of(paths);
    const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
    Lines records;
    Lines expected;
    for (std::size_t row = 0; row < 300; ++row) {
      std::string record = "{";
      const std::size_t members = random() % 8;
      for (std::size_t i = 0; i < members; ++i) {
        record += (i == 0 ? "\"" : ",\"") + std::string(1, static_cast<char>('a' + random() % 7)) +
                  "\":" + std::string(kValues[random() % 6]);
      }
      records.push_back(record + "}");
      for (std::string& line : slowly_seen(row, records.back())) expected.push_back(std::move(line));
    }
    CHECK(seen(*decoder, plan, MessageBlock(records).messages()) == expected);
  }
}

TEST_CASE("the fields of a CSV record are the columns of the header, typed as the rules read them") {
  Plan plan = plan_of({"n", "flag", "user.city"});
  plan.fields[0].cell_type = CellType::Number;
  plan.fields[1].cell_type = CellType::Boolean;
  MessageBlock block({"1,true,Berlin,2,x", ",\"\",,,", "x,no,,\"\",", "1,2"});
  block.messages().header = "n,flag,user.city,\"o\"\"ther\",";
  CHECK(seen(*make_csv_decoder(plan, ','), plan, block.messages()) ==
        Lines{"0/0 n integer", "0/1 flag boolean", "0/2 user.city text", "0/3 o\"ther text",  //
              "1/0 n null", "1/1 flag text", "1/2 user.city null", "1/3 o\"ther null",        //
              "2/0 n text", "2/1 flag text", "2/2 user.city null", "2/3 o\"ther text"});
}

}  // namespace
}  // namespace weir
