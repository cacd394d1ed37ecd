// SPDX-License-Identifier: Apache-2.0
// Window conditions judged by given values.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

Measured count(std::int64_t number) {
  return Measured::of(number);
}
Measured number(double value) {
  return Measured::of(value);
}

TEST_CASE("a measure is compared with a bound") {
  CHECK(verdict("row_count >= 100", {{"row_count", count(100)}}) == "pass 100");
  CHECK(verdict("row_count >= 100", {{"row_count", count(99)}}) == "fail 99");
  CHECK(verdict("null_rate(email) <= 5%", {{"null_rate(email)", number(0.05)}}) == "pass 5%");
  CHECK(verdict("null_rate(email) <= 5%", {{"null_rate(email)", number(0.051)}}) == "fail 5.1%");
  CHECK(verdict("freshness(at) <= 10m", {{"freshness(at)", Measured::of(std::chrono::minutes(11))}}) == "fail 11m");
  CHECK(verdict("max(at) < 2030-01-01", {{"max(at)", Measured::of(Instant(std::chrono::hours(1)))}}) ==
        "pass 1970-01-01T01:00:00Z");
  CHECK(verdict("min(name) == \"Ada\"", {{"min(name)", text_of("Ada")}}) == "pass Ada");
  Measured exact;
  exact.kind = Measured::Kind::Exact;
  exact.text = "9007199254740993";
  CHECK(verdict("max(id) == 9007199254740993", {{"max(id)", exact}}) == "pass 9007199254740993");
  CHECK(verdict("max(id) == 9007199254740992", {{"max(id)", exact}}) == "fail 9007199254740993");
}

TEST_CASE("what is observed is what is measured, on whichever side it stands") {
  CHECK(verdict("100 <= row_count", {{"row_count", count(3)}}) == "fail 3");
  CHECK(compile_window("row_count >= 100").condition->expected() == ">= 100");
  CHECK(compile_window("100 <= row_count").condition->expected() == ">= 100");
  CHECK(compile_window("100 < row_count").condition->expected() == "> 100");
  CHECK(compile_window("null_rate( email )<=5%").condition->expected() == "<= 5%");
  CHECK(compile_window("row_count >= last").condition->expected() == ">= last");
  CHECK(compile_window("last <= row_count").condition->expected() == ">= last");
  CHECK(compile_window("row_count > 1&&row_count<9").condition->expected() == "row_count > 1 && row_count < 9");
  CHECK(compile_window("count(x > 5) <= row_count/2").condition->expected() == "<= row_count / 2");
  CHECK(compile_window("\"DE\" in values(c)").condition->expected() == "\"DE\" in values(c)");
  CHECK(compile_window("top(c)[0] in [\"DE\"]").condition->expected() == "in [\"DE\"]");
  const Judgement change = judge("abs(change(row_count, last)) <= 40%",
                                 {{"row_count", count(30)}, {"change(row_count, last)", number(-0.7)}});
  CHECK(change.verdict == Verdict::Fail);
  CHECK(change.observed == Measured::of(0.7));
  CHECK(change.observed_is_rate);
  CHECK(change.cause == "row_count = 30, change(row_count, last) = -70%");
}

TEST_CASE("of several parts the one that decided is observed, and all are told") {
  const MeasuredByName values = {{"row_count", count(3)}, {"null_rate(x)", number(0.04)}};
  CHECK(verdict("row_count > 2 && null_rate(x) < 1%", values) == "fail 4% because row_count = 3, null_rate(x) = 4%");
  CHECK(verdict("row_count > 2 && null_rate(x) < 9%", values) == "pass 3 because row_count = 3, null_rate(x) = 4%");
  CHECK(verdict("row_count > 9 || null_rate(x) < 9%", values) == "pass 4% because row_count = 3, null_rate(x) = 4%");
  CHECK(verdict("row_count > 9 ? true : null_rate(x) < 1%", values) ==
        "fail 4% because row_count = 3, null_rate(x) = 4%");
  CHECK(verdict("!(row_count > 2)", values) == "fail 3");
}

