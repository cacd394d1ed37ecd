// SPDX-License-Identifier: Apache-2.0
// Compares window rules by their ids: what has to hold, of which records, in which windows.
#include <algorithm>

#include "app/plan_comparison.h"
#include "base/timestamp.h"
#include "batch/verdict_json.h"
#include "rules/explain_drift.h"

namespace weir {
namespace {

std::string segments_of(const WindowBlock& block) {
  std::string text;
  for (const SegmentField& field : block.segment) {
    text += (text.empty() ? "" : ", ") + field.path;
    std::string listed;
    for (const std::string& value : field.listed) listed += (listed.empty() ? "" : ", ") + value;
    if (!listed.empty()) text += " [" + listed + "]";
  }
  return text;
}

std::string_view word_of(LatePolicy late) {
  return late == LatePolicy::Count ? "count" : late == LatePolicy::Quarantine ? "quarantine" : "revise";
}

std::string_view word_of(OnEmpty on_empty) {
  return on_empty == OnEmpty::Pass ? "pass" : on_empty == OnEmpty::Warn ? "warn" : "fail";
}

void compare_blocks(const WindowBlock& from, const WindowBlock& to, RuleComparison& comparison) {
  const auto add = [&](std::string_view name, const std::string& before, const std::string& after) {
    comparison.add(name, before, after, ChangeKind::Changed);
  };
  add("window", from.extent, to.extent);
  add("max", format_duration(from.longest), format_duration(to.longest));
  add("zone", from.zone.empty() ? "UTC" : from.zone, to.zone.empty() ? "UTC" : to.zone);
  add("segment", segments_of(from), segments_of(to));
  add("max_segments", std::to_string(from.max_segments), std::to_string(to.max_segments));
  add("lateness", format_duration(from.lateness), format_duration(to.lateness));
  add("late", std::string(word_of(from.late)), std::string(word_of(to.late)));
  add("over", from.accepted_only ? "accepted" : "all", to.accepted_only ? "accepted" : "all");
}

/// "row_count >= 100" to "row_count >= 200": where only the bound differs it has a direction.
void compare_conditions(std::string_view name, const WindowCondition& from, const std::string& before,
                        const WindowCondition& to, const std::string& after, RuleComparison& comparison) {
  ChangeKind kind = ChangeKind::Changed;
  if (before.empty()) kind = ChangeKind::Tighter;
  if (after.empty()) kind = ChangeKind::Looser;
  if (from.condition != nullptr && to.condition != nullptr) {
    const std::string old_bound = from.condition->expected();
    const std::string new_bound = to.condition->expected();
    const bool same_measure = before.ends_with(old_bound) && after.ends_with(new_bound) &&
                              std::string_view(before).substr(0, before.size() - old_bound.size()) ==
                                  std::string_view(after).substr(0, after.size() - new_bound.size());
    if (same_measure) kind = direction_of_bound(old_bound, new_bound);
  }
  comparison.add(name, before, after, kind);
}

std::string text_of(const PlanMeaning& of, std::size_t rule) {
  if (of.plan.window_rules[rule].drift >= 0) return drift_in_words(of.plan, of.plan.window_rules[rule]);
  if (rule >= of.conditions.size()) return of.plan.window_rules[rule].info.expected;
  const WrittenConditions& written = of.conditions[rule];
  if (written.should.empty()) return written.must;
  return (written.must.empty() ? "" : written.must + ", ") + "should " + written.should;
}

std::size_t find_rule(const Plan& plan, const std::string& id) {
  const auto found = std::find_if(plan.window_rules.begin(), plan.window_rules.end(),
                                  [&](const WindowRule& rule) { return rule.info.id == id; });
  return static_cast<std::size_t>(found - plan.window_rules.begin());
}

const DriftRule* drift_of(const Plan& plan, const WindowRule& rule) {
  return rule.drift < 0 ? nullptr : &plan.drift_rules[static_cast<std::size_t>(rule.drift)];
}

void compare_drift(const PlanMeaning& before, std::size_t old, const PlanMeaning& after, std::size_t now,
                   RuleComparison& comparison) {
  const WindowRule& was = before.plan.window_rules[old];
  const WindowRule& is = after.plan.window_rules[now];
  const DriftRule* const from = drift_of(before.plan, was);
  const DriftRule* const to = drift_of(after.plan, is);
  if (from == nullptr || to == nullptr) {
    if (from != to) comparison.add("", text_of(before, old), text_of(after, now), ChangeKind::Changed);
    return;
  }
  const auto add = [&](std::string_view name, const std::string& a, const std::string& b) {
    comparison.add(name, a, b, ChangeKind::Changed);
  };
  const auto fields = [](const DriftRule& rule) {
    std::string text;
    for (const std::string& path : rule.paths) text += (text.empty() ? "" : ", ") + path;
    return text;
  };
  add("fields", fields(*from), fields(*to));
  add("reference", from->reference.text, to->reference.text);
  add("test", was.info.check, is.info.check);
  if (was.info.check == is.info.check) add("tolerance", tolerances_in_words(*from), tolerances_in_words(*to));
  add("alarm", alarm_in_words(before.plan, *from), alarm_in_words(after.plan, *to));
  add("dependence", from->any_dependence ? "any" : "positive", to->any_dependence ? "any" : "positive");
  comparison.add("severity", weir::word_of(was.info.severity), weir::word_of(is.info.severity),
                 is.info.severity == Severity::Error ? ChangeKind::Tighter : ChangeKind::Looser);
}

std::optional<RuleChange> compare_rules(const PlanMeaning& before, std::size_t old, const PlanMeaning& after,
                                        std::size_t now) {
  const WindowRule& from = before.plan.window_rules[old];
  const WindowRule& to = after.plan.window_rules[now];
  RuleComparison comparison;
  if (old < before.conditions.size() && now < after.conditions.size()) {
    const WrittenConditions& was = before.conditions[old];
    const WrittenConditions& is = after.conditions[now];
    compare_conditions("", from.must, was.must, to.must, is.must, comparison);
    compare_conditions("should", from.should, was.should, to.should, is.should, comparison);
  }
  compare_drift(before, old, after, now, comparison);
  comparison.add("when", from.info.when, to.info.when, ChangeKind::Changed);
  comparison.add("on_empty", word_of(from.on_empty), word_of(to.on_empty),
                 to.on_empty > from.on_empty ? ChangeKind::Tighter : ChangeKind::Looser);
  compare_blocks(before.plan.windows[from.block], after.plan.windows[to.block], comparison);
  if (auto change = comparison.change(to.info.id)) return change;
  const bool known = old < before.window_meanings.size() && now < after.window_meanings.size();
  if (!known || before.window_meanings[old] == after.window_meanings[now]) return std::nullopt;
  return RuleChange{.id = to.info.id,
                    .before = text_of(after, now),
                    .after = to.drift < 0 ? "the same with other parameters" : "the same with another reference file"};
}

/// When a record happened.
void compare_time(const Plan& before, const Plan& after, std::vector<RuleChange>& changes) {
  if (before.window_rules.empty() || after.window_rules.empty()) return;
  const auto field = [](const Plan& plan) {
    return plan.time.column < 0 ? std::string() : plan.fields[static_cast<std::size_t>(plan.time.column)].path.text();
  };
  constexpr std::string_view kErrors[] = {"quarantine", "use_record_time", "drop"};
  RuleComparison comparison;
  const auto add = [&](std::string_view name, std::string_view was, std::string_view is) {
    comparison.add(name, was, is, ChangeKind::Changed);
  };
  add("time", field(before), field(after));
  add("zone", before.time.zone, after.time.zone);
  add("time_error", kErrors[static_cast<std::size_t>(before.time.on_error)],
      kErrors[static_cast<std::size_t>(after.time.on_error)]);
  add("out_of_order", format_duration(before.time.out_of_order), format_duration(after.time.out_of_order));
  add("max_future", format_duration(before.time.max_future), format_duration(after.time.max_future));
  if (auto change = comparison.change("source")) changes.push_back(*std::move(change));
}

}  // namespace

void compare_windows(const PlanMeaning& before, const PlanMeaning& after, std::vector<RuleChange>& changes) {
  compare_time(before.plan, after.plan, changes);
  for (std::size_t i = 0; i < after.plan.window_rules.size(); ++i) {
    const std::string& id = after.plan.window_rules[i].info.id;
    const std::size_t old = find_rule(before.plan, id);
    if (old == before.plan.window_rules.size()) {
      changes.push_back({.kind = ChangeKind::Added, .id = id, .before = "", .after = text_of(after, i)});
    } else if (auto change = compare_rules(before, old, after, i)) {
      changes.push_back(*std::move(change));
    }
  }
  for (std::size_t i = 0; i < before.plan.window_rules.size(); ++i) {
    const std::string& id = before.plan.window_rules[i].info.id;
    if (find_rule(after.plan, id) == after.plan.window_rules.size())
      changes.push_back({.kind = ChangeKind::Removed, .id = id, .before = text_of(before, i), .after = ""});
  }
}

}  // namespace weir
