// SPDX-License-Identifier: Apache-2.0
// One number for a stream: what it is made of, how long it remembers, and when there is none.
#include "sinks/quality_score.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "metrics_series.h"

namespace weir {

namespace {

using Catch::Approx;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::kNow;
using testing::series_of;
using testing::verdict_of;

constexpr auto kSeries = R"(weir_quality_score{stream="shop"})";

QualityScore score_of(const std::vector<std::string>& ids) {
  QualityScore score;
  score.rules(ids);
  return score;
}

}  // namespace

TEST_CASE("Each rule counts once in the score, however many records it judged") {
  QualityScore score = score_of({"a", "b", "silent"});
  CHECK_FALSE(score.of(kNow, {}).has_value());
  score.add(0, 1'000'000, 0, kNow);
  score.add(1, 2, 1, kNow);
  score.add(2, 0, 0, kNow);
  CHECK(score.of(kNow, {}) == Approx(0.75));
  const std::vector<double> windows = {0.0, 0.5};
  CHECK(score.of(kNow, windows) == Approx(0.5));
  CHECK(score_of({}).of(kNow, windows) == Approx(0.25));
}

TEST_CASE("The score forgets records after five minutes") {
  QualityScore score = score_of({"a"});
  score.add(0, 10, 10, kNow);
  score.add(0, 10, 0, kNow + minutes(2));
  CHECK(score.of(kNow + minutes(2), {}) == Approx(0.5));
  CHECK(score.of(kNow + minutes(4), {}) == Approx(0.5));
  CHECK(score.of(kNow + minutes(5) + seconds(1), {}) == Approx(1.0));
  CHECK_FALSE(score.of(kNow + minutes(8), {}).has_value());
  // The place of the first is taken again.
  score.add(0, 4, 3, kNow + minutes(10));
  CHECK(score.of(kNow + minutes(10), {}) == Approx(0.25));
}

TEST_CASE("A reload keeps what rules that stay have counted, under whatever index they come back") {
  QualityScore score = score_of({"a", "b"});
  score.add(0, 10, 5, kNow);
  score.add(1, 10, 10, kNow);
  score.rules({"new", "a"});
  CHECK(score.of(kNow, {}) == Approx(0.5));
  score.add(0, 1, 0, kNow);
  CHECK(score.of(kNow, {}) == Approx(0.75));
  score.add(2, 10, 10, kNow);  // an index that no rule has
  CHECK(score.of(kNow, {}) == Approx(0.75));
}

TEST_CASE(
    "The score of a stream is on its page while there is something to say, windows by the share of their segments") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "shop"});
  metrics.rules(testing::plan_with_windows(2));
  StreamStatus status;
  status.turned_at = kNow;
  metrics.status(status);
  CHECK_FALSE(series_of(registry).contains(kSeries));

  Outcome outcome;
  outcome.records = 10;
  outcome.rules.resize(6);
  outcome.rules[4] = {.evaluated = 10, .failed = 4, .skipped = 0};
  metrics.judged(testing::fetched_of("orders", 0, {}), outcome, kNow);
  WindowOutcome windows;
  windows.rules.resize(2);
  windows.verdicts = {verdict_of(0, kNow, "DE", Verdict::Fail),   verdict_of(0, kNow, "FR", Verdict::Pass),
                      verdict_of(0, kNow, "IT", Verdict::NoData), verdict_of(0, kNow, "ES", Verdict::Pass),
                      verdict_of(0, kNow, "PT", Verdict::Warn),   verdict_of(1, kNow, std::nullopt, Verdict::NoData)};
  metrics.windows(windows, kNow);
  metrics.status(status);
  CHECK(series_of(registry).at(kSeries) == Approx((0.6 + 0.5) / 2));

  // The newest window counts alone, and without one the score goes.
  windows.verdicts = {verdict_of(0, kNow + minutes(1), "DE", Verdict::Pass),
                      verdict_of(0, kNow - minutes(1), "FR", Verdict::Fail),
                      verdict_of(0, kNow + minutes(1), "PT", Verdict::Pass)};
  metrics.windows(windows, kNow);
  metrics.status(status);
  CHECK(series_of(registry).at(kSeries) == Approx((0.6 + 1.0) / 2));
  status.turned_at = kNow + minutes(6);
  metrics.rules(testing::plan_with_windows(0));
  metrics.status(status);
  CHECK_FALSE(series_of(registry).contains(kSeries));
}

}  // namespace weir
