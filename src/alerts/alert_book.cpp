// SPDX-License-Identifier: Apache-2.0
#include "alerts/alert_book.h"

#include <algorithm>
#include <utility>

#include "alerts/alert_json.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"
#include "batch/verdict_json.h"
#include "weir/measured.h"

namespace weir {

namespace {

constexpr std::size_t kSampleBytes = 200;
constexpr std::size_t kCauseBytes = 500;
constexpr std::size_t kFingerprintDigits = 16;
constexpr std::string_view kOther = "__other__";

/// No two values are shown alike: the fingerprint is made of what is shown.
std::string shown_value(const std::optional<std::string>& value) {
  if (!value) return "null";
  return *value == "null" || value->starts_with('"') ? json_quote(*value) : *value;
}

std::vector<std::pair<std::string, std::string>> segment_of(const WindowVerdict& verdict) {
  std::vector<std::pair<std::string, std::string>> segment;
  if (verdict.segment == nullptr) return segment;
  for (const auto& [field, value] : verdict.segment->values) segment.emplace_back(field, shown_value(value));
  if (verdict.segment->other) segment.emplace_back(kOther, "true");
  return segment;
}

/// Tells null from the text of that name, and fields from their values.
std::string key_of(const WindowVerdict& verdict) {
  if (verdict.segment == nullptr) return "";
  std::string key;
  for (const auto& [field, value] : verdict.segment->values)
    key += json_quote(field) + ":" + (value ? json_quote(*value) : "null") + ",";
  if (verdict.segment->other) key += kOther;
  return key;
}

bool has_answer(const WindowVerdict& verdict) {
  if (verdict.partial || verdict.warming) return false;
  return verdict.verdict == Verdict::Pass || verdict.verdict == Verdict::Warn || verdict.verdict == Verdict::Fail;
}

/// Whether the alert is about segments as the rule makes them now.
bool has_segments_of(const Alert& alert, const WindowBlock& block) {
  if (!alert.segment.empty() && alert.segment.back().first == kOther) return !block.segment.empty();
  return std::equal(alert.segment.begin(), alert.segment.end(), block.segment.begin(), block.segment.end(),
                    [](const auto& one, const SegmentField& field) { return one.first == field.path; });
}

}  // namespace

std::string alert_fingerprint(const Alert& alert) {
  std::string text = json_quote(alert.pipeline) + json_quote(alert.stream) + json_quote(alert.rule);
  for (const auto& [field, value] : alert.segment) text += json_quote(field) + json_quote(value);
  return sha256_hex(text).substr(0, kFingerprintDigits);
}

AlertBook::AlertBook(AlertBookOptions options, std::unique_ptr<AlertStore> store, Tell tell)
    : options_(std::move(options)), store_(std::move(store)), tell_(std::move(tell)) {}

// ---- the rules

void AlertBook::rules(const std::shared_ptr<const Plan>& plan) {
  plan_ = plan;
  samples_.assign(plan->rules.size(), {});
  end_rules_that_are_gone();
  settle_changes();
}

void AlertBook::end_rules_that_are_gone() {
  for (auto& [id, segments] : entries_) {
    const auto known = std::find_if(plan_->window_rules.begin(), plan_->window_rules.end(),
                                    [&id = id](const WindowRule& rule) { return rule.info.id == id; });
    const bool gone = known == plan_->window_rules.end();
    for (auto& [key, entry] : segments) {
      if (!gone && has_segments_of(entry.alert, plan_->windows[known->block])) continue;
      if (entry.phase == Entry::Phase::Voting) entry.votes.clear();
      if (entry.phase != Entry::Phase::Firing) continue;
      const Instant now = options_.clock ? options_.clock() : entry.alert.window_end;
      end(entry, std::max(now, entry.alert.window_end),
          gone ? "the rule is gone" : "the rule is judged by other segments now");
    }
  }
}

AlertBook::VoteCounts AlertBook::votes_of(const WindowRule& rule) const {
  if (rule.drift >= 0) return {};  // its verdict is one of several windows
  return {.fire = options_.fire, .of = options_.of, .clear = options_.clear};
}

// ---- what is found

void AlertBook::judged(const Fetched& /*fetched*/, const Outcome& outcome, Instant /*now*/) {
  if (options_.samples == 0) return;
  for (const FailingRecord& record : outcome.failing) {
    for (const Violation& broken : record.violations) {
      if (broken.rule >= samples_.size()) continue;
      std::deque<std::string>& kept = samples_[broken.rule];
      const std::string where = broken.path.empty() ? "" : broken.path + ": ";
      kept.push_back(shorten(where + (broken.value.empty() ? broken.message : broken.value), kSampleBytes));
      if (kept.size() > options_.samples) kept.pop_front();
    }
  }
}

/// Of rules about the same field; a rule about records as a whole is explained by any of them, each in its turn. The newest
/// first.
void AlertBook::add_samples(Alert& alert, const RuleInfo& rule) const {
  std::vector<std::string> found;
  for (std::size_t nth = 0; nth < options_.samples; ++nth) {
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (nth >= samples_[i].size() || found.size() == options_.samples) continue;
      if (!rule.field.empty() && plan_->rules[i].info.field != rule.field) continue;
      found.push_back(*(samples_[i].rbegin() + static_cast<std::ptrdiff_t>(nth)));
    }
  }
  if (!found.empty()) alert.samples = std::move(found);
}

