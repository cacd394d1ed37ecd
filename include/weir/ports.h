// SPDX-License-Identifier: Apache-2.0
// What a stream needs of the world around it: a log to read from, a place to write records to, a place for snapshots, and
// somebody who watches. src/stream is written against these four alone and runs in one thread, so that it can be run with
// a real broker (src/kafka, src/files) and, turn by turn from a seed, without any (tests/sim).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/result.h"
#include "weir/schema_change.h"
#include "weir/time.h"

namespace weir {

struct Partition {
  std::string topic;
  std::int32_t number = 0;
  auto operator<=>(const Partition&) const = default;
};

/// Records of one partition, in order, with an envelope each; Message::offset is the offset. Headers are in the envelopes
/// only when the log was asked for them (LogOptions). Borrowed until the log's next poll().
struct Fetched {
  Partition partition;
  Messages messages;
  /// Behind the last of them, or, where the partition ended, behind what no reader sees: marks of transactions, records that
  /// were aborted. Without any item this alone moved.
  std::int64_t next_offset = 0;
};

/// The offsets that a partition holds: [first, end).
struct Bounds {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

/// A position of the group, with the words that were committed beside it.
struct Position {
  Partition partition;
  std::optional<std::int64_t> offset;  // none: nothing was ever committed
  std::string metadata;
};

/// Something that went wrong on the way and that a person should know of. Its text names no payload.
struct Trouble {
  enum class Weight : std::uint8_t {
    Passing,   // heals by itself: a broker that went away
    Standing,  // heals when a person does something: no permission, unknown topic
    Fatal,     // this process cannot go on: fenced, wrong password at the start
  };
  Weight weight = Weight::Passing;
  std::string event;    // stable: "broker_away", "fenced", "topic_unknown"
  std::string message;  // one line, with the remedy
};

/// One thing that /readyz says.
struct Readiness {
  std::string name;  // "assigned", "broker", "registry", "quarantine", "state", "rules"
  bool ok = false;
  std::string reason;
};

/// Where records come from: a consumer of a group, or of a topic without one. All calls in one thread.
class RecordLog {
 public:
  /// Told of the assignment from within poll() and close().
  class Listener {
   public:
    virtual ~Listener() = default;
    /// These partitions are ours from now on: for each the offset to begin with.
    virtual std::vector<std::int64_t> assigned(std::span<const Partition> partitions) = 0;
    /// They go to somebody else when this returns; `lost`: they already have.
    virtual void revoked(std::span<const Partition> partitions, bool lost) = 0;
  };
  struct Events {
    std::vector<Fetched> fetched;         // at most one a partition
    std::vector<Partition> ended;         // nothing more to read for now
    std::vector<Partition> out_of_range;  // the position is gone; seek() before the next poll
    std::vector<Trouble> troubles;
  };

