// SPDX-License-Identifier: Apache-2.0
// What /metrics says: true to the last record, and bounded.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "base/text.h"
#include "metrics_series.h"
#include "sinks/trouble_table.h"

namespace weir {

namespace {

using std::chrono::seconds;
using testing::count_of;
using testing::fetched_of;
using testing::fill;
using testing::kNow;
using testing::outcome_of;
using testing::plan_with_windows;
using testing::series_of;
using testing::verdict_of;

}  // namespace

TEST_CASE("Every series of the rules is there from the start, at 0") {
  MetricsRegistry registry({.version = "1", .librdkafka = "2"});
  StreamMetrics metrics(registry, {.stream = "shop"});
  metrics.rules(plan_with_windows(1));
  const auto series = series_of(registry);
  CHECK(series.at(R"(weir_expectation_evaluations_total{rule="a.max",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_expectation_failures_total{rule="a.count",severity="warn",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_expectation_failures_total{rule="a.max",severity="error",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_expectation_failures_total{rule="w.0",severity="warn",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_quarantined_records_total{rule="decode",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_decode_errors_total{kind="too_deep",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_late_records_total{stream="shop"})") == 0);
  CHECK(series.at(R"(weir_failing_records_total{action="halt",stream="shop"})") == 0);
  CHECK(series.at(R"(weir_window_verdicts_total{rule="w.0",stream="shop",verdict="no_data"})") == 0);
  CHECK(series.at(R"(weir_build_info{librdkafka="2",version="1"})") == 1);
  CHECK(count_of(series, "weir_window_status") == 0);
}

TEST_CASE("What a stream finds adds up") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "shop"});
  fill(registry, metrics);
  auto series = series_of(registry);
  CHECK(series[R"(weir_records_total{stream="shop",topic="orders"})"] == 3);
  CHECK(series[R"(weir_expectation_evaluations_total{rule="a.max",stream="shop"})"] == 3);
  CHECK(series[R"(weir_expectation_failures_total{rule="a.max",severity="error",stream="shop"})"] == 2);
  CHECK(series[R"(weir_expectation_skipped_total{rule="a.max",stream="shop"})"] == 1);
  CHECK(series[R"(weir_failing_records_total{action="quarantine",stream="shop"})"] == 2);
  CHECK(series[R"(weir_failing_records_total{action="tag",stream="shop"})"] == 1);
  CHECK(series[R"(weir_quarantined_records_total{rule="decode",stream="shop"})"] == 1);
  CHECK(series[R"(weir_quarantine_kept_out_total{stream="shop"})"] == 4);
  CHECK(series[R"(weir_decode_errors_total{kind="syntax",stream="shop"})"] == 1);
  CHECK(series[R"(weir_decode_errors_total{kind="other",stream="shop"})"] == 0);
  CHECK(series[R"(weir_envelope_records_total{envelope="debezium",stream="shop"})"] == 2);
  CHECK(series[R"(weir_envelope_records_total{envelope="removal",stream="shop"})"] == 1);
  CHECK(series[R"(weir_envelope_records_total{envelope="notice",stream="shop"})"] == 1);
  CHECK(series.at(R"(weir_envelope_records_total{envelope="snapshot",stream="shop"})") == 0);
  CHECK(series[R"(weir_late_records_total{stream="shop"})"] == 5);
  CHECK(series[R"(weir_expectation_evaluations_total{rule="w.0",stream="shop"})"] == 9);
  CHECK(series[R"(weir_expectation_failures_total{rule="w.0",severity="error",stream="shop"})"] == 2);
  CHECK(series[R"(weir_expectation_failures_total{rule="w.0",severity="warn",stream="shop"})"] == 1);
  CHECK(series[R"(weir_window_verdicts_total{rule="w.0",stream="shop",verdict="pass"})"] == 5);
  CHECK(series[R"(weir_window_verdicts_total{rule="w.0",stream="shop",verdict="no_data"})"] == 2);
  CHECK(series[R"(weir_window_status{rule="w.0",segment="country=DE",stream="shop"})"] == 2);
  CHECK(series[R"(weir_window_value{rule="w.0",segment="country=DE",stream="shop"})"] == 5);
  CHECK(series[R"(weir_window_end_timestamp_seconds{rule="w.1",segment="",stream="shop"})"] == 1767322800);
  CHECK(series[R"(weir_consumer_lag_records{stream="shop",topic="orders"})"] == 15);
  CHECK(series[R"(weir_partitions{state="assigned",stream="shop"})"] == 1);
  CHECK(series[R"(weir_rebalances_total{stream="shop"})"] == 2);
  CHECK(series[R"(weir_partial_windows_total{stream="shop"})"] == 3);
  CHECK(series[R"(weir_outgoing_records_waiting{stream="shop"})"] == 6);
  CHECK(series[R"(weir_watermark_timestamp_seconds{stream="shop"})"] == 1767322790);
  CHECK(series[R"(weir_ready{check="state",stream="shop"})"] == 0);
  CHECK(series[R"(weir_troubles_total{event="broker_away",stream="shop"})"] == 1);
  CHECK(series["weir_config_last_reload_successful"] == 1);
  CHECK(series[R"(weir_snapshot_age_seconds{stream="shop"})"] == 7);
  CHECK(series_of(registry, kNow + seconds(5))[R"(weir_snapshot_age_seconds{stream="shop"})"] == 12);
  CHECK(registry.text(kNow).find("secret") == std::string::npos);
}

