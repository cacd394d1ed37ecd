// SPDX-License-Identifier: Apache-2.0
#include "suggest/text_pattern.h"

#include <catch2/catch_test_macros.hpp>
#include <initializer_list>

namespace weir {
namespace {

std::string shape_of(std::initializer_list<const char*> texts) {
  TextPattern pattern;
  for (const char* text : texts) pattern.add(text);
  return pattern.expression();
}

TEST_CASE("identifiers have the shape that all of them share") {
  CHECK(shape_of({"O-00000017", "O-00000018"}) == R"(^O-\d{8}$)");
  CHECK(shape_of({"s-01", "s-17", "s-9"}) == R"(^s-\d+$)");
  CHECK(shape_of({"1.4.2", "1.5.10"}) == R"(^\d\.\d\.\d+$)");
  CHECK(shape_of({"12345", "99999"}) == R"(^\d{5}$)");
  CHECK(shape_of({"EUR", "USD"}) == "^[A-Z]{3}$");
}

TEST_CASE("letters and digits are one kind of run where they stand in no order") {
  CHECK(shape_of({"3f9a-b01c", "0b7d-11ff"}) == "^[A-Za-z0-9]{4}-[A-Za-z0-9]{4}$");
}

TEST_CASE("what any word has is no shape") {
  CHECK(shape_of({"berlin", "rome"}).empty());
  CHECK(shape_of({"John Smith", "Jane Jones"}).empty());
  CHECK(shape_of({"Wien 7", "Rome 9"}).empty());
  CHECK(shape_of({"a", "b", ""}).empty());
  CHECK(shape_of({}).empty());
  CHECK(shape_of({"O-1", "O-1"}).empty());  // never varies: a set says it better
  CHECK(shape_of({"größe-1", "größe-2"}).empty());
}

TEST_CASE("a text of another shape ends it") {
  CHECK(shape_of({"O-1", "O-2", "order 3"}).empty());
  CHECK(shape_of({"7", "1234567890"}).empty());  // digits of any number: a number says it better
}

TEST_CASE("signs of regular expressions stand for themselves") {
  CHECK(shape_of({"a+(1)", "a+(2)"}) == R"(^a\+\(\d\)$)");
}

}  // namespace
}  // namespace weir
