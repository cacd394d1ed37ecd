// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_alert_json.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "alerts/receiver_words.h"
#include "base/escape.h"
#include "base/timestamp.h"

namespace weir {
namespace {

constexpr std::size_t kMostOfLabel = 200;  // code points of a label's value
constexpr std::size_t kMostOfName = 100;   // bytes of a label's name
constexpr std::size_t kMostSegments = 20;

std::string label_name(std::string_view field) {
  std::string name = "segment_";
  for (const char c : field.substr(0, kMostOfName)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  return name;
}

bool has(const NamedTexts& texts, const std::string& name) {
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.first == name; });
}

}  // namespace

NamedTexts labels_of(const Alert& alert) {
  NamedTexts labels;
  bool altered = false;
  const auto add = [&](std::string name, std::string_view value) {
    if (value.empty()) return;  // which is no label
    std::string shown = visible(value, kMostOfLabel);
    altered = altered || shown != value;
    labels.emplace_back(std::move(name), std::move(shown));
  };
  add("alertname", alert.kind == "drift" ? "WeirDriftFound" : "WeirWindowFailed");
  add("pipeline", alert.pipeline);
  add("stream", alert.stream);
  add("rule", alert.rule);
  add("field", alert.field);
  add("severity", alert.severity);
  altered = altered || alert.segment.size() > kMostSegments;
  for (std::size_t i = 0; i < std::min(alert.segment.size(), kMostSegments); ++i) {
    const auto& [field, value] = alert.segment[i];
    std::string name = label_name(field);
    for (int number = 2; has(labels, name); ++number) name = label_name(field) + "_" + std::to_string(number);
    add(std::move(name), value.empty() ? "(empty)" : std::string_view(value));
  }
  // Two values that look alike once they are cut or shown are still two alerts.
  if (altered) labels.emplace_back("fingerprint", alert.fingerprint);
  return labels;
}

NamedTexts annotations_of(const Notification& notification, const Alert& alert, const MessageWords& words) {
  NamedTexts annotations;
  const auto add = [&](std::string_view name, std::string text) {
    if (!text.empty()) annotations.emplace_back(std::string(name), std::move(text));
  };
  add("summary", words.title.empty() ? headline_of(notification, alert)
                                     : visible(words.title.write(notification, alert, Script::Text)));
  const std::string text = words.text.write(notification, alert, Script::Text);
  add("description", text.empty() ? visible(alert.description, kMostOfFact) : text);
  for (const Fact& fact : facts_of(alert)) {
    // What a label says already.
    if (fact.name == "description" || fact.name == "severity" || fact.name == "field") continue;
    add(fact.name, visible(fact.text, fact.name == "samples" ? kNoLimit : kMostOfFact));
  }
  add("runbook_url", std::string(link_of(alert.runbook)));
  // A runbook may be words and no link.
  if (link_of(alert.runbook).empty()) add("runbook", visible(alert.runbook, kMostOfFact));
  add("page", std::string(link_of(notification.page)));
  add("instance", visible(notification.instance, kMostOfFact));
  return annotations;
}

void write_named(JsonWriter& json, const NamedTexts& texts) {
  json.begin_object();
  for (const auto& [name, text] : texts) json.field(name, text);
  json.end_object();
}

AlertTimes times_of(const Alert& alert, Instant now) {
  AlertTimes times{.starts_at = std::min(alert.starts_at, now), .ends_at = std::nullopt};
  if (alert.state == Alert::State::Firing) return times;
  times.ends_at = std::max(std::min(alert.ends_at.value_or(now), now), times.starts_at);
  return times;
}

void write_alert(JsonWriter& json, const Notification& notification, const Alert& alert, const MessageWords& words,
                 Instant now) {
  const AlertTimes times = times_of(alert, now);
  json.begin_object().field("status", status_of(alert.state)).key("labels");
  write_named(json, labels_of(alert));
  json.key("annotations");
  write_named(json, annotations_of(notification, alert, words));
  json.field("startsAt", format_timestamp(times.starts_at));
  // As Go writes a time that is not there.
  json.field("endsAt", times.ends_at ? format_timestamp(*times.ends_at) : "0001-01-01T00:00:00Z");
  json.field("generatorURL", rule_link_of(notification, alert));
  json.field("fingerprint", alert.fingerprint).end_object();
}

}  // namespace weir
