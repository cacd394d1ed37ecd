// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_slack.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "alerts/receiver_words.h"
#include "base/escape.h"
#include "base/text.h"

namespace weir {
namespace {

// Slack takes 50 blocks of 3000 characters and a header of 150; a channel is read by people, who take fewer.
constexpr std::size_t kMostAlerts = 10;
constexpr std::size_t kMostHeader = 140;    // code points, some of which Slack counts twice
constexpr std::size_t kMostSection = 2900;  // bytes, of which there are never fewer than characters
constexpr std::size_t kMostOfValue = 300;   // code points

std::string code(std::string_view value, std::size_t code_points = kMostOfValue) {
  return "`" + scripted(value, Script::Slack, code_points) + "`";
}

std::string link(std::string_view url, std::string_view words) {
  if (link_of(url).empty()) return "";
  std::string address;
  for (const char c : url) address += c == '&' ? std::string("&amp;") : std::string(1, c);
  return "<" + address + "|" + std::string(words) + ">";
}

/// Lines one after the other for as long as there is room: a line is never cut, its signs would not be closed.
class Lines {
 public:
  void add(const std::string& line) {
    if (line.empty() || text_.size() + line.size() + 1 > kMostSection) return;
    text_ += (text_.empty() ? "" : "\n") + line;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string capitals(Alert::State state) {
  return state == Alert::State::Firing ? "FIRING" : "RESOLVED";
}

std::string own_section(const Alert& alert) {
  Lines lines;
  std::string name = "*" + capitals(alert.state) + "*  " + code(alert.rule);
  if (!alert.segment.empty()) name += "  " + code(segment_of(alert));
  if (!alert.severity.empty()) name += "  (" + scripted(alert.severity, Script::Slack, kMostOfSample) + ")";
  lines.add(name);
  for (const Fact& fact : facts_of(alert)) {
    if (fact.name == "segment" || fact.name == "severity") continue;
    lines.add(std::string(fact.title) + ": " + code(fact.text));
  }
  if (!alert.runbook.empty()) {
    const std::string runbook = link(alert.runbook, "Runbook");
    lines.add(runbook.empty() ? "Runbook: " + code(alert.runbook) : runbook);
  }
  return lines.take();
}

/// What a template wrote, which may be too long: cut between two signs of it, never within an entity.
std::string cut(std::string text) {
  if (text.size() <= kMostSection) return text;
  std::size_t end = kMostSection;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  const std::size_t entity = text.rfind('&', end - 1);
  constexpr std::size_t kLongestEntity = 5;  // "&amp;"
  if (entity != std::string::npos && end - entity < kLongestEntity) end = entity;
  text.resize(end);
  return text += "…";
}

void write_section(JsonWriter& json, std::string_view text) {
  json.begin_object().field("type", "section").key("text").begin_object();
  json.field("type", "mrkdwn").field("text", text).field("verbatim", true).end_object().end_object();
}

std::string footer(const Notification& notification, std::size_t shown) {
  std::string text;
  const auto add = [&text](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : "  ·  ") + more;
  };
  if (notification.alerts.size() > shown)
    add("and " + std::to_string(notification.alerts.size() - shown) + " more alerts");
  add(others_of(notification));
  add(link(page_link_of(notification), "Status page"));
  add("weir, pipeline " + code(notification.pipeline));
  return text;
}

}  // namespace

std::string slack_body(const Notification& notification, const MessageWords& words) {
  std::vector<const Alert*> alerts = gravest_first(notification);
  alerts.resize(std::min(alerts.size(), kMostAlerts));
  const Alert none;
  const Alert& first = alerts.empty() ? none : *alerts.front();
  const std::string title = words.title.empty() ? "[" + capitals(notification.state()) + "] " + headline(notification)
                                                : words.title.write(notification, first, Script::Text);
  JsonWriter json;
  json.begin_object();
  json.field("text", scripted(title, Script::Slack, kMostOfTitle));
  json.key("blocks").begin_array();
  json.begin_object().field("type", "header").key("text").begin_object();
  json.field("type", "plain_text").field("text", visible(title, kMostHeader)).field("emoji", false);
  json.end_object().end_object();
  for (const Alert* const alert : alerts) {
    const std::string text = cut(words.text.write(notification, *alert, Script::Slack));
    write_section(json, text.empty() ? own_section(*alert) : text);
  }
  json.begin_object().field("type", "context").key("elements").begin_array();
  json.begin_object().field("type", "mrkdwn").field("text", footer(notification, alerts.size()));
  json.field("verbatim", true).end_object().end_array().end_object().end_array();
  return json.field("unfurl_links", false).field("unfurl_media", false).end_object().take();
}

SlackReceiver::SlackReceiver(ReceiverSettings settings, MessageWords words)
    : settings_(std::move(settings)), words_(std::move(words)), poster_(settings_.access) {}

Told SlackReceiver::tell(const Notification& notification, Instant /*now*/) {
  const Result<std::string> url = url_of(settings_);
  if (!url) return not_told(url.error());
  return poster_.post(*url, slack_body(notification, words_));
}

}  // namespace weir
