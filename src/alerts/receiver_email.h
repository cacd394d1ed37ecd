// SPDX-License-Identifier: Apache-2.0
// Mail. Each address is handed to the server by itself, so that one that is refused does not keep the mail from the others, and a
// retry goes to those only who have not got it.
#pragma once

#include <set>
#include <string>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "net/mail_call.h"
#include "weir/alert_settings.h"

namespace weir {

class EmailReceiver final : public Receiver {
 public:
  EmailReceiver(ReceiverSettings settings, MessageWords words);

  /// Refused when no address could be reached that will ever be; Later as long as there is hope for one.
  Told tell(const Notification& notification, Instant now) override;
  void interrupt() override { caller_.interrupt(); }

 private:
  ReceiverSettings settings_;
  MessageWords words_;
  MailCaller caller_;
  std::string under_way_;          // the notification that was last told, and not to everybody
  std::set<std::string> settled_;  // the addresses for which there is no more to do about it
  bool taken_ = false;             // by the server, for one of them
};

/// Whether sender and recipients are addresses, and the server is one.
[[nodiscard]] Status check_email(const EmailSettings& email);

}  // namespace weir
