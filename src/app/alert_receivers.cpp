// SPDX-License-Identifier: Apache-2.0
#include "app/alert_receivers.h"

#include <utility>

#include "alerts/receiver_of_settings.h"
#include "app/run_settings.h"
#include "kafka/kafka_out.h"

namespace weir {

Result<std::unique_ptr<Receiver>> make_receiver(const ReceiverSettings& settings, const Config& config) {
  if (settings.kind != ReceiverSettings::Kind::Kafka) return receiver_of(settings);
  KafkaSettings kafka = kafka_settings(config, config.streams.front());
  // It is no member of a group and has no transactions: two of one name would fence each other.
  kafka.group.clear();
  kafka.instance.clear();
  return receiver_of(settings, [kafka = std::move(kafka)]() -> Result<std::unique_ptr<RecordOut>> {
    Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(kafka);
    if (!out) return out.error();
    return std::unique_ptr<RecordOut>(*std::move(out));
  });
}

}  // namespace weir
