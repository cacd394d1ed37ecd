// SPDX-License-Identifier: Apache-2.0
// Who is told of windows that break their rules, and when nobody is: what `alerts` and `maintenance` of the configuration
// say. Plain data; src/config fills it in, src/alerts acts on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/result.h"
#include "weir/time.h"

namespace weir {

class Zone;

/// Which alerts somebody hears of. Names of streams and rules may hold `*` and `?`; an empty list is all of them.
struct AlertChoice {
  bool errors = true;
  bool warnings = false;
  std::vector<std::string> streams;
  std::vector<std::string> rules;
  bool operator==(const AlertChoice&) const = default;
};

/// How a server is called that a receiver speaks with. A secret stands in a file, whose first line is read for each call, or
/// comes from the environment; it is shown nowhere.
struct ReceiverAccess {
  std::string user;
  std::string password;
  std::string password_file;
  std::string token;  // a bearer token
  std::string token_file;
  std::string ca_file;    // who vouches for the server; empty: whom the system trusts
  std::string cert_file;  // our own certificate, and its key
  std::string key_file;
  std::string proxy;  // empty: none, whatever the environment says
  Duration timeout = std::chrono::seconds(10);
};

struct EmailSettings {
  enum class Security : std::uint8_t { StartTls, Tls, None };
  std::string host;
  std::uint16_t port = 0;
  Security security = Security::StartTls;
  std::string from;
  std::vector<std::string> to;
};

struct ReceiverSettings {
  enum class Kind : std::uint8_t { Alertmanager, Webhook, Slack, PagerDuty, Email, Kafka };
  Kind kind = Kind::Webhook;
  std::string name;  // in metrics, logs and the API

  /// Of Alertmanager each of them is told; of the others there is one. Empty: it is in `url_file`.
  std::vector<std::string> urls;
  std::string url_file;      // a URL that is a secret, as Slack's are: the first line
  bool secret_urls = false;  // from the environment: shown nowhere
  std::string routing_key;   // of PagerDuty, from the environment
  std::string routing_key_file;
  std::string topic;  // of Kafka
  EmailSettings email;
  ReceiverAccess access;
  std::string title;  // a template for one line; empty: the receiver's own
  std::string text;   // a template for the text
  SourceSpan where;   // of the receiver, and of its templates: for what only who makes the receiver can find wrong
  SourceSpan title_where;
  SourceSpan text_where;

  AlertChoice choice;
  Duration group_wait = std::chrono::seconds(5);
  Duration repeat_every = std::chrono::hours(4);  // zero: never again
  std::size_t samples = 0;                        // failing values in an alert
};

/// A time in which nobody is told: once, or again and again by the clocks of a place.
struct MaintenanceWindow {
  std::optional<Instant> from;  // once
  std::optional<Instant> to;
  std::optional<int> weekday;              // 0: Sunday; nothing: every day
  Duration at{};                           // of the day, by clocks there
  Duration length{};                       // not once
  std::string zone;                        // empty: UTC
  std::shared_ptr<const Zone> zone_rules;  // null: UTC
  std::vector<std::string> streams;        // as in AlertChoice
  std::vector<std::string> rules;
  std::string why;
};

struct AlertSettings {
  std::vector<ReceiverSettings> receivers;
  std::vector<MaintenanceWindow> maintenance;
  std::uint32_t fire = 1;  // `after: 2 of 3`: so many of the last `of` windows break the rule
  std::uint32_t of = 1;
  std::uint32_t clear = 1;  // `clear_after`: so many windows in a row hold
  std::string page;         // the URL under which people reach the status page; empty: not known
};

}  // namespace weir
