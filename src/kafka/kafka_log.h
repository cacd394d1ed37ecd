// SPDX-License-Identifier: Apache-2.0
// A Kafka topic as a RecordLog: a member of a group, or, without a group, a reader of every partition that there is at the
// start (for a look at a topic that must leave no trace).
//
// Positions are the listener's: partitions are never read from what the group committed unless the listener says so, and
// an offset that is gone is reported and not replaced. Record batches of aborted transactions are not seen; markers of
// transactions and compacted offsets are passed over, which is why a partition's position can move without a record.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kafka/client.h"
#include "kafka/record_blocks.h"
#include "kafka/settings.h"
#include "kafka/subscription.h"
#include "weir/ports.h"

namespace weir {

struct LogOptions {
  std::vector<std::string> topics = {};       // names; one that begins with ^ is a pattern (POSIX extended)
  std::vector<std::string> never = {};        // what a pattern must not match: the topics that weir writes
  bool headers = false;                       // rules read them: put them into every envelope
  std::size_t record_max_bytes = 1 << 20;     // a longer payload is handed out cut, with whole = false
  std::size_t poll_max_bytes = 4 << 20;       // of payloads, for one poll; one record more is always taken
  std::size_t queue_bytes = 64 << 20;         // fetched ahead, all partitions together
  Duration reach = std::chrono::seconds(5);   // how long start() waits for a broker
  Duration answer = std::chrono::seconds(5);  // how long a question to the broker may take
  Duration leave = std::chrono::seconds(10);  // how long close() may take
};

/// All calls in one thread; the listener is called from within poll() and close().
class KafkaLog final : public RecordLog, private kafka::ClientEvents {
 public:
  /// Checks the settings and the topics; talks to nobody yet.
  static Result<std::unique_ptr<KafkaLog>> make(const KafkaSettings& settings, LogOptions options);
  ~KafkaLog() override;

  /// An error is a refusal (a password, TLS, a group or topic that is none). That no broker answers is one only without a
  /// group; a member of a group waits for them.
  Status start(Listener& listener) override;
  /// After close(): only the troubles that are still to be told.
  void poll(Duration wait, std::size_t most, Events& out) override;
  [[nodiscard]] Envelope envelope_of(const Fetched& fetched, std::size_t item) override;
  [[nodiscard]] std::optional<std::string_view> value_of(const Fetched& fetched, std::size_t item) override;
  void pause(const Partition& partition) override;
  void resume(const Partition& partition) override;
  Status seek(const Partition& partition, std::int64_t offset) override;
  Result<Bounds> bounds(const Partition& partition) override;
  Result<std::int64_t> offset_at(const Partition& partition, Instant time) override;
  Result<std::vector<Position>> committed(std::span<const Partition> partitions) override;
  [[nodiscard]] std::vector<Partition> known_partitions() override { return subscription_.partitions(); }
  [[nodiscard]] std::optional<std::int64_t> known_end(const Partition& partition) override;
  Status commit(std::span<const Position> positions) override;
  void close() override;

  /// The group as a transaction names it when it moves the group's positions; nothing without a group.
  [[nodiscard]] kafka::Owned<rd_kafka_consumer_group_metadata_t> group_metadata() const;

 private:
  KafkaLog(const KafkaSettings& settings, LogOptions options, kafka::Subscription subscription);

  // ClientEvents
  void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& partitions) override;

  void assign(rd_kafka_topic_partition_list_t& partitions);
  void revoke(rd_kafka_topic_partition_list_t& partitions);
  void give_up(bool lost);
  void assign_all();
  rd_kafka_resp_err_t take_up_again(const Partition& partition, std::int64_t offset);
  Status subscribe();
  void take(rd_kafka_message_t* message, Events& out);
  void hand_out(Events& out);
  void look_at_topics();
  [[nodiscard]] rd_kafka_t* handle() const noexcept { return client_->get(); }
  [[nodiscard]] bool has_group() const noexcept { return !settings_.group.empty(); }

  KafkaSettings settings_;
  LogOptions options_;
  kafka::Subscription subscription_;
  kafka::RecordBlocks blocks_;
  std::unique_ptr<kafka::Client> client_;
  Listener* listener_ = nullptr;
  std::map<Partition, std::int64_t> owned_;  // -> behind what was handed out
  std::set<Partition> paused_;
  std::set<std::string> told_missing_;
  std::vector<Trouble> last_words_;  // after close()
  bool to_assign_ = false;           // without a group: at the next poll
};

}  // namespace weir