TEST_CASE("The delay of each record lies in its bucket") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "s"});
  const std::vector<Duration> ages = {seconds(-5), Duration(0), std::chrono::milliseconds(10),
                                      seconds(7),  seconds(2),  std::chrono::hours(2),
                                      seconds(1)};
  Outcome outcome;
  outcome.records = ages.size();
  Fetched fetched = fetched_of("t", 0, ages);
  fetched.messages.envelopes.emplace_back();  // without a timestamp
  ++outcome.records;
  metrics.judged(fetched, outcome, kNow);
  auto series = series_of(registry);
  const auto bucket = [&](const std::string& bound) {
    return series.at(R"(weir_processing_delay_seconds_bucket{stream="s",le=")" + bound + "\"}");
  };
  CHECK(bucket("0.01") == 3);
  CHECK(bucket("0.5") == 3);
  CHECK(bucket("1") == 4);
  CHECK(bucket("2.5") == 5);
  CHECK(bucket("5") == 5);
  CHECK(bucket("10") == 6);
  CHECK(bucket("3600") == 6);
  CHECK(bucket("+Inf") == 7);
  CHECK(series.at(R"(weir_processing_delay_seconds_sum{stream="s"})") == 7210.01);
}

TEST_CASE("Counters go on after a reload, and the series of rules that are gone go") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "shop"});
  fill(registry, metrics);
  const auto plan = plan_with_windows(1);
  metrics.rules(plan);
  metrics.judged(fetched_of("orders", 0, {}), outcome_of(3), kNow);
  auto series = series_of(registry);
  CHECK(series.at(R"(weir_expectation_evaluations_total{rule="a.max",stream="shop"})") == 6);
  CHECK_FALSE(series.contains(R"(weir_expectation_evaluations_total{rule="w.1",stream="shop"})"));
  CHECK(series.contains(R"(weir_window_status{rule="w.0",segment="country=DE",stream="shop"})"));
  CHECK_FALSE(series.contains(R"(weir_window_status{rule="w.1",segment="",stream="shop"})"));
  CHECK_FALSE(series.contains(R"(weir_window_value{rule="w.1",segment="",stream="shop"})"));
}

TEST_CASE("The number of series is bounded, whatever records hold, and what has no place is counted") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "shop", .partition_label = true, .max_series = 10});
  metrics.rules(plan_with_windows(1));
  WindowOutcome windows;
  for (int i = 0; i < 30; ++i) windows.verdicts.push_back(verdict_of(0, kNow, std::to_string(i), Verdict::Pass));
  metrics.windows(windows, kNow);
  StreamStatus status;
  for (int i = 0; i < 30; ++i) {
    Outcome outcome;
    outcome.records = 1;
    metrics.judged(fetched_of("orders", i, {}), outcome, kNow);
    metrics.trouble({.weight = Trouble::Weight::Passing, .event = "e" + std::to_string(i), .message = ""}, kNow);
    PartitionStatus partition;
    partition.partition = {.topic = "orders", .number = i};
    partition.end = 1;
    status.partitions.push_back(partition);
    status.readiness.push_back({.name = std::string(200, 'n') + std::to_string(i), .ok = true, .reason = ""});
  }
  for (int i = 30; i < 500; ++i)
    metrics.trouble({.weight = Trouble::Weight::Passing, .event = "e" + std::to_string(i), .message = ""}, kNow);
  metrics.status(status);
  auto series = series_of(registry);
  CHECK(count_of(series, "weir_window_status") == 10);
  CHECK(count_of(series, "weir_records_total") == 10);
  CHECK(count_of(series, "weir_consumer_lag_records") == 10);
  CHECK(count_of(series, "weir_troubles_total") == kTroubleEvents.size() + 1);
  CHECK(series.at(R"(weir_troubles_total{event="other",stream="shop"})") == 500);
  CHECK(series.at(R"(weir_series_dropped_total{stream="shop"})") == 60);
  CHECK(series.at(R"(weir_records_total{partition="3",stream="shop",topic="orders"})") == 1);
}

