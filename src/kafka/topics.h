// SPDX-License-Identifier: Apache-2.0
// What topics are like, and making the ones that are missing: for tests, and so that a stream that cannot write its
// quarantine says so when it starts and not at the first failing record.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kafka/client.h"
#include "kafka/settings.h"
#include "weir/result.h"

namespace weir {

struct TopicFacts {
  std::string name;
  bool exists = false;
  std::string why_not;  // when it does not, or cannot be seen
  std::int32_t partitions = 0;
  std::int32_t copies = 0;
  std::string cleanup_policy;                     // "delete", "compact", "compact,delete"; empty: may not be asked
  std::optional<std::uint64_t> max_record_bytes;  // `max.message.bytes`
  // What weir's user may do; nothing: the broker does not say.
  std::optional<bool> readable;
  std::optional<bool> writable;
};

struct TopicWish {
  std::string name;
  std::int32_t partitions = 1;
  std::int32_t copies = -1;  // the broker's default
  std::vector<std::pair<std::string, std::string>> config = {};
};

class KafkaTopics : private kafka::ClientEvents {
 public:
  /// An error: the settings are wrong, a refusal, or no broker answered in that time.
  static Result<std::unique_ptr<KafkaTopics>> connect(const KafkaSettings& settings, Duration wait);

  /// One answer for each name, in order. Never makes a topic.
  Result<std::vector<TopicFacts>> describe(std::span<const std::string> names);
  /// Where each partition of a topic ends, by number; `settled`: up to where no transaction is open, which is how far a
  /// reader of what is committed comes. Before librdkafka 2.3 the first is not told, and is the second.
  Result<std::vector<std::int64_t>> ends(const std::string& topic, std::int32_t partitions, bool settled);
  /// One that is there already is no error.
  Status create(const TopicWish& wish);

 private:
  KafkaTopics() = default;
  Result<kafka::Owned<rd_kafka_event_t>> answer(rd_kafka_queue_t& queue, std::string_view what);
  Status look(std::span<TopicFacts> facts);
  void add_config(std::span<TopicFacts> facts);
  std::unique_ptr<kafka::Client> client_;
};

/// What stands in the way of writing to that topic, with the remedy; nothing: it can be written to.
[[nodiscard]] std::optional<Error> why_not_writable(const TopicFacts& facts);

}  // namespace weir
