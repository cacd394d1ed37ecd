// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_of_settings.h"

#include "alerts/receiver_alertmanager.h"
#include "alerts/receiver_email.h"
#include "alerts/receiver_kafka.h"
#include "alerts/receiver_pagerduty.h"
#include "alerts/receiver_slack.h"
#include "alerts/receiver_webhook.h"

namespace weir {
namespace {

/// The error of a template, where the configuration has it.
Error placed(Error error, const SourceSpan& where, std::string_view key) {
  // A template of several lines: which of them, where there is one place for all.
  if (error.where.line > 1) error.message += " (line " + std::to_string(error.where.line) + ")";
  error.message = "`" + std::string(key) + "`: " + error.message;
  error.where = where;
  return error;
}

Result<MessageWords> words_of(const ReceiverSettings& settings) {
  Result<MessageTemplate> title = MessageTemplate::parse(settings.title);
  if (!title) return placed(title.error(), settings.title_where, "title");
  Result<MessageTemplate> text = MessageTemplate::parse(settings.text);
  if (!text) return placed(text.error(), settings.text_where, "text");
  if (settings.title.find('\n') != std::string::npos)
    return Error{.message = "`title` is one line", .where = settings.title_where};
  return MessageWords{.title = *std::move(title), .text = *std::move(text)};
}

}  // namespace

Status check_receiver(const ReceiverSettings& settings) {
  const Result<MessageWords> words = words_of(settings);
  if (!words) return words.error();
  if (settings.kind != ReceiverSettings::Kind::Email) return Done{};
  const Status email = check_email(settings.email);
  if (email) return Done{};
  Error error = email.error();
  error.where = settings.where;
  return error;
}

Result<std::unique_ptr<Receiver>> make_receiver(const ReceiverSettings& settings, std::unique_ptr<RecordOut> out) {
  using Kind = ReceiverSettings::Kind;
  using Made = std::unique_ptr<Receiver>;
  if (const Status checked = check_receiver(settings); !checked) return checked.error();
  MessageWords words = *words_of(settings);
  switch (settings.kind) {
    case Kind::Alertmanager: return Made(std::make_unique<AlertmanagerReceiver>(settings, std::move(words)));
    case Kind::Webhook: return Made(std::make_unique<WebhookReceiver>(settings, std::move(words)));
    case Kind::Slack: return Made(std::make_unique<SlackReceiver>(settings, std::move(words)));
    case Kind::PagerDuty: return Made(std::make_unique<PagerDutyReceiver>(settings, std::move(words)));
    case Kind::Email: return Made(std::make_unique<EmailReceiver>(settings, std::move(words)));
    case Kind::Kafka: break;
  }
  if (!out)
    return Error{.message = "there is no producer for the topic `" + settings.topic + "`", .where = settings.where};
  return Made(std::make_unique<KafkaReceiver>(settings, std::move(words), std::move(out)));
}

}  // namespace weir
