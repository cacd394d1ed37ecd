// SPDX-License-Identifier: Apache-2.0
// The order of saving. docs/decisions/0007 says why it is this one.
#include <algorithm>
#include <utility>

#include "stream/beginning.h"
#include "stream/stream.h"

namespace weir {

namespace {

constexpr Duration kFirstRetry = std::chrono::milliseconds(200);
constexpr unsigned kMostDoublings = 6;
constexpr std::uint64_t kEasyBytes = std::uint64_t{4} << 20;
constexpr Duration kLongestTransaction = std::chrono::seconds(5);

}  // namespace

std::vector<Stream::Lane*> Stream::changed_lanes() {
  std::vector<Lane*> out;
  for (auto& [partition, lane] : lanes_) {
    if (lane.next_offset != lane.saved_offset) out.push_back(&lane);
  }
  return out;
}

std::vector<Snapshot> Stream::snapshots(std::span<Lane* const> lanes) const {
  std::vector<Snapshot> out;
  for (const Lane* const lane : lanes) {
    // Before a record has said how far windows miss some, they may miss them up to now.
    const std::optional<Instant> partial_until =
        lane->partial && !lane->partial_until ? std::optional(now_.wall) : lane->partial_until;
    out.push_back({.partition = lane->partition,
                   .epoch = lane->epoch + 1,
                   .next_offset = lane->next_offset,
                   .state = close_state(partial_until, lane->engine->write_state())});
  }
  return out;
}

/// Every transaction has a snapshot: the more there is to write, the less often.
Duration Stream::transaction_length() const {
  std::uint64_t bytes = 0;
  for (const auto& [partition, lane] : lanes_) bytes += lane.state_bytes;
  const auto times = static_cast<std::int64_t>(1 + bytes / kEasyBytes);
  return std::max(options_.transaction_every, std::min(options_.transaction_every * times, kLongestTransaction));
}

void Stream::save_when_due() {
  if (options_.exactly_once) {
    if (!in_transaction_ && now_.steady >= save_at_) {
      // Windows that the clock closes in silence.
      save_at_ = now_.steady + options_.snapshot_every;
      if (keep_history()) state_fault_.clear();
    }
    if (!in_transaction_ || now_.steady < transaction_at_ + transaction_length()) return;
    if (!commit_transaction(changed_lanes(), options_.drain_within) && !failure_) begin_late_lanes();
    return;
  }
  if (!pending_ && now_.steady >= save_at_) {
    save_at_ = now_.steady + options_.snapshot_every;
    const std::vector<Lane*> changed = changed_lanes();
    if (changed.empty() && keep_history()) state_fault_.clear();
    if (!changed.empty()) pending_ = Pending{.snapshots = snapshots(changed), .records_before = outgoing_.mark()};
  }
  if (!pending_ || !outgoing_.is_settled(pending_->records_before)) return;
  const Pending due = *std::exchange(pending_, std::nullopt);
  if (save(due.snapshots)) commit(due.snapshots);
}

/// What windows came to, and what their measures were.
Status Stream::keep_history() {
  if (!parts_.save_history) return Done{};
  Status kept = parts_.save_history();
  if (!kept) {
    state_fault_ = kept.error().message;
    note({.weight = Trouble::Weight::Passing, .event = "state_not_saved", .message = state_fault_});
  }
  return kept;
}

/// Where it cannot be saved, judging goes on: the position stays where it is, and weir is not ready.
bool Stream::save(std::span<const Snapshot> snapshots) {
  if (!keep_history()) return false;
  const Status saved = parts_.store.save(snapshots);
  if (!saved) {
    state_fault_ = saved.error().message;
    // Somebody else has claimed a partition: to go on would be for nothing, and its records would go out twice.
    if (saved.error().code == "fenced") {
      fail({.weight = Trouble::Weight::Fatal, .event = "fenced", .message = state_fault_});
      return false;
    }
    note({.weight = Trouble::Weight::Passing, .event = "state_not_saved", .message = state_fault_});
    return false;
  }
  state_fault_.clear();
  if (options_.exactly_once) return true;  // it counts once it is committed
  for (const Snapshot& snapshot : snapshots) take_as_saved(snapshot);
  return true;
}

void Stream::take_as_saved(const Snapshot& snapshot) {
  Lane* const lane = find(snapshot.partition);
  if (lane == nullptr) return;
  lane->epoch = snapshot.epoch;
  lane->saved_offset = snapshot.next_offset;
  lane->snapshot_at = now_.wall;
  lane->state_bytes = snapshot.state.size();
}

std::vector<Position> Stream::positions_of(std::span<const Snapshot> snapshots) const {
  std::vector<Position> out;
  const std::string store = parts_.store.id();
  for (const Snapshot& snapshot : snapshots) {
    out.push_back({.partition = snapshot.partition,
                   .offset = snapshot.next_offset,
                   .metadata = write_note({.store = store, .epoch = snapshot.epoch})});
  }
  return out;
}

/// A position that is not committed is committed with the next snapshot; until then the lag looks larger than it is.
void Stream::commit(std::span<const Snapshot> snapshots) {
  const Status committed = parts_.log.commit(positions_of(snapshots));
  if (!committed) {
    note({.weight = Trouble::Weight::Passing, .event = "commit_failed", .message = committed.error().message});
    return;
  }
  for (const Snapshot& snapshot : snapshots) {
    if (Lane* const lane = find(snapshot.partition)) lane->committed = snapshot.next_offset;
  }
}

// ---- exactly once

void Stream::begin_transaction() {
  if (in_transaction_) return;
  const Status begun = parts_.transactions->begin();
  if (!begun) {
    fail({.weight = Trouble::Weight::Fatal, .event = "transaction_failed", .message = begun.error().message});
    return;
  }
  in_transaction_ = true;
  transaction_at_ = now_.steady;
}

bool Stream::commit_transaction(std::span<Lane* const> lanes, Duration within) {
  if (!in_transaction_) return lanes.empty();
  std::vector<Trouble> troubles;
  // Every record has to be acknowledged first: one that cannot be written takes the whole transaction with it.
  const bool out = outgoing_.flush(within, troubles) && !outgoing_.has_failed();
  note_all(troubles);
  const std::vector<Snapshot> taken = snapshots(lanes);
  if (!out || !save(taken)) {
    roll_back();
    return false;
  }
  // A store that is a topic writes into the transaction; what it wrote is in the same commit.
  const Transactions::End end = parts_.transactions->commit(positions_of(taken), troubles);
  note_all(troubles);
  if (end == Transactions::End::Fatal) {
    fail({.weight = Trouble::Weight::Fatal,
          .event = "fenced",
          .message = "another instance of the same name goes on from here, or the transaction cannot be decided: "
                     "this one ends"});
    return false;
  }
  if (end == Transactions::End::Aborted) {
    roll_back();
    return false;
  }
  in_transaction_ = false;
  aborts_ = 0;
  take_found();
  for (const Snapshot& snapshot : taken) {
    take_as_saved(snapshot);
    if (Lane* const lane = find(snapshot.partition)) lane->committed = snapshot.next_offset;
  }
  return true;
}

/// Nothing of the open transaction happened.
void Stream::roll_back_outputs() {
  std::vector<Trouble> troubles;
  const Transactions::End end = parts_.transactions->abort(troubles);
  note_all(troubles);
  in_transaction_ = false;
  uncommitted_ = Outcome{};
  outgoing_.forget();
  if (end == Transactions::End::Fatal)
    fail({.weight = Trouble::Weight::Fatal,
          .event = "fenced",
          .message = "another instance of the same name goes on from here: this one ends"});
}

/// Begins anew from what is committed, after a while that doubles. Where a poll goes on behind this (partitions are given up
/// in it), it may still bring records that were read before: nothing is begun before they were left out.
void Stream::roll_back() {
  roll_back_outputs();
  if (failure_) return;
  retry_at_ = now_.steady + kFirstRetry * (1U << std::min(aborts_, kMostDoublings));
  ++aborts_;
  // Every partition is begun anew, as if it had just been assigned.
  for (auto& [partition, lane] : lanes_) late_lanes_.insert(partition);
  lanes_.clear();
  late_lanes_at_ = now_.steady;
}

// ---- before partitions go

bool Stream::save_all(std::span<Lane* const> lanes, Duration within) {
  (void)keep_history();  // also of windows that the clock closed in silence
  if (options_.exactly_once) {
    if (!in_transaction_) return true;
    return commit_transaction(changed_lanes(), within);
  }
  std::vector<Trouble> troubles;
  const bool out = outgoing_.flush(within, troubles);
  note_all(troubles);
  if (!out) return false;
  std::vector<Lane*> changed;
  for (Lane* const lane : lanes) {
    if (lane->next_offset != lane->saved_offset) changed.push_back(lane);
  }
  const std::vector<Snapshot> taken = snapshots(changed);
  if (!taken.empty() && !save(taken)) return false;
  // Also those whose snapshot was saved and whose position was not committed yet.
  std::vector<Position> positions;
  const std::string store = parts_.store.id();
  for (const Lane* const lane : lanes) {
    if (lane->saved_offset < 0 || lane->committed == lane->saved_offset) continue;
    positions.push_back({.partition = lane->partition,
                         .offset = lane->saved_offset,
                         .metadata = write_note({.store = store, .epoch = lane->epoch})});
  }
  if (positions.empty()) return true;
  const Status committed = parts_.log.commit(positions);
  if (!committed) {
    note({.weight = Trouble::Weight::Passing, .event = "commit_failed", .message = committed.error().message});
    return true;  // the snapshot says where to go on
  }
  for (const Position& position : positions) {
    if (Lane* const lane = find(position.partition)) lane->committed = position.offset;
  }
  return true;
}

}  // namespace weir
