// SPDX-License-Identifier: Apache-2.0
#include "sinks/window_series.h"

#include <prometheus/gauge.h>

namespace weir {

namespace {

/// A segment without a window in so many rounds of its rule is gone.
constexpr std::uint64_t kRoundsKept = 3;

double status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return 0;
    case Verdict::Warn: return 1;
    case Verdict::Fail: return 2;
    case Verdict::NoData: return 3;
    case Verdict::Inconclusive: return 4;
    case Verdict::Error: break;
  }
  return 5;
}

}  // namespace

std::string segment_label(const WindowVerdict& verdict) {
  if (verdict.segment == nullptr) return {};
  if (verdict.segment->other) return "__other__";
  const auto& values = verdict.segment->values;
  std::string text;
  std::string meant;
  bool ambiguous = false;  // a text that reads like null, or like the next field
  for (const auto& [field, value] : values) {
    text += (text.empty() ? "" : ", ") + field + "=" + value.value_or("null");
    meant += value ? std::to_string(value->size()) + ":" + *value : "null";
    ambiguous =
        ambiguous || (value && (*value == "null" || (values.size() > 1 && value->find(", ") != std::string::npos)));
  }
  return ambiguous ? marked_label_value(text, meant) : label_value(text);
}

void WindowSeries::use(const Plan& plan) {
  std::set<std::string_view> ids;
  for (const WindowRule& rule : plan.window_rules) ids.insert(rule.info.id);
  for (auto at = rules_.begin(); at != rules_.end();) {
    if (ids.contains(at->first)) {
      ++at;
      continue;
    }
    for (auto& [segment, gauges] : at->second.segments) remove(gauges);
    shown_ -= at->second.segments.size();
    at = rules_.erase(at);
  }
}

std::uint64_t WindowSeries::show(const WindowOutcome& windows, const Plan& plan) {
  std::uint64_t dropped = 0;
  std::set<Rule*> touched;
  for (const WindowVerdict& verdict : windows.verdicts) {
    if (verdict.rule >= plan.window_rules.size()) continue;
    const RuleInfo& info = plan.window_rules[verdict.rule].info;
    Rule& rule = rules_[info.id];
    if (verdict.has_span && verdict.end > rule.last) {
      rule.last = verdict.end;
      ++rule.round;
    }
    touched.insert(&rule);
    dropped += show_one(verdict, info, rule) ? 0 : 1;
  }
  for (Rule* const rule : touched) forget_silent(*rule);
  return dropped;
}

/// False: there are too many series.
bool WindowSeries::show_one(const WindowVerdict& verdict, const RuleInfo& info, Rule& rule) {
  const std::string segment = segment_label(verdict);
  auto found = rule.segments.find(segment);
  if (found == rule.segments.end()) {
    if (shown_ >= max_series_) return false;
    found = rule.segments.emplace(segment, Gauges{}).first;
    found->second.drift = info.kind == RuleKind::Drift;
    ++shown_;
  }
  Gauges& gauges = found->second;
  gauges.round = rule.round;
  if (verdict.has_span && verdict.end < gauges.last) return true;  // an old window that was judged again
  gauges.newest = verdict.verdict;
  MetricsRegistry::Labels labels = {{"stream", stream_}, {"rule", label_value(info.id)}, {"segment", segment}};
  if (verdict.has_span) {
    gauges.last = verdict.end;
    set(gauges.end, Metric::WindowEnd, labels, std::chrono::duration<double>(verdict.end.time_since_epoch()).count());
  }
  if (!gauges.drift) {
    set(gauges.status, Metric::WindowStatus, labels, status_of(verdict.verdict));
    set(gauges.value, Metric::WindowValue, labels, verdict.observed.as_number());
    return true;
  }
  labels.emplace("field", label_value(info.field));
  set(gauges.status, Metric::DriftStatus, labels, status_of(verdict.verdict));
  if (verdict.drift != nullptr) show_tests(*verdict.drift, labels, gauges);
  return true;
}

std::vector<double> WindowSeries::shares_that_hold() const {
  std::vector<double> shares;
  for (const auto& [id, rule] : rules_) {
    std::size_t held = 0;
    std::size_t broken = 0;
    for (const auto& [segment, gauges] : rule.segments) {
      held += gauges.newest == Verdict::Pass ? 1 : 0;
      broken += gauges.newest == Verdict::Warn || gauges.newest == Verdict::Fail ? 1 : 0;
    }
    if (held + broken > 0) shares.push_back(static_cast<double>(held) / static_cast<double>(held + broken));
  }
  return shares;
}

/// Nothing to show: the series goes, so that no old value stays.
void WindowSeries::set(prometheus::Gauge*& gauge, Metric metric, const MetricsRegistry::Labels& labels,
                       std::optional<double> value) {
  if (value) {
    if (gauge == nullptr) gauge = &registry_.gauge(metric, labels);
    gauge->Set(*value);
  } else if (gauge != nullptr) {
    registry_.remove(metric, *std::exchange(gauge, nullptr));
  }
}

void WindowSeries::show_tests(const DriftVerdict& drift, const MetricsRegistry::Labels& labels, Gauges& gauges) {
  std::set<std::string_view> now;
  for (const DriftTestResult& test : drift.tests) {
    now.insert(test.test);
    MetricsRegistry::Labels with_test = labels;
    with_test.emplace("test", test.test);
    TestGauges& of = gauges.tests[std::string(test.test)];
    const bool known = test.measured.kind == DriftMeasured::Kind::Value;
    set(of.score, Metric::DriftScore, with_test, known ? std::optional(test.measured.effect) : std::nullopt);
    set(of.tolerance, Metric::DriftTolerance, with_test, test.tolerance);
    set(of.p_value, Metric::DriftPValue, with_test, test.p_adjusted);
  }
  for (auto at = gauges.tests.begin(); at != gauges.tests.end();) {  // `auto` may take others now
    if (now.contains(at->first)) {
      ++at;
      continue;
    }
    remove(at->second);
    at = gauges.tests.erase(at);
  }
}

void WindowSeries::remove(TestGauges& gauges) {
  set(gauges.score, Metric::DriftScore, {}, std::nullopt);
  set(gauges.tolerance, Metric::DriftTolerance, {}, std::nullopt);
  set(gauges.p_value, Metric::DriftPValue, {}, std::nullopt);
}

void WindowSeries::remove(Gauges& gauges) {
  set(gauges.status, gauges.drift ? Metric::DriftStatus : Metric::WindowStatus, {}, std::nullopt);
  set(gauges.value, Metric::WindowValue, {}, std::nullopt);
  set(gauges.end, Metric::WindowEnd, {}, std::nullopt);
  for (auto& [test, of] : gauges.tests) remove(of);
}

void WindowSeries::forget_silent(Rule& rule) {
  for (auto at = rule.segments.begin(); at != rule.segments.end();) {
    if (rule.round - at->second.round < kRoundsKept) {
      ++at;
      continue;
    }
    remove(at->second);
    at = rule.segments.erase(at);
    --shown_;
  }
}

}  // namespace weir
