// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_alertmanager.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "alerts/receiver_words.h"
#include "base/timestamp.h"

namespace weir {
namespace {

std::string alerts_url(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  // Whoever gives the whole URL means the same.
  return url.ends_with("/api/v2/alerts") ? url : url + "/api/v2/alerts";
}

/// Of several members that did not take it: what gives hope comes first, and the sooner.
bool better(const Told& a, const Told& b) {
  if (a.how != b.how) return a.how < b.how;
  return a.not_before < b.not_before;
}

}  // namespace

std::string alertmanager_body(const Notification& notification, const MessageWords& words, Instant now) {
  JsonWriter json;
  json.begin_array();
  for (const Alert& alert : notification.alerts) {
    const AlertTimes times = times_of(alert, now);
    json.begin_object().field("startsAt", format_timestamp(times.starts_at));
    // Without it Alertmanager takes its own `resolve_timeout`, counted from the last repetition.
    if (times.ends_at) json.field("endsAt", format_timestamp(*times.ends_at));
    if (const std::string page = rule_link_of(notification, alert); !page.empty()) json.field("generatorURL", page);
    json.key("labels");
    write_named(json, labels_of(alert));
    json.key("annotations");
    write_named(json, annotations_of(notification, alert, words));
    json.end_object();
  }
  return json.end_array().take();
}

AlertmanagerReceiver::AlertmanagerReceiver(ReceiverSettings settings, MessageWords words)
    : settings_(std::move(settings)), words_(std::move(words)), poster_(settings_.access) {}

Told AlertmanagerReceiver::tell(const Notification& notification, Instant now) {
  std::vector<std::string> urls = settings_.urls;
  if (!settings_.url_file.empty()) {
    Result<std::string> url = url_of(settings_);
    if (!url) return not_told(url.error());
    urls = {*std::move(url)};
  }
  if (urls.empty()) return not_told({.message = "no URL is known"});
  std::stable_partition(urls.begin(), urls.end(), [this](const std::string& url) { return !away_.contains(url); });
  const std::string body = alertmanager_body(notification, words_, now);
  using Clock = std::chrono::steady_clock;
  // Members that are away are asked last and share what time is left, so that together they hold up nobody.
  const auto until = Clock::now() + poster_.limit();
  Told best{.how = Told::How::Refused, .why = {}, .not_before = {}};
  bool first = true;
  for (const std::string& url : urls) {
    const Duration left = std::chrono::duration_cast<Duration>(until - Clock::now());
    if (!first && left <= Duration::zero()) break;
    const Told told = poster_.post(alerts_url(url), body, {}, left);
    if (told.how == Told::How::Done) {
      away_.erase(url);
    } else {
      away_.insert(url);
    }
    if (first || better(told, best)) best = told;
    first = false;
  }
  return best;
}

}  // namespace weir
