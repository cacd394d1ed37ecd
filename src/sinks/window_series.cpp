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
  std::string text;
  for (const auto& [field, value] : verdict.segment->values) {
    text += (text.empty() ? "" : ", ") + field + "=" + value.value_or("null");
  }
  return label_value(text);
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
    const std::string& id = plan.window_rules[verdict.rule].info.id;
    Rule& rule = rules_[id];
    if (verdict.has_span && verdict.end > rule.last) {
      rule.last = verdict.end;
      ++rule.round;
    }
    touched.insert(&rule);
    dropped += show_one(verdict, id, rule) ? 0 : 1;
  }
  for (Rule* const rule : touched) forget_silent(*rule);
  return dropped;
}

/// False: there are too many series.
bool WindowSeries::show_one(const WindowVerdict& verdict, const std::string& id, Rule& rule) {
  const std::string segment = segment_label(verdict);
  auto found = rule.segments.find(segment);
  if (found == rule.segments.end()) {
    if (shown_ >= max_series_) return false;
    found = rule.segments.emplace(segment, Gauges{}).first;
    ++shown_;
  }
  Gauges& gauges = found->second;
  gauges.round = rule.round;
  if (verdict.has_span && verdict.end < gauges.last) return true;  // an old window that was judged again
  const MetricsRegistry::Labels labels = {{"stream", stream_}, {"rule", label_value(id)}, {"segment", segment}};
  if (gauges.status == nullptr) gauges.status = &registry_.gauge(Metric::WindowStatus, labels);
  gauges.status->Set(status_of(verdict.verdict));
  if (const std::optional<double> value = verdict.observed.as_number()) {
    if (gauges.value == nullptr) gauges.value = &registry_.gauge(Metric::WindowValue, labels);
    gauges.value->Set(*value);
  } else if (gauges.value != nullptr) {
    registry_.remove(Metric::WindowValue, *std::exchange(gauges.value, nullptr));
  }
  if (verdict.has_span) {
    gauges.last = verdict.end;
    if (gauges.end == nullptr) gauges.end = &registry_.gauge(Metric::WindowEnd, labels);
    gauges.end->Set(std::chrono::duration<double>(verdict.end.time_since_epoch()).count());
  }
  return true;
}

void WindowSeries::remove(const Gauges& gauges) {
  registry_.remove(Metric::WindowStatus, *gauges.status);
  if (gauges.value != nullptr) registry_.remove(Metric::WindowValue, *gauges.value);
  if (gauges.end != nullptr) registry_.remove(Metric::WindowEnd, *gauges.end);
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
