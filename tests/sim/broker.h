// SPDX-License-Identifier: Apache-2.0
// A broker in memory: partitions, transactions, and what a reader of committed records sees of them.
//
// Offsets are taken by records and by the markers that end a transaction, so a reader meets gaps. A reader of committed
// records sees a partition up to its last stable offset, where the first open transaction begins.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/ports.h"

namespace weir::sim {

struct Transaction {
  enum class State : std::uint8_t { Open, Committed, Aborted };
  State state = State::Open;
  Duration began{};
  std::vector<Partition> touched;
  std::vector<std::pair<Partition, std::int64_t>> records;
  std::string group;
  std::vector<Position> positions;               // of the group: count when it commits
  std::vector<std::function<void()>> on_commit;  // what else appears with it
};

struct Stored {
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  Instant timestamp{};
  bool marker = false;                        // of the end of a transaction: nobody reads it
  std::shared_ptr<const Transaction> within;  // null: it counts at once
};

class Broker {
 public:
  static constexpr Duration kTransactionTimeout = std::chrono::seconds(15);

  void create(const std::string& topic, std::size_t partitions);
  /// One partition more.
  void grow(const std::string& topic) { topics_[topic].emplace_back(); }
  [[nodiscard]] std::vector<Partition> partitions_of(const std::string& topic) const;

  std::int64_t append(const Partition& partition, Stored record, const std::shared_ptr<Transaction>& within = nullptr);
  [[nodiscard]] Bounds bounds(const Partition& partition) const;  // the end is the last stable offset
  [[nodiscard]] std::int64_t high_watermark(const Partition& partition) const;
  /// Records that were committed, from an offset on, at most so many; `next` is where to go on.
  [[nodiscard]] std::vector<const Stored*> read(const Partition& partition, std::int64_t from, std::size_t most,
                                                std::int64_t& next) const;
  /// All committed records of a topic.
  [[nodiscard]] std::vector<const Stored*> all(const std::string& topic) const;
  /// Everything before the offset is deleted: nobody can read it any more.
  void delete_before(const Partition& partition, std::int64_t offset);
  /// The partitions of a topic as they are there, with all that was ever deleted.
  void copy_topic(const Broker& from, const std::string& topic);
  /// Called when a record comes to count: at once, or with its transaction.
  std::function<void(const Partition& partition, const Stored& record)> on_visible;

  // ---- transactions

  /// Fences whoever used the name and aborts what they left open. The epoch of the new owner.
  std::uint64_t init_producer(const std::string& name);
  [[nodiscard]] bool is_fenced(const std::string& name, std::uint64_t epoch) const;
  std::shared_ptr<Transaction> begin(Duration now);
  void end(Transaction& transaction, bool commit);
  void own(const std::string& name, const std::shared_ptr<Transaction>& open) { producers_[name].open = open; }
  /// Aborts what was left open for too long.
  void expire(Duration now);

  // ---- positions of groups

  struct Committed {
    std::int64_t offset = 0;
    std::string metadata;
  };
  /// Called before positions count.
  std::function<void(const std::string& group, const std::vector<Position>&)> on_positions;
  void set_positions(const std::string& group, const std::vector<Position>& positions);
  [[nodiscard]] std::optional<Committed> position(const std::string& group, const Partition& partition) const;
  /// A position of an open transaction: nobody can say yet where the group is.
  [[nodiscard]] bool is_unstable(const std::string& group, const Partition& partition) const;

 private:
  struct Log {
    std::deque<Stored> records;
    std::int64_t first = 0;
    std::int64_t end = 0;
  };
  struct Producer {
    std::uint64_t epoch = 0;
    std::shared_ptr<Transaction> open;
  };
  [[nodiscard]] const Log& log(const Partition& partition) const {
    return topics_.at(partition.topic).at(static_cast<std::size_t>(partition.number));
  }

  std::map<std::string, std::vector<Log>> topics_;
  std::map<std::string, Producer> producers_;
  std::vector<std::shared_ptr<Transaction>> open_;
  std::map<std::pair<std::string, Partition>, Committed> positions_;
};

}  // namespace weir::sim