  virtual ~RecordLog() = default;
  virtual Status start(Listener& listener) = 0;
  /// Waits at most so long for a first record, then takes what is there, up to `most` records. Clears `out` first.
  virtual void poll(Duration wait, std::size_t most, Events& out) = 0;
  /// Key and headers of a record of the last poll: the whole envelope, for a record that goes on to a sink.
  [[nodiscard]] virtual Envelope envelope_of(const Fetched& fetched, std::size_t item) = 0;
  /// The whole payload of a record of the last poll, also where Message::bytes is cut; nothing: it is null.
  [[nodiscard]] virtual std::optional<std::string_view> value_of(const Fetched& fetched, std::size_t item) {
    const Messages& messages = fetched.messages;
    if (item < messages.envelopes.size() && messages.envelopes[item].tombstone) return std::nullopt;
    return messages.items[item].bytes;
  }
  /// Its next records are there and wait for something else (a schema): it is neither silent nor at its end.
  [[nodiscard]] virtual bool is_held(const Partition& /*partition*/) const { return false; }
  /// What of the log itself has to be so that records come.
  [[nodiscard]] virtual std::vector<Readiness> readiness() const { return {}; }
  virtual void pause(const Partition& partition) = 0;
  virtual void resume(const Partition& partition) = 0;
  virtual Status seek(const Partition& partition, std::int64_t offset) = 0;
  /// These three ask the broker, and give up after some seconds.
  virtual Result<Bounds> bounds(const Partition& partition) = 0;
  /// The first offset at or after that time; the end if there is none.
  virtual Result<std::int64_t> offset_at(const Partition& partition, Instant time) = 0;
  virtual Result<std::vector<Position>> committed(std::span<const Partition> partitions) = 0;
  /// Every partition of every topic that is subscribed to, whoever owns it. From what is known, without asking.
  [[nodiscard]] virtual std::vector<Partition> known_partitions() = 0;
  /// Where a partition ended when it was last heard of.
  [[nodiscard]] virtual std::optional<std::int64_t> known_end(const Partition& partition) = 0;
  virtual Status commit(std::span<const Position> positions) = 0;
  /// Gives up the assignment (the listener is told) and leaves.
  virtual void close() = 0;
};

/// A record on its way out. A header without a value has data() == nullptr.
struct OutRecord {
  std::string_view topic = {};
  std::int32_t partition = -1;  // -1: where its key belongs
  std::optional<std::string_view> key = {};
  std::optional<std::string_view> value = {};
  std::span<const std::pair<std::string_view, std::string_view>> headers = {};
  Instant timestamp{};  // Instant{}: now
};

/// A record on its way out that owns its bytes: it waits until the sink takes it, and is kept until it is acknowledged.
struct OwnRecord {
  static constexpr std::uint32_t kPassed = ~std::uint32_t{0};
  bool clean = false;               // to the clean output; else to the quarantine
  std::uint32_t failing = kPassed;  // of a quarantined record: index into Outcome::failing of its step
  Partition origin;                 // where it was read
  std::string topic;
  std::int32_t partition = -1;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  Instant timestamp{};
};

/// Which records of a batch go out, and what they look like then.
class Outlet {
 public:
  virtual ~Outlet() = default;
  /// Adds to `out`, in order, what becomes of the records of a step (`outcome.failing` is filled). Of a halted step only the
  /// first `outcome.records` items were judged.
  virtual void route(const Fetched& fetched, const Outcome& outcome, RecordLog& log, Instant now,
                     std::vector<OwnRecord>& out) = 0;
  /// The record was too large for where it goes: what goes there in its place, or nothing if nothing can.
  [[nodiscard]] virtual std::optional<OwnRecord> stub_of(const OwnRecord& record) = 0;
  /// False: storm control says to wait with what comes next.
  [[nodiscard]] virtual bool is_open(Instant /*now*/) { return true; }
  virtual void use(std::shared_ptr<const Plan> plan) = 0;
};

/// What became of a record that was taken.
struct Delivered {
  std::uint64_t token = 0;
  bool ok = false;
  bool too_large = false;  // for the topic: a smaller one under the same token may follow
  Trouble trouble;         // when not ok: nobody will try again
};

/// Where records go: a producer, or a file.
class RecordOut {
 public:
  enum class Taken : std::uint8_t { Yes, Full, TooLarge };

