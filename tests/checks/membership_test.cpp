// SPDX-License-Identifier: Apache-2.0
// Lists of literals: typed equality, whatever the size of the list.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

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

}  // namespace
}  // namespace weir::testing
