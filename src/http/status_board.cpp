// SPDX-License-Identifier: Apache-2.0
#include "http/status_board.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <tuple>

namespace weir {

namespace {

constexpr std::size_t kTroubles = 20;
constexpr std::size_t kSchemas = 100;
constexpr std::size_t kReloads = 20;
constexpr std::size_t kLookedThrough = 256;  // failing records of a step, for samples
constexpr std::size_t kFewestWindows = 8;    // of a rule, however many rules there are

/// What makes two rules of two plans the same: then its counts go on.
auto meaning_of(const RuleInfo& rule) {
  return std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, std::string_view>(
      rule.id, rule.check, rule.field, rule.expected, rule.when);
}

/// For each rule of `now` the place that the same rule had in `before`.
template <class Rules>
std::vector<std::optional<std::size_t>> places_before(const Rules& before, const Rules& now) {
  std::map<decltype(meaning_of(before[0].info)), std::size_t> places;
  for (std::size_t i = 0; i < before.size(); ++i) places.emplace(meaning_of(before[i].info), i);
  std::vector<std::optional<std::size_t>> found(now.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (const auto at = places.find(meaning_of(now[i].info)); at != places.end()) found[i] = at->second;
  }
  return found;
}

/// The states of the rules that stay, in their new order; new ones for the others.
template <class State>
std::vector<State> moved(std::vector<State>&& states, const std::vector<std::optional<std::size_t>>& from) {
  std::vector<State> out(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] && *from[i] < states.size()) out[i] = std::move(states[*from[i]]);
  }
  return out;
}

void add(WindowCounts& to, const WindowCounts& counts) {
  to.evaluated += counts.evaluated;
  to.failed += counts.failed;
  to.warned += counts.warned;
  to.no_data += counts.no_data;
  to.inconclusive += counts.inconclusive;
  to.errors += counts.errors;
}

}  // namespace

StatusBoard::StatusBoard(Options options, std::function<Clock::time_point()> clock)
    : options_(std::move(options)), clock_(std::move(clock)), turned_(clock_()) {
  kept_.stream = options_.stream;
  kept_.samples_per_rule = options_.samples_per_rule;
}

void StatusBoard::rules(const std::shared_ptr<const Plan>& plan) {
  static const Plan nothing;
  const std::shared_ptr<const Plan> before = kept_.plan;  // written by this thread alone
  const Plan& old = before == nullptr ? nothing : *before;
  const auto record_places = places_before(old.rules, plan->rules);
  const auto window_places = places_before(old.window_rules, plan->window_rules);
  std::shared_ptr<RuleChanges> changes;
  if (before != nullptr) {
    changes = std::make_shared<RuleChanges>(compare_rules(old, *plan));
    changes->at = clock_();
  }
  const std::lock_guard lock(mutex_);
  if (changes != nullptr) {
    if (kept_.reloads.size() == kReloads) kept_.reloads.erase(kept_.reloads.begin());
    kept_.reloads.push_back(std::move(changes));
  }
  kept_.plan = plan;
  kept_.rules = moved(std::move(kept_.rules), record_places);
  samples_ = moved(std::move(samples_), record_places);
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    for (StreamView::KeptSample& kept : samples_[i]) kept.sample.rule = static_cast<std::uint32_t>(i);
  }
  window_rules_ = moved(std::move(window_rules_), window_places);
  const std::size_t share = options_.windows / std::max<std::size_t>(plan->window_rules.size(), 1);
  recent_max_ = std::min(options_.windows_per_rule, std::max(kFewestWindows, share));
  for (WindowRuleState& rule : window_rules_) {
    while (rule.recent.size() > recent_max_) rule.recent.pop_front();
  }
}

void StatusBoard::judged(const Fetched& fetched, const Outcome& outcome, Instant now) {
  const std::lock_guard lock(mutex_);
  kept_.records += outcome.records;
  kept_.undecodable += outcome.undecodable;
  const std::size_t rules = std::min(kept_.rules.size(), outcome.rules.size());
  for (std::size_t i = 0; i < rules; ++i) {
    StreamView::RecordRuleView& rule = kept_.rules[i];
    rule.counts.evaluated += outcome.rules[i].evaluated;
    rule.counts.skipped += outcome.rules[i].skipped;
    rule.counts.failed += outcome.rules[i].failed;
    if (outcome.rules[i].failed == 0) continue;
    if (!rule.last_failed || now - *rule.last_failed > kEpisode) rule.failing_since = now;
    rule.last_failed = now;
  }
  if (options_.samples_per_rule > 0) keep_samples(fetched, outcome, now);
}

