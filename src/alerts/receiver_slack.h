// SPDX-License-Identifier: Apache-2.0
// Slack's incoming webhooks. Their URL is a secret: whoever has it may write into the channel.
#pragma once

#include <string>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "alerts/receiver_post.h"

namespace weir {

class SlackReceiver final : public Receiver {
 public:
  SlackReceiver(ReceiverSettings settings, MessageWords words);

  Told tell(const Notification& notification, Instant now) override;
  void interrupt() override { poster_.interrupt(); }

 private:
  ReceiverSettings settings_;
  MessageWords words_;
  Poster poster_;
};

/// A block for each alert, the gravest first, and a text for where blocks are not shown (a notice on a locked phone).
[[nodiscard]] std::string slack_body(const Notification& notification, const MessageWords& words);

}  // namespace weir
