// SPDX-License-Identifier: Apache-2.0
// A compacted topic in memory, with everything that its owners may not rely on: records that arrive late or never, also
// after their writer has died; compaction at any moment, also while somebody reads; transactions that stay open.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kafka/state_topic.h"

namespace weir::testing {

class CompactedTopic {
 public:
  enum class Transaction : std::uint8_t { Open, Committed, Aborted };
  struct Record {
    std::int64_t offset = 0;
    std::string key;
    std::optional<std::string> value;
    std::optional<std::size_t> transaction;
  };

  CompactedTopic(std::int32_t partitions, std::uint64_t seed)
      : random(seed), logs_(static_cast<std::size_t>(partitions)) {}

  void append(std::int32_t partition, const Record& record, int writer);
  void compact();
  [[nodiscard]] std::size_t begin_transaction();
  void end_transaction(std::size_t transaction, bool commits);
  /// Where a reader of what is committed comes to a halt.
  [[nodiscard]] std::int64_t stable_end(std::int32_t partition) const;
  [[nodiscard]] bool is_open(std::size_t transaction) const {
    return transactions_.at(transaction) == Transaction::Open;
  }
  [[nodiscard]] bool is_aborted(std::size_t transaction) const {
    return transactions_.at(transaction) == Transaction::Aborted;
  }
  [[nodiscard]] std::optional<Record> next(std::int32_t partition, std::int64_t from) const;
  [[nodiscard]] std::int32_t partitions() const { return static_cast<std::int32_t>(logs_.size()); }
  /// What a reader would find in the end, tombstones applied.
  [[nodiscard]] std::map<std::string, std::string> live() const;
  [[nodiscard]] bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random) < share; }
  [[nodiscard]] std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  }

  std::function<void(const Record&, int writer)> on_append;
  int restoring = 0;  // a restore takes less time than tombstones are kept
  std::mt19937_64 random;

 private:
  struct Log {
    std::vector<Record> records;
    std::int64_t next = 0;
  };
  [[nodiscard]] bool is(const Record& record, Transaction state) const;
  std::vector<Log> logs_;
  std::vector<Transaction> transactions_;
};

/// Called wherever the world may go on while an owner waits.
using Meanwhile = std::function<void()>;

class TopicReader final : public StateReader {
 public:
  TopicReader(CompactedTopic& topic, Meanwhile meanwhile) : topic_(topic), meanwhile_(std::move(meanwhile)) {}
  Result<std::int32_t> partitions() override { return topic_.partitions(); }
  Result<std::int64_t> read(std::int32_t partition, std::int64_t from,
                            const std::function<void(const Record&)>& take) override;

 private:
  CompactedTopic& topic_;
  Meanwhile meanwhile_;
};

/// A producer: in order, at times slow, at times failing.
class TopicWriter final : public RecordOut {
 public:
  struct Flying {
    std::int32_t partition = 0;
    CompactedTopic::Record record;
    std::uint64_t token = 0;
  };
  TopicWriter(CompactedTopic& topic, int writer, Meanwhile meanwhile)
      : topic_(topic), writer_(writer), meanwhile_(std::move(meanwhile)) {}
  Taken write(const OutRecord& record, std::uint64_t token) override;
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) override;
  bool flush(Duration wait) override;

  double failing = 0;
  std::optional<std::size_t> transaction;
  std::deque<Flying> flying;  // what a writer leaves behind when it dies

 private:
  CompactedTopic& topic_;
  int writer_;
  Meanwhile meanwhile_;
  std::vector<Delivered> settled_;
};

}  // namespace weir::testing
