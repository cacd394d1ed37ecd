// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_pagerduty.h"

#include <algorithm>
#include <array>
#include <vector>

#include "alerts/receiver_words.h"
#include "base/escape.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "net/secret_file.h"

namespace weir {
namespace {

constexpr std::size_t kMostAlerts = 50;
constexpr std::size_t kMostSummary = 1000;  // characters; PagerDuty takes 1024

std::string severity_of(const Alert& alert) {
  return alert.severity == "error" ? "error" : "warning";
}

void write_details(JsonWriter& json, const std::vector<const Alert*>& alerts, const Notification& notification,
                   const MessageWords& words) {
  json.begin_object();
  for (const Alert* const alert : alerts) {
    // One alert after the other, each under its name; two of one rule differ in their segment.
    std::string name = alert->rule;
    if (!alert->segment.empty()) name += " (" + segment_of(*alert) + ")";
    json.key(visible(name, kMostOfTitle)).begin_object().field("status", status_of(alert->state));
    if (const std::string text = words.text.write(notification, *alert, Script::Text); !text.empty())
      json.field("text", text);
    for (const Fact& fact : facts_of(*alert)) json.field(fact.name, visible(fact.text, kMostOfFact));
    if (!alert->runbook.empty()) json.field("runbook", visible(alert->runbook, kMostOfFact));
    json.field("fingerprint", alert->fingerprint).end_object();
  }
  if (notification.alerts.size() > alerts.size())
    json.field("more", static_cast<std::uint64_t>(notification.alerts.size() - alerts.size()));
  if (const std::string others = others_of(notification); !others.empty()) json.field("others", others);
  json.field("pipeline", visible(notification.pipeline, kMostOfFact));
  json.field("instance", visible(notification.instance, kMostOfFact)).end_object();
}

void write_links(JsonWriter& json, const std::vector<const Alert*>& alerts, const Notification& notification) {
  std::vector<std::string> told;
  json.begin_array();
  const auto add = [&](std::string_view url, std::string_view text) {
    const std::string address(link_of(url));
    if (address.empty() || std::find(told.begin(), told.end(), address) != told.end()) return;
    told.push_back(address);
    json.begin_object().field("href", address).field("text", text).end_object();
  };
  for (const Alert* const alert : alerts) add(alert->runbook, "Runbook of " + visible(alert->rule, kMostOfSample));
  add(page_link_of(notification), "Status page");
  json.end_array();
}

std::string body_of(const Notification& notification, const MessageWords& words, std::string_view routing_key,
                    Instant now, std::size_t most_alerts) {
  std::vector<const Alert*> alerts = gravest_first(notification);
  const Alert none;
  const Alert& first = alerts.empty() ? none : *alerts.front();
  alerts.resize(std::min(alerts.size(), most_alerts));
  const bool fires = notification.state() == Alert::State::Firing;
  const std::string title =
      words.title.empty() ? headline(notification) : words.title.write(notification, first, Script::Text);
  JsonWriter json;
  json.begin_object().field("routing_key", routing_key).field("event_action", fires ? "trigger" : "resolve");
  json.field("dedup_key", "weir-" + sha256_hex(group_key_of(notification)).substr(0, 32));
  json.field("client", "weir");
  if (const std::string_view page = link_of(notification.page); !page.empty()) json.field("client_url", page);
  json.key("links");
  write_links(json, alerts, notification);
  json.key("payload").begin_object().field("summary", visible(title, kMostSummary));
  json.field("source", visible(notification.stream, kMostOfTitle)).field("severity", severity_of(first));
  json.field("timestamp", format_timestamp(times_of(first, now).starts_at));
  json.field("component", visible(first.rule, kMostOfTitle));
  json.field("group", visible(notification.pipeline, kMostOfTitle)).field("class", first.kind);
  json.key("custom_details");
  write_details(json, alerts, notification, words);
  return json.end_object().end_object().take();
}

}  // namespace

std::string pagerduty_body(const Notification& notification, const MessageWords& words, std::string_view routing_key,
                           Instant now) {
  std::size_t alerts = kMostAlerts;
  std::string body = body_of(notification, words, routing_key, now, alerts);
  while (body.size() > kMostPagerDutyBytes && alerts > 0) {
    alerts /= 2;
    body = body_of(notification, words, routing_key, now, alerts);
  }
  return body;
}

PagerDutyReceiver::PagerDutyReceiver(ReceiverSettings settings, MessageWords words)
    : settings_(std::move(settings)), words_(std::move(words)), poster_(settings_.access) {}

Told PagerDutyReceiver::tell(const Notification& notification, Instant now) {
  // One rule holds again while others are still broken: the incident goes on, and nobody has to hear of it.
  if (notification.state() == Alert::State::Resolved && notification.still_firing > 0) return {};
  const Result<std::string> url = url_of(settings_);
  if (!url) return not_told(url.error());
  const Result<std::string> key = secret_of(settings_.routing_key_file, settings_.routing_key);
  if (!key) return not_told(key.error());
  const std::array<std::string, 1> secrets = {*key};
  return poster_.post(*url, pagerduty_body(notification, words_, *key, now), secrets);
}

}  // namespace weir
