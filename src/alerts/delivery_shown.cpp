// SPDX-License-Identifier: Apache-2.0
// What a delivery remembers across a restart, and what it shows.
#include <algorithm>
#include <tuple>

#include "alerts/alert_json.h"
#include "alerts/choice.h"
#include "alerts/delivery.h"
#include "base/json_writer.h"
#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::size_t kMostOverShown = 100;
constexpr std::string_view kSince = "since ";
constexpr Duration kClockMayDiffer = std::chrono::minutes(1);

void write_time(JsonWriter& json, std::string_view name, const std::optional<Instant>& time) {
  json.key(name);
  time ? json.value(format_timestamp(*time)) : json.null();
}

}  // namespace

std::string AlertDelivery::name_of(const Target& target, std::string_view fingerprint) {
  return target.settings.name + " " + std::string(fingerprint);
}

void AlertDelivery::save_mark(const Target& target, const Alert& alert, const Mark& mark) {
  JsonWriter json;
  json.begin_object().field("told_at", format_timestamp(mark.told_at)).key("alert").begin_object();
  write_alert_members(json, alert);
  json.end_object().end_object();
  unsaved_[name_of(target, alert.fingerprint)] = json.take();
}

std::vector<AlertStore::Entry> AlertDelivery::take_unsaved() {
  std::vector<AlertStore::Entry> out;
  for (auto& [name, text] : unsaved_) out.push_back({.name = name, .text = std::move(text)});
  unsaved_.clear();
  return out;
}

/// Of a receiver that there is no more nothing is kept: should it come back, it is a new one.
void AlertDelivery::restore(const std::vector<AlertStore::Entry>& entries) {
  for (const AlertStore::Entry& entry : entries) {
    const Result<JsonValue> json = parse_json(entry.text);
    const JsonValue* const written = json ? json->find("alert") : nullptr;
    // Not by its name alone: a receiver may be called `since`.
    const bool is_since = written == nullptr && entry.name.starts_with(kSince);
    const std::size_t space = entry.name.rfind(' ');
    const std::string name = is_since ? entry.name.substr(kSince.size()) : entry.name.substr(0, space);
    const auto target =
        std::find_if(targets_.begin(), targets_.end(), [&](const Target& one) { return one.settings.name == name; });
    if (target == targets_.end() || !json) {
      unsaved_[entry.name] = "";
      continue;
    }
    if (is_since) {
      target->known_since = time_of(*json, "at");
      continue;
    }
    const std::optional<Alert> alert = written == nullptr ? std::nullopt : read_alert(*written);
    if (!alert) continue;
    target->marks[alert->fingerprint] = {.state = alert->state,
                                         .starts_at = alert->starts_at,
                                         .severity = alert->severity,
                                         .told_at = time_of(*json, "told_at").value_or(Instant{})};
    told_before_.insert_or_assign(alert->fingerprint, *alert);
  }
}

void AlertDelivery::begin(Instant now) {
  std::vector<std::string> unknown;
  for (auto& [fingerprint, alert] : told_before_) {
    if (known_.contains(fingerprint)) continue;
    const bool fires =
        std::any_of(targets_.begin(), targets_.end(), [&fingerprint = fingerprint](const Target& target) {
          const auto mark = target.marks.find(fingerprint);
          return mark != target.marks.end() && mark->second.state == Alert::State::Firing;
        });
    if (!fires) {
      unknown.push_back(fingerprint);
      continue;
    }
    alert.state = Alert::State::Resolved;
    alert.ends_at = now;
    alert.cause = "nobody judges it any more";
    (void)hear(alert, now);
  }
  for (const std::string& fingerprint : unknown) forget(fingerprint);
  told_before_.clear();
  begun_ = true;
  for (Target& target : targets_) {
    // The clock may have been set back since then: nobody waits for a time that is to come once more.
    for (auto& [fingerprint, mark] : target.marks) {
      if (mark.told_at > now + kClockMayDiffer) mark.told_at = now;
    }
    if (target.known_since) target.known_since = std::min(*target.known_since, now);
    if (target.known_since) continue;
    target.known_since = now;
    JsonWriter json;
    json.begin_object().field("at", format_timestamp(now)).end_object();
    unsaved_[std::string(kSince) + target.settings.name] = json.take();
  }
}

