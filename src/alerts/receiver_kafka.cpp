// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_kafka.h"

#include <algorithm>
#include <array>
#include <chrono>
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

KafkaReceiver::KafkaReceiver(ReceiverSettings settings, MessageWords words, MakeOut make_out)
    : settings_(std::move(settings)), words_(std::move(words)), make_out_(std::move(make_out)) {}

void KafkaReceiver::wait() {
  using Clock = std::chrono::steady_clock;
  constexpr Duration kLook = std::chrono::milliseconds(100);
  const auto until = Clock::now() + settings_.access.timeout;
  for (auto left = settings_.access.timeout; left > Duration::zero() && !interrupted_;
       left = std::chrono::duration_cast<Duration>(until - Clock::now())) {
    if (out_->flush(std::min(left, kLook))) return;
  }
}

void KafkaReceiver::settle(Told& told) {
  std::vector<Delivered> delivered;
  std::vector<Trouble> troubles;
  out_->poll(delivered, troubles);
  for (const Delivered& one : delivered) {
    // Others are of a notification that was given up before, and come late.
    if (waiting_.erase(one.token) == 0 || one.ok) continue;
    written_.clear();
    if (one.too_large) {
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
    wait();
    settle(told);
    taken = out_->write(record, next_token_);
  }
  if (taken == RecordOut::Taken::TooLarge)
    put(told, How::Refused, "an alert is too large for the topic `" + settings_.topic + "`");
  if (taken == RecordOut::Taken::Full) put(told, How::Later, "the topic `" + settings_.topic + "` takes no more");
  if (taken == RecordOut::Taken::Yes) waiting_.insert(next_token_++);
  return taken == RecordOut::Taken::Yes;
}

void KafkaReceiver::write_all(const Notification& notification, Instant now, Told& told) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kHeaders = {
      std::pair<std::string_view, std::string_view>{"content-type", "application/json"}};
  waiting_.clear();
  written_.clear();
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
    if (!write(record, told)) return;
  }
  written_ = notification.alerts;
}

Told KafkaReceiver::tell(const Notification& notification, Instant now) {
  if (interrupted_) return {.how = How::Later, .why = "weir ends", .not_before = {}};
  if (!out_) {
    Result<std::unique_ptr<RecordOut>> made = make_out_();
    if (!made) return {.how = How::Later, .why = made.error().message, .not_before = {}};
    out_ = *std::move(made);
  }
  Told told;
  if (waiting_.empty() || written_ != notification.alerts) write_all(notification, now, told);
  wait();
  settle(told);
  if (told.how == How::Done && waiting_.empty()) return {};
  if (told.how == How::Done) {
    const std::string why = std::move(told.why);
    put(told, How::Later, why.empty() ? "the topic `" + settings_.topic + "` did not acknowledge in time" : why);
  }
  return told;
}

}  // namespace weir
