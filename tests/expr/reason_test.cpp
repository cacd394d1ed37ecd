// SPDX-License-Identifier: Apache-2.0
// The check `expr`: whom it judges, and how it explains a failure.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

TEST_CASE("a failure shows the values behind the names and the arithmetic behind the sides") {
  CHECK(reason("shipped_at >= created_at", {{"shipped_at", {R"("2026-01-01T00:00:00Z")"}, FieldType::Timestamp},
                                            {"created_at", {R"("2026-01-02T00:00:00Z")"}, FieldType::Timestamp}}) ==
        "expr: shipped_at (2026-01-01T00:00:00Z) >= created_at (2026-01-02T00:00:00Z) is false [shipped_at = "
        "2026-01-01T00:00:00Z, created_at = 2026-01-02T00:00:00Z]");
  CHECK(reason("price * qty <= total", {{"price", {"3"}}, {"qty", {"4"}}, {"total", {"10"}}}) ==
        "expr: price (3) * qty (4) <= total (10) is false: 12 <= 10 [price = 3, qty = 4, total = 10]");
  CHECK(reason("amount <= 100", {{"amount", {"100.50"}}}) == "expr: amount (100.50) <= 100 is false [100.50]");
}

TEST_CASE("of an and only the part that is false is shown") {
  CHECK(reason("amount > 0 && currency == \"EUR\" && amount < 10", {{"amount", {"5"}}, {"currency", {"\"USD\""}}}) ==
        "expr: currency (USD) == \"EUR\" is false [amount = 5, currency = USD]");
  CHECK(reason("amount > 9 || currency == \"EUR\"", {{"amount", {"5"}}, {"currency", {"\"USD\""}}}) ==
        "expr: amount (5) > 9 || currency (USD) == \"EUR\" is false [amount = 5, currency = USD]");
}

TEST_CASE("a wrong type and a division by zero say so") {
  CHECK(reason("amount > 5", {{"amount", {"\"x\""}}}) ==
        "type: amount (x) > 5 has no answer: a text and an integer have no order [x]");
  CHECK(reason("total / qty > 2", {{"total", {"4"}}, {"qty", {"0"}}}) ==
        "expr: total (4) / qty (0) has no answer: division by zero [total = 4, qty = 0]");
  CHECK(reason("at > 2026-01-01", {{"at", {"\"soon\""}, FieldType::Timestamp}}) ==
        "type: at (soon) > 2026-01-01 has no answer: the field is declared a timestamp and holds none [soon]");
  CHECK(reason("flag", {{"flag", {"5"}}}) == "type: flag (5) has no answer: it is an integer, not true or false [5]");
}

TEST_CASE("a redacted field shows nowhere, nor does what was computed from it") {
  CHECK(reason("price * 2 <= 10", {{"price", {"1234"}}}, true) == "expr: price (***) * 2 <= 10 is false [***]");
  CHECK(reason("price + 1 > 5", {{"price", {"\"secret\""}}}, true).find("secret") == std::string::npos);
}

TEST_CASE("unknown rows are not judged, false and faulty ones fail") {
  TableOfValues table;
  table.column("x", {"1", "9", "null", "absent", "\"a\""});
  const auto field = [](const FieldPath&) { return FieldRef{}; };
  CompiledPredicate compiled = compile_predicate("x < 5", {.where = {}, .field = field}).value();
  const auto check = make_expr_check(std::move(compiled), "x < 5");
  Mask evaluated(5, true);
  Mask failing(5);
  check->judge(table.subject(), evaluated, failing);
  std::string verdicts;
  for (std::size_t row = 0; row < 5; ++row) verdicts += failing[row] ? 'F' : evaluated[row] ? '.' : '-';
  CHECK(verdicts == ".F--F");
  CHECK(check->expected() == "x < 5");

  Mask some(5);
  some.set(1);
  Mask none(5);
  check->judge(table.subject(), some, none);
  CHECK(none.count() == 1);
  CHECK(none[1]);
}

TEST_CASE("a field that meets a number wants its cells read as numbers") {
  std::vector<std::string> paths;
  const auto field = [&paths](const FieldPath& path) {
    paths.push_back(path.text());
    return FieldRef{static_cast<std::uint32_t>(paths.size() - 1), FieldType::Any};
  };
  const CompiledPredicate compiled =
      compile_predicate("a > 5 && b && c == \"5\" && d * e == 1 && f in [1, 2] && g == h",
                        {.where = {}, .field = field})
          .value();
  REQUIRE(compiled.cell_types.size() == 8);
  CHECK(compiled.cell_types == std::vector<CellType>{CellType::Number, CellType::Boolean, CellType::Text,
                                                     CellType::Number, CellType::Number, CellType::Number,
                                                     CellType::Text, CellType::Text});
}

}  // namespace
}  // namespace weir::testing
