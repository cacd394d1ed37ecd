// SPDX-License-Identifier: Apache-2.0
// What /metrics says: true to the last record, bounded, and in a form that Prometheus takes.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "failing_record.h"
#include "sinks/metrics_registry.h"
#include "sinks/stream_metrics.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using std::chrono::seconds;
using testing::fails;
using testing::kNow;
using testing::make_plan;
using testing::undecodable;

/// name{labels} -> value, of everything that is not a comment.
std::map<std::string, double> series_of(MetricsRegistry& registry, Instant now = kNow) {
  std::map<std::string, double> series;
  std::istringstream lines(registry.text(now));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t space = line.rfind(' ');
    INFO(line);
    REQUIRE(space != std::string::npos);
    REQUIRE(series.emplace(line.substr(0, space), std::strtod(line.c_str() + space, nullptr)).second);
  }
  return series;
}

std::size_t count_of(const std::map<std::string, double>& series, std::string_view name) {
  std::size_t count = 0;
  for (const auto& [key, value] : series) count += key.starts_with(std::string(name) + "{") ? 1 : 0;
  return count;
}

/// A plan with record rules, and the window rules w.0, w.1, …
std::shared_ptr<const Plan> plan_with_windows(int windows) {
  const auto plan = make_plan();
  for (int i = 0; i < windows; ++i) {
    WindowRule rule;
    rule.info.id = "w." + std::to_string(i);
    plan->window_rules.push_back(std::move(rule));
  }
  return plan;
}

Outcome outcome_of(std::uint64_t records) {
  Outcome outcome;
  outcome.records = records;
  outcome.rules.resize(6);
  outcome.rules[4] = {.evaluated = records, .failed = 2, .skipped = 1};
  outcome.failing = {fails(0, OnFail::Quarantine), fails(1, OnFail::Tag)};
  return outcome;
}

Fetched fetched_of(const std::string& topic, std::int32_t number, std::vector<Duration> ages) {
  Fetched fetched{.partition = {.topic = topic, .number = number}, .messages = {}};
  for (const Duration age : ages) {
    fetched.messages.items.emplace_back();
    fetched.messages.envelopes.emplace_back().timestamp = kNow - age;
  }
  return fetched;
}

WindowVerdict verdict_of(std::uint32_t rule, Instant end, std::optional<std::string> segment, Verdict verdict,
                         Measured observed = Measured::of(std::int64_t{5})) {
  WindowVerdict out;
  out.rule = rule;
  out.has_span = true;
  out.end = end;
  out.verdict = verdict;
  out.observed = std::move(observed);
  if (segment) {
    Segment shown;
    shown.values.emplace_back("country", *segment);
    out.segment = std::make_shared<const Segment>(std::move(shown));
  }
  return out;
}

/// Everything that can be filled, filled.
void fill(MetricsRegistry& registry, StreamMetrics& metrics) {
  metrics.rules(plan_with_windows(2));
  Outcome outcome = outcome_of(3);
  outcome.undecodable = 1;
  outcome.failing.push_back(undecodable(2));
  metrics.judged(fetched_of("orders", 0, {seconds(1), seconds(2), seconds(4)}), outcome, kNow);
  metrics.quarantined(2, std::vector<std::uint64_t>{1, 0, 0, 0, 1, 0});
  metrics.kept_out(4);
  WindowOutcome windows;
  windows.rules.resize(2);
  windows.rules[0] = {.evaluated = 9, .failed = 3, .warned = 1, .no_data = 2, .inconclusive = 1, .errors = 1};
  windows.verdicts = {verdict_of(0, kNow, "DE", Verdict::Fail), verdict_of(1, kNow, std::nullopt, Verdict::Pass)};
  windows.late = 5;
  metrics.windows(windows, kNow);
  metrics.trouble({.weight = Trouble::Weight::Passing, .event = "broker_away", .message = "secret"}, kNow);
  StreamStatus status;
  status.watermark = kNow - seconds(10);
  status.turned_at = kNow;
  status.rebalances = 2;
  status.partial_windows = 3;
  status.readiness = {{.name = "broker", .ok = true, .reason = ""}, {.name = "state", .ok = false, .reason = "secret"}};
  PartitionStatus partition;
  partition.partition = {.topic = "orders", .number = 0};
  partition.next_offset = 10;
  partition.end = 25;
  partition.snapshot_at = kNow - seconds(7);
  partition.state_bytes = 100;
  partition.waiting = 6;
  status.partitions = {partition};
  metrics.status(status);
  registry.reloaded(true, kNow);
}

}  // namespace

