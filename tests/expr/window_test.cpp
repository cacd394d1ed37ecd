// SPDX-License-Identifier: Apache-2.0
// Conditions over windows: what `must` and `should` may say.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"
#include "measures/registry.h"

namespace weir::testing {
namespace {

TEST_CASE("the conditions that people write are understood") {
  for (const std::string_view text : {"row_count >= 100",
                                      "null_rate(email) <= 5%",
                                      "quantile(amount, 0.99) < 5000",
                                      "fail_rate(\"shipped-after-ordered\") <= 0.1%",
                                      "abs(change(row_count, avg(last(7)))) <= 40%",
                                      "freshness(created_at) <= 10m",
                                      "rate(amount > 5 && currency == \"EUR\") >= 1%",
                                      "row_count >= 100 && row_count <= 1000",
                                      "change(mean(amount), same(week)) >= -10%",
                                      "z_score(row_count, 24) < 3",
                                      "row_count == other(\"orders.v1\", row_count)",
                                      "top(currency, 2) == [\"EUR\", \"USD\"]",
                                      "values(status) == [\"new\", \"paid\"]",
                                      "\"EUR\" in values(currency)",
                                      "schema == last",
                                      "row_count >= last",
                                      "score >= 99%",
                                      "psi(amount) < 0.1",
                                      "max(created_at) < 2030-01-01",
                                      "min(mean(a), mean(b)) > 0",
                                      "null_rate(items[].qty) == 0",
                                      "count(x > 5) <= row_count / 2",
                                      "missing_rate(customer.email) < 1% || row_count < 10",
                                      "row_count >= forecast(row_count) * 0.8",
                                      "histogram(amount, 0, 100) >= 90%",
                                      "delay(created_at) < 1m30s"}) {
    INFO(text);
    CHECK(window_fault(text) == "");
  }
}

TEST_CASE("a rate against a bare number is refused, with what to write") {
  CHECK(window_fault("null_rate(email) <= 0.05") ==
        "column 21+4 W143: `null_rate(email)` is a rate and is compared with a bare number | write `5%` | 5% is one in "
        "twenty; a bare number leaves open whether it is a fraction or a percentage");
  CHECK(window_fault("5 >= null_rate(email)").find("column 1+1 W143") == 0);
  CHECK(window_fault("abs(change(row_count, last)) <= 0.4").find("| write `40%` |") != std::string::npos);
  CHECK(window_fault("1 - pass_rate(\"x\") < 0.1").find("W143") != std::string::npos);
  CHECK(window_fault("null_rate(email) == 0") == "");
  CHECK(window_fault("row_count >= 5%") ==
        "column 14+2 W142: `row_count` is a count, and this is a percentage |  | write a plain number");
}

TEST_CASE("names that are no measures are told, with the one that was meant") {
  CHECK(window_fault("nul_rate(email) < 5%") ==
        "column 1+8 W141: there is no function `nul_rate` | did you mean `null_rate`?");
  CHECK(window_fault("rowcount > 5").find("did you mean `row_count`?") != std::string::npos);
  CHECK(window_fault("price > 5") ==
        "column 1+5 W141: a window condition compares measures, and this is a field |  | for example rate(price == "
        "...) or mean(price)");
  CHECK(window_fault("null_rate > 5%") ==
        "column 1+9 W142: `null_rate` needs to know of what |  | it is called null_rate(field)");
}

TEST_CASE("arguments of a measure are typed") {
  CHECK(window_fault("null_rate(5) < 5%") ==
        "column 11+1 W142: `null_rate` wants a field here |  | it is called null_rate(field)");
  CHECK(window_fault("fail_rate(id) < 5%") == "column 11+2 W142: `fail_rate` wants a text in quotes here");
  CHECK(window_fault("quantile(amount) < 5") ==
        "column 1+8 W142: `quantile` takes other arguments |  | it is called quantile(field, number)");
  CHECK(window_fault("quantile(amount, 99) < 5") ==
        "column 18+2 W142: a quantile lies between 0 and 1 |  | the p99 is quantile(field, 0.99)");
  CHECK(window_fault("change(row_count, 5) < 5%") ==
        "column 19+1 W142: `change` wants something to compare with here |  | last, avg(last(7)), same(day) or "
        "same(week)");
  CHECK(window_fault("change(row_count, same(month)) < 5%") ==
        "column 19+11 W142: `same` takes hour, day or week |  | same(day) is the window one day before");
  CHECK(window_fault("avg(amount) > 5") ==
        "column 1+11 W142: `avg` takes the last windows |  | avg(last(7)) is the mean over the seven windows before; "
        "the mean of a field is mean(field)");
  CHECK(window_fault("rate(amount) > 5%") == "");
  CHECK(window_fault("rate(amount + 1) > 5%").find("W14") == std::string::npos);
  CHECK(window_fault("rate(\"x\") > 5%") == "column 6+3 W142: `\"x\"` is a text, and a condition is needed here");
}

TEST_CASE("types of measures go together or not") {
  CHECK(window_fault("freshness(created_at) <= 10") ==
        "column 26+2 W142: `freshness(created_at)` is a duration and cannot be compared with an integer | this is an "
        "integer | durations are written with a unit: 10s, 5m, 1h30m");
  CHECK(window_fault("row_count") ==
        "column 1+9 W142: a window rule states what must hold, and this is an integer |  | compare it with a bound: "
        "row_count >= 100");
  CHECK(window_fault("items.all(i, i > 0)") ==
        "column 1+19 W142: a window condition is about many records |  | put the question about one record into "
        "rate(...) or count(...)");
  CHECK(window_fault("5 > last") ==
        "column 5+4 W142: a baseline is compared with a measure |  | for example row_count >= last");
}

TEST_CASE("every measure has a summary and a signature that its own arguments fit") {
  for (const MeasureSpec& measure : measure_specs()) {
    INFO(measure.name);
    CHECK(!measure.summary.empty());
    CHECK(measure.summary.back() == '.');
    CHECK(measure.is_rate == (measure.result == MeasureResult::Rate));
    std::string arguments;
    std::string_view rest = measure.signature;
    while (!rest.empty()) {
      const std::size_t comma = rest.find(", ");
      const std::string_view kind = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 2);
      if (!arguments.empty()) arguments += ", ";
      arguments += kind.starts_with("field")       ? "x"
                   : kind.starts_with("number")    ? "0.5"
                   : kind == "text"                ? "\"t\""
                   : kind == "expression"          ? "x > 1"
                   : measure.name == "fingerprint" ? "schema"
                   : kind == "measure"             ? "row_count"
                                                   : "last";
    }
    const std::string call = std::string(measure.name) + (measure.signature.empty() ? "" : "(" + arguments + ")");
    CHECK(window_fault(call + " == last") == "");
  }
}

}  // namespace
}  // namespace weir::testing