TEST_CASE("no data is unknown, unless the rest decides") {
  const MeasuredByName values = {{"row_count", count(0)}, {"mean(x)", Measured::no_data("no values")}};
  CHECK(verdict("mean(x) > 5", values) == "no data because no values");
  CHECK(verdict("mean(x) > 5 && row_count > 1", values) == "fail 0 because mean(x) = no data, row_count = 0");
  CHECK(verdict("mean(x) > 5 || row_count == 0", values) == "pass 0 because mean(x) = no data, row_count = 0");
  CHECK(verdict("mean(x) > 5 && row_count == 0", values) == "no data because mean(x): no values");
  CHECK(verdict("!(mean(x) > 5)", values) == "no data because no values");
  CHECK(verdict("abs(mean(x)) + 1 > 5", values) == "no data because no values");
  CHECK(verdict("mean(x) == null", values) == "pass");
  CHECK(verdict("mean(x) == null || mean(x) > 5", values) == "pass");
  CHECK(verdict("row_count > 0 ? mean(x) > 1 : true", values) == "pass 0 because row_count = 0, mean(x) = no data");
}

TEST_CASE("a measure that has no answer makes the window an error") {
  const MeasuredByName values = {{"row_count", count(0)}, {"sum(x)", Measured::fault("the sum does not fit")}};
  CHECK(verdict("sum(x) > 5", values) == "error because the sum does not fit");
  CHECK(verdict("sum(x) > 5 && row_count == 0", values) == "error because sum(x): the sum does not fit");
  CHECK(verdict("sum(x) > 5 && row_count == 1", values).starts_with("fail 0"));
  CHECK(verdict("min(x) > 5", {{"min(x)", text_of("EUR")}}) ==
        "error EUR because `min(x) > 5`: values of these types have no order");
}

TEST_CASE("windows divide with a fraction, and a share of nothing is no data") {
  const MeasuredByName values = {{"row_count", count(3)}, {"count(x > 5)", count(1)}, {"null_count(x)", count(0)}};
  CHECK(judge("count(x > 5) / row_count <= 34%", values).verdict == Verdict::Pass);
  CHECK(verdict("count(x > 5) / row_count <= 33%", values) == "fail 33.3333% because count(x > 5) = 1, row_count = 3");
  CHECK(judge("count(x > 5) <= row_count / 2", values).verdict == Verdict::Pass);
  CHECK(judge("row_count * 3 / 2 == 4.5", values).verdict == Verdict::Pass);
  CHECK(verdict("row_count / null_count(x) > 5", values) ==
        "error because `row_count / null_count(x)`: division by zero");
  CHECK(verdict("null_count(x) / (row_count - 3) > 5%", values) ==
        "no data because `null_count(x) / (row_count - 3)` is 0 / 0");
}

TEST_CASE("a sketch's interval decides, or leaves the answer open") {
  const auto median = [](double low, double high) {
    return MeasuredByName{{"median(x)", Measured::within(50, low, high, "KLL, k = 200")}};
  };
  CHECK(verdict("median(x) < 60", median(45, 55)) == "pass 50");
  CHECK(verdict("median(x) > 60", median(45, 55)) == "fail 50");
  CHECK(verdict("median(x) < 52", median(45, 55)) ==
        "inconclusive 50 because median(x) = 50, between 45 and 55 (KLL, k = 200)");
  CHECK(verdict("median(x) > 40 && median(x) < 60", median(45, 55)) == "pass 50");
  CHECK(judge("median(x) == 50", median(45, 55)).verdict == Verdict::Inconclusive);
  CHECK(judge("median(x) == 44", median(45, 55)).verdict == Verdict::Fail);
  // False at both ends and at the answer, but not between.
  CHECK(judge("median(x) > 46 && median(x) < 47", median(45, 55)).verdict == Verdict::Inconclusive);
  CHECK(judge("median(x) != 47", median(45, 55)).verdict == Verdict::Inconclusive);
  CHECK(judge("median(x) + 10 < 62", median(45, 55)).verdict == Verdict::Inconclusive);
  CHECK(judge("median(x) < 60", median(50, 50)).verdict == Verdict::Pass);
  // Far from zero at both ends and at the answer, but zero lies between.
  CHECK(judge("abs(median(x)) >= 5", median(-60, 60)).verdict == Verdict::Inconclusive);
  CHECK(judge("10 / median(x) < 100", median(-60, 60)).verdict == Verdict::Inconclusive);
}

