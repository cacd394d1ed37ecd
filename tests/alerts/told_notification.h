// SPDX-License-Identifier: Apache-2.0
// A notification for the tests of receivers: one alert that fires, with all that an alert can say, and one that is over.
#pragma once

#include <chrono>

#include "alerts/alert.h"

namespace weir::testing {

inline Instant minute(int minutes) {
  using namespace std::chrono;
  return Instant(sys_days(year(2026) / 3 / 1) + hours(10) + std::chrono::minutes(minutes));
}

inline Alert firing_alert() {
  Alert alert;
  alert.fingerprint = "00c0ffee12345678";
  alert.pipeline = "shop";
  alert.stream = "orders";
  alert.rule = "amount.null_rate";
  alert.kind = "window";
  alert.severity = "error";
  alert.segment = {{"address.country", "DE"}, {"shop", "7"}};
  alert.tags = {"finance"};
  alert.starts_at = minute(1);
  alert.windows = 3;
  alert.window_start = minute(2);
  alert.window_end = minute(3);
  alert.observed = "12.4 %";
  alert.expected = "<= 5 %";
  alert.samples = {"null", "-1"};
  alert.description = "Finance books what it sees.";
  alert.runbook = "https://wiki.example/runbooks/amount?a=1&b=2";
  return alert;
}

inline Alert resolved_alert() {
  Alert alert;
  alert.fingerprint = "00c0ffee87654321";
  alert.state = Alert::State::Resolved;
  alert.pipeline = "shop";
  alert.stream = "orders";
  alert.rule = "amount.drift";
  alert.kind = "drift";
  alert.field = "amount";
  alert.severity = "warn";
  alert.starts_at = minute(0);
  alert.ends_at = minute(3);
  alert.windows = 1;
  alert.window_start = minute(2);
  alert.window_end = minute(3);
  alert.observed = "0.03";
  alert.expected = "< 0.2";
  return alert;
}

inline Notification told_notification() {
  return {.pipeline = "shop",
          .stream = "orders",
          .instance = "weir-0",
          .page = "https://weir.example:8947/",
          .alerts = {resolved_alert(), firing_alert()},
          .still_firing = 2,
          .reminder = false};
}

/// The same with `text` wherever a record, a rule file or a configuration could have brought it.
inline Notification hostile_notification(const std::string& text) {
  Notification notification = told_notification();
  for (std::string* const part :
       {&notification.pipeline, &notification.stream, &notification.instance, &notification.page})
    *part = text;
  for (Alert& alert : notification.alerts) {
    for (std::string* const part : {&alert.pipeline, &alert.stream, &alert.rule, &alert.field, &alert.observed,
                                    &alert.expected, &alert.cause, &alert.description, &alert.runbook})
      *part = text;
    alert.segment = {{text, text}, {text, text}};
    alert.tags = {text};
    alert.samples = {text, text};
  }
  return notification;
}

}  // namespace weir::testing
