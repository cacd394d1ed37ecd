// SPDX-License-Identifier: Apache-2.0
// Snapshots in a compacted topic, for several instances that take partitions over from one another.
//
// An owner claims a partition before it restores it, and looks back after every save: a process that was stopped for a while,
// and goes on after somebody else has claimed, can neither be restored from nor clear anything away. The protocol, what
// it was checked for and what happens without its parts: docs/decisions/0007.
//
// All that belongs to input partition N lies in partition N modulo the topic's, so their number must stay as it is. Each
// partition is saved by itself: a save that fails for one may have been made for another. The topic needs cleanup.policy=compact and small segments: what
// was replaced is read again at every restore until a segment is closed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kafka/state_topic_records.h"
#include "weir/ports.h"

namespace weir {

/// Reads the state topic: without a group, wherever it is told to. Only what is committed.
class StateReader {
 public:
  struct Record {
    std::int64_t offset = 0;
    std::string_view key;
    std::optional<std::string_view> value;  // none: a tombstone
  };
  virtual ~StateReader() = default;
  /// How many partitions the topic has.
  virtual Result<std::int32_t> partitions() = 0;
  /// Every record from `from` on (from the first that is there) to where the partition ends as this begins, or to where an
  /// open transaction begins, in order. Gives the offset behind the last of them, which may lie behind records that
  /// were compacted away. An error after some seconds.
  virtual Result<std::int64_t> read(std::int32_t partition, std::int64_t from,
                                    const std::function<void(const Record&)>& take) = 0;
};

struct StateTopicOptions {
  std::string topic;
  std::string stream;
  bool in_transaction = false;  // exactly once: `saves` is the transactional producer
  std::size_t chunk_bytes = 512 << 10;
  Duration answer = std::chrono::seconds(10);    // for the brokers to acknowledge what was written
  Duration patience = std::chrono::seconds(40);  // for transactions of others to end: longer than their timeout
  std::function<std::string()> draw_uuid = {};   // at random unless given
  std::function<void(Duration)> wait = {};       // sleeps unless given
};

class StateTopic final : public SnapshotStore {
 public:
  /// `claims` writes outside of transactions; at least once it is also `saves`. While restore() or save() runs, nobody
  /// else's records are on their way in them. All outlive this.
  StateTopic(StateTopicOptions options, RecordOut& claims, RecordOut& saves, StateReader& reader);

  Result<std::vector<Snapshot>> restore(const Partition& partition, std::vector<Trouble>& troubles) override;
  /// An error with the code "fenced": somebody else has claimed one of the partitions, and this owner has to end.
  Status save(std::span<const Snapshot> snapshots) override;
  void release(const Partition& partition) override { owned_.erase(partition); }
  [[nodiscard]] std::string id() const override { return "topic:" + options_.topic; }
  [[nodiscard]] std::uint64_t incarnation(const Partition& partition) const override;
  [[nodiscard]] bool in_transaction() const override { return options_.in_transaction; }

 private:
  using Key = kafka::StateKey;
  struct Write {
    std::string key;
    std::optional<std::string_view> value;
  };
  struct Found {
    std::int64_t offset = 0;
    std::string value;
  };
  /// What lies in the topic about one partition, tombstones applied.
  struct View {
    std::map<Key, Found> records;
    std::uint64_t highest = 0;  // of all incarnations that were ever seen
    std::int64_t next = 0;      // read up to here
  };
  struct Owned {
    std::string prefix;
    std::int32_t home = 0;  // the partition of the state topic
    std::uint64_t incarnation = 0;
    std::uint64_t saves = 0;       // attempts of this owner
    std::optional<Key> last = {};  // the head that the next owner would restore
    std::set<Key> known = {};      // all that is to be cleared away one day, or is still needed
    std::int64_t looked_to = 0;    // read up to here
    std::uint64_t seen = 0;        // the highest incarnation of anybody
  };
  struct Saving {
    Owned* owned = nullptr;
    const Snapshot* snapshot = nullptr;
    Key head;
    std::string compressed = {};
    std::uint64_t chunks = 0;
  };

  Status read_on(std::int32_t home, std::string_view prefix, View& view);
  Result<Found> claim(Owned& owned, View& view, const std::string& uuid);
  Result<std::vector<Snapshot>> choose(const Partition& partition, Owned& owned, const View& view, std::int64_t claimed,
                                       std::vector<Trouble>& troubles) const;
  [[nodiscard]] bool counts(const View& view, const Key& head, std::int64_t offset, std::int64_t claimed) const;
  static Result<Snapshot> put_together(const Partition& partition, const View& view, const Key& key,
                                       std::string_view head);

  Status write_chunks(std::vector<Saving>& savings);
  Status write_heads(std::span<const Saving> savings);
  Status look_back(std::span<const Saving> savings);
  void clear_away(std::span<const Saving> savings);
  Status write(RecordOut& out, std::int32_t home, std::span<const Write> writes);
  [[nodiscard]] Error fenced(const Partition& partition) const;

  StateTopicOptions options_;
  RecordOut& claims_;
  RecordOut& saves_;
  StateReader& reader_;
  std::map<Partition, Owned> owned_;
  std::uint64_t next_token_;
};

}  // namespace weir