  virtual ~RecordOut() = default;
  /// Copies the record. Full: try again after a poll().
  virtual Taken write(const OutRecord& record, std::uint64_t token) = 0;
  /// What was settled since the last call, in any order.
  virtual void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) = 0;
  /// Waits until everything that was taken is settled (read it with poll()), or until the time is over: false.
  virtual bool flush(Duration wait) = 0;
};

/// Records, offsets and snapshots that appear together or not at all.
class Transactions {
 public:
  enum class End : std::uint8_t {
    Committed,
    Aborted,  // nothing of it happened; begin anew from what is committed
    Fatal,    // fenced: another process has our name
  };
  virtual ~Transactions() = default;
  /// Fences whoever used our name before, aborts what they left open.
  virtual Status start() = 0;
  virtual Status begin() = 0;
  /// With these positions of the log's group. Every record taken since begin() is in it.
  virtual End commit(std::span<const Position> positions, std::vector<Trouble>& troubles) = 0;
  virtual End abort(std::vector<Trouble>& troubles) = 0;
};

/// What is remembered of a partition, with the offset up to which it is remembered.
struct Snapshot {
  Partition partition;
  std::uint64_t epoch = 0;  // grows with every save of the partition
  std::int64_t next_offset = 0;
  std::string state;  // as Engine::write_state gave it
};

/// Where snapshots outlive the process. All calls in the stream's thread.
class SnapshotStore {
 public:
  virtual ~SnapshotStore() = default;
  /// The partition is ours: from now on nobody else's saves count (a claim, where several share the store). Its
  /// snapshots that are whole, newest first; one that is damaged is left out and said in `troubles`.
  virtual Result<std::vector<Snapshot>> restore(const Partition& partition, std::vector<Trouble>& troubles) = 0;
  /// Durable when it returns; all of them or none. Keeps the one before. An epoch that is saved again replaces that one
  /// and all later ones: who goes back to an epoch counts on from it, and the epoch that was committed stays. An error with
  /// the code "fenced": somebody else has claimed a partition, and this process has to end.
  virtual Status save(std::span<const Snapshot> snapshots) = 0;
  /// The partition is not ours any more.
  virtual void release(const Partition& partition) = 0;
  /// Who the store is: committed positions name it, so that a position that somebody else moved on is seen.
  [[nodiscard]] virtual std::string id() const = 0;
  /// The number of the claim by which a partition is ours; 0 where nobody else can have it.
  [[nodiscard]] virtual std::uint64_t incarnation(const Partition& /*partition*/) const { return 0; }
  /// True: save() writes into the open transaction (a topic under `exactly_once`), and is durable when that commits.
  [[nodiscard]] virtual bool in_transaction() const { return false; }
};

struct PartitionStatus {
  Partition partition;
  std::int64_t next_offset = 0;  // judged up to here
  std::optional<std::int64_t> committed;
  std::optional<std::int64_t> end;  // as last heard of
  std::optional<Instant> watermark;
  bool caught_up = false;
  bool idle = false;
  bool paused = false;
  bool held = false;          // its next record waits for its schema
  bool partial = false;       // windows began after records that nobody remembers
  std::uint64_t waiting = 0;  // records written and not acknowledged
  Instant snapshot_at{};      // Instant{}: never
  std::uint64_t state_bytes = 0;
};

struct StreamStatus {
  enum class Phase : std::uint8_t { Starting, Running, Draining, Stopped, Failed };
  std::string stream;
  Phase phase = Phase::Starting;
  std::vector<PartitionStatus> partitions;
  std::vector<Readiness> readiness;
  std::optional<Instant> watermark;  // of the stream
  std::uint64_t rebalances = 0;
  std::uint64_t window_bytes = 0;
  std::uint64_t partial_windows = 0;
  Instant turned_at{};  // when the loop last came round: liveness
};

/// Who watches a stream: metrics, alerts, the status page. Called in the stream's thread; must not block.
class StreamObserver {
 public:
  virtual ~StreamObserver() = default;
  /// The rules that everything after this call is about: at the start and after each reload.
  virtual void rules(const std::shared_ptr<const Plan>& /*plan*/) {}
  /// A batch was judged. `outcome.windows` is empty here.
  virtual void judged(const Fetched& /*fetched*/, const Outcome& /*outcome*/, Instant /*now*/) {}
  virtual void windows(const WindowOutcome& /*windows*/, Instant /*now*/) {}
  /// So many records went out; `rules`: for each rule, how many quarantined records broke it.
  virtual void quarantined(std::uint64_t /*records*/, std::span<const std::uint64_t> /*rules*/) {}
  /// Storm control kept so many failing records out of the quarantine: they went nowhere.
  virtual void kept_out(std::uint64_t /*records*/) {}
  virtual void trouble(const Trouble& /*trouble*/, Instant /*now*/) {}
  /// Told once for each schema that records of a topic come with.
  virtual void schema(const SchemaChange& /*change*/, Instant /*now*/) {}
  virtual void status(const StreamStatus& /*status*/) {}
};

}  // namespace weir
