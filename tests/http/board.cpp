// SPDX-License-Identifier: Apache-2.0
#include "http/board.h"

#include <utility>

namespace weir::testing {

std::shared_ptr<const Plan> plan_of(const std::vector<std::string>& record_rules,
                                    const std::vector<std::string>& window_rules) {
  auto plan = std::make_shared<Plan>();
  for (const std::string& id : record_rules) {
    RecordRule rule;
    rule.info.id = id;
    rule.info.field = id.substr(0, id.find('.'));
    rule.info.check = id.substr(id.find('.') + 1);
    rule.info.expected = rule.info.check == "max" ? "<= 100000" : "present and not null";
    plan->rules.push_back(std::move(rule));
  }
  plan->windows.emplace_back();
  for (const std::string& id : window_rules) {
    WindowRule rule;
    rule.info.id = id;
    rule.info.kind = RuleKind::Window;
    rule.info.check = "must";
    rule.info.expected = "row_count >= 100";
    plan->window_rules.push_back(std::move(rule));
  }
  return plan;
}

WindowVerdict minute(std::uint32_t rule, Instant start, Verdict verdict, std::int64_t observed) {
  WindowVerdict out;
  out.rule = rule;
  out.has_span = true;
  out.start = start;
  out.end = start + std::chrono::minutes(1);
  out.verdict = verdict;
  out.observed = Measured::of(observed);
  out.expected = ">= 100";
  return out;
}

std::shared_ptr<StatusBoard> orders_board(const StandingClock& clock, std::size_t samples) {
  const auto board =
      std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "orders", .samples_per_rule = samples}, clock);
  board->rules(plan_of({"amount.max", "id.required"}, {"row_count.1m"}));

  Fetched fetched{.partition = {"orders", 0}, .messages = {}, .next_offset = 1042};
  Outcome outcome;
  outcome.records = 1000;
  outcome.undecodable = 2;
  outcome.rules = {{.evaluated = 998, .failed = 3, .skipped = 0}, {.evaluated = 998, .failed = 0, .skipped = 0}};
  FailingRecord& failing = outcome.failing.emplace_back();
  failing.offset = 1007;
  failing.violations = {{.rule = 0, .code = "max", .path = "amount", .value = "9e9", .message = "9e9 is > 100000"}};
  board->judged(fetched, outcome, at("2026-01-31T12:02:03Z"));
  const std::vector<std::uint64_t> broken = {3, 0};
  board->quarantined(3, broken);

  WindowOutcome windows;
  windows.rules = {{.evaluated = 2, .failed = 1}};
  windows.verdicts = {minute(0, at("2026-01-31T12:00:00Z"), Verdict::Pass, 512),
                      minute(0, at("2026-01-31T12:01:00Z"), Verdict::Fail, 7)};
  auto segment = std::make_shared<Segment>();
  segment->values = {{"country", "DE"}};
  windows.verdicts[1].segment = segment;
  windows.verdicts[1].by_clock = true;
  windows.late = 4;
  board->windows(windows, at("2026-01-31T12:02:40Z"));

  const auto schema = [](std::uint32_t version, std::string type) {
    SchemaText text;
    text.subject = "orders-value";
    text.version = version;
    text.text = R"({"type":"record","name":"Order","fields":[{"name":"n","type":")" + std::move(type) + R"("}]})";
    return std::make_shared<const SchemaText>(std::move(text));
  };
  SchemaChange change;
  change.topic = "orders";
  change.to_key = schema_key(7);
  change.to = schema(1, "int");
  board->schema(change, at("2026-01-31T12:00:01Z"));
  change.from_key = std::exchange(change.to_key, schema_key(9));
  change.from = std::exchange(change.to, schema(2, "long"));
  change.offset = 512;
  change.difference = {.differences = {"`n`: int -> long"},
                       .more = 0,
                       .compatibility = Compatibility::Backward,
                       .why_not_backward = "",
                       .why_not_forward = "`n`: long cannot be read as int"};
  board->schema(change, at("2026-01-31T12:01:30Z"));

  StreamStatus status;
  status.stream = "orders";
  status.phase = StreamStatus::Phase::Running;
  status.readiness = {{.name = "assigned", .ok = true, .reason = ""}, {.name = "broker", .ok = true, .reason = ""}};
  PartitionStatus first;
  first.partition = {"orders", 0};
  first.next_offset = 1042;
  first.committed = 1000;
  first.end = 1100;
  first.watermark = at("2026-01-31T12:02:50Z");
  first.snapshot_at = at("2026-01-31T12:02:55Z");
  first.state_bytes = 4096;
  PartitionStatus second;
  second.partition = {"orders", 1};
  second.caught_up = second.idle = true;
  status.partitions = {first, second};
  status.watermark = first.watermark;
  board->status(status);
  return board;
}

}  // namespace weir::testing