void AlertBook::windows(const WindowOutcome& windows, Instant now) {
  if (plan_ == nullptr || windows.verdicts.empty()) return;
  for (const WindowVerdict& verdict : windows.verdicts) {
    if (verdict.rule >= plan_->window_rules.size() || !has_answer(verdict)) continue;
    hear(verdict, plan_->window_rules[verdict.rule], now);
  }
  end_silent_segments();
  forget_old_ones();
  settle_changes();
}

void AlertBook::hear(const WindowVerdict& verdict, const WindowRule& rule, Instant now) {
  const bool broke = verdict.verdict != Verdict::Pass;
  const Vote vote{
      .start = verdict.has_span ? verdict.start : now, .end = verdict.has_span ? verdict.end : now, .broke = broke};
  if (!verdict.backfill) newest_ = std::max(newest_, vote.end);
  Entry* const entry = find_or_add(verdict, rule, broke && !verdict.backfill && !verdict.revised);
  if (entry == nullptr) return;
  if (verdict.revised) {
    if (revise(*entry, vote)) count(*entry, verdict, rule, vote);
    return;
  }
  if (!entry->votes.empty()) {
    const Vote& last = entry->votes.back();
    if (std::pair(vote.end, vote.start) <= std::pair(last.end, last.start)) return;  // judged before a kill
  }
  // A window of the past is no reason to wake anybody, also not together with one of now.
  if (broke && verdict.backfill && entry->phase != Entry::Phase::Firing) return;
  const VoteCounts needed = votes_of(rule);
  const std::size_t kept = std::max(needed.of, needed.clear);
  // Of empty windows in a row, judged as one, each counts.
  const std::uint64_t times = std::clamp<std::uint64_t>(verdict.windows, 1, kept);
  entry->votes.insert(entry->votes.end(), times, vote);
  if (entry->votes.size() > kept)
    entry->votes.erase(entry->votes.begin(), entry->votes.end() - static_cast<std::ptrdiff_t>(kept));
  entry->unsaved = true;
  count(*entry, verdict, rule, vote);
}

/// A window that broke the rule may hold with the records that came late; never the other way round.
bool AlertBook::revise(Entry& entry, const Vote& vote) {
  if (vote.broke) return false;
  bool changed = false;
  for (Vote& cast : entry.votes) {
    if (!cast.broke || cast.start != vote.start || cast.end != vote.end) continue;
    cast.broke = false;
    changed = true;
  }
  entry.unsaved = entry.unsaved || changed;
  return changed;
}

