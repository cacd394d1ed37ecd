// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_words.h"

#include <algorithm>

#include "base/escape.h"
#include "base/json_writer.h"
#include "base/timestamp.h"
#include "net/url.h"

namespace weir {
namespace {

constexpr std::size_t kMostUrl = 2000;  // bytes

std::string joined(const std::vector<std::string>& texts, std::size_t code_points) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + visible(text, code_points);
  return out;
}

}  // namespace

std::string_view status_of(Alert::State state) {
  return state == Alert::State::Firing ? "firing" : "resolved";
}

std::string segment_of(const Alert& alert) {
  std::string out;
  for (const auto& [field, value] : alert.segment) out += (out.empty() ? "" : ", ") + field + "=" + value;
  return out;
}

std::string window_of(const Alert& alert) {
  if (alert.window_end == Instant{}) return "";
  return format_timestamp(alert.window_start) + " to " + format_timestamp(alert.window_end);
}

std::string samples_of(const Alert& alert) {
  return joined(alert.samples, kMostOfSample);
}

std::string tags_of(const Alert& alert) {
  return joined(alert.tags, kMostOfSample);
}

std::string headline_of(const Notification& notification, const Alert& alert) {
  return headline({.pipeline = notification.pipeline,
                   .stream = notification.stream,
                   .instance = {},
                   .page = {},
                   .alerts = {alert},
                   .still_firing = 0,
                   .reminder = false});
}

std::string others_of(const Notification& notification) {
  if (notification.still_firing == 0) return "";
  if (notification.still_firing == 1) return "Another alert of this stream fires on.";
  return std::to_string(notification.still_firing) + " others of this stream fire on.";
}

std::vector<Fact> facts_of(const Alert& alert) {
  std::vector<Fact> facts;
  const auto add = [&facts](std::string_view name, std::string_view title, std::string text) {
    if (!text.empty()) facts.push_back({.name = name, .title = title, .text = std::move(text)});
  };
  add("observed", "Observed", alert.observed);
  add("expected", "Expected", alert.expected);
  add("cause", "Cause", alert.cause);
  add("segment", "Segment", segment_of(alert));
  add("field", "Field", alert.field);
  add("window", "Window", window_of(alert));
  add("since", "Since", format_timestamp(alert.starts_at));
  if (alert.ends_at) add("until", "Until", format_timestamp(*alert.ends_at));
  if (alert.windows > 0) add("windows", "Windows failed", std::to_string(alert.windows));
  add("severity", "Severity", alert.severity);
  add("samples", "Samples", samples_of(alert));
  add("tags", "Tags", tags_of(alert));
  add("description", "Why", alert.description);
  return facts;
}

std::string group_key_of(const Notification& notification) {
  return "{pipeline=" + json_quote(notification.pipeline) + ", stream=" + json_quote(notification.stream) + "}";
}

std::string_view link_of(std::string_view url) {
  if (url.size() > kMostUrl || !parse_url(url)) return {};
  // What could end the link, in whatever it stands.
  const bool safe = std::all_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7F &&
           std::string_view("<>\"'|`\\").find(c) == std::string_view::npos;
  });
  return safe ? url : std::string_view();
}

std::string rule_link_of(const Notification& notification, const Alert& alert) {
  const std::string_view page = link_of(notification.page);
  if (page.empty() || alert.rule.empty()) return std::string(page);
  return std::string(page) + "#/rule/" + url_step(alert.stream) + "/" + url_step(alert.rule);
}

std::string page_link_of(const Notification& notification) {
  if (notification.alerts.size() == 1) return rule_link_of(notification, notification.alerts.front());
  return std::string(link_of(notification.page));
}

}  // namespace weir
