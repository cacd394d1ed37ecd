// SPDX-License-Identifier: Apache-2.0
// A mail about a notification: a text and a page that say the same, for whichever the reader's program prefers.
//
// Nothing that comes out of a record or a rule file can end a header: headers are one line of visible signs, encoded as RFC 2047
// wants it, and both parts are base64.
#pragma once

#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "alerts/receiver_alert_json.h"
#include "weir/alert_settings.h"
#include "weir/time.h"

namespace weir {

struct MailText {
  std::string subject;
  std::string text;
  std::string html;
};
[[nodiscard]] MailText mail_text(const Notification& notification, const MessageWords& words);

/// Headers and parts, ready for a server. `id` makes the Message-ID; mails of one `thread` stand together.
[[nodiscard]] std::string mail_message(const MailText& text, const EmailSettings& email, std::string_view id,
                                       std::string_view thread, Instant now);

/// RFC 5322: "Sun, 22 Nov 2026 05:27:32 +0000".
[[nodiscard]] std::string mail_date(Instant instant);

}  // namespace weir