// ---- for metrics and pages

std::vector<ReceiverFacts> AlertDelivery::receivers(Instant now) const {
  std::vector<ReceiverFacts> out;
  for (const Target& target : targets_) {
    ReceiverFacts& facts = out.emplace_back(target.facts);
    for (const auto& [fingerprint, known] : known_)
      facts.waiting += owes(target, known, mark_of(target, fingerprint), now) ? 1 : 0;
    if (target.retry_at > now) facts.next_try = target.retry_at;
  }
  return out;
}

std::map<std::string, AlertDelivery::StreamFacts> AlertDelivery::streams(Instant now) const {
  std::map<std::string, StreamFacts> out;
  for (const auto& [stream, count] : left_out_) out[stream].left_out = count;
  for (const auto& [fingerprint, known] : known_) {
    StreamFacts& facts = out[known.alert.stream];
    if (known.alert.state != Alert::State::Firing) continue;
    ++(known.alert.severity == "error" ? facts.errors : facts.warnings);
    if (maintenance(known.alert, now) != nullptr) ++facts.silenced;
  }
  return out;
}

std::string AlertDelivery::json(Instant now) const {
  std::vector<const Known*> shown;
  for (const auto& [fingerprint, known] : known_) shown.push_back(&known);
  // What fires, the oldest first; then what is over, the newest first.
  const auto rank = [](const Known* one) {
    const bool fires = one->alert.state == Alert::State::Firing;
    const auto when =
        fires ? one->alert.starts_at.time_since_epoch() : -one->alert.ends_at.value_or(Instant{}).time_since_epoch();
    return std::tuple(!fires, when, std::string_view(one->alert.fingerprint));
  };
  std::sort(shown.begin(), shown.end(), [&](const Known* a, const Known* b) { return rank(a) < rank(b); });
  JsonWriter json;
  json.begin_object().key("alerts").begin_array();
  std::size_t over = 0;
  for (const Known* const known : shown) {
    if (known->alert.state != Alert::State::Firing && ++over > kMostOverShown) break;
    json.begin_object();
    write_alert_members(json, known->alert);
    const bool fires = known->alert.state == Alert::State::Firing;
    const MaintenanceWindow* const window = fires ? maintenance(known->alert, now) : nullptr;
    json.field("silenced", window != nullptr).key("silenced_why");
    window != nullptr && !window->why.empty() ? json.value(window->why) : json.null();
    json.key("told").begin_array();
    for (const Target& target : targets_) {
      const auto mark = target.marks.find(known->alert.fingerprint);
      if (mark == target.marks.end() || mark->second.starts_at != known->alert.starts_at) continue;
      if (mark->second.told_at == Instant{}) continue;
      json.begin_object().field("receiver", target.settings.name).field("state", word_of(mark->second.state));
      json.field("at", format_timestamp(mark->second.told_at)).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("receivers").begin_array();
  for (const ReceiverFacts& facts : receivers(now)) {
    json.begin_object().field("name", facts.name).field("up", facts.up);
    json.field("waiting", static_cast<std::uint64_t>(facts.waiting)).field("sent", facts.sent);
    json.field("away", facts.away).field("refused", facts.refused).key("last_failure");
    facts.last_failure.empty() ? json.null() : json.value(facts.last_failure);
    write_time(json, "next_try", facts.next_try);
    json.end_object();
  }
  std::uint64_t left_out = 0;
  for (const auto& [stream, count] : left_out_) left_out += count;
  json.end_array().field("left_out", left_out).end_object();
  return json.take() + "\n";
}

}  // namespace weir