AlertBook::Entry* AlertBook::find_or_add(const WindowVerdict& verdict, const WindowRule& rule, bool may_begin) {
  auto of_rule = entries_.find(rule.info.id);
  if (of_rule == entries_.end()) {
    if (!may_begin) return nullptr;
    of_rule = entries_.emplace(rule.info.id, BySegment()).first;
  }
  const std::string key = key_of(verdict);
  const auto known = of_rule->second.find(key);
  if (known != of_rule->second.end()) return &known->second;
  if (!may_begin) return nullptr;
  if (size_ >= options_.most) {
    ++left_out_;
    return nullptr;
  }
  ++size_;
  Entry& entry = of_rule->second[key];
  entry.alert = new_alert(verdict, rule);
  return &entry;
}

Alert AlertBook::new_alert(const WindowVerdict& verdict, const WindowRule& rule) const {
  Alert alert;
  alert.pipeline = options_.pipeline;
  alert.stream = options_.stream;
  alert.rule = rule.info.id;
  alert.segment = segment_of(verdict);
  alert.fingerprint = alert_fingerprint(alert);
  return alert;
}

/// The newest window that decided, and the rule as it is written now.
void AlertBook::take_evidence(Alert& alert, const WindowVerdict& verdict, const WindowRule& rule) const {
  alert.kind = word_of(rule.info.kind);
  alert.field = rule.info.field;
  alert.tags = rule.info.tags;
  alert.description = rule.info.description;
  alert.runbook = rule.info.runbook;
  // A rule with `should` and `must` may begin with the one and go on with the other; while it lasts it gets no milder.
  if (verdict.verdict == Verdict::Fail || alert.severity.empty())
    alert.severity = verdict.verdict == Verdict::Fail ? "error" : "warn";
  alert.window_start = verdict.start;
  alert.window_end = verdict.end;
  alert.observed = verdict.observed.is_value() ? show(verdict.observed, verdict.observed_is_rate) : "";
  alert.expected = verdict.expected;
  const bool drifts = verdict.drift != nullptr && !verdict.drift->summary.empty();
  alert.cause = shorten(drifts ? verdict.drift->summary : verdict.cause, kCauseBytes);
  add_samples(alert, rule.info);
}

void AlertBook::count(Entry& entry, const WindowVerdict& verdict, const WindowRule& rule, const Vote& vote) {
  const VoteCounts needed = votes_of(rule);
  const std::vector<Vote>& votes = entry.votes;
  if (entry.phase == Entry::Phase::Firing) {
    if (vote.broke) {
      // An alarm lasts until enough windows are clean again. What a clean one says is no evidence for it.
      if (verdict.drift != nullptr && !verdict.drift->drifted) return;
      entry.alert.windows += verdict.windows;
      take_evidence(entry.alert, verdict, rule);
      changed_.push_back(entry.alert);
      return;
    }
    const auto last_broken = std::find_if(votes.rbegin(), votes.rend(), [](const Vote& cast) { return cast.broke; });
    if (last_broken - votes.rbegin() >= static_cast<std::ptrdiff_t>(needed.clear)) {
      end(entry, std::max(vote.end, entry.alert.starts_at), "");
    }
    return;
  }
  if (!vote.broke) return;
  const std::size_t looked_at = std::min<std::size_t>(needed.of, votes.size());
  const auto begin = votes.end() - static_cast<std::ptrdiff_t>(looked_at);
  const auto broken = std::count_if(begin, votes.end(), [](const Vote& cast) { return cast.broke; });
  if (broken < static_cast<std::ptrdiff_t>(needed.fire)) return;
  entry.phase = Entry::Phase::Firing;
  entry.alert = new_alert(verdict, rule);
  entry.alert.starts_at = std::find_if(begin, votes.end(), [](const Vote& cast) { return cast.broke; })->end;
  entry.alert.windows = std::max(static_cast<std::uint64_t>(broken), verdict.windows);
  take_evidence(entry.alert, verdict, rule);
  change(entry);
}