TEST_CASE("Every series of the rules is there from the start, at 0") {
  MetricsRegistry registry({.version = "1", .revision = "r", .librdkafka = "2"});
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
  CHECK(series.at(R"(weir_build_info{librdkafka="2",revision="r",version="1"})") == 1);
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
  CHECK(count_of(series, "weir_troubles_total") == 65);
  CHECK(series.at(R"(weir_troubles_total{event="other",stream="shop"})") == 500 - 64);
  CHECK(series.at(R"(weir_series_dropped_total{stream="shop"})") == 60);
  CHECK(series.at(R"(weir_records_total{partition="3",stream="shop",topic="orders"})") == 1);
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
  CHECK(series_of(registry).contains(R"(weir_snapshot_age_seconds{stream="s"})"));
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

TEST_CASE("The process says what it costs") {
  MetricsRegistry registry({});
  auto series = series_of(registry);
  CHECK(series.at("process_resident_memory_bytes") > 1'000'000);
  CHECK(series.at("process_virtual_memory_bytes") >= series.at("process_resident_memory_bytes"));
  CHECK(series.at("process_open_fds") >= 3);
  CHECK(series.at("process_open_fds") <= series.at("process_max_fds"));
  const double started = series.at("process_start_time_seconds");
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  CHECK(started > now - 3600);
  CHECK(started <= now + 2);
  const double before = series.at("process_cpu_seconds_total");
  std::uint64_t work = 1;
  while (series_of(registry).at("process_cpu_seconds_total") <= before && work < 20'000) ++work;
  CHECK(work < 20'000);
}

TEST_CASE("docs/metrics.md lists every metric with its type, labels and meaning") {
  constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram"};
  std::set<std::string> wanted;
  for (const MetricSpec& spec : kMetrics) {
    wanted.insert("| `" + std::string(spec.name) + "` | " + std::string(kTypes[static_cast<std::size_t>(spec.type)]) +
                  " | " + std::string(spec.labels) + (spec.labels.empty() ? "" : " ") + "| " + std::string(spec.help) +
                  " |");
  }
  std::ifstream page(std::string(WEIR_SOURCE_DIR) + "/docs/metrics.md");
  REQUIRE(page);
  std::set<std::string> written;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `weir_") || line.starts_with("| `process_")) written.insert(line);
  }
  for (const std::string& line : wanted) CHECK_THAT(written.contains(line) ? "" : line, Catch::Matchers::Equals(""));
  for (const std::string& line : written) CHECK_THAT(wanted.contains(line) ? "" : line, Catch::Matchers::Equals(""));
}

TEST_CASE("Every exported series has the labels that its page says, and every metric is exported") {
  MetricsRegistry registry({.version = "1", .revision = "r", .librdkafka = "2"});
  StreamMetrics metrics(registry, {.stream = "shop"});
  fill(registry, metrics);
  const auto series = series_of(registry);
  for (const MetricSpec& spec : kMetrics) {
    std::set<std::string> wanted;
    std::istringstream names{std::string(spec.labels)};
    for (std::string name; names >> name;) wanted.insert(name.substr(0, name.find(',')));
    bool found = false;
    for (const auto& [key, value] : series) {
      const std::size_t brace = std::min(key.find('{'), key.size());
      const std::string suffix = spec.type == MetricType::Histogram ? "_count" : "";
      if (key.substr(0, brace) != std::string(spec.name) + suffix) continue;
      found = true;
      std::set<std::string> labels;
      for (std::size_t at = brace; (at = key.find("=\"", at)) != std::string::npos; ++at) {
        const std::size_t begin = key.find_last_of("{,", at) + 1;
        labels.insert(key.substr(begin, at - begin));
      }
      INFO(key);
      CHECK(labels == wanted);
    }
    INFO(spec.name);
    CHECK(found);
  }
}

TEST_CASE("promtool has nothing to say against it") {
  const auto is_program = [](const std::filesystem::path& path) { return ::access(path.c_str(), X_OK) == 0; };
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  std::filesystem::path promtool;
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (promtool.empty() && is_program(std::filesystem::path(folder) / "promtool"))
      promtool = std::filesystem::path(folder) / "promtool";
  }
  if (promtool.empty()) SKIP("promtool is not installed; deploy/setup.sh installs it");
  MetricsRegistry registry({.version = "1", .revision = "r", .librdkafka = "2"});
  StreamMetrics metrics(registry, {.stream = "a\"b\\c\n\xFF"});
  fill(registry, metrics);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("weir-metrics-" + std::to_string(::getpid()))).string();
  std::ofstream(path) << registry.text(kNow);
  CHECK(std::system((promtool.string() + " check metrics < " + path + " > " + path + ".said 2>&1").c_str()) == 0);
  std::ostringstream said;
  said << std::ifstream(path + ".said").rdbuf();
  CHECK(said.str().empty());
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".said");
}

}  // namespace weir
