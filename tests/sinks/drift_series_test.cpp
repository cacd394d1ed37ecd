// SPDX-License-Identifier: Apache-2.0
// Drift rules as metrics: each test its score, its tolerance and its p-value.
#include <catch2/catch_test_macros.hpp>

#include "metrics_series.h"
#include "sinks/window_series.h"
#include "testing/drift_verdict.h"

namespace weir::testing {
namespace {

TEST_CASE("a drift rule shows each of its tests, and those that are gone go") {
  MetricsRegistry registry({});
  Plan plan;
  plan.windows.emplace_back();
  WindowRule& rule = plan.window_rules.emplace_back();
  rule.info.id = "drift.amount";
  rule.info.kind = RuleKind::Drift;
  rule.info.field = "amount";
  WindowOutcome windows;
  WindowVerdict& verdict = windows.verdicts.emplace_back();
  verdict.has_span = true;
  verdict.end = kNow;
  verdict.verdict = Verdict::Fail;
  verdict.drift = scaled_amounts();

  WindowSeries series(registry, "shop", 10);
  CHECK(series.show(windows, plan) == 0);
  const std::string of = R"(field="amount",rule="drift.amount",segment="",stream="shop")";
  auto seen = series_of(registry);
  CHECK(seen.at("weir_drift_status{" + of + "}") == 2);
  CHECK(seen.at("weir_drift_score{" + of + R"(,test="ks"})") == 0.62);
  CHECK(seen.at("weir_drift_tolerance{" + of + R"(,test="ks"})") == 0.05);
  CHECK(seen.at("weir_drift_p_value{" + of + R"(,test="ks"})") == 2e-300);
  CHECK(seen.at("weir_drift_tolerance{" + of + R"(,test="psi"})") == 0.1);
  CHECK(count_of(seen, "weir_drift_score") == 1);  // psi had too few values: no score is better than an old one
  CHECK(count_of(seen, "weir_window_status") == 0);

  verdict.end += std::chrono::minutes(1);
  verdict.drift = scaled_amounts(false);
  CHECK(series.show(windows, plan) == 0);
  seen = series_of(registry);
  CHECK(count_of(seen, "weir_drift_tolerance") == 1);

  series.use(Plan{});
  seen = series_of(registry);
  for (const char* name : {"weir_drift_status", "weir_drift_score", "weir_drift_tolerance", "weir_drift_p_value"}) {
    CHECK(count_of(seen, name) == 0);
  }
}

}  // namespace
}  // namespace weir::testing
