// SPDX-License-Identifier: Apache-2.0
// What a person is told about an expression that cannot be: where, what, and what to write instead.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

TEST_CASE("a fault of the grammar is under the caret") {
  CHECK(fault("amount >") == "column 9+1 W140: expected a value, the expression ends here");
  CHECK(fault("amount > > 5") == "column 10+1 W140: expected a value, got `>`");
  CHECK(fault("amount 5") == "column 8+1 W140: expected an operator or the end, got `5`");
  CHECK(fault("(a && b") == "column 8+1 W140: expected `)`, the expression ends here |  | `(` at byte 1 is not closed");
  CHECK(fault("a = 1") == "column 3+1 W140: `=` is no operator |  | write `==` to compare");
  CHECK(fault("a & b") == "column 3+1 W140: `&` is no operator |  | write `&&`");
  CHECK(fault("name == \"x") == "column 9+2 W140: the text is not closed |  | it began with \"");
  CHECK(fault("name == 'a\\q'") ==
        "column 11+2 W140: unknown escape in a text |  | a raw text takes backslashes as they are: r\"\\d+\"");
  CHECK(fault("age > 10x") ==
        "column 7+3 W140: `10x` is neither a number nor a duration |  | durations are written like 10m, 1h30m, 250ms, "
        "7d; a field whose name begins with a digit goes into back-ticks");
  CHECK(fault("größe > 1") ==
        "column 3+1 W140: a name has only letters a to z, digits and _ |  | put other names into back-ticks: `größe`");
  CHECK(fault("") == "column 1+1 W140: expected a value, the expression ends here");
  CHECK(fault("at >= 2026-02-30") ==
        "column 7+10 W140: `2026-02-30` is no timestamp |  | write one like 2026-01-31T12:00:00Z or "
        "2026-01-31T12:00:00+01:00");
  CHECK(fault("x > 99999999999999999999") ==
        "column 5+20 W140: the number is beyond 64 bits |  | write it with a point to compare exactly: "
        "99999999999999999999.0");
}

TEST_CASE("a fault on a later line has its line and column") {
  const Result<CompiledPredicate> compiled = compile_predicate(
      "a > 1 &&\n  b >",
      {.where = {.file = "rules.yml", .line = 7, .column = 12}, .field = [](const FieldPath&) { return FieldRef{}; }});
  REQUIRE_FALSE(compiled.ok());
  CHECK(compiled.error().where.line == 8);
  CHECK(compiled.error().where.column == 6);
  CHECK(compiled.error().where.file == "rules.yml");
}

TEST_CASE("a function that does not exist is told at its name, with the one that was meant") {
  CHECK(fault("email.endWith(\"@x.org\")") ==
        "column 7+7 W141: there is no function `endWith` | did you mean `endsWith`?");
  CHECK(fault("sise(items) > 1") == "column 1+4 W141: there is no function `sise` | did you mean `size`?");
  CHECK(fault("startsWith(email, \"x\")") ==
        "column 1+10 W141: `startsWith` is not called like that |  | it is called text.startsWith(text)");
  CHECK(fault("email.startsWith()") ==
        "column 7+10 W142: `startsWith` takes other arguments |  | it is called text.startsWith(text)");
  CHECK(fault("items.all(5, true)") ==
        "column 7+3 W140: `all` takes a name for the element and an expression |  | for example items.all(item, "
        "item.qty > 0)");
  CHECK(fault("has(1)") == "column 1+3 W140: has() takes one field |  | for example has(customer.email)");
}

TEST_CASE("a field declared text is not compared with a number") {
  const std::vector<FieldOf> fields = {
      {"status", {}, FieldType::String}, {"amount", {}, FieldType::Integer}, {"at", {}, FieldType::Timestamp}};
  CHECK(fault("status == 5", fields) ==
        "column 11+1 W142: `status` is declared a text and cannot be compared with an integer | this is an integer | "
        "write \"5\" to compare texts, or double(...) to read the text");
  CHECK(fault("amount > \"5\"", fields) ==
        "column 10+3 W142: `amount` is declared an integer and cannot be compared with a text | this is a text | write "
        "the number without quotes");
  CHECK(fault("status in [1, \"a\"]", fields) ==
        "column 12+1 W142: `status` is declared a text and is never equal to an integer | this is an integer | write "
        "\"1\" to compare texts, or double(...) to read the text");
  CHECK(fault("at >= \"soon\"", fields) ==
        "column 7+6 W142: `\"soon\"` is no timestamp |  | write one like 2026-01-31T12:00:00Z");
  CHECK(fault("at - at > 5", fields) ==
        "column 11+1 W142: `at - at` is a duration and cannot be compared with an integer | this is an integer | "
        "durations are written with a unit: 10s, 5m, 1h30m");
  CHECK(fault("status + amount == \"x\"", fields) == "column 1+15 W142: a text and an integer cannot be added");
  CHECK(fault("status && true", fields) == "column 1+6 W142: `status` is a text, and a condition is needed here");
  CHECK(fault("amount.startsWith(\"1\")", fields) ==
        "column 1+6 W142: `startsWith` does not take an integer | this is an integer | it is called "
        "text.startsWith(text)");
  CHECK(fault("status.zip == \"1\"", {{"status", {}, FieldType::String}, {"status.zip", {}}}) == "");
}

TEST_CASE("other types that do not go together") {
  CHECK(fault("amount") == "");
  CHECK(fault("1 + 1") ==
        "column 1+5 W142: this is an integer, and a rule needs a condition |  | compare it with something");
  CHECK(fault("a < null") == "column 1+8 W142: null has no order |  | ask with == null or != null");
  CHECK(fault("a < [1]") == "column 5+3 W142: `[1]` is a list and has no order");
  CHECK(fault("a in \"abc\"") ==
        "column 6+5 W142: `in` looks into lists and objects, and this is a text |  | a list is written [1, 2, 3]");
  CHECK(
      fault("items[].qty > 0") ==
      "column 1+11 W142: `[]` means every element, and an expression judges one value |  | write items.all(item, ...)");
  CHECK(fault("a.matches(b)") == "column 11+1 W142: the pattern of matches() must be written in the rule");
  CHECK(fault("a.matches(\"(x\")").starts_with("column 11+4 W142: "));
  CHECK(fault("at.getHours(\"Europe/Berlin\") < 6") ==
        "column 13+15 W142: this is no time zone that expressions know |  | write UTC or an offset like +02:00");
}

TEST_CASE("an expression has a bound in length and depth") {
  std::string deep = "x";
  for (int i = 0; i < 70; ++i) deep = "(" + deep + ")";
  CHECK(fault(deep).find("W144: the expression is nested deeper than 64 levels") != std::string::npos);
  std::string chain = "x";
  for (int i = 0; i < 70; ++i) chain += " + 1";
  CHECK(fault(chain + " > 1").find("W144: the expression is nested deeper than 64 levels") != std::string::npos);
  CHECK(fault(std::string(100, '!') + "x").find("W144") != std::string::npos);
  CHECK(fault(std::string(4097, ' ')).find("W144: the expression is longer than 4096 bytes") != std::string::npos);
  std::string wide = "x";
  for (int i = 0; i < 500; ++i) wide += " && x";
  CHECK(fault(wide) == "");
}

}  // namespace
}  // namespace weir::testing
