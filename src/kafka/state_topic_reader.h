// SPDX-License-Identifier: Apache-2.0
// The state topic as it lies on the brokers: a client without a group that reads one partition at a time, and only while it
// is asked to.
#pragma once

#include <memory>
#include <string>

#include "kafka/client.h"
#include "kafka/settings.h"
#include "kafka/state_topic.h"

namespace weir {

class KafkaStateReader final : public StateReader, private kafka::ClientEvents {
 public:
  /// Talks to nobody yet. `answer`: how long a question, and a silence in between, may take.
  static Result<std::unique_ptr<KafkaStateReader>> make(const KafkaSettings& settings, std::string topic,
                                                        Duration answer = std::chrono::seconds(10));

  Result<std::int32_t> partitions() override;
  Result<std::int64_t> read(std::int32_t partition, std::int64_t from,
                            const std::function<void(const Record&)>& take) override;

 private:
  KafkaStateReader(std::string topic, Duration answer) : topic_(std::move(topic)), answer_(answer) {}
  Status begin(std::int32_t partition, std::int64_t from);
  Result<std::int64_t> first_there(std::int32_t partition, std::int64_t from);
  [[nodiscard]] std::string about(std::string_view what, std::int32_t partition) const;

  std::string topic_;
  Duration answer_;
  std::unique_ptr<kafka::Client> client_;
};

}  // namespace weir