/// The votes are forgotten but for the newest: it says what was judged.
void AlertBook::end(Entry& entry, Instant at, const std::string& why) {
  entry.phase = Entry::Phase::Over;
  entry.alert.state = Alert::State::Resolved;
  entry.alert.ends_at = at;
  if (!why.empty()) entry.alert.cause = why;
  if (entry.votes.size() > 1) entry.votes.erase(entry.votes.begin(), entry.votes.end() - 1);
  for (Vote& vote : entry.votes) vote.broke = false;
  change(entry);
}

void AlertBook::change(Entry& entry) {
  entry.unsaved = true;
  turned_ = true;
  changed_.push_back(entry.alert);
}

/// A value that does not come any more has no window that could end its alert.
void AlertBook::end_silent_segments() {
  for (auto& [id, segments] : entries_) {
    for (auto& [key, entry] : segments) {
      if (entry.phase != Entry::Phase::Firing || entry.alert.segment.empty() || entry.votes.empty()) continue;
      const Instant last = entry.votes.back().end;
      if (newest_ == Instant::min() || newest_ - last < options_.silent_after) continue;
      end(entry, newest_, "nothing of it was judged for a day");
    }
  }
}

/// What never became an alert goes when all of its windows hold; of those that are over the oldest go.
void AlertBook::forget_old_ones() {
  std::vector<std::pair<Instant, std::pair<std::string, std::string>>> over;
  for (auto& [id, segments] : entries_) {
    for (auto entry = segments.begin(); entry != segments.end();) {
      const Entry& one = entry->second;
      if (one.phase == Entry::Phase::Over)
        over.emplace_back(one.alert.ends_at.value_or(Instant{}), std::pair(id, entry->first));
      const bool held = std::none_of(one.votes.begin(), one.votes.end(), [](const Vote& vote) { return vote.broke; });
      if (one.phase != Entry::Phase::Voting || !held) {
        ++entry;
        continue;
      }
      let_go(one.alert);
      entry = segments.erase(entry);
      --size_;
    }
  }
  if (over.size() <= options_.keep_over) return;
  std::sort(over.begin(), over.end());
  over.resize(over.size() - options_.keep_over);
  for (const auto& [when, name] : over) {
    BySegment& segments = entries_.find(name.first)->second;
    let_go(segments[name.second].alert);
    segments.erase(name.second);
    --size_;
  }
}

/// Where nothing is kept there is nothing to take away; and while a disk does not take it only so much is remembered: what
/// stays there is over, and is forgotten after the next start.
void AlertBook::let_go(const Alert& alert) {
  if (store_ != nullptr && gone_.size() < 4 * options_.most) gone_.insert(alert.fingerprint);
}

/// Nobody is told of what a kill would make us forget. A disk that does not take it is no reason to tell nobody: it is said
/// by the stream, whose next snapshot is not written without it.
void AlertBook::settle_changes() {
  if (std::exchange(turned_, false)) (void)save();
  const std::vector<Alert> changed = std::exchange(changed_, {});
  for (const Alert& alert : changed) tell_(alert);
  if (options_.left_out && left_out_ > left_out_told_)
    options_.left_out(left_out_ - std::exchange(left_out_told_, left_out_));
}

std::size_t AlertBook::firing() const {
  std::size_t count = 0;
  for (const auto& [id, segments] : entries_) {
    for (const auto& [key, entry] : segments) count += entry.phase == Entry::Phase::Firing ? 1 : 0;
  }
  return count;
}

void AlertBook::hand_over() {
  entries_.clear();
  size_ = 0;
  changed_.clear();
  newest_ = Instant::min();
}

}  // namespace weir
