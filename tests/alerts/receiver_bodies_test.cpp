// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "alerts/bodies.h"
#include "alerts/receiver_alertmanager.h"
#include "alerts/receiver_pagerduty.h"
#include "alerts/receiver_slack.h"
#include "alerts/receiver_webhook.h"
#include "alerts/receiver_words.h"
#include "alerts/told_notification.h"
#include "base/escape.h"
#include "base/text.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

using testing::expected_body;
using testing::hostile_notification;
using testing::json_of;
using testing::minute;
using testing::told_notification;

const JsonValue& at(const JsonValue& value, std::string_view key) {
  const JsonValue* const found = value.find(key);
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("each receiver sends what its protocol wants") {
  const Notification notification = told_notification();
  const Instant now = minute(4);
  const std::string alertmanager = alertmanager_body(notification, {}, now);
  CAPTURE(alertmanager);
  CHECK(json_of(alertmanager) == expected_body("alertmanager"));
  const std::string webhook = webhook_body(notification, "team", {}, now);
  CAPTURE(webhook);
  CHECK(json_of(webhook) == expected_body("webhook"));
  const std::string slack = slack_body(notification, {});
  CAPTURE(slack);
  CHECK(json_of(slack) == expected_body("slack"));
  const std::string pagerduty = pagerduty_body(notification, {}, "R0UT1NGKEY", now);
  CAPTURE(pagerduty);
  CHECK(json_of(pagerduty) == expected_body("pagerduty"));
}

TEST_CASE("labels are the same from the first message to the last, whoever sends it") {
  Alert alert = testing::firing_alert();
  const NamedTexts first = labels_of(alert);
  alert.state = Alert::State::Resolved;
  alert.ends_at = minute(9);
  alert.observed = "0 %";
  alert.windows = 12;
  alert.samples.clear();
  CHECK(labels_of(alert) == first);
}

TEST_CASE("two segments whose names or values look alike are two labels, and two alerts") {
  Alert alert = testing::firing_alert();
  alert.segment = {{"a.b", "1"}, {"a_b", "2"}, {"ä", "3"}, {"", ""}};
  const NamedTexts labels = labels_of(alert);
  const auto value = [&](std::string_view name) {
    const auto found = std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.first == name; });
    return found == labels.end() ? std::string("none") : found->second;
  };
  CHECK(value("segment_a_b") == "1");
  CHECK(value("segment_a_b_2") == "2");
  CHECK(value("segment___") == "3");
  CHECK(value("segment_") == "(empty)");
  CHECK(value("fingerprint") == "none");
  alert.segment = {{"a", std::string(300, 'x') + "1"}};
  Alert other = alert;
  other.segment = {{"a", std::string(300, 'x') + "2"}};
  other.fingerprint = "00c0ffee00000000";
  CHECK(labels_of(alert) != labels_of(other));
}

TEST_CASE("an alert does not end before it began, nor in the future of whoever is told") {
  Alert alert = testing::resolved_alert();
  alert.starts_at = minute(10);
  alert.ends_at = minute(12);
  AlertTimes times = times_of(alert, minute(11));
  CHECK(times.starts_at == minute(10));
  CHECK(times.ends_at == minute(11));
  times = times_of(alert, minute(5));
  CHECK(times.starts_at == minute(5));
  CHECK(times.ends_at == minute(5));
  alert.state = Alert::State::Firing;
  CHECK_FALSE(times_of(alert, minute(20)).ends_at);
}

