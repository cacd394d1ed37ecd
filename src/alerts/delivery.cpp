// SPDX-License-Identifier: Apache-2.0
#include "alerts/delivery.h"

#include <algorithm>

#include "alerts/choice.h"

namespace weir {

namespace {

constexpr std::size_t kMostInOne = 100;  // alerts of a notification
constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr unsigned kFailuresOfBreaker = 5;
constexpr Duration kBroken = std::chrono::minutes(1);
constexpr Duration kLongestWait = std::chrono::hours(1);
constexpr Duration kRefusedFor = std::chrono::hours(1);
constexpr Duration kForgetful = std::chrono::minutes(1);
constexpr Duration kLookAgain = std::chrono::seconds(30);
constexpr Duration kLookAtMaintenance = std::chrono::seconds(1);

}  // namespace

AlertDelivery::AlertDelivery(DeliveryOptions options, std::vector<DeliveryTarget> targets)
    : options_(std::move(options)), state_of_draw_(options_.seed) {
  for (DeliveryTarget& target : targets) {
    Target& made = targets_.emplace_back();
    made.facts.name = target.name;
    made.settings = std::move(target);
  }
}

/// SplitMix64: as good as it has to be, and the same from the same seed.
double AlertDelivery::draw() {
  std::uint64_t z = state_of_draw_ += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1.0p-53;
}

// ---- what is true

const MaintenanceWindow* AlertDelivery::maintenance(const Alert& alert, Instant now) const {
  return maintenance_of(options_.maintenance, alert.stream, alert.rule, now);
}

AlertDelivery::Heard AlertDelivery::hear(const Alert& alert, Instant now) {
  Heard heard;
  const auto [at, is_new] = known_.try_emplace(alert.fingerprint);
  Known& known = at->second;
  const bool fires = alert.state == Alert::State::Firing;
  const bool same = !is_new && known.alert.state == alert.state && known.alert.starts_at == alert.starts_at;
  heard.began = fires && !same;
  heard.ended = !fires && !same;
  heard.silenced = maintenance(alert, now) != nullptr;
  heard.is_news = !same || known.alert.severity != alert.severity;
  if (heard.is_news) {
    ++known.version;
    known.changed_at = now;
    known.restored = !begun_;
    if (heard.ended && heard.silenced && begun_) hush(alert);
  }
  known.alert = alert;
  // Not at each of a storm: to look for those to forget means to look at all.
  constexpr std::size_t kShare = 8;
  if (heard.ended || is_new) ++untrimmed_;
  if (known_.size() > options_.keep_over && untrimmed_ * kShare >= known_.size()) trim(now);
  return heard;
}

/// Who has not heard that it began need not hear that it is over.
void AlertDelivery::hush(const Alert& alert) {
  for (Target& target : targets_) {
    const auto mark = target.marks.find(alert.fingerprint);
    if (mark != target.marks.end() && mark->second.state == Alert::State::Firing) continue;
    const Mark unheard{.state = alert.state, .starts_at = alert.starts_at, .severity = alert.severity, .told_at = {}};
    target.marks[alert.fingerprint] = unheard;
    save_mark(target, alert, unheard);
  }
}

void AlertDelivery::hand_over(std::string_view stream) {
  std::vector<std::string> gone;
  for (const auto& [fingerprint, known] : known_) {
    if (known.alert.stream == stream) gone.push_back(fingerprint);
  }
  for (const std::string& fingerprint : gone) forget(fingerprint);
}

void AlertDelivery::forget(const std::string& fingerprint) {
  for (Target& target : targets_) {
    if (target.marks.erase(fingerprint) > 0) unsaved_[name_of(target, fingerprint)] = "";
    target.refusals.erase(fingerprint);
  }
  known_.erase(fingerprint);
}

bool AlertDelivery::is_owed_by_any(const Known& known, Instant now) const {
  return std::any_of(targets_.begin(), targets_.end(), [&](const Target& target) {
    return owes(target, known, mark_of(target, known.alert.fingerprint), now);
  });
}

/// Of alerts that are over and that everybody knows of the oldest go, of what is beyond all bounds the oldest at all.
void AlertDelivery::trim(Instant now) {
  untrimmed_ = 0;
  std::map<std::string_view, std::size_t> left;  // by stream
  std::vector<std::pair<Instant, const Known*>> over;
  for (const auto& [fingerprint, known] : known_) {
    if (known.alert.state == Alert::State::Firing) continue;
    over.emplace_back(known.alert.ends_at.value_or(Instant{}), &known);
    ++left[known.alert.stream];
  }
  std::stable_sort(over.begin(), over.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> gone;
  for (const auto& [when, known] : over) {
    const bool full = known_.size() - gone.size() > options_.most;
    std::size_t& of_stream = left[known->alert.stream];
    if (!full && (of_stream <= options_.keep_over || is_owed_by_any(*known, now))) continue;
    gone.push_back(known->alert.fingerprint);
    --of_stream;
  }
  for (const std::string& fingerprint : gone) forget(fingerprint);
}

// ---- what is to be told

const AlertDelivery::Mark* AlertDelivery::mark_of(const Target& target, const std::string& fingerprint) {
  const auto mark = target.marks.find(fingerprint);
  return mark == target.marks.end() ? nullptr : &mark->second;
}

/// Every alert with what the target was told of it: both stand in the order of fingerprints, so one walk finds what belongs
/// together.
template <typename Visit>
void AlertDelivery::each(const Target& target, Visit visit) const {
  auto mark = target.marks.begin();
  for (const auto& [fingerprint, known] : known_) {
    while (mark != target.marks.end() && mark->first < fingerprint) ++mark;
    visit(known, mark != target.marks.end() && mark->first == fingerprint ? &mark->second : nullptr);
  }
}

bool AlertDelivery::owes(const Target& target, const Known& known, const Mark* mark, Instant now) const {
  const Alert& alert = known.alert;
  const bool was_told = mark != nullptr;
  const bool told_firing = was_told && mark->state == Alert::State::Firing;
  if (alert.state == Alert::State::Firing) {
    if (told_firing && mark->starts_at == alert.starts_at && mark->severity == alert.severity) return false;
    return is_chosen(target.settings.choice, alert) && maintenance(alert, now) == nullptr;
  }
  if (told_firing) return true;
  if (was_told && mark->starts_at >= alert.starts_at) return false;
  // It came and went, and this receiver has not heard of it.
  if (!is_chosen(target.settings.choice, alert)) return false;
  return !known.restored || (target.known_since && alert.ends_at && *alert.ends_at > *target.known_since);
}

bool AlertDelivery::is_refused(const Target& target, const Known& known, Instant now) {
  const auto refusal = target.refusals.find(known.alert.fingerprint);
  return refusal != target.refusals.end() && refusal->second.version == known.version && now < refusal->second.until;
}

/// Of an alert that the target was told of and that fires on. In maintenance people are not reminded; who forgets is.
std::optional<Instant> AlertDelivery::repeats_at(const Target& target, const Known& known, const Mark* mark,
                                                 Instant now) const {
  if (known.alert.state != Alert::State::Firing) return std::nullopt;
  if (mark == nullptr || mark->state != Alert::State::Firing) return std::nullopt;
  if (target.settings.forgets) return mark->told_at + kForgetful;
  if (target.settings.repeat_every == Duration::zero() || maintenance(known.alert, now) != nullptr) return std::nullopt;
  return mark->told_at + target.settings.repeat_every;
}

std::map<std::string_view, AlertDelivery::Group> AlertDelivery::owed(const Target& target, Instant now) const {
  std::map<std::string_view, Group> groups;
  each(target, [&](const Known& known, const Mark* mark) {
    if (!owes(target, known, mark, now) || is_refused(target, known, now)) return;
    Group& group = groups[known.alert.stream];
    group.due = std::min(group.due, known.changed_at + target.settings.group_wait);
    group.alerts.push_back(&known);
  });
  return groups;
}

/// An incident is called to mind as a whole.
std::map<std::string_view, AlertDelivery::Group> AlertDelivery::reminders(const Target& target, Instant now) const {
  std::map<std::string_view, Group> groups;
  each(target, [&](const Known& known, const Mark* mark) {
    const std::optional<Instant> at = repeats_at(target, known, mark, now);
    if (!at || is_refused(target, known, now)) return;
    Group& group = groups[known.alert.stream];
    group.due = std::min(group.due, *at);
    group.alerts.push_back(&known);
  });
  return groups;
}

Notification AlertDelivery::take(Target& target, const Group& group, bool reminder) const {
  Notification out{.pipeline = options_.pipeline,
                   .stream = group.alerts.front()->alert.stream,
                   .instance = options_.instance,
                   .page = options_.page,
                   .alerts = {},
                   .reminder = reminder};
  target.under_way.clear();
  for (const Known* const known : group.alerts) {
    if (out.alerts.size() == kMostInOne) break;
    Alert alert = known->alert;
    if (alert.samples.size() > target.settings.samples) alert.samples.resize(target.settings.samples);
    target.under_way.push_back({.fingerprint = alert.fingerprint, .version = known->version, .alert = alert});
    out.alerts.push_back(std::move(alert));
  }
  auto listed = target.under_way.begin();  // in the order of each()
  each(target, [&](const Known& known, const Mark* mark) {
    if (listed != target.under_way.end() && listed->fingerprint == known.alert.fingerprint) {
      ++listed;
      return;
    }
    const bool lasts = known.alert.state == Alert::State::Firing && known.alert.stream == out.stream;
    if (lasts && mark != nullptr && mark->state == Alert::State::Firing) ++out.still_firing;
  });
  return out;
}

std::optional<Notification> AlertDelivery::next(std::size_t index, Instant now, bool at_once) {
  Target& target = targets_[index];
  if (!target.under_way.empty() || now < target.retry_at) return std::nullopt;
  for (const bool reminder : {false, true}) {
    const std::map<std::string_view, Group> groups = reminder ? reminders(target, now) : owed(target, now);
    const auto first = std::min_element(groups.begin(), groups.end(),
                                        [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
    if (first == groups.end()) continue;
    if (first->second.due <= now || (at_once && !reminder)) return take(target, first->second, reminder);
  }
  return std::nullopt;
}

Duration AlertDelivery::backoff(const Target& target) {
  if (target.failures >= kFailuresOfBreaker) return kBroken;
  const Duration whole = kFirstRetry * (std::int64_t{1} << (target.failures - 1));
  return std::chrono::duration_cast<Duration>(whole * (0.8 + 0.4 * draw()));
}

void AlertDelivery::settle(std::size_t index, const Told& told, Instant now) {
  Target& target = targets_[index];
  if (told.how == Told::How::Later) {
    ++target.failures;
    ++target.facts.away;
    target.retry_at = now + std::max(backoff(target), std::min(told.not_before, kLongestWait));
  } else {
    target.failures = 0;
    target.retry_at = Instant::min();
  }
  target.facts.up = told.how != Told::How::Later;
  target.facts.last_failure = told.how == Told::How::Done ? "" : told.why;
  if (told.how == Told::How::Done) ++target.facts.sent;
  if (told.how == Told::How::Refused) ++target.facts.refused;
  for (const UnderWay& one : target.under_way) {
    if (told.how == Told::How::Refused) {
      target.refusals[one.fingerprint] = {.version = one.version, .until = now + kRefusedFor};
    } else if (told.how == Told::How::Done && known_.contains(one.fingerprint)) {
      target.refusals.erase(one.fingerprint);
      const Mark mark{
          .state = one.alert.state, .starts_at = one.alert.starts_at, .severity = one.alert.severity, .told_at = now};
      target.marks[one.fingerprint] = mark;
      save_mark(target, one.alert, mark);
    }
  }
  target.under_way.clear();
}

Instant AlertDelivery::wake_at(std::size_t index, Instant now) const {
  const Target& target = targets_[index];
  Instant at = now + kLookAgain;
  bool held = false;
  each(target, [&](const Known& known, const Mark* mark) {
    held = held || (known.alert.state == Alert::State::Firing && maintenance(known.alert, now) != nullptr);
    if (is_refused(target, known, now)) return;
    const auto wake = [&](Instant due) { at = std::min(at, std::max(due, target.retry_at)); };
    if (owes(target, known, mark, now)) wake(known.changed_at + target.settings.group_wait);
    if (const std::optional<Instant> again = repeats_at(target, known, mark, now)) wake(*again);
  });
  return held ? std::min(at, now + kLookAtMaintenance) : at;
}

Instant AlertDelivery::soonest(std::size_t index, Instant now) const {
  const Target& target = targets_[index];
  return std::max(now + target.settings.group_wait, target.retry_at);
}

}  // namespace weir