TEST_CASE("A hundred thousand hostile segments make no more series than there are places, and no broken line") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "shop"});
  metrics.rules(plan_with_windows(1, true));
  const auto hostile = [](int i) -> std::string {
    const std::string number = std::to_string(i);
    switch (i % 8) {
      case 0: return number + "\nweir_forged_total 1\n";
      case 1: return number + "\"} 1\nweir_forged_total{a=\"";
      case 2: return "\xFF\xFE\xC0\x80" + number;
      case 3: return number + "\\";
      case 4: return number + std::string(1, '\0') + "\x1b[2J\xc2\x9b\xe2\x80\xae";
      case 5: return std::string(300, 'x') + number;
      case 6: return i < 10 ? std::string(1'000'000, 'y') : "y" + number;
      default: return number;
    }
  };
  constexpr int kSegments = 100'000;
  constexpr int kAWindow = 10'000;
  for (int first = 0; first < kSegments; first += kAWindow) {
    WindowOutcome windows;
    for (int i = first; i < first + kAWindow; ++i) {
      windows.verdicts.push_back(verdict_of(i % 2 == 0 ? 0 : 1, kNow, hostile(i), Verdict::Fail));
      if (i % 2 != 0) windows.verdicts.back().drift = testing::scaled_amounts();
    }
    metrics.windows(windows, kNow);
  }
  auto series = series_of(registry);  // one line each, and none twice
  CHECK(count_of(series, "weir_window_status") + count_of(series, "weir_drift_status") == 2'000);
  CHECK(series.at(R"(weir_series_dropped_total{stream="shop"})") == kSegments - 2'000);
  CHECK(series.size() < 20'000);
  std::size_t longest = 0;
  for (const auto& [key, value] : series) {
    longest = std::max(longest, key.size());
    CHECK_FALSE(key.starts_with("weir_forged"));
  }
  CHECK(longest < 500);
  CHECK(is_valid_utf8(registry.text(kNow)));
}

TEST_CASE("A segment that comes no more gives its place back, and an old window changes nothing") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "s", .max_series = 2});
  metrics.rules(plan_with_windows(1));
  const auto close = [&](int minute, const std::string& segment, Verdict verdict, Measured observed) {
    WindowOutcome windows;
    windows.verdicts = {
        verdict_of(0, kNow + std::chrono::minutes(minute), segment, verdict, std::move(observed)),
        verdict_of(0, kNow + std::chrono::minutes(minute), "DE", Verdict::Pass, Measured::of(std::int64_t{minute}))};
    metrics.windows(windows, kNow);
  };
  const std::string fr = R"(weir_window_status{rule="w.0",segment="country=FR",stream="s"})";
  const std::string value = R"(weir_window_value{rule="w.0",segment="country=FR",stream="s"})";
  close(1, "FR", Verdict::Fail, Measured::of(std::int64_t{7}));
  CHECK(series_of(registry).at(value) == 7);
  close(2, "FR", Verdict::NoData, Measured::no_data("nothing"));
  CHECK(series_of(registry).at(fr) == 3);
  CHECK_FALSE(series_of(registry).contains(value));
  close(1, "FR", Verdict::Fail, Measured::of(std::int64_t{8}));  // judged again
  CHECK(series_of(registry).at(fr) == 3);
  CHECK(series_of(registry).at(R"(weir_window_value{rule="w.0",segment="country=DE",stream="s"})") == 2);
  for (int minute = 3; minute < 6; ++minute) {
    CHECK(series_of(registry).contains(fr));
    close(minute, "DE", Verdict::Pass, Measured::of(std::int64_t{1}));
  }
  CHECK_FALSE(series_of(registry).contains(fr));
  close(6, "IT", Verdict::Error, Measured::fault("broken"));
  CHECK(series_of(registry).at(R"(weir_window_status{rule="w.0",segment="country=IT",stream="s"})") == 5);
}

