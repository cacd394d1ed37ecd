// SPDX-License-Identifier: Apache-2.0
// Expressions without a record: literals, arithmetic, functions. CEL's own cases are in tests/conformance; here is what is
// weir's, and what must not break even where those cannot be fetched.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

TEST_CASE("a percent is a number with % right behind it and no operand after that") {
  CHECK(value_of("5%") == "0.05");
  CHECK(value_of("12.5%") == "0.125");
  CHECK(value_of("0.1%") == "0.001");
  CHECK(value_of("100% == 1") == "true");
  CHECK(value_of("-5%") == "-0.05");
  CHECK(value_of("[5%, 10%][1]") == "0.1");
  CHECK(value_of("5% < 6% && true") == "true");
  CHECK(value_of("5 % 3") == "2");
  CHECK(value_of("5%3") == "2");
  CHECK(value_of("5%(3)") == "2");
  CHECK(value_of("5%-3") == "2");
  CHECK(value_of("5% in [0.05]") == "true");
}

TEST_CASE("durations and timestamps are written as they are read") {
  CHECK(value_of("1h30m") == "1h30m");
  CHECK(value_of("1h30m == 90m") == "true");
  CHECK(value_of("250ms < 1s") == "true");
  CHECK(value_of("2026-01-31T12:00:00Z + 1d") == "2026-02-01T12:00:00Z");
  CHECK(value_of("2026-01-31T12:00:00+02:00 == 2026-01-31T10:00:00Z") == "true");
  CHECK(value_of("2026-02-01 - 2026-01-01 == 31d") == "true");
  CHECK(value_of("2026 - 01 - 01") == "2024");
  CHECK(value_of("abs(1h - 2h)") == "1h");
  CHECK(value_of("2026-01-31T12:00:00Z.getDayOfWeek()") == "6");
}

TEST_CASE("integers never wrap and doubles go to infinity") {
  CHECK(value_of("9223372036854775807 + 1") == "error: the result does not fit 64 bits");
  CHECK(value_of("-9223372036854775808 / -1") == "error: the result does not fit 64 bits");
  CHECK(value_of("-9223372036854775808 % -1") == "0");
  CHECK(value_of("5 / 0") == "error: division by zero");
  CHECK(value_of("5.0 / 0") == "Infinity");
  CHECK(value_of("7 / 2") == "3");
  CHECK(value_of("7 / 2.0") == "3.5");
  CHECK(value_of("-7 % 3") == "-1");
  CHECK(value_of("2 + 3 * 4 - -1") == "15");
}

TEST_CASE("what was computed compares as a double, what was written exactly") {
  CHECK(value_of("0.1 + 0.2 == 0.3") == "false");
  CHECK(value_of("0.1 + 0.1 == 0.2") == "true");
  CHECK(value_of("9007199254740993.0 == 9007199254740992.0") == "false");
  CHECK(value_of("1 == 1.0 && 1u == 1 && 1e0 == 1") == "true");
}

TEST_CASE("texts count code points") {
  CHECK(value_of("size(\"größe\")") == "5");
  CHECK(value_of("\"größe\".substring(2, 4)") == "\"öß\"");
  CHECK(value_of("\"größe\".indexOf(\"e\")") == "4");
  CHECK(value_of("\"größe\".charAt(2)") == "\"ö\"");
  CHECK(value_of("\" a \".trim()") == "\"a\"");
  CHECK(value_of("\"a,b,c\".split(\",\") == [\"a\", \"b\", \"c\"]") == "true");
  CHECK(value_of("\"abc\".split(\"\") == [\"a\", \"b\", \"c\"]") == "true");
  CHECK(value_of("\"aXbX\".replace(\"X\", \"-\", 1)") == "\"a-bX\"");
  CHECK(value_of("\"ab\".replace(\"\", \".\")") == "\".a.b.\"");
  CHECK(value_of("[\"a\", \"b\"].join(\"-\")") == "\"a-b\"");
  CHECK(value_of("\"ABC\".lowerAscii() + \"x\".upperAscii()") == "\"abcX\"");
  CHECK(value_of("\"abc\".substring(2, 1)") == "error: a position lies outside the text");
  CHECK(value_of("\"abc\".substring(4)") == "error: a position lies outside the text");
  CHECK(value_of("\"abcabc\".lastIndexOf(\"bc\")") == "4");
  CHECK(value_of("r\"\\d\" == \"\\\\d\"") == "true");
}

TEST_CASE("conversions keep the value or say that they cannot") {
  CHECK(value_of("int(\"42\") + int(3.9) + int(-3.9)") == "42");
  CHECK(value_of("int(\"4.2\")") == "error: the text is no integer of 64 bits");
  CHECK(value_of("int(1e30)") == "error: the number does not fit 64 bits");
  CHECK(value_of("double(\"1e3\")") == "1000");
  CHECK(value_of("string(1.50)") == "\"1.5\"");
  CHECK(value_of("string(1h)") == "\"3600s\"");
  CHECK(value_of("timestamp(\"2026-01-31T00:00:00Z\") == 2026-01-31") == "true");
  CHECK(value_of("duration(\"90s\") == 1m30s") == "true");
  CHECK(value_of("bool(\"true\") && !bool(\"0\")") == "true");
  CHECK(value_of("type(1) == int && type(\"x\") == string && type(type(1)) == type") == "true");
}

TEST_CASE("min, max and abs") {
  CHECK(value_of("min(3, 1.5, 2)") == "1.5");
  CHECK(value_of("max(3, 1.5, 2)") == "3");
  CHECK(value_of("max(2026-01-01, 2026-01-02)") == "2026-01-02T00:00:00Z");
  CHECK(value_of("abs(-5) + abs(5)") == "10");
  CHECK(value_of("abs(-9223372036854775808)") == "error: the result does not fit 64 bits");
}

TEST_CASE("a key of the expression's own map that is not there is an error, and has() sees it") {
  CHECK(value_of("{\"a\": 1}[\"b\"]") == "error: no such key");
  CHECK(value_of("{\"a\": 1}.a") == "1");
  CHECK(value_of("has({\"a\": 1}.b)") == "false");
  CHECK(value_of("{\"a\": 1, \"a\": 2}") == "error: a key stands twice");
  CHECK(value_of("\"a\" in {\"a\": 1}") == "true");
}

TEST_CASE("macros nest, and a variable hides what is around it") {
  CHECK(value_of("[[1, 2], [3]].all(x, x.exists(y, y > 1))") == "true");
  CHECK(value_of("[1, 2].map(x, [10].map(x, x + 1)) == [[11], [11]]") == "true");
  CHECK(value_of("[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]") == "true");
  CHECK(value_of("[3, 4].map(x, [1, 2].map(y, x * y)) == [[3, 6], [4, 8]]") == "true");
}

TEST_CASE("work and memory of one record have a bound") {
  std::string items = "[1";
  for (int i = 0; i < 9999; ++i) items += ",1";
  items += "]";
  CHECK(decide("items.all(a, items.all(b, items.all(c, a == b)))", {{"items", {items}}}) == "E");
  CHECK(decide("items.all(a, a == 1)", {{"items", {items}}}) == "T");
  const std::string text(100'000, 'x');
  CHECK(decide("size(t.replace(\"x\", t)) > 0", {{"t", {'"' + text + '"'}}}) == "E");
  CHECK(decide("size(t.split(\"\").map(c, t + c)) > 0", {{"t", {'"' + text + '"'}}}) == "E");
  CHECK(decide("size(t) == 100000", {{"t", {'"' + text + '"'}}}) == "T");
}

}  // namespace
}  // namespace weir::testing
