// SPDX-License-Identifier: Apache-2.0
// Plans with windows, built by hand: what a rule file would say, without a rule file.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "measures/registry.h"
#include "testing/message_block.h"
#include "weir/engine.h"
#include "weir/plan.h"

namespace weir::testing {

/// Holds when the first measure is within bounds; no value is no data.
class Within : public Condition {
 public:
  Within(std::size_t call, double low, double high) : call_(call), low_(low), high_(high) {}
  [[nodiscard]] Judgement judge(std::span<const Measured> values) const override {
    Judgement out;
    out.observed = values[call_];
    const std::optional<double> value = out.observed.as_number();
    if (out.observed.kind == Measured::Kind::Error) {
      out.verdict = Verdict::Error;
    } else if (value) {
      out.verdict = *value >= low_ && *value <= high_ ? Verdict::Pass : Verdict::Fail;
    }
    out.cause = out.observed.is_value() ? "" : out.observed.text;
    return out;
  }
  [[nodiscard]] std::string expected() const override {
    return "within " + std::to_string(low_) + " and " + std::to_string(high_);
  }

 private:
  std::size_t call_;
  double low_;
  double high_;
};

/// True where the column is exactly that text, unknown where it is missing.
class IsText : public Predicate {
 public:
  explicit IsText(std::string text) : text_(std::move(text)) {}
  void decide(const Subject& subject, Truth& out) const override {
    const std::size_t rows = subject.batch.size();
    out.yes.assign(rows, false);
    out.unknown.assign(rows, false);
    out.error.assign(rows, false);
    for (std::size_t row = 0; row < rows; ++row) {
      const Kind kind = subject.column().kinds[row];
      if (is_missing(kind)) {
        out.unknown.set(row);
      } else if (kind != Kind::Text) {
        out.error.set(row);
      } else if (subject.column().cells[row].text() == text_) {
        out.yes.set(row);
      }
    }
  }
  [[nodiscard]] std::string explain(const Subject&, std::size_t) const override { return ""; }

 private:
  std::string text_;
};

/// Fails numbers above a bound.
class AtMost : public Check {
 public:
  explicit AtMost(std::int64_t bound) : bound_(bound) {}
  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    evaluated.each([&](std::size_t i) {
      const Column& column = subject.column();
      if (column.kinds[i] != Kind::Integer || column.cells[i].number > bound_) failing.set(i);
    });
  }
  [[nodiscard]] Reason explain(const Subject& subject, std::size_t element) const override {
    return {.code = "max", .message = "too much", .value = show(subject, element)};
  }
  [[nodiscard]] std::string expected() const override { return "<= " + std::to_string(bound_); }

 private:
  std::int64_t bound_;
};

class PlanBuilder {
 public:
  PlanBuilder() {
    plan_ = std::make_shared<Plan>();
    RecordRule decode;
    decode.info.id = "decode";
    plan_->rules.push_back(std::move(decode));
    plan_->ruleset = "by hand";
  }

  std::uint32_t column(const std::string& path) { return plan_->fields.add(*FieldPath::parse(path)); }
  Plan& plan() { return *plan_; }

  PlanBuilder& time(const std::string& field, TimeError on_error = TimeError::Drop) {
    plan_->time.column = static_cast<std::int32_t>(column(field));
    plan_->time.on_error = on_error;
    if (on_error != TimeError::Quarantine) return *this;
    RecordRule rule;
    rule.info.id = "time";
    plan_->time_rule = static_cast<std::uint32_t>(plan_->rules.size());
    plan_->rules.push_back(std::move(rule));
    return *this;
  }
  PlanBuilder& late_rule() {
    RecordRule rule;
    rule.info.id = "late";
    plan_->late_rule = static_cast<std::uint32_t>(plan_->rules.size());
    plan_->rules.push_back(std::move(rule));
    return *this;
  }
  PlanBuilder& at_most(const std::string& field, std::int64_t bound, const std::string& id,
                       OnFail on_fail = OnFail::Quarantine) {
    RecordRule rule;
    rule.info.id = id;
    rule.info.field = field;
    rule.info.on_fail = on_fail;
    rule.columns = {column(field)};
    rule.check = std::make_unique<AtMost>(bound);
    plan_->rules.push_back(std::move(rule));
    return *this;
  }

  WindowBlock& whole() { return block(WindowKind::Whole, "all"); }
  WindowBlock& every(Duration every, Duration size = Duration(0)) {
    WindowBlock& out = block(WindowKind::Time, format_duration(every));
    out.every = every;
    out.size = size == Duration(0) ? every : size;
    if (size != Duration(0)) out.extent = format_duration(size) + " by " + out.extent;
    return out;
  }
  WindowBlock& session(Duration gap, Duration longest) {
    WindowBlock& out = block(WindowKind::Session, "session " + format_duration(gap));
    out.gap = gap;
    out.longest = longest;
    return out;
  }
  WindowBlock& count(std::uint64_t count) {
    WindowBlock& out = block(WindowKind::Count, "count " + std::to_string(count));
    out.count = count;
    return out;
  }
  SegmentField segment(const std::string& path, std::vector<std::string> listed = {}) {
    return {.column = column(path), .path = path, .listed = std::move(listed)};
  }

