// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_of_settings.h"

#include "alerts/receiver_alertmanager.h"
#include "alerts/receiver_email.h"
#include "alerts/receiver_kafka.h"
#include "alerts/receiver_pagerduty.h"
#include "alerts/receiver_post.h"
#include "alerts/receiver_slack.h"
#include "alerts/receiver_webhook.h"
#include "net/secret_file.h"

namespace weir {
namespace {

SourceSpan place_of(const ReceiverSettings& settings, const ReceiverFault& fault) {
  switch (fault.of) {
    case ReceiverFault::Of::Title: return settings.title_where;
    case ReceiverFault::Of::Text: return settings.text_where;
    case ReceiverFault::Of::Receiver: break;
  }
  return settings.where;
}

}  // namespace

std::optional<ReceiverFault> fault_of(const ReceiverSettings& settings) {
  using Of = ReceiverFault::Of;
  if (settings.title.find('\n') != std::string::npos)
    return ReceiverFault{.of = Of::Title, .error = {.message = "`title` is one line"}};
  if (const Result<MessageTemplate> title = MessageTemplate::parse(settings.title); !title)
    return ReceiverFault{.of = Of::Title, .error = title.error()};
  if (const Result<MessageTemplate> text = MessageTemplate::parse(settings.text); !text)
    return ReceiverFault{.of = Of::Text, .error = text.error()};
  // One that cannot be read now may be there when somebody is to be told; one that holds something else never says a URL.
  if (!settings.url_file.empty() && read_secret(settings.url_file)) {
    if (const Result<std::string> url = url_of(settings); !url)
      return ReceiverFault{.of = Of::Receiver, .error = url.error()};
  }
  if (settings.kind != ReceiverSettings::Kind::Email) return std::nullopt;
  if (const Status email = check_email(settings.email); !email)
    return ReceiverFault{.of = Of::Receiver, .error = email.error()};
  return std::nullopt;
}

Result<std::unique_ptr<Receiver>> receiver_of(const ReceiverSettings& settings, MakeOut make_out) {
  using Kind = ReceiverSettings::Kind;
  using Made = std::unique_ptr<Receiver>;
  if (std::optional<ReceiverFault> fault = fault_of(settings)) {
    fault->error.where = place_of(settings, *fault);
    return std::move(fault->error);
  }
  MessageWords words{.title = *MessageTemplate::parse(settings.title), .text = *MessageTemplate::parse(settings.text)};
  switch (settings.kind) {
    case Kind::Alertmanager: return Made(std::make_unique<AlertmanagerReceiver>(settings, std::move(words)));
    case Kind::Webhook: return Made(std::make_unique<WebhookReceiver>(settings, std::move(words)));
    case Kind::Slack: return Made(std::make_unique<SlackReceiver>(settings, std::move(words)));
    case Kind::PagerDuty: return Made(std::make_unique<PagerDutyReceiver>(settings, std::move(words)));
    case Kind::Email: return Made(std::make_unique<EmailReceiver>(settings, std::move(words)));
    case Kind::Kafka: break;
  }
  if (!make_out)
    return Error{.message = "there is no producer for the topic `" + settings.topic + "`", .where = settings.where};
  return Made(std::make_unique<KafkaReceiver>(settings, std::move(words), std::move(make_out)));
}

}  // namespace weir
