// SPDX-License-Identifier: Apache-2.0
// A stream that did a little of everything, and what /metrics then says.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failing_record.h"
#include "sinks/lineage_queue.h"
#include "sinks/metrics_registry.h"
#include "sinks/stream_metrics.h"
#include "testing/drift_verdict.h"

namespace weir::testing {

/// name{labels} -> value, of everything that is not a comment.
inline std::map<std::string, double> series_of(MetricsRegistry& registry, Instant now = kNow) {
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

inline std::size_t count_of(const std::map<std::string, double>& series, std::string_view name) {
  std::size_t count = 0;
  for (const auto& [key, value] : series) count += key.starts_with(std::string(name) + "{") ? 1 : 0;
  return count;
}

/// A plan with record rules, and the window rules w.0, w.1, …, behind them one about drift
inline std::shared_ptr<const Plan> plan_with_windows(int windows, bool with_drift = false) {
  const auto plan = make_plan();
  for (int i = 0; i < windows; ++i) {
    WindowRule rule;
    rule.info.id = "w." + std::to_string(i);
    plan->window_rules.push_back(std::move(rule));
  }
  if (with_drift) {
    WindowRule& rule = plan->window_rules.emplace_back();
    rule.info.id = "drift.amount";
    rule.info.kind = RuleKind::Drift;
    rule.info.field = "amount";
  }
  return plan;
}

inline Outcome outcome_of(std::uint64_t records) {
  Outcome outcome;
  outcome.records = records;
  outcome.rules.resize(6);
  outcome.rules[4] = {.evaluated = records, .failed = 2, .skipped = 1};
  outcome.failing = {fails(0, OnFail::Quarantine), fails(1, OnFail::Tag)};
  return outcome;
}

inline Fetched fetched_of(const std::string& topic, std::int32_t number, std::vector<Duration> ages) {
  Fetched fetched{.partition = {.topic = topic, .number = number}, .messages = {}};
  for (const Duration age : ages) {
    fetched.messages.items.emplace_back();
    fetched.messages.envelopes.emplace_back().timestamp = kNow - age;
  }
  return fetched;
}

inline WindowVerdict verdict_of(std::uint32_t rule, Instant end, std::optional<std::string> segment, Verdict verdict,
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
inline void fill(MetricsRegistry& registry, StreamMetrics& metrics) {
  metrics.rules(plan_with_windows(2, true));
  Outcome outcome = outcome_of(3);
  outcome.undecodable = 1;
  outcome.envelopes = {.wrapped = {}, .removals = 1, .snapshots = 0, .notices = 1};
  outcome.envelopes.wrapped[static_cast<std::size_t>(Wrapping::Debezium)] = 2;
  outcome.failing.push_back(undecodable(2));
  metrics.judged(fetched_of("orders", 0, {std::chrono::seconds(1), std::chrono::seconds(2), std::chrono::seconds(4)}),
                 outcome, kNow);
  metrics.quarantined(2, std::vector<std::uint64_t>{1, 0, 0, 0, 1, 0});
  metrics.kept_out(4);
  WindowOutcome windows;
  windows.rules.resize(3);
  windows.rules[0] = {.evaluated = 9, .failed = 3, .warned = 1, .no_data = 2, .inconclusive = 1, .errors = 1};
  windows.verdicts = {verdict_of(0, kNow, "DE", Verdict::Fail), verdict_of(1, kNow, std::nullopt, Verdict::Pass),
                      verdict_of(2, kNow, std::nullopt, Verdict::Fail)};
  windows.verdicts.back().drift = scaled_amounts();
  windows.late = 5;
  metrics.windows(windows, kNow);
  metrics.trouble({.weight = Trouble::Weight::Passing, .event = "broker_away", .message = "secret"}, kNow);
  StreamStatus status;
  status.watermark = kNow - std::chrono::seconds(10);
  status.turned_at = kNow;
  status.rebalances = 2;
  status.partial_windows = 3;
  status.readiness = {{.name = "broker", .ok = true, .reason = ""}, {.name = "state", .ok = false, .reason = "secret"}};
  PartitionStatus partition;
  partition.partition = {.topic = "orders", .number = 0};
  partition.next_offset = 10;
  partition.end = 25;
  partition.snapshot_at = kNow - std::chrono::seconds(7);
  partition.state_bytes = 100;
  partition.waiting = 6;
  partition.held = true;
  // Records were judged seven seconds ago, and no snapshot came since.
  partition.next_offset = 3;
  status.partitions = {partition};
  metrics.status(status);
  partition.next_offset = 10;
  status.partitions = {partition};
  status.turned_at = kNow - std::chrono::seconds(7);
  metrics.status(status);
  status.turned_at = kNow;
  metrics.status(status);
  registry.alerts({.streams = {{.stream = "shop", .errors = 2, .warnings = 1, .silenced = 1, .left_out = 4}},
                   .receivers = {{.receiver = "team", .sent = 3, .away = 2, .refused = 1, .waiting = 5, .up = false}}});
  metrics.schema({.topic = "orders",
                  .from_key = schema_key(1),
                  .to_key = schema_key(2),
                  .from = std::make_shared<SchemaText>(),
                  .to = std::make_shared<SchemaText>(),
                  .difference = {.differences = {"secret"},
                                 .more = 0,
                                 .compatibility = Compatibility::None,
                                 .why_not_backward = "secret",
                                 .why_not_forward = "secret"}},
                 kNow);
  registry.reloaded(true, kNow);
  registry.schemas({.requests = 4, .refused = 1, .failures = {{"timeout", 2}}, .known = 3, .wanted = 1});
  registry.lineage({.sent = 5, .refused = 1, .dropped = 2, .failures = 3, .waiting = 4});
}

}  // namespace weir::testing
