// SPDX-License-Identifier: Apache-2.0
// Drift rules in reports: window rules with more to show.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "base/json_value.h"
#include "batch/drift_picture.h"
#include "report/reports.h"
#include "testing/drift_verdict.h"

namespace weir::testing {
namespace {

Report drift_report() {
  Plan plan = window_plan();
  plan.window_rules[0].info.id = "drift.amount";
  plan.window_rules[0].info.kind = RuleKind::Drift;
  plan.window_rules[0].info.field = "amount";
  plan.window_rules[0].info.expected = "as in refs/orders.baseline.json";
  Outcome outcome;
  outcome.rules.resize(1);
  outcome.windows.rules = {{.evaluated = 6, .failed = 1}};
  WindowVerdict verdict =
      window(0, "2026-01-31T12:00:00Z", "2026-01-31T12:10:00Z", Verdict::Fail, Measured::of(0.62), "ks <= 0.05");
  verdict.drift = scaled_amounts();
  verdict.cause = verdict.drift->summary;
  outcome.windows.verdicts.push_back(verdict);
  return make_report(plan, outcome, {{.path = "a", .records = 1}}, {});
}

TEST_CASE("a drift rule is an entry of its own kind, and each window says all that was found") {
  const Result<JsonValue> parsed = parse_json(write_json(drift_report(), {}));
  REQUIRE(parsed.ok());
  const JsonValue& rule = parsed->find("rules")->items.at(1);
  CHECK(rule.find("kind")->text == "drift");
  CHECK(rule.find("outcome")->text == "fail");
  const JsonValue& sample = rule.find("samples")->items.at(0);
  CHECK(sample.find("cause")->text == "amount: scaled by 100 (ks 0.62, tolerance 0.05)");
  const JsonValue& drift = *sample.find("drift");
  CHECK(drift.find("firing")->boolean);
  const JsonValue& ks = drift.find("tests")->items.at(0);
  CHECK(ks.find("statistic")->text == "0.62");
  CHECK(ks.find("effect_high")->text == "0.63");
  CHECK(ks.find("p_adjusted")->text == "2e-300");
  const JsonValue& psi = drift.find("tests")->items.at(1);
  CHECK(psi.find("outcome")->text == "inconclusive");
  CHECK(psi.find("statistic")->type == JsonValue::Type::Null);
  CHECK(psi.find("effect")->type == JsonValue::Type::Null);
  CHECK(psi.find("cause")->text == "12 values, 30 are needed");
  CHECK(drift.find("findings")->items.at(0).find("kind")->text == "scaled");
  CHECK(drift.find("picture")->find("starts")->items.size() == 4);
}

TEST_CASE("every format for people says what moved") {
  for (const std::string_view name : {"text", "md", "junit", "sarif", "html", "github"}) {
    INFO(name);
    const std::string text = find_report_format(name)->write(drift_report(), {});
    CHECK(text.find("scaled by 100") != std::string::npos);
    CHECK(text.find("drift.amount") != std::string::npos);
  }
}

TEST_CASE("the page draws both distributions, and what is in them cannot become markup") {
  const std::string page = write_html(drift_report(), {});
  CHECK(page.find("<figure><svg") != std::string::npos);
  CHECK(page.find("<20>") == std::string::npos);
  const std::string drawn = draw_drift(scaled_amounts()->picture, "am<o>unt");
  CHECK(drawn.find("am&lt;o&gt;unt") != std::string::npos);
  CHECK(drawn.find("The most moved missing, from 0.0% to 70.0%.") != std::string::npos);
  // The largest share reaches the top, an empty cell the floor: 0.75 of the reference in the first of three cells.
  CHECK(drawn.find("M0.0 0.0H106.7V64.0H213.3V96.0H320.0") != std::string::npos);
  CHECK(draw_drift({}, "x").empty());
  DriftPicture nothing;
  nothing.reference = nothing.current = {0, 0};
  CHECK(draw_drift(nothing, "x").empty());
}

}  // namespace
}  // namespace weir::testing
