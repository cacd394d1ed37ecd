// SPDX-License-Identifier: Apache-2.0
// Alertmanager, by its API v2. The members of a cluster do not pass on alerts, so each of them is told.
#pragma once

#include <set>
#include <string>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "alerts/receiver_post.h"

namespace weir {

class AlertmanagerReceiver final : public Receiver {
 public:
  AlertmanagerReceiver(ReceiverSettings settings, MessageWords words);

  /// Done when one of them took it: what another one missed it is told with the next repetition.
  Told tell(const Notification& notification, Instant now) override;
  [[nodiscard]] bool wants_repeats() const override { return true; }
  void interrupt() override { poster_.interrupt(); }

 private:
  ReceiverSettings settings_;
  MessageWords words_;
  Poster poster_;
  std::set<std::string> away_;  // URLs that did not take the last message: asked after the others
};

/// The body of POST /api/v2/alerts.
[[nodiscard]] std::string alertmanager_body(const Notification& notification, const MessageWords& words, Instant now);

}  // namespace weir
