// SPDX-License-Identifier: Apache-2.0
// Lists of literals: typed equality, whatever the size of the list.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "checks/loop.h"
#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

Written list(const std::vector<std::string>& texts, bool plain = true) {
  return Written().scalars("value", texts, plain);
}

TEST_CASE("numbers of a list match by value, not by spelling") {
  const std::vector<std::string> values = {"1",
                                           "1.0",
                                           "1.000",
                                           "1e0",
                                           "10e-1",
                                           "1.5",
                                           "15e-1",
                                           "2",
                                           "\"1\"",
                                           "123456789012345678901234567890",
                                           "123456789012345678901234567891"};
  CHECK(verdicts(kInCheck, list({"1", "1.50", "123456789012345678901234567890"}), values) == ".......FF.F");
}

TEST_CASE("a quoted literal is a text, a bare one what it reads as") {
  const std::vector<std::string> values = {"1", "\"1\"", "true", "\"true\"", "\"null\""};
  CHECK(verdicts(kInCheck, list({"1", "true", "null"}), values) == ".F.F.");
  CHECK(verdicts(kInCheck, list({"1", "true"}, false), values) == "F.F.F");
}

TEST_CASE("the declared type decides how literals are read") {
  CHECK(verdicts(kInCheck, list({"1", "true"}).type(FieldType::String), {"\"1\"", "\"true\"", "1", "true"}) == "..FF");
  CHECK(verdicts(kInCheck, list({"1"}, false).type(FieldType::Integer), {"1", "\"1\""}) == ".F");
  CHECK(refusal(kInCheck, list({"one"}).type(FieldType::Number)) == "`one` is no number");
  CHECK(refusal(kInCheck, list({"yes"}).type(FieldType::Boolean)) == "`yes` is neither true nor false");
  CHECK(refusal(kInCheck, list({"x"}).type(FieldType::Array)) == "`x` is no array");
}

TEST_CASE("not_in fails what is in the list and what the list is not about") {
  CHECK(verdicts(kNotInCheck, list({"TEST", "DUMMY"}), {"\"TEST\"", "\"test\"", "5", "[\"TEST\"]", "null"}) == "F.FF-");
  CHECK(reason(kNotInCheck, list({"TEST"}), "5") == "type: 5 is a number, a text is needed");
  CHECK(reason(kNotInCheck, list({"TEST"}), "\"TEST\"") == "not_in: `TEST` is not allowed");
}

TEST_CASE("long lists find every text and nothing else") {
  std::vector<std::string> literals;
  std::vector<std::string> inside;
  std::vector<std::string> outside;
  for (int i = 0; i < 5000; ++i) {
    // The same beginning, end and length for many: what a hash of both ends alone would not spread.
    const std::string text = "https://shop.example/item/" + std::to_string(100000 + i) + "/details.html";
    literals.push_back(text);
    literals.push_back(std::to_string(i) + "-x");
    inside.push_back("\"" + text + "\"");
    inside.push_back("\"" + std::to_string(i) + "-x\"");
    outside.push_back("\"https://shop.example/item/" + std::to_string(900000 + i) + "/details.html\"");
    outside.push_back("\"" + std::to_string(i) + "-y\"");
  }
  CHECK(verdicts(kInCheck, list(literals), inside) == std::string(inside.size(), '.'));
  CHECK(verdicts(kInCheck, list(literals), outside) == std::string(outside.size(), 'F'));
}

TEST_CASE("texts of every length are told apart by their last byte") {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string text(size, 'a');
    INFO(size);
    CHECK(verdicts(kInCheck, list({text}, false), {"\"" + text + "\"", "\"" + text + "a\"", "\"" + text + "b\""}) ==
          ".FF");
    if (size == 0) continue;
    std::string other = text;
    for (std::size_t i = 0; i < size; ++i) {
      other[i] = 'b';
      CHECK(verdicts(kInCheck, list({text}, false), {"\"" + other + "\""}) == "F");
      other[i] = 'a';
    }
  }
}

TEST_CASE("what is expected is named, long lists in short") {
  CHECK(make(kInCheck, list({"EUR", "GBP", "USD"}))->expected() == "one of EUR, GBP, USD");
  CHECK(make(kNotInCheck, list({"TEST"}))->expected() == "none of TEST");
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back("value" + std::to_string(i));
  CHECK(make(kInCheck, list(many))->expected() ==
        "one of value0, value1, value2, value3, value4, value5, value6, value7 and 92 more");
  CHECK(reason(kInCheck, list(many), "\"x\"") == "in: `x` is not in the 100 allowed values");
  CHECK(make(kInCheck, list({std::string(500, 'x')}))->expected() == "one of 1 values");
}

TEST_CASE("texts that lie in the same place are judged as those that lie in places of their own") {
  // Words of one long text: some begin in the same place and differ in how long they are.
  const std::string words = "EURUSDEUROGBPEUR";
  const std::vector<std::string_view> views = {
      std::string_view(words).substr(0, 3),  std::string_view(words).substr(3, 3),
      std::string_view(words).substr(6, 4),  std::string_view(words).substr(6, 3),
      std::string_view(words).substr(10, 3), std::string_view(words).substr(0, 0)};
  Batch batch;
  Batch apart;
  FieldTable fields;
  fields.add(*FieldPath::parse("a"));
  for (Batch* const one : {&batch, &apart}) one->columns.resize(1);
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string_view text = views[i * i % 7 % views.size()];
    const auto cell = [](std::string_view view) {
      return Cell{.number = 0, .data = view.data(), .size = static_cast<std::uint32_t>(view.size()), .scale = 0};
    };
    const Kind kind = i % 50 == 3 ? Kind::Null : i % 50 == 4 ? Kind::Integer : Kind::Text;
    batch.columns[0].kinds.push_back(kind);
    batch.columns[0].cells.push_back(cell(text));
    apart.columns[0].kinds.push_back(kind);
    apart.columns[0].cells.push_back(cell(apart.arena.keep(std::string(300, ' ') + std::string(text)).substr(300)));
  }
  CHECK(repeats_places(batch.columns[0]));
  CHECK_FALSE(repeats_places(apart.columns[0]));
  const std::uint32_t column = 0;
  const Instant now{};
  const auto judged = [&](const Check& check, const Batch& one) {
    Mask evaluated(1000, true);
    Mask failing(1000);
    check.judge({.batch = one, .fields = fields, .columns = {&column, 1}, .now = {&now, 1}}, evaluated, failing);
    return failing;
  };
  for (const CheckSpec* const spec : {&kInCheck, &kNotInCheck, &kMatchCheck}) {
    const auto check =
        spec == &kMatchCheck ? make(*spec, list({"^(EUR|GBP)$"})) : make(*spec, list({"EUR", "GBP", "5"}));
    const Mask failing = judged(*check, batch);
    CHECK(failing == judged(*check, apart));
    CHECK(failing.count() > 100);
    CHECK(failing.count() < 900);
  }
}

}  // namespace
}  // namespace weir::testing