TEST_CASE("what a record says is shown, cut and never interpreted") {
  const std::vector<std::string> texts = {testing::hostile_text(), "<!channel> <https://evil.example|click> & `code`",
                                          "\"},{\"status\":\"x",   std::string(100'000, '<'),
                                          "\xFF\xFE\x80",          "line\r\nBcc: x@evil.example\r\n\r\n.\r\n",
                                          "{{ runbook }}",         "javascript:alert(1)",
                                          "https://a.example/|x>"};
  for (const std::string& text : texts) {
    const Notification notification = hostile_notification(text);
    CAPTURE(visible(text, 60));
    const std::string slack = slack_body(notification, {});
    for (const std::string& body :
         {alertmanager_body(notification, {}, minute(4)), webhook_body(notification, "team", {}, minute(4)), slack,
          pagerduty_body(notification, {}, "key", minute(4))}) {
      CHECK(body.size() < 100'000);
      CHECK(is_valid_utf8(body));
      for (const auto& [place, value] : testing::texts_in(json_of(body))) {
        CAPTURE(place);
        // Slack's sections are lines of ours; what came out of the record stands within one of them.
        if (!place.ends_with(".text.text")) CHECK(visible(value) == value);
        CHECK(value.size() < 4'000);
      }
    }
    for (const auto& [place, value] : testing::texts_in(json_of(slack))) {
      if (!place.ends_with(".text") || place == "blocks.0.text.text") continue;  // the header is plain text
      CAPTURE(place, value);
      CHECK(value.find("<!") == std::string::npos);
      CHECK(value.find("<https://evil") == std::string::npos);
      CHECK(value.find("<javascript") == std::string::npos);
      CHECK(std::count(value.begin(), value.end(), '`') % 2 == 0);
    }
  }
}

TEST_CASE("links are links only where they lead over HTTP") {
  CHECK(link_of("https://wiki.example/a?b=c&d=e#f") == "https://wiki.example/a?b=c&d=e#f");
  for (const char* const url : {"", "javascript:alert(1)", "file:///etc/passwd", "see the wiki",
                                "https://u:p@a.example/", "https://a.example/\"onclick=", "https://a.example/a b",
                                "https://a.example/<x>", "https://a.example/|b", "//a.example/"})
    CHECK(link_of(url).empty());
}

TEST_CASE("many alerts are one message within the limits of the receiver") {
  Notification notification = told_notification();
  notification.alerts.clear();
  for (int i = 0; i < 300; ++i) {
    Alert alert = testing::firing_alert();
    alert.rule = "rule_" + std::to_string(i);
    alert.cause = std::string(5000, '&');
    alert.samples.assign(20, std::string(1000, '\x01'));
    notification.alerts.push_back(alert);
  }
  const JsonValue slack = json_of(slack_body(notification, {}));
  CHECK(at(slack, "blocks").items.size() <= 50);
  for (const auto& [place, value] : testing::texts_in(slack)) {
    CAPTURE(place);
    CHECK(code_points(value) <= (place == "blocks.0.text.text" ? 150 : 3000));
  }
  CHECK(slack_body(notification, {}).find("and 290 more alerts") != std::string::npos);

  const JsonValue webhook = json_of(webhook_body(notification, "team", {}, minute(4)));
  CHECK(at(webhook, "alerts").items.size() == kMostWebhookAlerts);
  CHECK(at(webhook, "truncatedAlerts").text == "200");

  const std::string pagerduty = pagerduty_body(notification, {}, "key", minute(4));
  CHECK(pagerduty.size() <= kMostPagerDutyBytes);
  CHECK(at(at(json_of(pagerduty), "payload"), "summary").text.find("(and 299 more)") != std::string::npos);
}

TEST_CASE("a template's words take the place of ours, with what is known escaped for each place") {
  const MessageWords words{.title = *MessageTemplate::parse("{{ rule }} <{{ severity }}>"),
                           .text = *MessageTemplate::parse("*{{observed}}* of {{ description }}\nsee {{ runbook }}")};
  Notification notification = told_notification();
  notification.alerts[1].description = "<!here> & `co`";
  const JsonValue slack = json_of(slack_body(notification, words));
  CHECK(at(slack, "text").text == "amount.null_rate &lt;error&gt;");
  const std::vector<JsonValue>& blocks = at(slack, "blocks").items;
  CHECK(at(at(blocks[0], "text"), "text").text == "amount.null_rate <error>");
  CHECK(at(at(blocks[1], "text"), "text").text ==
        "*12.4 %* of &lt;!here&gt; &amp; ˋcoˋ\nsee https://wiki.example/runbooks/amount?a=1&amp;b=2");
  const JsonValue alerts = json_of(alertmanager_body(notification, words, minute(4)));
  const JsonValue& annotations = at(alerts.items[1], "annotations");
  CHECK(at(annotations, "summary").text == "amount.null_rate <error>");
  CHECK(at(annotations, "description").text ==
        "*12.4 %* of <!here> & `co`\nsee https://wiki.example/runbooks/amount?a=1&b=2");
}

TEST_CASE("a text of a template that is too long for Slack is cut between two of its signs") {
  const MessageWords words{
      .title = {},
      .text = *MessageTemplate::parse(std::string(100, 'x') + "{{ cause }}" + std::string(3000, 'y') + "{{ cause }}")};
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Notification notification = told_notification();
    notification.alerts.resize(1);
    notification.alerts[0].cause = std::string(560 - shift, '&');
    const JsonValue slack = json_of(slack_body(notification, words));
    const std::string& text = at(at(at(slack, "blocks").items[1], "text"), "text").text;
    CHECK(text.size() < 3000);
    const std::size_t last = text.rfind('&');
    REQUIRE(last != std::string::npos);
    CHECK(text.substr(last, 5) == "&amp;");
  }
}

TEST_CASE("an incident of PagerDuty is a stream's, and is over when nothing of it fires") {
  Notification notification = told_notification();
  const JsonValue first = json_of(pagerduty_body(notification, {}, "key", minute(4)));
  CHECK(at(first, "event_action").text == "trigger");
  notification.alerts = {testing::resolved_alert()};
  notification.still_firing = 0;
  const JsonValue last = json_of(pagerduty_body(notification, {}, "key", minute(4)));
  CHECK(at(last, "event_action").text == "resolve");
  CHECK(at(last, "dedup_key") == at(first, "dedup_key"));
  notification.stream = "payments";
  CHECK(at(json_of(pagerduty_body(notification, {}, "key", minute(4))), "dedup_key") != at(first, "dedup_key"));
}

}  // namespace
}  // namespace weir
