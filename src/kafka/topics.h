// SPDX-License-Identifier: Apache-2.0
// What topics are like, and making the ones that are missing: for tests, and so that a stream that cannot write its
// quarantine says so when it starts and not at the first failing record.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kafka/client.h"
#include "kafka/settings.h"
#include "weir/ports.h"
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
  std::optional<std::int64_t> retention_ms;       // -1: for ever
  bool log_append_time = false;                   // `message.timestamp.type`: the broker's time and not the producer's
  std::int32_t leaderless = 0;                    // partitions that nobody answers for
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

struct ClusterFacts {
  std::string id;
  std::vector<std::string> brokers;  // host:port, as they advertise themselves
};

struct GroupFacts {
  std::string name;
  std::string state = {};  // "Stable", "Empty", "Dead": there is none
  std::size_t members = 0;
  std::optional<bool> readable = {};  // whether weir's user may be a member; nothing: the broker does not say
  bool untold = false;                // these brokers are no Kafka that knows the question
  std::string why_not = {};           // it cannot be asked about
};

/// What is in a partition, and how far a group is.
struct PartitionFacts {
  Partition partition;
  std::int64_t first = 0;
  std::int64_t end = 0;
  std::optional<std::int64_t> committed = {};
  std::optional<Instant> newest = {};  // the largest time of a record
};

class KafkaTopics : private kafka::ClientEvents {
 public:
  /// An error: the settings are wrong, a refusal, or no broker answered in that time.
  static Result<std::unique_ptr<KafkaTopics>> connect(const KafkaSettings& settings, Duration wait,
                                                      Duration answer = std::chrono::seconds(10));

  /// All topics that weir's user may see, sorted.
  Result<std::vector<std::string>> names();
  Result<ClusterFacts> cluster();
  Result<GroupFacts> group(const std::string& name);
  /// Of all partitions of these topics. Without a group nothing is committed.
  Result<std::vector<PartitionFacts>> partitions(std::span<const TopicFacts> topics, const std::string& group);
  /// The first record at that time or later; partitions without one are left out.
  Result<std::vector<Position>> positions_at(std::span<const Partition> partitions, Instant time);

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
  /// Kafka's numbers for a place in time, asked of every partition.
  Status list_offsets(std::span<const Partition> partitions, std::int64_t place,
                      const std::function<void(const Partition&, std::int64_t offset, std::int64_t time)>& take);
  /// Of one broker, or of the group's coordinator: an error of the group, or none.
  Result<rd_kafka_resp_err_t> ask_about(GroupFacts& facts, std::optional<std::int32_t> broker);
  Status add_committed(std::map<Partition, PartitionFacts>& facts, const std::string& group);
  /// The number of a broker that answers.
  Result<std::int32_t> somebody();
  kafka::Owned<rd_kafka_AdminOptions_t> options_for(rd_kafka_admin_op_t what);
  /// For a question that any broker answers: where the cluster has no controller, one that there is.
  kafka::Owned<rd_kafka_AdminOptions_t> options_for_any(rd_kafka_admin_op_t what);
  /// For a question that finds its broker, the coordinator of a group, on its own: see topics_cluster.cpp.
  kafka::Owned<rd_kafka_AdminOptions_t> options_for_coordinator(rd_kafka_admin_op_t what);
  std::unique_ptr<kafka::Client> client_;
  Duration answer_ = std::chrono::seconds(10);  // how long a question may take
};

/// What stands in the way of writing to that topic, with the remedy; nothing: it can be written to.
[[nodiscard]] std::optional<Error> why_not_writable(const TopicFacts& facts);

}  // namespace weir
