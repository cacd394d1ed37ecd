// SPDX-License-Identifier: Apache-2.0
// The ports of one process, over a simulated world.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/world.h"
#include "sinks/record_outlet.h"

namespace weir::sim {

class SimLog final : public RecordLog {
 public:
  SimLog(Site& site, std::string instance) : site_(site), instance_(std::move(instance)) {}

  Status start(Listener& listener) override;
  void poll(Duration wait, std::size_t most, Events& out) override;
  [[nodiscard]] Envelope envelope_of(const Fetched& fetched, std::size_t item) override;
  void pause(const Partition& partition) override;
  void resume(const Partition& partition) override;
  Status seek(const Partition& partition, std::int64_t offset) override;
  Result<Bounds> bounds(const Partition& partition) override;
  Result<std::int64_t> offset_at(const Partition& partition, Instant time) override;
  Result<std::vector<Position>> committed(std::span<const Partition> partitions) override;
  [[nodiscard]] std::vector<Partition> known_partitions() override;
  [[nodiscard]] std::optional<std::int64_t> known_end(const Partition& partition) override;
  Status commit(std::span<const Position> positions) override;
  void close() override;

  /// Whether positions of this member count now.
  [[nodiscard]] bool is_member() const;
  [[nodiscard]] const std::string& member() const { return member_; }

 private:
  struct Reading {
    std::int64_t next = 0;
    std::int64_t ended_at = -1;
    bool paused = false;
  };
  void follow_the_group(Events& out);
  void give(std::vector<Partition> partitions);
  void take(const std::vector<Partition>& partitions, bool lost);
  void fetch(std::size_t most, Events& out);
  [[nodiscard]] std::vector<Partition> owned() const;
  Status ask(const char* what);

  Site& site_;
  std::string instance_;
  Listener* listener_ = nullptr;
  std::string member_;
  int generation_ = -1;
  std::map<Partition, Reading> reading_;
  std::deque<std::string> held_;  // the bytes of the last poll
  std::vector<const Stored*> stored_;
  std::map<Partition, std::vector<Stored>> records_;  // of the last poll
  std::map<Partition, std::int64_t> ends_;
  bool closed_ = false;
};

class SimOut final : public RecordOut, public Transactions {
 public:
  SimOut(Site& site, SimLog& log, bool transactional) : site_(site), log_(log), transactional_(transactional) {}

  Taken write(const OutRecord& record, std::uint64_t token) override;
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) override;
  bool flush(Duration wait) override;

  Status start() override;
  Status begin() override;
  End commit(std::span<const Position> positions, std::vector<Trouble>& troubles) override;
  End abort(std::vector<Trouble>& troubles) override;

  /// The process is gone: what was on the wire arrives, or not.
  void abandon();
  [[nodiscard]] const std::shared_ptr<Transaction>& open() const { return open_; }

  static constexpr std::size_t kTopicLimit = 600;  // bytes of a value

 private:
  struct Flight {
    std::uint64_t token = 0;
    Partition partition;
    Stored record;
    Duration settle_at{};
    Duration give_up_at{};
    bool too_large = false;
  };
  void progress();
  [[nodiscard]] bool is_fenced() const;

  Site& site_;
  SimLog& log_;
  bool transactional_;
  std::uint64_t epoch_ = 0;
  std::shared_ptr<Transaction> open_;
  bool failed_ = false;  // a record of the open transaction was
  std::vector<Flight> flights_;
  std::vector<Delivered> settled_;
};

class LocalStore final : public SnapshotStore {
 public:
  LocalStore(Site& site, Disk& disk) : site_(site), disk_(disk) {}
  Result<std::vector<Snapshot>> restore(const Partition& partition, std::vector<Trouble>& troubles) override;
  Status save(std::span<const Snapshot> snapshots) override;
  void release(const Partition&) override {}
  [[nodiscard]] std::string id() const override { return disk_.id; }

 private:
  Site& site_;
  Disk& disk_;
};

class SharedStore final : public SnapshotStore {
 public:
  SharedStore(Site& site, SimOut& out, bool in_transaction) : site_(site), out_(out), in_transaction_(in_transaction) {}
  Result<std::vector<Snapshot>> restore(const Partition& partition, std::vector<Trouble>& troubles) override;
  Status save(std::span<const Snapshot> snapshots) override;
  void release(const Partition& partition) override { claims_.erase(partition); }
  [[nodiscard]] std::string id() const override { return "topic"; }
  [[nodiscard]] bool in_transaction() const override { return in_transaction_; }

 private:
  Site& site_;
  SimOut& out_;
  bool in_transaction_;
  std::map<Partition, std::size_t> claims_;
};

class Watcher final : public StreamObserver {
 public:
  explicit Watcher(Site& site) : site_(site) {}
  void windows(const WindowOutcome& windows, Instant now) override;
  void trouble(const Trouble& trouble, Instant now) override;

 private:
  Site& site_;
};

/// A process that runs the stream.
struct Process {
  Process(World& world, Instance& instance);

  Site site;
  SimLog log;
  SimOut out;
  std::unique_ptr<SnapshotStore> store;
  Watcher watcher;
  RecordOutlet outlet;
  Stream stream;
};

}  // namespace weir::sim
