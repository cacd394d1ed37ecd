// SPDX-License-Identifier: Apache-2.0
// What somebody is told when a window rule breaks, and when it holds again: plain data.
//
// An alert belongs to one rule over one segment of one stream. It has the same fingerprint whoever finds it and however
// often the process is killed in between, so that whoever is told twice sees that it is the same. Alerts of one stream that begin or end
// together are one notification: one incident wakes one person once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

struct Alert {
  enum class State : std::uint8_t { Firing, Resolved };

  std::string fingerprint;  // 16 hexadecimal digits of pipeline, stream, rule and segment
  State state = State::Firing;
  std::string pipeline;
  std::string stream;
  std::string rule;
  std::string kind;      // "window", "drift"
  std::string field;     // of a drift rule
  std::string severity;  // "error", "warn"
  std::vector<std::pair<std::string, std::string>> segment;
  std::vector<std::string> tags;

  Instant starts_at{};             // the end of the first window of this alert
  std::optional<Instant> ends_at;  // when it was over
  std::uint64_t windows = 0;       // that broke the rule since it began
  Instant window_start{};          // the newest window that decided
  Instant window_end{};
  std::string observed;              // as people read it: "12.4 %"
  std::string expected;              // "<= 5%"
  std::string cause;                 // what moved, or why nothing could be said; in words
  std::vector<std::string> samples;  // failing values, redacted; only where the configuration asks for samples
  std::string description;           // why the rule is there
  std::string runbook;

  [[nodiscard]] bool operator==(const Alert&) const = default;
};

/// What is told at once: alerts of one stream.
struct Notification {
  std::string pipeline;
  std::string stream;
  std::string instance;
  std::string page;  // the URL of the status page; empty: not known
  std::vector<Alert> alerts;
  /// Others of the stream that fire on, and were told before: the incident goes on as long as there are any.
  std::uint64_t still_firing = 0;
  bool reminder = false;  // nothing is new: told again because it lasts

  /// Firing as long as one of `alerts` is.
  [[nodiscard]] Alert::State state() const;
};

/// What fires before what is over, errors before warnings, the oldest first: the first one is what has to be seen.
[[nodiscard]] std::vector<const Alert*> gravest_first(const Notification& notification);

/// "orders: row_count.1m is 12, expected >= 100 (and 2 more)", one line of visible text.
[[nodiscard]] std::string headline(const Notification& notification);

}  // namespace weir