  /// `mean(amount)`, `quantile(amount, 0.5)`: the measure, its fields, its numbers.
  MeasureCall call(const std::string& name, const std::vector<std::string>& fields = {},
                   const std::vector<double>& numbers = {}, const std::string& text = "") {
    MeasureCall out;
    for (const MeasureSpec& spec : measure_specs()) {
      if (spec.name == name) out.spec = &spec;
    }
    REQUIRE(out.spec != nullptr);
    out.written = name + "(";
    for (const std::string& field : fields) {
      out.columns.push_back(column(field));
      out.declared.push_back(FieldType::Any);
      out.written += field + ",";
    }
    out.numbers = numbers;
    for (const double number : numbers) out.written += std::to_string(number) + ",";
    out.text = text;
    out.written += text + ")";
    return out;
  }
  MeasureCall rate(const std::string& name, const std::string& field, const std::string& text) {
    MeasureCall out = call(name);
    out.columns = {column(field)};
    out.predicate = std::make_shared<IsText>(text);
    out.written = name + "(" + field + " == " + text + ")";
    return out;
  }

  /// The last call is what the bounds are about. The rule belongs to the last block.
  WindowRule& must(std::vector<MeasureCall> calls, double low, double high) {
    WindowRule& out = rule();
    out.must.condition = std::make_unique<Within>(calls.size() - 1, low, high);
    out.must.calls = std::move(calls);
    return out;
  }
  WindowRule& should(std::vector<MeasureCall> calls, double low, double high) {
    WindowRule& out = rule();
    out.should.condition = std::make_unique<Within>(calls.size() - 1, low, high);
    out.should.calls = std::move(calls);
    return out;
  }
  /// A drift rule of the last block, compared with edges where there are some.
  WindowRule& drift(const std::vector<std::string>& fields, const std::vector<double>& edges = {}) {
    DriftRule drift;
    drift.rule = static_cast<std::uint32_t>(plan_->window_rules.size());
    for (const std::string& field : fields) {
      drift.columns.push_back(column(field));
      drift.paths.push_back(field);
      drift.declared.push_back(FieldType::Any);
    }
    if (!edges.empty()) drift.edges = std::make_shared<const std::vector<double>>(edges);
    WindowRule& out = rule();
    out.info.kind = RuleKind::Drift;
    out.info.id = "drift.";
    for (const std::string& field : fields) out.info.id += (&field == &fields[0] ? "" : "+") + field;
    out.drift = static_cast<std::int32_t>(plan_->drift_rules.size());
    plan_->drift_rules.push_back(std::move(drift));
    return out;
  }
  void when(WindowRule& rule, const std::string& field, const std::string& text) {
    rule.info.when = field + " == " + text;
    rule.when = std::make_shared<IsText>(text);
    rule.when_columns = {column(field)};
  }

  std::shared_ptr<const Plan> build() { return plan_; }

 private:
  WindowBlock& block(WindowKind kind, const std::string& extent) {
    WindowBlock out;
    out.kind = kind;
    out.extent = extent;
    plan_->windows.push_back(std::move(out));
    return plan_->windows.back();
  }
  WindowRule& rule() {
    WindowRule out;
    out.info.kind = RuleKind::Window;
    out.info.id = "windows." + std::to_string(plan_->window_rules.size());
    out.block = static_cast<std::uint32_t>(plan_->windows.size() - 1);
    plan_->window_rules.push_back(std::move(out));
    return plan_->window_rules.back();
  }

  std::shared_ptr<Plan> plan_;
};

inline Instant instant(std::string_view text) {
  return *parse_timestamp(text);
}

/// The run of an engine over records in batches of that size; `options.now` is the time of the run.
inline Outcome run(const std::shared_ptr<const Plan>& plan, const std::vector<std::string>& records,
                   EngineOptions options, std::size_t batch = 7) {
  Engine engine(plan, options);
  Outcome out;
  for (std::size_t at = 0; at < records.size(); at += batch) {
    const MessageBlock block({records.begin() + static_cast<std::ptrdiff_t>(at),
                              records.begin() + static_cast<std::ptrdiff_t>(std::min(at + batch, records.size()))});
    out.merge(engine.step(block.messages(), options.now));
  }
  out.merge(engine.finish());
  return out;
}

}  // namespace weir::testing
