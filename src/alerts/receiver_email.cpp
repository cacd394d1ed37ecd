// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_email.h"

#include <chrono>
#include <variant>

#include "alerts/receiver_email_message.h"
#include "alerts/receiver_post.h"
#include "alerts/receiver_words.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "net/secret_file.h"

namespace weir {
namespace {

constexpr std::size_t kId = 32;  // hexadecimal digits

std::string whole(const Error& error) {
  return error.help.empty() ? error.message : error.message + " (" + error.help + ")";
}

/// What makes this notification another one than the last: neither the time at which it is told nor the newest evidence, which a
/// retry has not in common. Who got the mail does not get it again with each window while another one's mailbox is full.
std::string identity_of(const Notification& notification) {
  std::string text = group_key_of(notification) + (notification.reminder ? " again " : " ");
  for (const Alert& alert : notification.alerts) {
    text += alert.fingerprint + " " + std::string(status_of(alert.state)) + " " + alert.severity + " " +
            format_timestamp(alert.starts_at) + "\n";
  }
  return sha256_hex(text);
}

MailTls tls_of(EmailSettings::Security security) {
  switch (security) {
    case EmailSettings::Security::Tls: return MailTls::Whole;
    case EmailSettings::Security::None: return MailTls::None;
    case EmailSettings::Security::StartTls: break;
  }
  return MailTls::StartTls;
}

}  // namespace

Status check_email(const EmailSettings& email) {
  if (email.host.empty()) return Error{.message = "the mail server has no name"};
  if (const Status from = check_mail_address(email.from); !from) return from.error();
  if (email.to.empty()) return Error{.message = "nobody gets the mail: `to` is empty"};
  for (const std::string& to : email.to) {
    if (const Status checked = check_mail_address(to); !checked) return checked.error();
  }
  return Done{};
}

EmailReceiver::EmailReceiver(ReceiverSettings settings, MessageWords words)
    : settings_(std::move(settings)), words_(std::move(words)) {}

Told EmailReceiver::tell(const Notification& notification, Instant now) {
  const Result<std::string> password = secret_of(settings_.access.password_file, settings_.access.password);
  if (!password) return not_told(password.error());
  const std::string identity = identity_of(notification);
  if (identity != under_way_) {
    settled_.clear();
    taken_ = false;
  }
  under_way_ = identity;
  const EmailSettings& email = settings_.email;
  // The Message-ID has the time in it: a reminder that says the same is another mail, and no program may hide it.
  const std::string id = sha256_hex(identity + format_timestamp(now)).substr(0, kId);
  const std::string thread = sha256_hex(group_key_of(notification)).substr(0, kId);
  MailCall call{.host = email.host,
                .port = email.port,
                .tls = tls_of(email.security),
                .user = settings_.access.user,
                .password = *password,
                .ca_file = settings_.access.ca_file,
                .from = email.from,
                .message = mail_message(mail_text(notification, words_), email, id, thread, now),
                .reach = Reach::NotLinkLocal};
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + settings_.access.timeout;
  Told worst;  // of those who did not get it: Later before Refused, for as long as there is hope
  for (const std::string& to : email.to) {
    if (settled_.contains(to)) continue;
    call.to = to;
    call.timeout = std::chrono::duration_cast<Duration>(until - Clock::now());
    if (call.timeout <= Duration::zero()) {
      worst = {.how = Told::How::Later, .why = "the time was over before the mail went to all", .not_before = {}};
      break;
    }
    const MailOutcome outcome = caller_.call(call);
    const MailFailure* const failure = std::get_if<MailFailure>(&outcome);
    if (failure == nullptr) {
      taken_ = true;
      settled_.insert(to);
      continue;
    }
    const bool hope = failure->may_pass;
    if (!hope && failure->of_address) settled_.insert(to);
    if (worst.how != Told::How::Later)
      worst = {.how = hope ? Told::How::Later : Told::How::Refused, .why = whole(failure->error), .not_before = {}};
    // What ails the server ails it for the next one too.
    if (!failure->of_address) break;
  }
  // An address that does not exist is no reason to count the mail that others read as lost; the log says it.
  if (worst.how == Told::How::Refused && taken_) worst.how = Told::How::Done;
  if (worst.how != Told::How::Later) {
    under_way_.clear();
    settled_.clear();
  }
  return worst;
}

}  // namespace weir
