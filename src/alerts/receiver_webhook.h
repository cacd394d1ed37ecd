// SPDX-License-Identifier: Apache-2.0
// A URL that takes JSON: the body that Alertmanager sends to webhooks, version 4, so that whatever takes those takes these.
#pragma once

#include <string>
#include <string_view>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "alerts/receiver_post.h"

namespace weir {

class WebhookReceiver final : public Receiver {
 public:
  WebhookReceiver(ReceiverSettings settings, MessageWords words);

  Told tell(const Notification& notification, Instant now) override;
  void interrupt() override { poster_.interrupt(); }

 private:
  ReceiverSettings settings_;
  MessageWords words_;
  Poster poster_;
};

/// At most this many alerts stand in a body; `truncatedAlerts` says how many do not.
inline constexpr std::size_t kMostWebhookAlerts = 100;

[[nodiscard]] std::string webhook_body(const Notification& notification, std::string_view receiver,
                                       const MessageWords& words, Instant now);

}  // namespace weir
