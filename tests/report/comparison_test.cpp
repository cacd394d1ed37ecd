// SPDX-License-Identifier: Apache-2.0
// A comparison as people and programs get it.
#include "report/comparison.h"

#include <catch2/catch_test_macros.hpp>

#include "base/json_value.h"

namespace weir {
namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

ComparedField field(std::string path, Verdict verdict, double severity = 0) {
  ComparedField out;
  out.path = std::move(path);
  out.result.verdict = verdict;
  out.result.severity = severity;
  return out;
}

ComparedField drifted(std::string path, double effect) {
  ComparedField out = field(std::move(path), Verdict::Fail, effect / 0.05);
  DriftTestResult test;
  test.test = "ks";
  test.outcome = Verdict::Fail;
  test.measured.kind = DriftMeasured::Kind::Value;
  test.measured.computed = true;
  test.measured.statistic = effect;
  test.measured.effect = effect;
  test.measured.p_value = 1e-20;
  test.tolerance = 0.05;
  out.result.tests.push_back(test);
  out.result.findings.push_back(
      {.kind = DriftFindingKind::Scaled, .text = "scaled by <100>", .effect = effect, .example = ""});
  out.result.picture.numbers = true;
  out.result.picture.labels = {"0 to 1", "1 to 2"};
  out.result.picture.starts = {0, 1, 2};
  out.result.picture.reference = {0.5, 0.5};
  out.result.picture.current = {0.1, 0.9};
  return out;
}

ComparisonReport comparison_of(std::vector<ComparedField> fields, FailOn fail_on = FailOn::Error) {
  ComparisonReport comparison;
  comparison.version = "1.2.3";
  comparison.reference = {.path = "train.ndjson", .records = 1000};
  comparison.current = {.path = "serve.ndjson", .records = 200, .undecodable = 3};
  comparison.fields = std::move(fields);
  conclude(comparison, fail_on);
  return comparison;
}

TEST_CASE("Drift of an error fails, of a warning warns, and nobody's answer is no verdict that holds") {
  CHECK(comparison_of({field("a", Verdict::Pass)}).exit_code == 0);
  CHECK(comparison_of({field("a", Verdict::Pass), drifted("b", 0.4)}).exit_code == 1);
  CHECK(comparison_of({drifted("b", 0.4)}, FailOn::Never).exit_code == 0);
  ComparedField mild = drifted("b", 0.4);
  mild.severity = Severity::Warn;
  CHECK(comparison_of({mild}).verdict == Verdict::Warn);
  CHECK(comparison_of({mild}).exit_code == 0);
  CHECK(comparison_of({mild}, FailOn::Warn).exit_code == 1);
  CHECK(comparison_of({field("a", Verdict::NoData)}).exit_code == 3);
  CHECK(comparison_of({field("a", Verdict::NoData), field("b", Verdict::Inconclusive)}).exit_code == 0);
  ComparedField wanted = field("a", Verdict::NoData);
  wanted.fail_on_empty = true;
  CHECK(comparison_of({wanted}).exit_code == 1);
  CHECK(comparison_of({}).exit_code == 3);
}

TEST_CASE("The decision counts the fields without an answer") {
  CHECK(
      decision_line(comparison_of({field("a", Verdict::Pass), field("b", Verdict::Inconclusive), drifted("c", 0.3)})) ==
      "weir: FAIL exit=1 (1 error, 0 warn, 1 pass, 0 not evaluated, 1 inconclusive)");
}

TEST_CASE("The largest change comes first, and what is fine last") {
  const ComparisonReport comparison = comparison_of(
      {field("fine", Verdict::Pass), drifted("little", 0.1), field("unknown", Verdict::NoData), drifted("much", 0.9)});
  std::string order;
  for (const ComparedField* one : by_gravity(comparison)) order += one->path + " ";
  CHECK(order == "much little unknown fine ");
}

TEST_CASE("The terminal says what moved, by how much, and names what is fine") {
  const std::string text = write_text(comparison_of({field("fine", Verdict::Pass), drifted("amount", 0.62)}), {});
  CHECK(holds(text, "FAIL    amount  scaled by <100>\n"));
  CHECK(holds(text, "ks 0.62 > 0.05, p = 1.00e-20"));
  CHECK(holds(text, "1 field is as before: fine"));
  CHECK(holds(text, "200 records, 3 could not be read"));
}

TEST_CASE("Many fields without data for one reason share a line") {
  std::vector<ComparedField> many = {drifted("amount", 0.6)};
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    many.push_back(field(name, Verdict::NoData));
    many.back().result.cause = "no current record has this field";
  }
  const std::string text = write_text(comparison_of(many), {});
  CHECK(holds(text, "SKIP    5 fields (no current record has this field): a, b, c, d, e\n"));
  many.pop_back();
  CHECK(holds(write_text(comparison_of(many), {}), "SKIP    a       no current record has this field\n"));
}

TEST_CASE("The JSON report keeps its contract") {
  const std::string json = write_json(comparison_of({drifted("amount", 0.62), field("gone", Verdict::NoData)}));
  REQUIRE(parse_json(json));
  CHECK(holds(json, "\"field\": \"amount\""));
  CHECK(holds(json, "\"outcome\": \"fail\""));
  CHECK(holds(json, "\"test\": \"ks\""));
  CHECK(holds(json, "\"statistic\": 0.62"));
  CHECK(holds(json, "\"outcome\": \"no_data\""));
}

TEST_CASE("The page escapes what came out of records and stays below its size") {
  std::vector<ComparedField> many;
  for (int i = 0; i < 2000; ++i) many.push_back(drifted("<b>field</b> " + std::to_string(i), 0.5));
  const std::string page = write_html(comparison_of(many));
  CHECK(page.size() < 300'000);
  CHECK(!holds(page, "<b>field"));
  CHECK(!holds(page, "<100>"));
  CHECK(holds(page, "<svg"));
  CHECK(holds(page, "2,000 of 2,000 fields have drifted"));
  CHECK(holds(page, "more fields"));
  CHECK(holds(page, "</html>"));
}

TEST_CASE("Markdown names only the fields that are not as before") {
  const std::string text = write_markdown(comparison_of({field("fine", Verdict::Pass), drifted("amount", 0.62)}));
  CHECK(holds(text, "amount"));
  CHECK(!holds(text, "`fine`"));
  CHECK(holds(text, "1 field is as before"));
}

}  // namespace
}  // namespace weir
