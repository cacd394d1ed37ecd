// SPDX-License-Identifier: Apache-2.0
// One stream, live: records from a log through one engine a partition, windows over all of them, failing records to where
// they go, snapshots and positions in an order that loses nothing.
//
// Everything happens in one thread, turn by turn, and nothing here reads a clock, a file or a socket: time comes in with
// each turn, the rest through the ports of weir/ports.h. The order of saving is that of docs/decisions/0007:
//
//   at least once   records out -> acknowledged -> snapshot saved -> position committed
//   exactly once    records out, position and (naming it) the snapshot's epoch, in one transaction
//
// A snapshot carries its own offset, so each record is counted once in the windows whatever the group's position says.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "stream/outgoing.h"
#include "stream/pane_publisher.h"
#include "stream/progress.h"
#include "weir/engine.h"
#include "weir/history.h"
#include "weir/ports.h"
#include "weir/stream_windows.h"
#include "windows/memory_history.h"

namespace weir {

/// The time of a turn: by the clock on the wall, which may jump, and by one that only goes forward.
struct Moment {
  Instant wall{};
  Duration steady{};
};

/// Where a partition begins of which neither a snapshot nor a position is known.
struct StartAt {
  enum class Kind : std::uint8_t { Earliest, Latest, Time };
  Kind kind = Kind::Earliest;
  Instant time{};
};

struct StreamOptions {
  std::string name;
  bool exactly_once = false;
  StartAt from;
  bool until_end = false;  // stop at the ends that the partitions had when they were assigned
  Format format = Format::Json;
  Duration snapshot_every = std::chrono::seconds(10);
  Duration transaction_every = std::chrono::seconds(1);
  Duration idle_after = std::chrono::seconds(60);
  Duration drain_within = std::chrono::seconds(5);  // on revocation; a stop takes four times as long at most
  std::size_t batch_records = 4'000;
  std::uint64_t most_waiting = 20'000;  // records written and not acknowledged
  std::uint64_t most_waiting_bytes = std::uint64_t{16} << 20;
  std::uint64_t samples_per_rule = 20;
  bool keep_outcome = false;  // add up everything that was found, for a report at the end
  std::uint64_t seed = 0;     // of the jitter of retries
};

/// What a stream is made of. All of it outlives the stream; `transactions` is null at least once, `history` may be null.
struct StreamParts {
  RecordLog& log;
  RecordOut& quarantine;
  RecordOut& clean;  // may be the same as `quarantine`
  Transactions* transactions = nullptr;
  SnapshotStore& store;
  Outlet& outlet;
  StreamObserver& observer;
  History* history = nullptr;
  std::function<Status()> save_history = {};  // called before each save of snapshots
  PanePublisher* panes = nullptr;             // windows are judged over all instances, by a PaneMerger
  /// Why the outputs cannot be written, or empty, before they say so themselves; it is told whether records wait for them.
  std::function<std::string(bool waits)> outputs_fault = {};
};

class Stream final : private RecordLog::Listener {
 public:
  enum class End : std::uint8_t {
    Running,
    Finished,  // until_end: everything was read, judged and saved
    Halted,    // a rule with `on_fail: halt` failed
    Stopped,   // stop() was asked for, everything is saved
    Failed,    // see failure(): the process is to end and to be started again
  };

  Stream(std::shared_ptr<const Plan> plan, StreamOptions options, StreamParts parts);
  ~Stream() override;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// An error with the code "broker_silent": nobody answered, it may be started again. Any other one is a refusal.
  Status start(Moment now);
  /// Once round: waits at most `wait` for records.
  End turn(Moment now, Duration wait);
  /// Other rules, between two batches. What unchanged rules remember stays.
  void reload(std::shared_ptr<const Plan> plan);
  /// Drains, saves, commits, leaves. The stream turns no more.
  End stop(const std::function<Moment()>& clock);

  [[nodiscard]] const std::optional<Trouble>& failure() const noexcept { return failure_; }
  /// With StreamOptions::keep_outcome: all that was found.
  [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }
  [[nodiscard]] const std::shared_ptr<const Plan>& plan() const noexcept { return plan_; }
  [[nodiscard]] StreamStatus status() const;
  /// Whether any partition that was ours held a record when it was assigned.
  [[nodiscard]] bool holds_records() const noexcept { return holds_records_; }
  /// Whether partitions were given up before everything of them was saved.
  [[nodiscard]] bool left_unsaved() const noexcept { return unsaved_; }

 private:
  /// A partition that is ours.
  struct Lane {
    Partition partition;
    std::unique_ptr<Engine> engine;
    std::int64_t next_offset = 0;    // judged up to here
    std::int64_t saved_offset = -1;  // of the last snapshot
    std::uint64_t epoch = 0;         // of the last snapshot that counts
    std::optional<std::int64_t> committed;
    Quiet quiet;
    bool partial = false;                  // began after records that nobody remembers
    std::optional<Instant> partial_until;  // windows that begin before it may miss some; not known before a record
    Instant snapshot_at{};
    std::uint64_t state_bytes = 0;
  };
  /// Snapshots that wait for the records before them to be acknowledged.
  struct Pending {
    std::vector<Snapshot> snapshots;
    std::uint64_t records_before = 0;  // Outgoing::mark() when they were taken
  };

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> partitions, bool lost) override;

