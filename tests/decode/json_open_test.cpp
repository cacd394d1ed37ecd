// SPDX-License-Identifier: Apache-2.0
// Where RFC 8259 leaves a choice, weir does what docs/json.md says: the table of that page is run here.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace weir {
namespace {

struct Choice {
  std::string name;
  std::string record;
  std::string result;
};

/// `<FF>` becomes a byte, `<3 x ab>` becomes ababab.
std::string expand(std::string_view written) {
  std::string out;
  while (!written.empty()) {
    const std::size_t end = written.find('>');
    if (written[0] != '<' || end == std::string_view::npos) {
      out += written[0];
      written.remove_prefix(1);
      continue;
    }
    const std::string_view inside = written.substr(1, end - 1);
    const std::size_t times = inside.find(" x ");
    std::size_t number = 0;
    std::from_chars(inside.data(), inside.data() + inside.size(), number, times == std::string_view::npos ? 16 : 10);
    if (times == std::string_view::npos) {
      out += static_cast<char>(number);
    } else {
      for (std::size_t i = 0; i < number; ++i) out += inside.substr(times + 3);
    }
    written.remove_prefix(end + 1);
  }
  return out;
}

std::string between_ticks(const std::string& cell) {
  const std::size_t first = cell.find('`');
  return first == std::string::npos ? "" : cell.substr(first + 1, cell.rfind('`') - first - 1);
}

/// The rows of the table whose last column is `a`.
std::vector<Choice> documented_choices() {
  std::ifstream page(std::string(WEIR_SOURCE_DIR) + "/docs/json.md");
  REQUIRE(page.is_open());
  std::vector<Choice> choices;
  bool in_table = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "| case | record | `a` |") in_table = true;
    if (!in_table || !line.starts_with("| ") || line.starts_with("| case")) continue;
    const std::size_t first = line.find(" | ", 2);
    const std::size_t last = line.rfind(" | ");
    REQUIRE(first < last);
    const std::string result = line.substr(last + 3, line.size() - last - 5);
    choices.push_back({.name = line.substr(2, first - 2),
                       .record = expand(between_ticks(line.substr(first, last - first))),
                       .result = result});
  }
  return choices;
}

/// A row as the page words it: number `5`, text `x`, null, nothing, refused at 6: the bytes are not UTF-8.
std::string worded(const testing::DecodedRow& row) {
  if (!row.decoded) return "refused at " + std::to_string(row.at) + ": " + row.reason;
  const std::string& value = row.values[0];
  const std::string kind = value.substr(0, value.find(' '));
  if (kind == "absent") return "nothing";
  if (kind == "null") return "null";
  const bool is_number = kind == "integer" || kind == "decimal" || kind == "number";
  const bool has_digits_first = kind == "integer" || kind == "decimal" || kind == "boolean";
  const std::size_t begin = has_digits_first ? value.find(' ', kind.size() + 1) + 1 : kind.size() + 1;
  return (is_number ? "number" : kind) + " `" + value.substr(begin) + "`";
}

TEST_CASE("where the RFC leaves a choice the page of the format says what weir does") {
  const Plan plan = testing::plan_of({"a"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  const std::vector<Choice> choices = documented_choices();
  CHECK(choices.size() >= 50);
  for (const Choice& choice : choices) {
    for (const testing::Layout layout : {testing::Layout::OneBlock, testing::Layout::Apart}) {
      INFO(choice.name);
      const testing::MessageBlock alone({choice.record}, layout);
      CHECK(worded(testing::decode(*decoder, plan, alone.messages())[0]) == expand(choice.result));
      const testing::MessageBlock between({R"({"a":"left"})", choice.record, R"({"a":"right"})"}, layout);
      const std::vector<testing::DecodedRow> rows = testing::decode(*decoder, plan, between.messages());
      CHECK(worded(rows[0]) == "text `left`");
      CHECK(worded(rows[1]) == expand(choice.result));
      CHECK(worded(rows[2]) == "text `right`");
    }
  }
}

TEST_CASE("a key that comes twice marks its record, whatever the values and however it is written") {
  const Plan plan = testing::plan_of({"a"});
  const std::unique_ptr<Decoder> decoder = make_json_decoder(plan);
  const testing::MessageBlock block(
      {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"a":1,"b":1})", R"({"z":1,"z":1})"});
  const std::vector<testing::DecodedRow> rows = testing::decode(*decoder, plan, block.messages());
  CHECK(rows[0].duplicate_keys);
  CHECK(rows[1].duplicate_keys);
  CHECK_FALSE(rows[2].duplicate_keys);
  CHECK(rows[3].duplicate_keys);
}

}  // namespace
}  // namespace weir