/// Of Outcome::failing and not of its samples, which are the first ones of a run.
void StatusBoard::keep_samples(const Fetched& fetched, const Outcome& outcome, Instant now) {
  const std::size_t records = std::min(outcome.failing.size(), kLookedThrough);
  for (const FailingRecord& record : std::span(outcome.failing).last(records)) {
    for (const Violation& broken : record.violations) {
      if (broken.rule >= samples_.size()) continue;
      std::deque<StreamView::KeptSample>& kept = samples_[broken.rule];
      kept.push_back({.partition = fetched.partition,
                      .sample = {.rule = broken.rule,
                                 .input = 0,
                                 .line = 0,
                                 .offset = record.offset,
                                 .value = broken.value,
                                 .reason = broken.message},
                      .at = now});
      if (kept.size() > options_.samples_per_rule) kept.pop_front();
    }
  }
}

void StatusBoard::windows(const WindowOutcome& windows, Instant) {
  std::vector<std::shared_ptr<const WindowVerdict>> verdicts;
  verdicts.reserve(windows.verdicts.size());
  for (const WindowVerdict& verdict : windows.verdicts) {
    verdicts.push_back(std::make_shared<const WindowVerdict>(verdict));
  }
  std::vector<std::shared_ptr<const WindowVerdict>> over;  // let go of behind the lock
  const std::lock_guard lock(mutex_);
  kept_.late += windows.late;
  kept_.future += windows.future;
  kept_.untimed += windows.untimed;
  const std::size_t rules = std::min(window_rules_.size(), windows.rules.size());
  for (std::size_t i = 0; i < rules; ++i) add(window_rules_[i].counts, windows.rules[i]);
  for (std::shared_ptr<const WindowVerdict>& verdict : verdicts) {
    if (verdict->rule >= window_rules_.size()) continue;
    auto& recent = window_rules_[verdict->rule].recent;
    recent.push_back(std::move(verdict));
    if (recent.size() <= recent_max_) continue;
    over.push_back(std::move(recent.front()));
    recent.pop_front();
  }
}

void StatusBoard::quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) {
  const std::lock_guard lock(mutex_);
  kept_.quarantined += records;
  const std::size_t known = std::min(kept_.rules.size(), rules.size());
  for (std::size_t i = 0; i < known; ++i) kept_.rules[i].quarantined += rules[i];
}

void StatusBoard::kept_out(std::uint64_t records) {
  const std::lock_guard lock(mutex_);
  kept_.kept_out += records;
}

void StatusBoard::trouble(const Trouble& trouble, Instant now) {
  const std::lock_guard lock(mutex_);
  std::vector<StreamView::KeptTrouble>& troubles = kept_.troubles;
  if (!troubles.empty() && troubles.back().trouble.event == trouble.event) {
    troubles.back() = {trouble, now, troubles.back().times + 1};
    return;
  }
  if (troubles.size() == kTroubles) troubles.erase(troubles.begin());
  troubles.push_back({trouble, now, 1});
}

void StatusBoard::schema(const SchemaChange& change, Instant now) {
  auto kept = std::make_shared<const StreamView::KeptSchema>(StreamView::KeptSchema{.change = change, .at = now});
  const std::lock_guard lock(mutex_);
  if (kept_.schemas.size() == kSchemas) kept_.schemas.erase(kept_.schemas.begin());
  kept_.schemas.push_back(std::move(kept));
}

void StatusBoard::status(const StreamStatus& status) {
  auto kept = std::make_shared<const StreamStatus>(status);
  const Clock::time_point now = clock_();
  const std::lock_guard lock(mutex_);
  kept_.status.swap(kept);
  turned_ = now;
}

std::chrono::milliseconds StatusBoard::silent_until(Clock::time_point now) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - turned_);
}

StreamView StatusBoard::view_locked() const {
  StreamView view = kept_;
  view.seen_at = clock_();
  view.silent_for = silent_until(view.seen_at);
  for (const WindowRuleState& rule : window_rules_) view.window_rules.push_back(rule.counts);
  for (const auto& samples : samples_) view.samples.insert(view.samples.end(), samples.begin(), samples.end());
  return view;
}

StreamView StatusBoard::view() const {
  const std::lock_guard lock(mutex_);
  return view_locked();
}

StreamView StatusBoard::pulse() const {
  StreamView view;
  const std::lock_guard lock(mutex_);
  view.stream = kept_.stream;
  view.status = kept_.status;
  view.seen_at = clock_();
  view.silent_for = silent_until(view.seen_at);
  return view;
}

std::pair<StreamView, std::vector<ShownWindow>> StatusBoard::view_with_windows() const {
  const std::lock_guard lock(mutex_);
  std::pair<StreamView, std::vector<ShownWindow>> out(view_locked(), {});
  for (std::size_t i = 0; i < window_rules_.size(); ++i) {
    for (const auto& verdict : window_rules_[i].recent) out.second.push_back({static_cast<std::uint32_t>(i), verdict});
  }
  return out;
}

}  // namespace weir
