// SPDX-License-Identifier: Apache-2.0
#include "web/scenes.h"

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "testing/hostile_text.h"

namespace weir::testing {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

RuleInfo rule(std::string id, RuleKind kind, std::string field, std::string check, std::string expected) {
  RuleInfo info;
  info.id = std::move(id);
  info.kind = kind;
  info.field = std::move(field);
  info.check = std::move(check);
  info.expected = std::move(expected);
  return info;
}

struct Planned {
  std::vector<RuleInfo> records;
  std::vector<RuleInfo> windows;
};

std::shared_ptr<const Plan> plan_of(const Planned& planned) {
  auto plan = std::make_shared<Plan>();
  for (const RuleInfo& info : planned.records) {
    RecordRule& added = plan->rules.emplace_back();
    added.info = info;
  }
  plan->windows.emplace_back();
  for (const RuleInfo& info : planned.windows) {
    WindowRule& added = plan->window_rules.emplace_back();
    added.info = info;
  }
  return plan;
}

std::shared_ptr<const Segment> segment(std::string field, std::string value) {
  auto one = std::make_shared<Segment>();
  one->values = {{std::move(field), std::move(value)}};
  return one;
}

WindowVerdict window(std::uint32_t at, Instant end, Verdict verdict, Measured observed, std::string expected) {
  WindowVerdict one;
  one.rule = at;
  one.has_span = true;
  one.start = end - minutes(1);
  one.end = end;
  one.verdict = verdict;
  one.observed = std::move(observed);
  one.expected = std::move(expected);
  return one;
}

WindowVerdict with_segment(WindowVerdict one, std::shared_ptr<const Segment> which) {
  one.segment = std::move(which);
  return one;
}

void judge(StatusBoard& board, std::size_t rules, const std::vector<WindowVerdict>& verdicts, Instant now) {
  WindowOutcome outcome;
  outcome.rules.resize(rules);
  for (const WindowVerdict& one : verdicts) {
    WindowCounts& counts = outcome.rules[one.rule];
    if (one.verdict == Verdict::NoData) {
      ++counts.no_data;
    } else {
      ++counts.evaluated;
    }
    if (one.verdict == Verdict::Fail || one.verdict == Verdict::Warn) ++counts.failed;
    if (one.verdict == Verdict::Warn) ++counts.warned;
    if (one.verdict == Verdict::Inconclusive) ++counts.inconclusive;
  }
  outcome.verdicts = verdicts;
  board.windows(outcome, now);
}

StreamStatus running(const std::string& topic, int partitions, Instant now, std::int64_t offset) {
  StreamStatus status;
  status.phase = StreamStatus::Phase::Running;
  status.watermark = now - seconds(11);
  status.window_bytes = 9'400'000;
  status.rebalances = 1;
  status.readiness = {{.name = "assigned", .ok = true, .reason = ""}, {.name = "broker", .ok = true, .reason = ""}};
  for (int i = 0; i < partitions; ++i) {
    PartitionStatus& one = status.partitions.emplace_back();
    one.partition = {topic, i};
    one.next_offset = offset + i * 1711;
    one.committed = one.next_offset - 400;
    one.end = one.next_offset + (i == 2 ? 18'300 : 12 * i);
    one.caught_up = i != 2;
    one.watermark = now - seconds(11 + i);
    one.snapshot_at = now - seconds(4 + i);
    one.state_bytes = 1'200'000;
  }
  return status;
}

DriftVerdict moved(std::string summary, Instant since, bool numbers, bool drifted) {
  DriftVerdict drift;
  drift.verdict = drifted ? Verdict::Fail : Verdict::Pass;
  drift.drifted = drift.firing = drifted;
  if (drifted) drift.since = since;
  drift.summary = std::move(summary);
  drift.reference_values = 48'210;
  drift.current_values = 2'044;
  drift.severity = drifted ? 8.4 : 0.2;
  drift.picked = numbers ? "ks: numbers, 4,210 different values" : "chi2: 6 different values";
  DriftTestResult test;
  test.test = numbers ? "ks" : "chi2";
  test.outcome = drift.verdict;
  test.measured.kind = DriftMeasured::Kind::Value;
  test.measured.effect = test.measured.statistic = drifted ? 0.42 : 0.01;
  test.measured.p_value = drifted ? 1e-20 : 0.64;
  test.p_adjusted = drifted ? 1e-19 : 0.64;
  test.tolerance = 0.05;
  drift.tests = {test};
  DriftPicture& picture = drift.picture;
  picture.numbers = numbers;
  if (numbers) {
    for (int i = 0; i <= 24; ++i) picture.starts.push_back(i * 10);
    for (int i = 0; i < 24; ++i) {
      const auto bell = [&](double at, double wide) { return std::exp(-(i - at) * (i - at) / wide) / 6.2; };
      picture.reference.push_back(bell(7, 14));
      picture.current.push_back(drifted ? bell(13, 22) * 0.8 : bell(7.1, 14));
      picture.labels.push_back(std::to_string(i * 10) + " to " + std::to_string(i * 10 + 10));
    }
  } else {
    picture.labels = {"EUR", "USD", "GBP", "PLN", "CHF", "missing"};
    picture.reference = {0.61, 0.22, 0.11, 0.04, 0.02, 0};
    picture.current = drifted ? std::vector<double>{0.3, 0.2, 0.1, 0.03, 0.01, 0.36}
                              : std::vector<double>{0.6, 0.225, 0.11, 0.045, 0.02, 0};
  }
  if (drifted) {
    drift.findings.push_back({.kind = DriftFindingKind::Location,
                              .text = numbers ? "the median went from 72 to 131" : "missing went from 0 % to 36 %",
                              .effect = 0.42,
                              .example = {},
                              .count = 0});
  }
  return drift;
}

/// Three streams of a shop. In `orders` some is wrong; with `calm` nothing is.
class Shop final : public Scene {
 public:
  Shop(Instant now, bool calm) : calm_(calm), next_minute_(std::chrono::floor<minutes>(now) + minutes(1)) {
    using enum RuleKind;
    planned_.records = {rule("amount.max", Record, "amount", "max", "<= 100000"),
                        rule("currency.one_of", Record, "currency", "one_of", "one of EUR, USD, GBP, PLN, CHF"),
                        rule("email.matches", Record, "customer.email", "matches", "matches ^[^@ ]+@[^@ ]+$"),
                        rule("id.required", Record, "id", "required", "present and not null"),
                        rule("id.unique", Record, "id", "unique", "unique within 10 minutes"),
                        rule("placed_at.before", Record, "placed_at", "expr", "placed_at <= shipped_at")};
    planned_.records[1].runbook = "https://runbooks.example/orders/currency";
    planned_.records[1].description = "Billing rejects what it has no exchange rate for, and does so at night.";
    planned_.records[1].tags = {"billing", "p1"};
    planned_.records[2].severity = Severity::Warn;
    planned_.windows = {rule("row_count.1m", Window, "", "must", "row_count >= 100"),
                        rule("email.null_rate", Window, "customer.email", "must", "null_rate(email) <= 5%"),
                        rule("delay.p99", Window, "", "should", "p99(delay) <= 30s"),
                        rule("amount.drift", Drift, "amount", "ks", "as in refs/orders.baseline.json"),
                        rule("currency.drift", Drift, "currency", "chi2", "as in the 6 windows before")};
    planned_.windows[2].severity = Severity::Warn;
    planned_.windows[0].runbook = "https://runbooks.example/orders/volume";
    orders_ = std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "orders", .samples_per_rule = 5});
    orders_->rules(plan_of(planned_));
    payments_ = std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "payments"});
    payments_->rules(
        plan_of({.records = {rule("payment_id.required", Record, "payment_id", "required", "present and not null"),
                             rule("amount.min", Record, "amount", "min", ">= 0")},
                 .windows = {rule("payments.row_count", Window, "", "must", "row_count >= 20")}}));
    for (int i = 90; i >= 1; --i) minute(next_minute_ - minutes(i));
    records(now, 412'000);
    tick(now);
    if (!calm_) fail(1, now - minutes(43), 7);
    if (!calm_) fail(1, now - seconds(40), 212);
    if (!calm_) fail(2, now - minutes(55), 3);
    schemas(now);
  }

  std::vector<std::shared_ptr<const StatusBoard>> boards() const override {
    if (calm_) return {orders_};
    return {orders_, payments_};
  }

  void tick(Instant now) override {
    offset_ += 97;
    orders_->status(running("orders", 4, now, offset_));
    payments_->status(running("payments", 2, now, offset_ / 3));
    records(now, 97 + offset_ % 20);
    if (now >= next_minute_) {
      minute(next_minute_);
      next_minute_ += minutes(1);
    }
  }

  void command(std::string_view word, Instant now) override {
    if (word == "break") fail(3, now, 17);
    if (word == "reload") {
      planned_.records[0].expected = "<= 50000";
      planned_.records.push_back(rule("country.length", RuleKind::Record, "country", "length", "2 characters"));
      planned_.records.erase(planned_.records.begin() + 5);
      orders_->rules(plan_of(planned_));
    }
  }

 private:
  void records(Instant now, std::int64_t count) {
    Outcome outcome;
    outcome.records = static_cast<std::uint64_t>(count);
    for (std::size_t i = 0; i < planned_.records.size(); ++i) {
      outcome.rules.push_back({.evaluated = outcome.records, .failed = 0, .skipped = 0});
    }
    orders_->judged({.partition = {"orders", 1}, .messages = {}, .next_offset = offset_}, outcome, now);
    outcome.rules.resize(2);
    payments_->judged({.partition = {"payments", 0}, .messages = {}, .next_offset = offset_}, outcome, now);
  }

  void fail(std::uint32_t at, Instant now, std::uint64_t times) {
    Outcome outcome;
    outcome.records = times;
    outcome.rules.resize(planned_.records.size());
    outcome.rules[at] = {.evaluated = times, .failed = times, .skipped = 0};
    const char* const values[] = {"\"XBT\"", "\"DOGE\"", "null", "\"eur\"", "\"\""};
    for (std::int64_t i = 0; i < 5; ++i) {
      FailingRecord& failing = outcome.failing.emplace_back();
      failing.offset = static_cast<std::uint64_t>(offset_ + i);
      const std::string value = at == 1 ? values[i] : "*** (14 characters)";
      failing.violations = {{.rule = at,
                             .code = "",
                             .path = planned_.records[at].field,
                             .value = value,
                             .message = value + " is not " + planned_.records[at].expected}};
    }
    orders_->judged({.partition = {"orders", 2}, .messages = {}, .next_offset = offset_}, outcome, now);
    std::vector<std::uint64_t> aside(planned_.records.size());
    aside[at] = times;
    orders_->quarantined(times, aside);
  }

  void minute(Instant end) {
    const auto ago = std::chrono::duration_cast<minutes>(next_minute_ - end).count();
    const bool wrong = !calm_ && ago < 14;
    std::vector<WindowVerdict> verdicts;
    const double wave = std::sin(static_cast<double>(end.time_since_epoch() / minutes(1)) / 4.0);
    for (const char* country : {"DE", "FR", "PL", "US"}) {
      const bool silent = wrong && country == std::string_view("PL");
      const std::int64_t rows = silent ? 9 - ago % 5 : static_cast<std::int64_t>(420 + 90 * wave + country[0]);
      WindowVerdict one =
          with_segment(window(0, end, silent ? Verdict::Fail : Verdict::Pass, Measured::of(rows), ">= 100"),
                       segment("country", country));
      one.by_clock = silent && ago < 3;
      verdicts.push_back(std::move(one));
    }
    WindowVerdict rate = window(1, end, Verdict::Pass, Measured::of(0.011 + 0.004 * wave), "<= 5%");
    rate.observed_is_rate = true;
    verdicts.push_back(std::move(rate));
    const bool slow = !calm_ && ago < 4;
    verdicts.push_back(window(2, end, slow ? Verdict::Warn : Verdict::Pass,
                              Measured::of(Duration(seconds(slow ? 41 : 12 + static_cast<int>(4 * wave)))), "<= 30s"));
    WindowVerdict drift =
        window(3, end, wrong ? Verdict::Fail : Verdict::Pass, Measured::of(wrong ? 0.42 : 0.01), "ks <= 0.05");
    drift.cause = wrong ? "amount: the median went from 72 to 131 (ks 0.42 > 0.05)" : "";
    drift.drift = std::make_shared<DriftVerdict>(moved(drift.cause, end - minutes(13), true, wrong));
    verdicts.push_back(std::move(drift));
    WindowVerdict steady = window(4, end, Verdict::Pass, Measured::of(0.01), "chi2 <= 0.05");
    steady.drift = std::make_shared<DriftVerdict>(moved("", end, false, false));
    verdicts.push_back(std::move(steady));
    judge(*orders_, planned_.windows.size(), verdicts, end);
    judge(*payments_, 1, {window(0, end, Verdict::Pass, Measured::of(std::int64_t{88}), ">= 20")}, end);
  }

  void schemas(Instant now) {
    const auto text = [](std::uint32_t version, const std::string& type) {
      SchemaText schema;
      schema.subject = "orders-value";
      schema.version = version;
      schema.text = R"({"type":"record","name":"Order","fields":[{"name":"amount","type":")" + type + R"("}]})";
      return std::make_shared<const SchemaText>(std::move(schema));
    };
    SchemaChange change;
    change.topic = "orders";
    change.to_key = schema_key(7);
    change.to = text(1, "int");
    orders_->schema(change, now - minutes(80));
    change.from_key = std::exchange(change.to_key, schema_key(9));
    change.from = std::exchange(change.to, text(2, "long"));
    change.difference.differences = {"`amount`: int -> long"};
    change.difference.compatibility = Compatibility::Backward;
    change.difference.why_not_forward = "`amount`: long cannot be read as int";
    orders_->schema(change, now - minutes(14));
  }

  bool calm_;
  Instant next_minute_;
  Planned planned_;
  std::int64_t offset_ = 2'400'000;
  std::shared_ptr<StatusBoard> orders_;
  std::shared_ptr<StatusBoard> payments_;
};

