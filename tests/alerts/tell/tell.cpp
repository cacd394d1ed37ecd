// SPDX-License-Identifier: Apache-2.0
// One receiver by itself, for sinks/receivers_test.py: `tell_receiver KIND KEY=VALUE...` reads what it should tell from stdin,
// a word a line ("firing", "resolved", "hostile"), and writes what became of it, a line of JSON each.
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>

#include "alerts/receiver_of_settings.h"
#include "alerts/told_notification.h"
#include "base/json_writer.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

using Kind = ReceiverSettings::Kind;

/// False: there is no such key.
bool set(ReceiverSettings& settings, std::string_view key, const std::string& value) {
  ReceiverAccess& access = settings.access;
  EmailSettings& email = settings.email;
  if (key == "url") return settings.urls.push_back(value), true;
  if (key == "to") return email.to.push_back(value), true;
  if (key == "port") return email.port = static_cast<std::uint16_t>(std::stoi(value)), true;
  if (key == "timeout_ms") return access.timeout = std::chrono::milliseconds(std::stoi(value)), true;
  if (key == "tls") {
    email.security = value == "tls"    ? EmailSettings::Security::Tls
                     : value == "none" ? EmailSettings::Security::None
                                       : EmailSettings::Security::StartTls;
    return true;
  }
  for (const auto& [name, text] : {std::pair("url_file", &settings.url_file),
                                   {"key", &settings.routing_key},
                                   {"title", &settings.title},
                                   {"text", &settings.text},
                                   {"user", &access.user},
                                   {"password", &access.password},
                                   {"password_file", &access.password_file},
                                   {"token_file", &access.token_file},
                                   {"ca_file", &access.ca_file},
                                   {"proxy", &access.proxy},
                                   {"host", &email.host},
                                   {"from", &email.from}}) {
    if (key == name) return *text = value, true;
  }
  return false;
}

bool set_kind(ReceiverSettings& settings, std::string_view kind) {
  for (const auto& [name, known] : {std::pair("alertmanager", Kind::Alertmanager),
                                    {"webhook", Kind::Webhook},
                                    {"slack", Kind::Slack},
                                    {"pagerduty", Kind::PagerDuty},
                                    {"email", Kind::Email}}) {
    if (kind == name) return settings.kind = known, true;
  }
  return false;
}

Notification notification_of(std::string_view word) {
  Notification notification =
      word == "hostile" ? testing::hostile_notification(testing::hostile_text()) : testing::told_notification();
  if (word == "resolved") {
    notification.alerts = {testing::firing_alert()};
    notification.alerts[0].state = Alert::State::Resolved;
    notification.alerts[0].ends_at = testing::minute(5);
    notification.still_firing = 0;
  }
  return notification;
}

std::string_view written(Told::How how) {
  return how == Told::How::Done ? "done" : how == Told::How::Later ? "later" : "refused";
}

int run(int count, char** arguments) {
  ReceiverSettings settings;
  settings.name = "team";
  if (count < 2 || !set_kind(settings, arguments[1])) return 2;
  for (int i = 2; i < count; ++i) {
    const std::string argument = arguments[i];
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos || !set(settings, argument.substr(0, equals), argument.substr(equals + 1)))
      return 2;
  }
  const Result<std::unique_ptr<Receiver>> receiver = receiver_of(settings);
  if (!receiver) {
    std::cerr << receiver.error().message << "\n";
    return 2;
  }
  for (std::string word; std::getline(std::cin, word);) {
    const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Told told = (*receiver)->tell(notification_of(word), now);
    JsonWriter json;
    json.begin_object().field("how", written(told.how)).field("why", told.why);
    json.field("not_before", std::chrono::duration<double>(told.not_before).count()).end_object();
    std::cout << json.text() << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace weir

int main(int count, char** arguments) {
  return weir::run(count, arguments);
}
