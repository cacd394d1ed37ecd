// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "report/windows.h"

namespace weir {
namespace {

const CaughtList kNothing;

/// The place of each rule by its id.
std::map<std::string_view, std::size_t> record_rules_of(const Plan& plan) {
  std::map<std::string_view, std::size_t> rules;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) rules.emplace(plan.rules[i].info.id, i);
  return rules;
}

const CaughtList& list_of(const BacktestSide& side, const std::map<std::string_view, std::size_t>& rules,
                          const std::string& id) {
  const auto at = rules.find(id);
  return at == rules.end() || side.caught == nullptr ? kNothing : side.caught->of_rule(at->second);
}

bool is_failing(const WindowVerdict& verdict) {
  return verdict.verdict == Verdict::Fail || verdict.verdict == Verdict::Warn || verdict.verdict == Verdict::Error;
}

/// The failing windows of a rule by their names, each judged last: a window may be revised.
std::map<std::string, const WindowVerdict*> failing_windows(const BacktestSide& side, const std::string& id) {
  std::map<std::string, const WindowVerdict*> windows;
  for (const WindowVerdict& verdict : side.windows.verdicts) {
    const RuleInfo& info = side.plan->window_rules[verdict.rule].info;
    if (info.id != id) continue;
    const std::string name = place_of(verdict);
    if (is_failing(verdict)) windows[name] = &verdict;
    if (!is_failing(verdict) && verdict.revised) windows.erase(name);
  }
  return windows;
}

std::vector<const WindowVerdict*> windows_only_in(const std::map<std::string, const WindowVerdict*>& one,
                                                  const std::map<std::string, const WindowVerdict*>& other) {
  std::vector<const WindowVerdict*> only;
  for (const auto& [name, verdict] : one) {
    if (!other.contains(name)) only.push_back(verdict);
  }
  std::stable_sort(only.begin(), only.end(), [](const auto* a, const auto* b) { return a->start < b->start; });
  return only;
}

BacktestChange change_of(const RuleBacktest& rule) {
  if (rule.before == nullptr) return BacktestChange::Added;
  if (rule.after == nullptr) return BacktestChange::Removed;
  const std::uint64_t now = rule.after->counts.failed;
  const std::uint64_t then = rule.before->counts.failed;
  if (now > 0 && then == 0) return BacktestChange::New;
  if (now == 0 && then > 0) return BacktestChange::Gone;
  if (now != then) return now > then ? BacktestChange::More : BacktestChange::Fewer;
  const bool moved = rule.caught.records + rule.missed.records + rule.windows.size() + rule.windows_gone.size() > 0;
  return moved ? BacktestChange::Others : BacktestChange::Same;
}

}  // namespace

std::string_view word_of(BacktestChange change) {
  constexpr std::string_view kWords[] = {"same", "new", "gone", "more", "fewer", "others", "added", "removed"};
  return kWords[static_cast<std::size_t>(change)];
}

bool BacktestComparison::is_same() const {
  return put_aside.records + let_through.records == 0 &&
         std::all_of(rules.begin(), rules.end(), [](const RuleBacktest& rule) {
           const bool silent = !rule.fires() && !rule.fired();
           return rule.change == BacktestChange::Same ||
                  (silent && (rule.change == BacktestChange::Added || rule.change == BacktestChange::Removed));
         });
}

BacktestComparison compare_sides(const BacktestSide& after, const BacktestSide& before) {
  BacktestComparison comparison;
  const auto rules_after = record_rules_of(*after.plan);
  const auto rules_before = record_rules_of(*before.plan);
  std::map<std::string_view, const RuleReport*> reports_before;
  for (const RuleReport& rule : before.report.rules) reports_before.emplace(rule.info.id, &rule);
  std::set<std::string_view> known;
  const auto add = [&](const RuleReport* now, const RuleReport* then) {
    RuleBacktest rule{.id = (now != nullptr ? now : then)->info.id, .after = now, .before = then};
    if ((now != nullptr ? now : then)->windows) {
      const auto failing = failing_windows(after, rule.id);
      const auto failed = failing_windows(before, rule.id);
      rule.windows = windows_only_in(failing, failed);
      rule.windows_gone = windows_only_in(failed, failing);
    } else {
      const CaughtList& here = list_of(after, rules_after, rule.id);
      const CaughtList& there = list_of(before, rules_before, rule.id);
      rule.caught = caught_only_by(here, there);
      rule.missed = caught_only_by(there, here);
    }
    rule.change = change_of(rule);
    comparison.rules.push_back(std::move(rule));
  };
  for (const RuleReport& rule : after.report.rules) {
    const auto then = reports_before.find(rule.info.id);
    add(&rule, then == reports_before.end() ? nullptr : then->second);
    known.insert(rule.info.id);
  }
  for (const RuleReport& rule : before.report.rules) {
    if (!known.contains(rule.info.id)) add(nullptr, &rule);
  }
  const CaughtList& here = after.caught != nullptr ? after.caught->put_aside() : kNothing;
  const CaughtList& there = before.caught != nullptr ? before.caught->put_aside() : kNothing;
  comparison.put_aside = caught_only_by(here, there);
  comparison.let_through = caught_only_by(there, here);
  return comparison;
}

std::string BacktestFrame::place_of(const CaughtPlace& place) const {
  const std::string& part = place.part < parts.size() ? parts[place.part] : title;
  return part + (of_topic ? "/" : ":") + std::to_string(place.at);
}

}  // namespace weir
