// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_kafka.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/receiver_words.h"

namespace weir {
namespace {

using How = Told::How;

void put(Told& told, How how, std::string why) {
  // What is refused stays refused: the other records of the notification change nothing of it.
  if (told.how == How::Refused) return;
  told = {.how = how, .why = std::move(why), .not_before = {}};
}

}  // namespace

KafkaReceiver::KafkaReceiver(ReceiverSettings settings, MessageWords words, std::unique_ptr<RecordOut> out)
    : settings_(std::move(settings)), words_(std::move(words)), out_(std::move(out)) {}

void KafkaReceiver::settle(Told& told) {
  std::vector<Delivered> delivered;
  std::vector<Trouble> troubles;
  out_->poll(delivered, troubles);
  for (const Delivered& one : delivered) {
    // One that was given up before, and comes late.
    if (one.token < first_token_) continue;
    if (one.ok) {
      ++acknowledged_;
    } else if (one.too_large) {
      put(told, How::Refused, "an alert is too large for the topic `" + settings_.topic + "`");
    } else {
      put(told, How::Later, one.trouble.message);
    }
  }
  // What the broker is troubled with, where no record says it better.
  if (told.how == How::Done && told.why.empty() && !troubles.empty()) told.why = troubles.front().message;
}

bool KafkaReceiver::write(const OutRecord& record, Told& told) {
  RecordOut::Taken taken = out_->write(record, next_token_);
  if (taken == RecordOut::Taken::Full) {
    static_cast<void>(out_->flush(settings_.access.timeout));
    settle(told);
    taken = out_->write(record, next_token_);
  }
  if (taken == RecordOut::Taken::TooLarge)
    put(told, How::Refused, "an alert is too large for the topic `" + settings_.topic + "`");
  if (taken == RecordOut::Taken::Full) put(told, How::Later, "the topic `" + settings_.topic + "` takes no more");
  if (taken == RecordOut::Taken::Yes) ++next_token_;
  return taken == RecordOut::Taken::Yes;
}

Told KafkaReceiver::tell(const Notification& notification, Instant now) {
  Told told;
  first_token_ = next_token_;
  acknowledged_ = 0;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kHeaders = {
      std::pair<std::string_view, std::string_view>{"content-type", "application/json"}};
  for (const Alert& alert : notification.alerts) {
    JsonWriter json;
    write_alert(json, notification, alert, words_, now);
    const std::string value = json.take();
    const OutRecord record{.topic = settings_.topic,
                           .partition = -1,
                           .key = alert.fingerprint,
                           .value = value,
                           .headers = kHeaders,
                           .timestamp = now};
    if (!write(record, told)) break;
  }
  const std::uint64_t written = next_token_ - first_token_;
  const bool flushed = out_->flush(settings_.access.timeout);
  settle(told);
  if (told.how != How::Done) return told;
  if (flushed && acknowledged_ == written && written == notification.alerts.size()) return {};
  put(told, How::Later,
      told.why.empty() ? "the topic `" + settings_.topic + "` did not acknowledge in time" : std::string(told.why));
  return told;
}

}  // namespace weir