  /// The offset to begin with; nothing when the broker or the store did not answer: the partition is tried again later.
  std::optional<std::int64_t> begin_lane(const Partition& partition, const Position& position);
  Result<std::int64_t> begin_offset(const Partition& partition, const Bounds& bounds);
  bool restore(Lane& lane, std::span<const Snapshot> snapshots, std::span<const std::size_t> candidates);
  void tell_of_missing_state(const Partition& partition, const Position& position);
  void move_into_range(Lane& lane, const Bounds& bounds);
  void begin_late_lanes();
  void begin_later(const Partition& partition, const std::string& why);
  [[nodiscard]] std::unique_ptr<Engine> new_engine(const std::shared_ptr<const Plan>& plan) const;
  [[nodiscard]] Lane* find(const Partition& partition);
  void forget_silence(Duration time);
  void judge(const Fetched& fetched);
  void send(const Fetched& fetched, const Outcome& outcome);
  void take_up_again(const Partition& partition);
  void close_windows();
  void publish_panes(Instant watermark);
  void say_windows(WindowOutcome&& windows);
  void begin_windows();
  void hold_or_release();
  void pump();

  [[nodiscard]] std::vector<Snapshot> snapshots(std::span<Lane* const> lanes) const;
  [[nodiscard]] std::vector<Lane*> changed_lanes();
  [[nodiscard]] std::vector<Position> positions_of(std::span<const Snapshot> snapshots) const;
  void take_as_saved(const Snapshot& snapshot);
  void save_when_due();
  bool save(std::span<const Snapshot> snapshots);
  void commit(std::span<const Snapshot> snapshots);
  /// Exactly once: everything since the last time, as one.
  bool commit_transaction(std::span<Lane* const> lanes, Duration within);
  void begin_transaction();
  [[nodiscard]] Duration transaction_length() const;
  void roll_back_outputs();
  void roll_back();
  bool save_all(std::span<Lane* const> lanes, Duration within);

  [[nodiscard]] Outcome& found() { return options_.exactly_once ? uncommitted_ : outcome_; }
  void take_found() { outcome_.merge(std::exchange(uncommitted_, Outcome{})); }
  Status keep_history();
  void note(const Trouble& trouble);
  void note_all(std::vector<Trouble>& troubles);
  void fail(const Trouble& trouble);
  [[nodiscard]] bool is_at_end() const;
  [[nodiscard]] bool owns_everything() const;
  End finish();
  void publish_status();
  [[nodiscard]] std::string quarantine_fault() const;
  [[nodiscard]] std::vector<Engine*> engines() const;

  std::shared_ptr<const Plan> plan_;
  StreamOptions options_;
  StreamParts parts_;
  MemoryHistory own_history_;  // where nobody gives one that outlives the process
  Outgoing outgoing_;
  StreamClock clock_;
  std::map<Partition, Lane> lanes_;
  std::map<Partition, std::int64_t> stop_at_;  // until_end: where they ended when they were first ours
  std::set<Partition> late_lanes_;             // ours, and not begun yet
  Duration late_lanes_at_{};                   // steady: when they are tried again
  std::unique_ptr<StreamWindows> windows_;
  RecordLog::Events events_;
  std::optional<Pending> pending_;
  Moment now_;
  Instant started_{};
  Duration save_at_{};   // steady
  Duration weigh_at_{};  // steady
  std::uint64_t window_bytes_ = 0;
  Duration status_at_{};       // steady
  Duration without_until_{};   // steady
  Duration publish_at_{};      // steady
  Duration clock_close_at_{};  // steady
  Duration trouble_until_{};   // steady: the broker is away so long as nothing says otherwise
  Duration retry_at_{};        // steady: transactions after one that was aborted
  unsigned aborts_ = 0;        // in a row
  bool in_transaction_ = false;
  Duration transaction_at_{};   // steady: when it began
  bool held_ = false;           // partitions are paused
  bool started_once_ = false;   // something was assigned
  bool holds_records_ = false;  // some partition held a record when it was assigned
  bool halted_ = false;
  bool unsaved_ = false;  // the end came before everything was saved
  StreamStatus::Phase phase_ = StreamStatus::Phase::Starting;
  std::optional<Trouble> failure_;
  std::string state_fault_;
  std::string broker_fault_;
  std::uint64_t rebalances_ = 0;
  std::uint64_t partial_windows_ = 0;
  std::vector<OwnRecord> routed_;
  std::vector<std::uint64_t> broken_;
  std::vector<Trouble> troubles_;
  Outcome outcome_;
  Outcome uncommitted_;  // exactly once: of the open transaction
};

}  // namespace weir
