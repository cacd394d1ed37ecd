// SPDX-License-Identifier: Apache-2.0
#include "alerts/alert.h"

#include <algorithm>

#include "base/escape.h"

namespace weir {

namespace {

constexpr std::size_t kMostOfCause = 160;  // code points: what follows has to be seen as well

bool weighs_more(const Alert& a, const Alert& b) {
  if (a.state != b.state) return a.state == Alert::State::Firing;
  if (a.severity != b.severity) return a.severity == "error";
  return a.starts_at < b.starts_at;
}

}  // namespace

Alert::State Notification::state() const {
  const bool fires =
      std::any_of(alerts.begin(), alerts.end(), [](const Alert& alert) { return alert.state == Alert::State::Firing; });
  return fires ? Alert::State::Firing : Alert::State::Resolved;
}

std::vector<const Alert*> gravest_first(const Notification& notification) {
  std::vector<const Alert*> alerts;
  for (const Alert& alert : notification.alerts) alerts.push_back(&alert);
  std::stable_sort(alerts.begin(), alerts.end(), [](const Alert* a, const Alert* b) { return weighs_more(*a, *b); });
  return alerts;
}

std::string headline(const Notification& notification) {
  if (notification.alerts.empty()) return visible(notification.stream);
  const Alert& first = *std::min_element(notification.alerts.begin(), notification.alerts.end(), weighs_more);
  std::string line = notification.stream + ": " + first.rule;
  for (const auto& [field, value] : first.segment) line += " (" + field + "=" + value + ")";
  if (first.state == Alert::State::Resolved) {
    line += " holds again";
  } else if (!first.cause.empty()) {
    line += ": " + visible(first.cause, kMostOfCause);
  } else {
    line += " is " + first.observed + ", expected " + first.expected;
  }
  const std::size_t more = notification.alerts.size() - 1;
  if (more > 0) line += " (and " + std::to_string(more) + " more)";
  return visible(line, 300);
}

}  // namespace weir
