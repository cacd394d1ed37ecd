// SPDX-License-Identifier: Apache-2.0
#include "import/condition.h"

#include <catch2/catch_test_macros.hpp>

#include "import/regex.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir::testing {
namespace {

std::string sql(const std::string& text) {
  const Result<std::string> out = translate_condition(text, ConditionDialect::Sql);
  return out ? *out : "error: " + out.error().message;
}
std::string pandas(const std::string& text) {
  const Result<std::string> out = translate_condition(text, ConditionDialect::Pandas);
  return out ? *out : "error: " + out.error().message;
}

TEST_CASE("conditions of SQL are expressions") {
  CHECK(sql("a = 1 and b <> 'it''s'") == "a == 1 && b != \"it's\"");
  CHECK(sql("a = 1 or b = 2 and not c") == "a == 1 || b == 2 && !c");
  CHECK(sql("(a = 1 or b = 2) and c > 3") == "(a == 1 || b == 2) && c > 3");
  CHECK(sql("not (a = 1)") == "!(a == 1)");
  CHECK(sql("a is not null AND b IS NULL") == "a != null && b == null");
  CHECK(sql("a in (1, 'x') and b not in (2)") == "a in [1, \"x\"] && !(b in [2])");
  CHECK(sql("a between 1 and 5 and b not between 2 and 3") == "a >= 1 && a <= 5 && !(b >= 2 && b <= 3)");
  CHECK(sql("a like 'x%_' and b not like '1.5'") == R"(a.matches("(?s)^x.*.$") && !b.matches("(?s)^1\\.5$"))");
  CHECK(sql("lower(a) = 'x' and length(trim(b)) > 2") == "a.lowerAscii() == \"x\" && size(b.trim()) > 2");
  CHECK(sql("a + b * 2 - (c - d) >= -1.5") == "a + b * 2 - (c - d) >= -1.5");
  CHECK(sql("\"Order Id\" = 1 and t.x = true") == "`Order Id` == 1 && t.x == true");
  CHECK(sql("coalesce(a, 0) > 1") == "(a != null ? a : 0) > 1");
  CHECK(sql("created_at::date >= '2020-01-01'") == "timestamp(created_at) >= \"2020-01-01\"");
}

TEST_CASE("what SQL has and weir has not is named") {
  CHECK(sql("a > current_date") == "error: `current_date` has no counterpart in weir");
  CHECK(sql("a in (select b from c)") == "error: a query within the condition has no counterpart in weir");
  CHECK(sql("case when a then b end") == "error: `case` has no counterpart in weir");
  CHECK(sql("dateadd(day, 1, a) > b") == "error: `dateadd()` has no counterpart in weir");
  CHECK(sql("a > {{ var('x') }}") == "error: it holds a template (`{{ … }}`), which is filled in by the tool");
  CHECK(sql("a >") == "error: it ends too early");
  CHECK(sql("a = 1 b") == "error: `b` is not understood there");
}

TEST_CASE("in pandas a null differs from every value, and double quotes are texts") {
  CHECK(pandas("a == \"x\"") == "a == \"x\"");
  CHECK(pandas("`a b` != 5 and c.isnull()") == "(`a b` == null || `a b` != 5) && c == null");
  CHECK(pandas("(a > 1) & ~b.str.startswith('x')") == "a > 1 && !b.startsWith(\"x\")");
  CHECK(pandas("a in [1, 2] | b not in ['x']") == "a in [1, 2] || !(b in [\"x\"])");
  CHECK(pandas("col(\"a\") >= 5") == "a >= 5");
}

TEST_CASE("patterns are spelled as RE2 wants them") {
  CHECK(regex_for_re2(R"(^\Z\u00e9[\w-.][^]\/\p{Letter}(?<n>x)$)") == R"(^\z\x{00e9}[\w\-.][\s\S]/\p{L}(?P<n>x)$)");
  CHECK(regex_for_re2("(?<=a)(?<!b)[[a]") == "(?<=a)(?<!b)[\\[a]");
  CHECK(regex_for_re2("[a-z-]\\") == "[a-z-]\\");
}

TEST_CASE("numbers move by places without losing a digit") {
  CHECK(percent_of_share("0.955") == "95.5%");
  CHECK(percent_of_share("1") == "100%");
  CHECK(percent_of_share("1e-3") == "0.1%");
  CHECK(percent_of_share("0.333333333333333314829616256247") == "33.3333333333333314829616256247%");
  CHECK(shifted("5", 2) == "0.05");
  CHECK(shifted("-12.50", 1) == "-1.25");
  CHECK(!shifted("1e99", 2));
  CHECK(!shifted("x", 2));
}

TEST_CASE("types of many tools are types of weir") {
  CHECK(type_of_name("BIGINT(20)") == "integer");
  CHECK(type_of_name("int64") == "integer");
  CHECK(type_of_name("LongType") == "integer");
  CHECK(type_of_name("Decimal(10, 2)") == "number");
  CHECK(type_of_name("character varying(5)") == "string");
  CHECK(type_of_name("ARRAY<STRING>") == "array");
  CHECK(type_of_name("datetime64[ns]") == "");
  CHECK(decimal_shape("decimal(10, 2)").scale == 2);
  CHECK(text_length("varchar(7)") == 7);
}

TEST_CASE("texts are quoted where YAML would take them for something else, and dollars where they begin a variable") {
  CHECK(text_in_yaml("abc") == "abc");
  CHECK(text_in_yaml("no") == "'no'");
  CHECK(text_in_yaml("12") == "'12'");
  CHECK(text_in_yaml("it's") == "'it''s'");
  CHECK(text_in_yaml("a\nb") == "\"a\\nb\"");
  CHECK(text_in_yaml("^\\d+$") == "'^\\d+$'");
  CHECK(text_in_yaml("$name") == "'$$name'");
  CHECK(text_in_yaml("") == "''");
}

}  // namespace
}  // namespace weir::testing