TEST_CASE("Partitions that went to somebody else take their lag along") {
  MetricsRegistry registry({});
  StreamMetrics metrics(registry, {.stream = "s"});
  StreamStatus status;
  PartitionStatus partition;
  partition.partition = {.topic = "orders", .number = 0};
  partition.next_offset = 30;
  partition.end = 20;  // as last heard of
  partition.snapshot_at = kNow;
  status.partitions = {partition};
  metrics.status(status);
  CHECK(series_of(registry).at(R"(weir_consumer_lag_records{stream="s",topic="orders"})") == 0);
  CHECK(series_of(registry).at(R"(weir_snapshot_age_seconds{stream="s"})") == 0);
  CHECK(series_of(registry, kNow + std::chrono::hours(1)).at(R"(weir_snapshot_age_seconds{stream="s"})") == 0);
  status.partitions.clear();
  metrics.status(status);
  CHECK(count_of(series_of(registry), "weir_consumer_lag_records") == 0);
  CHECK_FALSE(series_of(registry).contains(R"(weir_snapshot_age_seconds{stream="s"})"));
}

TEST_CASE("Values of labels are short and valid whatever they were made of, and stay apart") {
  for (const std::string& text : {std::string("\xFF\xFE"), std::string("a\nb\"c\\"), std::string(5'000, 'x'),
                                  std::string("\xF0\x9F\x92\xA9") + std::string(500, '\x01'), std::string()}) {
    const std::string label = label_value(text);
    CHECK(is_valid_utf8(label));
    CHECK(label.size() <= 128);
    CHECK(label.find('\n') == std::string::npos);
  }
  CHECK(label_value("amount.max") == "amount.max");
  CHECK(label_value(std::string(128, 'x')) == std::string(128, 'x'));
  CHECK(label_value(std::string(200, 'x') + "1") != label_value(std::string(200, 'x') + "2"));
  CHECK(label_value("a\nb") != label_value("a\\nb"));
  CHECK(label_value("\xFF") != label_value("\xEF\xBF\xBD"));
}

TEST_CASE("Segments whose values read alike have labels of their own") {
  const auto label = [](std::vector<std::pair<std::string, std::optional<std::string>>> values) {
    Segment segment;
    segment.values.assign(values.begin(), values.end());
    WindowVerdict verdict;
    verdict.segment = std::make_shared<const Segment>(std::move(segment));
    return segment_label(verdict);
  };
  CHECK(label({{"country", "DE"}, {"channel", std::nullopt}}) == "country=DE, channel=null");
  CHECK(label({{"country", std::nullopt}}) == "country=null");
  CHECK(label({{"country", "null"}}).starts_with("country=null#"));
  CHECK(label({{"a", "x, b=y"}, {"b", "z"}}) != label({{"a", "x"}, {"b", "y, b=z"}}));
  CHECK(label({{"a", "x, y"}}) == "a=x, y");
}

TEST_CASE("Two streams share a registry, and a scrape may come at any time") {
  MetricsRegistry registry({});
  StreamMetrics one(registry, {.stream = "one"});
  StreamMetrics two(registry, {.stream = "two"});
  std::vector<std::thread> streams;
  for (StreamMetrics* const metrics : {&one, &two}) {
    streams.emplace_back([&registry, metrics] {
      for (int i = 0; i < 50; ++i) fill(registry, *metrics);
    });
  }
  for (int i = 0; i < 20; ++i) CHECK_FALSE(registry.text(kNow).empty());
  for (std::thread& stream : streams) stream.join();
  auto series = series_of(registry);
  CHECK(series.at(R"(weir_records_total{stream="one",topic="orders"})") == 150);
  CHECK(series.at(R"(weir_records_total{stream="two",topic="orders"})") == 150);
}

}  // namespace weir