/// One board that is filled once.
class Still final : public Scene {
 public:
  explicit Still(std::shared_ptr<StatusBoard> board) : board_(std::move(board)) {}
  std::vector<std::shared_ptr<const StatusBoard>> boards() const override { return {board_}; }
  void tick(Instant now) override { board_->status(running("orders", 12, now, 1000)); }
  void command(std::string_view, Instant) override {}

 private:
  std::shared_ptr<StatusBoard> board_;
};

std::unique_ptr<Scene> huge(Instant now) {
  Planned planned;
  for (int i = 0; i < 500; ++i) {
    planned.windows.push_back(rule("field_" + std::to_string(i) + ".null_rate", RuleKind::Window,
                                   "field_" + std::to_string(i), "must", "null_rate <= 5%"));
  }
  auto board = std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "wide"});
  board->rules(plan_of(planned));
  for (int ago = 3; ago >= 0; --ago) {
    std::vector<WindowVerdict> verdicts;
    for (std::uint32_t i = 0; i < 500; ++i) {
      for (int country = 0; country < 20; ++country) {
        const bool bad = i % 50 == 0 && country == 3;
        WindowVerdict one =
            window(i, std::chrono::floor<minutes>(now) - minutes(ago), bad ? Verdict::Fail : Verdict::Pass,
                   Measured::of(bad ? 0.2 : 0.001 * country), "<= 5%");
        one.observed_is_rate = true;
        verdicts.push_back(with_segment(std::move(one), segment("country", "C" + std::to_string(country))));
      }
    }
    judge(*board, 500, verdicts, now);
  }
  return std::make_unique<Still>(std::move(board));
}

