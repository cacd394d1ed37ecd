// SPDX-License-Identifier: Apache-2.0
// Kafka topics as a place for records, one at a time or in transactions.
//
// Without transactions the producer is idempotent and never gives a record up for lack of time: what was taken is written,
// once and in order, or said to have failed for good. In a transaction a record has two thirds of the transaction's time; one
// that fails makes the whole of it fail.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "kafka/client.h"
#include "kafka/settings.h"
#include "weir/ports.h"

namespace weir {

class KafkaLog;

struct OutOptions {
  /// The least `max.message.bytes` of the topics that are written to; 0: not known. The broker holds whole batches against
  /// it, and refuses all records of one that is too large: it must be known where it is less than Kafka's default.
  std::size_t max_record_bytes = 0;
};

/// All calls in one thread.
class KafkaOut final : public RecordOut, public Transactions, private kafka::ClientEvents {
 public:
  /// At least once.
  static Result<std::unique_ptr<KafkaOut>> make(const KafkaSettings& settings, OutOptions options = {});
  /// Exactly once: transactions that move the positions of the log's group. The log outlives it.
  static Result<std::unique_ptr<KafkaOut>> make_transactional(const KafkaSettings& settings, const KafkaLog& log,
                                                              OutOptions options = {});
  /// Transactions without positions, under the name of these settings: `group` and `instance`. Nobody is a member of that group.
  static Result<std::unique_ptr<KafkaOut>> make_transactional(const KafkaSettings& settings, OutOptions options = {});
  ~KafkaOut() override;

  // RecordOut
  Taken write(const OutRecord& record, std::uint64_t token) override;
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) override;
  bool flush(Duration wait) override;

  // Transactions
  Status start() override;
  Status begin() override;
  End commit(std::span<const Position> positions, std::vector<Trouble>& troubles) override;
  End abort(std::vector<Trouble>& troubles) override;

 private:
  /// What to do after a call of the transaction: go on, do it again, abort, or end.
  enum class Step : std::uint8_t { Done, Again, Abort, Fatal };

  explicit KafkaOut(const KafkaLog* log) : log_(log) {}
  static Result<std::unique_ptr<KafkaOut>> make(const KafkaSettings& settings, kafka::Role role, const KafkaLog* log,
                                                OutOptions options);
  static Result<std::unique_ptr<KafkaOut>> make_transactional(const KafkaSettings& settings, const KafkaLog* log,
                                                              OutOptions options);
  void delivered(const rd_kafka_message_t& message) override;
  [[nodiscard]] rd_kafka_topic_t* topic_of(std::string_view name);
  [[nodiscard]] Trouble why(rd_kafka_resp_err_t code, std::string_view topic) const;
  void fail(std::uint64_t token, const OutRecord& record, rd_kafka_resp_err_t code);
  template <class Call>
  Step until_settled(Duration limit, std::string_view what, std::vector<Trouble>& troubles, const Call& call);
  [[nodiscard]] rd_kafka_t* handle() const noexcept { return client_->get(); }

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };

  const KafkaLog* log_;  // null: no positions
  std::unique_ptr<kafka::Client> client_;
  std::unordered_map<std::string, kafka::Owned<rd_kafka_topic_t>, TextHash, std::equal_to<>> topics_;
  std::vector<Delivered> settled_;
  Duration transaction_timeout_{};
  bool open_ = false;  // a transaction
};

}  // namespace weir