TEST_CASE("several intervals are combined") {
  const auto both = [](double error) {
    return MeasuredByName{{"median(a)", Measured::within(10, 10 - error, 10 + error, "")},
                          {"median(b)", Measured::within(13, 13 - error, 13 + error, "")}};
  };
  CHECK(judge("median(a) < median(b)", both(1)).verdict == Verdict::Pass);
  CHECK(judge("median(a) < median(b)", both(2)).verdict == Verdict::Inconclusive);
  CHECK(judge("median(a) < median(b)", both(2)).cause ==
        "median(a) = 10, between 8 and 12; median(b) = 13, between 11 and 15");
  MeasuredByName six;
  std::string sum;
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    six.emplace_back("median(" + name + ")", Measured::within(10, 9, 11, ""));
    sum += (sum.empty() ? "" : " + ") + six.back().first;
  }
  CHECK(judge(sum + " < 67", six).verdict == Verdict::Pass);
  CHECK(judge(sum + " < 66", six).verdict == Verdict::Inconclusive);
  CHECK(judge(sum + " > 54", six).verdict == Verdict::Inconclusive);
  CHECK(judge(sum + " > 53", six).verdict == Verdict::Pass);
}

TEST_CASE("a condition over many intervals ends, and says no more than it knows") {
  MeasuredByName values;
  std::string all;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "median(x" + std::to_string(i) + ")";
    values.emplace_back(name, Measured::within(10, 9, 11, ""));
    all += (all.empty() ? "" : " && ") + name + " < " + std::to_string(12 + i);
  }
  CHECK(judge(all, values).verdict == Verdict::Pass);
  values[7].second.high = 30;
  CHECK(judge(all, values).verdict == Verdict::Inconclusive);
}

TEST_CASE("only the measures that the condition looks at leave it open") {
  const MeasuredByName values = {{"median(x)", Measured::within(50, 45, 55, "")},
                                 {"change(median(x), last)", number(0.1)}};
  CHECK(judge("change(median(x), last) < 20%", values).verdict == Verdict::Pass);
  MeasuredByName delay = {{"delay(at)", Measured::of(std::chrono::seconds(60))}};
  delay[0].second.exact = false;
  delay[0].second.low = 58;
  delay[0].second.high = 62;
  CHECK(judge("delay(at) < 61s", delay).verdict == Verdict::Inconclusive);
  CHECK(verdict("delay(at) < 61s", delay) == "inconclusive 1m because delay(at) = 1m, between 58s and 1m2s");
  CHECK(judge("delay(at) < 63s", delay).verdict == Verdict::Pass);
}

TEST_CASE("the calls of a condition are numbered from the inside out, equal ones once") {
  const CompiledCondition one =
      compile_window("abs(change(row_count,avg(last( 7 )))) <= 40% && row_count > quantile( amount , 0.99 )");
  REQUIRE(one.calls.size() == 3);
  CHECK(one.calls[0].written == "row_count");
  CHECK(one.calls[1].written == "change(row_count, avg(last(7)))");
  CHECK(one.calls[1].inner == 0);
  CHECK(one.calls[1].baseline.kind == Lookback::Kind::Average);
  CHECK(one.calls[1].baseline.windows == 7);
  CHECK(one.calls[2].written == "quantile(amount, 0.99)");
  CHECK(one.calls[2].numbers == std::vector<double>{0.99});
  CHECK(one.cell_types.size() == 3);

  const CompiledCondition share = compile_window("rate( x>5&&  y==\"a b\" ) > 1% && rate(x > 5 && y == \"a b\") < 9%");
  REQUIRE(share.calls.size() == 1);
  CHECK(share.calls[0].written == "rate(x > 5 && y == \"a b\")");
  CHECK(share.calls[0].predicate != nullptr);
  CHECK(share.calls[0].columns.size() == 2);
}

