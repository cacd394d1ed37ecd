// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_kafka.h"

#include <catch2/catch_test_macros.hpp>

#include "alerts/bodies.h"
#include "alerts/told_notification.h"

namespace weir {
namespace {

using testing::minute;
using testing::told_notification;

/// A producer that settles records as the test says.
struct FakeOut final : RecordOut {
  struct Written {
    std::string topic;
    std::string key;
    std::string value;
    std::uint64_t token;
  };
  struct Behaviour {
    std::vector<Written> written = {};
    std::vector<Delivered> settled = {};
    int full = 0;  // so many times it takes nothing
    bool too_large = false;
    bool silent = false;  // takes and never settles
    std::string trouble = {};
  };
  explicit FakeOut(Behaviour& told) : behaviour(told) {}

  Taken write(const OutRecord& record, std::uint64_t token) override {
    if (behaviour.too_large) return Taken::TooLarge;
    if (behaviour.full > 0) {
      --behaviour.full;
      return Taken::Full;
    }
    behaviour.written.push_back(
        {std::string(record.topic), std::string(*record.key), std::string(*record.value), token});
    const bool ok = behaviour.trouble.empty();
    if (!behaviour.silent)
      behaviour.settled.push_back(
          {.token = token, .ok = ok, .trouble = {.event = "broker_away", .message = behaviour.trouble}});
    return Taken::Yes;
  }
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>&) override {
    delivered.insert(delivered.end(), behaviour.settled.begin(), behaviour.settled.end());
    behaviour.settled.clear();
  }
  bool flush(Duration) override { return !behaviour.silent; }

  Behaviour& behaviour;
};

KafkaReceiver receiver_of(FakeOut::Behaviour& behaviour) {
  ReceiverSettings settings;
  settings.kind = ReceiverSettings::Kind::Kafka;
  settings.topic = "alerts";
  return KafkaReceiver(settings, {}, [&behaviour]() -> Result<std::unique_ptr<RecordOut>> {
    return std::unique_ptr<RecordOut>(std::make_unique<FakeOut>(behaviour));
  });
}

TEST_CASE("an alert is a record under its fingerprint, as a webhook has it") {
  FakeOut::Behaviour behaviour;
  KafkaReceiver receiver = receiver_of(behaviour);
  CHECK(receiver.tell(told_notification(), minute(4)).how == Told::How::Done);
  REQUIRE(behaviour.written.size() == 2);
  CHECK(behaviour.written[0].topic == "alerts");
  CHECK(behaviour.written[0].key == "00c0ffee87654321");
  const JsonValue webhook = testing::expected_body("webhook");
  const JsonValue* const alerts = webhook.find("alerts");
  REQUIRE(alerts != nullptr);
  // A webhook has the gravest first, a topic has them as they come.
  CHECK(testing::json_of(behaviour.written[1].value) == alerts->items[0]);
  CHECK(testing::json_of(behaviour.written[0].value) == alerts->items[1]);
}

TEST_CASE("what a producer has taken is waited for, not written again, and a late answer is not taken for another") {
  FakeOut::Behaviour behaviour{.silent = true};
  KafkaReceiver receiver = receiver_of(behaviour);
  const Told late = receiver.tell(told_notification(), minute(4));
  CHECK(late.how == Told::How::Later);
  CHECK(late.why == "the topic `alerts` did not acknowledge in time");
  CHECK(receiver.tell(told_notification(), minute(5)).how == Told::How::Later);
  CHECK(behaviour.written.size() == 2);
  behaviour.settled = {{.token = 1, .ok = true, .trouble = {}}, {.token = 2, .ok = true, .trouble = {}}};
  Notification other = told_notification();
  other.alerts.resize(1);
  CHECK(receiver.tell(other, minute(6)).how == Told::How::Later);
  CHECK(behaviour.written.size() == 3);
  behaviour.settled = {{.token = 3, .ok = true, .trouble = {}}};
  CHECK(receiver.tell(other, minute(6)).how == Told::How::Done);
  CHECK(behaviour.written.size() == 3);
  behaviour.silent = false;
  CHECK(receiver.tell(other, minute(7)).how == Told::How::Done);
  CHECK(behaviour.written.size() == 4);
}

TEST_CASE("a producer that is full, a record that is too large, and a broker that says no are told apart") {
  FakeOut::Behaviour full{.full = 1};
  CHECK(receiver_of(full).tell(told_notification(), minute(4)).how == Told::How::Done);
  FakeOut::Behaviour always{.full = 1000};
  CHECK(receiver_of(always).tell(told_notification(), minute(4)).how == Told::How::Later);
  FakeOut::Behaviour large{.too_large = true};
  const Told refused = receiver_of(large).tell(told_notification(), minute(4));
  CHECK(refused.how == Told::How::Refused);
  CHECK(refused.why == "an alert is too large for the topic `alerts`");
  FakeOut::Behaviour trouble{.trouble = "may not write to `alerts`"};
  const Told denied = receiver_of(trouble).tell(told_notification(), minute(4));
  CHECK(denied.how == Told::How::Later);
  CHECK(denied.why == "may not write to `alerts`");
}

}  // namespace
}  // namespace weir