std::unique_ptr<Scene> hostile(Instant now) {
  const std::string text =
      hostile_text() + "<img src=x onerror=alert(1)>\"><style>*{display:none}</style>javascript:alert(1)";
  const std::string flood(300'000, 'A');
  Planned planned;
  for (const std::string& id :
       {text, flood, std::string("__proto__"), std::string("constructor"), std::string("a/b?c#d%zz")}) {
    planned.records.push_back(rule(id, RuleKind::Record, text, text, text));
    planned.windows.push_back(rule("w " + id, RuleKind::Window, text, text, text));
    planned.windows.push_back(rule("d " + id, RuleKind::Drift, text, text, text));
    for (RuleInfo* info : {&planned.records.back(), &planned.windows.back()}) {
      info->description = info->when = text;
      info->runbook = "javascript:alert(1)";
      info->tags = {text, flood};
    }
  }
  auto board = std::make_shared<StatusBoard>(StatusBoard::Options{.stream = text, .samples_per_rule = 3});
  board->rules(plan_of(planned));
  Outcome outcome;
  outcome.records = 10;
  for (std::uint32_t i = 0; i < planned.records.size(); ++i) {
    outcome.rules.push_back({.evaluated = 10, .failed = 1, .skipped = 0});
    FailingRecord& failing = outcome.failing.emplace_back();
    failing.violations = {{.rule = i, .code = text, .path = text, .value = i == 1 ? flood : text, .message = text}};
  }
  board->judged({.partition = {text, 1}, .messages = {}, .next_offset = 7}, outcome, now);
  board->quarantined(10, std::vector<std::uint64_t>(planned.records.size(), 2));
  std::vector<WindowVerdict> verdicts;
  for (std::uint32_t i = 0; i < planned.windows.size(); ++i) {
    Measured observed;
    observed.kind = Measured::Kind::Text;
    observed.text = i == 2 ? flood : text;
    WindowVerdict one =
        with_segment(window(i, now, Verdict::Fail, observed, text), segment(text, i == 4 ? flood : text));
    one.cause = text;
    if (planned.windows[i].kind == RuleKind::Drift) {
      DriftVerdict drift = moved(text, now, false, true);
      for (std::string& label : drift.picture.labels) label = text;
      drift.findings.push_back(
          {.kind = DriftFindingKind::NewValue, .text = text, .effect = 1, .example = text, .count = 1});
      drift.picked = text;
      one.drift = std::make_shared<DriftVerdict>(std::move(drift));
    }
    verdicts.push_back(std::move(one));
  }
  judge(*board, planned.windows.size(), verdicts, now);
  board->trouble({.weight = Trouble::Weight::Standing, .event = text, .message = text}, now);
  SchemaText schema;
  schema.subject = schema.text = text;
  SchemaChange change;
  change.topic = text;
  change.to = std::make_shared<const SchemaText>(std::move(schema));
  board->schema(change, now);
  return std::make_unique<Still>(std::move(board));
}

}  // namespace

std::unique_ptr<Scene> make_scene(std::string_view name, Instant now) {
  if (name == "shop") return std::make_unique<Shop>(now, false);
  if (name == "calm") return std::make_unique<Shop>(now, true);
  if (name == "huge") return huge(now);
  if (name == "hostile") return hostile(now);
  if (name != "empty") return nullptr;
  auto board = std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "orders"});
  board->rules(plan_of(
      {.records = {rule("id.required", RuleKind::Record, "id", "required", "present and not null")}, .windows = {}}));
  return std::make_unique<Still>(std::move(board));
}

}  // namespace weir::testing