TEST_CASE("the text of a call is the same, however it was written") {
  const auto first_call = [](std::string_view condition) { return compile_window(condition).calls[0].written; };
  CHECK(first_call("rate( -x>- 5 &&!( a . b [ 0 ]in[1,2] ) ) > 1%") == "rate(-x > -5 && !(a.b[0] in [1, 2]))");
  CHECK(first_call("rate(a?b :c) > 1%") == "rate(a ? b : c)");
  CHECK(first_call("rate({'a' :1}['a']==x-1) > 1%") == "rate({'a': 1}['a'] == x - 1)");
  CHECK(first_call("rate(x  // which one\n  == 'a  b') > 1%") == "rate(x == 'a  b')");
  CHECK(first_call("rate(size( x )>1||x.size ()<9) > 1%") == "rate(size(x) > 1 || x.size() < 9)");
  CHECK(first_call("null_rate( `content-type` ) > 1%") == "null_rate(content-type)");
  CHECK(first_call("null_rate(items [] . qty) > 1%") == "null_rate(items[].qty)");
  CHECK(first_call("fail_rate('a\"b') > 1%") == "fail_rate(\"a\\\"b\")");
  CHECK(first_call("histogram(x,-1,2.50) > 1%") == "histogram(x, -1, 2.5)");
  CHECK(first_call("row_count() > 1") == "row_count");
}

TEST_CASE("another stream's measures are calls of their own") {
  const CompiledCondition both = compile_window("row_count == other(\"payments\", row_count)");
  REQUIRE(both.calls.size() == 3);
  CHECK(both.calls[0].stream.empty());
  CHECK(both.calls[1].written == "row_count");
  CHECK(both.calls[1].stream == "payments");
  CHECK(both.calls[2].written == "other(\"payments\", row_count)");
  CHECK(both.calls[2].stream.empty());
  CHECK(both.calls[2].text == "payments");
  CHECK(both.calls[2].inner == 1);
  const CompiledCondition deep = compile_window("other(\"p\", change(mean(x), last)) < 5%");
  REQUIRE(deep.calls.size() == 3);
  CHECK(deep.calls[0].stream == "p");
  CHECK(deep.calls[1].stream == "p");
  CHECK(deep.calls[2].inner == 1);
  CHECK(verdict("row_count == other(\"payments\", row_count)",
                {{"row_count", count(3)}, {"other(\"payments\", row_count)", count(4)}}) ==
        "fail 3 because row_count = 3, other(\"payments\", row_count) = 4");
  CHECK(window_fault("other(\"a\", other(\"b\", row_count)) > 1").find("one topic is compared with one other") !=
        std::string::npos);
}

TEST_CASE("a measure is compared with its own past") {
  const CompiledCondition last = compile_window("row_count >= avg(last(3))");
  REQUIRE(last.calls.size() == 2);
  CHECK(last.calls[1].written == "past(row_count, avg(last(3)))");
  CHECK(last.calls[1].inner == 0);
  CHECK(last.calls[1].baseline.windows == 3);
  CHECK(verdict("row_count >= last", {{"row_count", count(3)}, {"past(row_count, last)", number(4)}}) ==
        "fail 3 because row_count = 3, past(row_count, last) = 4");
  CHECK(verdict("row_count >= last",
                {{"row_count", count(3)}, {"past(row_count, last)", Measured::no_data("no window before")}}) ==
        "no data 3 because past(row_count, last): no window before");
  CHECK(judge("row_count >= past(row_count, same(day)) * 0.5",
              {{"row_count", count(3)}, {"past(row_count, same(day))", number(4)}})
            .verdict == Verdict::Pass);
  // History knows durations as seconds.
  CHECK(judge("freshness(at) <= last",
              {{"freshness(at)", Measured::of(std::chrono::seconds(5))}, {"past(freshness(at), last)", number(6)}})
            .verdict == Verdict::Pass);
}

TEST_CASE("a list is compared with an earlier one by a number that stands for it") {
  const CompiledCondition schema = compile_window("schema == last");
  REQUIRE(schema.calls.size() == 3);
  CHECK(schema.calls[1].written == "fingerprint(schema)");
  CHECK(schema.calls[2].written == "past(fingerprint(schema), last)");
  CHECK(verdict("schema == last", {{"schema", list_of({"a: integer"})},
                                   {"fingerprint(schema)", count(17)},
                                   {"past(fingerprint(schema), last)", number(18)}}) == "fail [a: integer]");
  CHECK(window_fault("schema > last").find("a list has no order") != std::string::npos);
  CHECK(window_fault("schema == avg(last(3))").find("a list has no mean") != std::string::npos);
  CHECK(window_fault("row_count > 1 && [last] == [1]").find("a baseline is compared with a measure") !=
        std::string::npos);
}

}  // namespace
}  // namespace weir::testing
