// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_webhook.h"

#include <algorithm>
#include <vector>

#include "alerts/receiver_words.h"
#include "base/escape.h"

namespace weir {
namespace {

/// What all of them have.
NamedTexts shared_by(const std::vector<NamedTexts>& each) {
  NamedTexts shared = each.empty() ? NamedTexts{} : each.front();
  std::erase_if(shared, [&](const auto& text) {
    return !std::all_of(each.begin(), each.end(), [&](const NamedTexts& texts) {
      return std::find(texts.begin(), texts.end(), text) != texts.end();
    });
  });
  return shared;
}

}  // namespace

std::string webhook_body(const Notification& notification, std::string_view receiver, const MessageWords& words,
                         Instant now) {
  std::vector<const Alert*> alerts = gravest_first(notification);
  const std::size_t truncated = alerts.size() - std::min(alerts.size(), kMostWebhookAlerts);
  alerts.resize(alerts.size() - truncated);
  std::vector<NamedTexts> labels;
  std::vector<NamedTexts> annotations;
  for (const Alert* const alert : alerts) {
    labels.push_back(labels_of(*alert));
    annotations.push_back(annotations_of(notification, *alert, words));
  }
  JsonWriter json;
  json.begin_object().field("version", "4").field("groupKey", visible(group_key_of(notification), kMostOfFact));
  json.field("truncatedAlerts", static_cast<std::uint64_t>(truncated));
  json.field("status", status_of(notification.state())).field("receiver", receiver).key("groupLabels");
  write_named(json, {{"pipeline", visible(notification.pipeline, kMostOfTitle)},
                     {"stream", visible(notification.stream, kMostOfTitle)}});
  json.key("commonLabels");
  write_named(json, shared_by(labels));
  json.key("commonAnnotations");
  write_named(json, shared_by(annotations));
  json.field("externalURL", link_of(notification.page)).key("alerts").begin_array();
  for (const Alert* const alert : alerts) write_alert(json, notification, *alert, words, now);
  return json.end_array().end_object().take();
}

WebhookReceiver::WebhookReceiver(ReceiverSettings settings, MessageWords words)
    : settings_(std::move(settings)), words_(std::move(words)), poster_(settings_.access) {}

Told WebhookReceiver::tell(const Notification& notification, Instant now) {
  const Result<std::string> url = url_of(settings_);
  if (!url) return not_told(url.error());
  return poster_.post(*url, webhook_body(notification, settings_.name, words_, now));
}

}  // namespace weir
