// SPDX-License-Identifier: Apache-2.0
// PagerDuty's Events API v2. A stream is one incident: its events have one `dedup_key`, so that nobody is woken by the second
// rule that breaks, and the incident ends when nothing of the stream fires any more.
#pragma once

#include <string>
#include <string_view>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "alerts/receiver_post.h"

namespace weir {

class PagerDutyReceiver final : public Receiver {
 public:
  PagerDutyReceiver(ReceiverSettings settings, MessageWords words);

  Told tell(const Notification& notification, Instant now) override;
  void interrupt() override { poster_.interrupt(); }

 private:
  ReceiverSettings settings_;
  MessageWords words_;
  Poster poster_;
};

/// PagerDuty refuses what is larger.
inline constexpr std::size_t kMostPagerDutyBytes = 512U << 10;

[[nodiscard]] std::string pagerduty_body(const Notification& notification, const MessageWords& words,
                                         std::string_view routing_key, Instant now);

}  // namespace weir
