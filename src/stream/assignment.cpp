// SPDX-License-Identifier: Apache-2.0
// Partitions come and go: restored where they were left, saved before somebody else has them.
#include <algorithm>
#include <utility>

#include "stream/beginning.h"
#include "stream/stream.h"

namespace weir {

namespace {

constexpr Duration kTryAgain = std::chrono::seconds(1);

}  // namespace

Stream::Lane* Stream::find(const Partition& partition) {
  const auto at = lanes_.find(partition);
  return at == lanes_.end() ? nullptr : &at->second;
}

std::unique_ptr<Engine> Stream::new_engine(const std::shared_ptr<const Plan>& plan) const {
  return std::make_unique<Engine>(plan, EngineOptions{.samples_per_rule = options_.samples_per_rule,
                                                      .failing_records = true,
                                                      .format = options_.format,
                                                      .now = started_,
                                                      .as_stream = true,
                                                      .all_windows = true,
                                                      .history = parts_.history,
                                                      .partition = true});
}

std::vector<std::int64_t> Stream::assigned(std::span<const Partition> partitions) {
  std::vector<std::int64_t> out;
  ++rebalances_;
  // What waits for its acknowledgement is taken anew, with what comes now.
  pending_.reset();
  if (held_) {
    for (const auto& [partition, lane] : lanes_) parts_.log.resume(partition);
    for (const Partition& partition : late_lanes_) parts_.log.resume(partition);
    held_ = false;
  }
  const Result<std::vector<Position>> positions = parts_.log.committed(partitions);
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    std::optional<std::int64_t> offset;
    if (positions) {
      offset = begin_lane(partitions[i], (*positions)[i]);
    } else {
      begin_later(partitions[i], positions.error().message);
    }
    out.push_back(offset.value_or(0));
  }
  started_once_ = true;
  begin_windows();
  return out;
}

/// Until it is begun, what is read of it is not judged.
void Stream::begin_later(const Partition& partition, const std::string& why) {
  lanes_.erase(partition);
  late_lanes_.insert(partition);
  late_lanes_at_ = now_.steady + kTryAgain;
  note({.weight = Trouble::Weight::Passing,
        .event = "broker_silent",
        .message = partition.topic + "[" + std::to_string(partition.number) + "] cannot be begun yet: " + why});
}

void Stream::begin_late_lanes() {
  if (late_lanes_.empty() || now_.steady < late_lanes_at_) return;
  const std::vector<Partition> late(late_lanes_.begin(), late_lanes_.end());
  const Result<std::vector<Position>> positions = parts_.log.committed(late);
  if (!positions) {
    begin_later(late.front(), positions.error().message);
    return;
  }
  bool any = false;
  for (std::size_t i = 0; i < late.size(); ++i) {
    const std::optional<std::int64_t> offset = begin_lane(late[i], (*positions)[i]);
    if (!offset) continue;
    if (const Status moved = parts_.log.seek(late[i], *offset); !moved) {
      begin_later(late[i], moved.error().message);
      continue;
    }
    late_lanes_.erase(late[i]);
    any = true;
  }
  if (any) begin_windows();
}

/// Where a partition begins of which nothing is known.
Result<std::int64_t> Stream::begin_offset(const Partition& partition, const Bounds& bounds) {
  switch (options_.from.kind) {
    case StartAt::Kind::Earliest: return bounds.first;
    case StartAt::Kind::Latest: return bounds.end;
    case StartAt::Kind::Time: break;
  }
  return parts_.log.offset_at(partition, options_.from.time);
}

bool Stream::restore(Lane& lane, std::span<const Snapshot> snapshots, std::span<const std::size_t> candidates) {
  for (const std::size_t index : candidates) {
    const Snapshot& snapshot = snapshots[index];
    std::optional<Instant> partial_until;
    const std::optional<std::string_view> state = open_state(snapshot.state, partial_until);
    const Result<StateRead> read =
        state ? lane.engine->read_state(*state) : Result<StateRead>(Error{.message = "it is cut short"});
    if (read) {
      lane.next_offset = lane.saved_offset = snapshot.next_offset;
      lane.epoch = snapshot.epoch;
      lane.state_bytes = snapshot.state.size();
      lane.partial_until = partial_until;
      return true;
    }
    note({.weight = Trouble::Weight::Passing,
          .event = "snapshot_damaged",
          .message = "a snapshot of " + lane.partition.topic + "[" + std::to_string(lane.partition.number) +
                     "] cannot be used, the one before is tried: " + read.error().message});
    lane.engine = new_engine(plan_);
  }
  return false;
}

/// The group has been here, and what its windows remembered has not come along: whoever sees a partial window asks why.
void Stream::tell_of_missing_state(const Partition& partition, const Position& position) {
  const std::optional<PositionNote> left = read_note(position.metadata);
  if (!left || *position.offset == 0 || plan_->windows.empty()) return;
  note({.weight = Trouble::Weight::Passing,
        .event = "state_missing",
        .message = partition.topic + "[" + std::to_string(partition.number) + "] goes on at " +
                   std::to_string(*position.offset) + ", where its group left it, but the state has no snapshot of it" +
                   (left->store == parts_.store.id() ? "" : "; it was judged with another state") +
                   ": windows that were open are partial"});
}

std::optional<std::int64_t> Stream::begin_lane(const Partition& partition, const Position& position) {
  Lane lane;
  lane.partition = partition;
  lane.engine = new_engine(plan_);
  lane.quiet.since = now_.steady;
  lane.committed = position.offset;

  Result<Bounds> bounds = parts_.log.bounds(partition);
  if (!bounds) {
    begin_later(partition, bounds.error().message);
    return std::nullopt;
  }
  std::vector<Trouble> troubles;
  const Result<std::vector<Snapshot>> snapshots = parts_.store.restore(partition, troubles);
  note_all(troubles);
  if (!snapshots && snapshots.error().code == "fenced") {
    // To claim it again would take it from the one who rightly has it.
    fail({.weight = Trouble::Weight::Fatal, .event = "fenced", .message = snapshots.error().message});
    return std::nullopt;
  }
  if (!snapshots) {
    begin_later(partition, snapshots.error().message);
    return std::nullopt;
  }
  if (bounds->end > bounds->first) holds_records_ = true;
  if (options_.until_end) stop_at_.emplace(partition, bounds->end);

  const Beginning beginning = find_beginning(*snapshots, position, parts_.store.id(), options_.exactly_once);
  if (!restore(lane, *snapshots, beginning.candidates)) {
    // An epoch is never used again for another state.
    for (const Snapshot& snapshot : *snapshots) lane.epoch = std::max(lane.epoch, snapshot.epoch);
    const Result<std::int64_t> begin =
        beginning.offset ? Result<std::int64_t>(*beginning.offset) : begin_offset(partition, *bounds);
    if (!begin) {
      begin_later(partition, begin.error().message);
      return std::nullopt;
    }
    lane.next_offset = *begin;
    lane.partial = lane.next_offset > 0;
    if (beginning.offset) tell_of_missing_state(partition, position);
  }
  const auto is_outside = [&] { return lane.next_offset < bounds->first || lane.next_offset > bounds->end; };
  if (is_outside()) {
    // Records may have come since the bounds were asked for, and where to begin may lie behind them.
    bounds = parts_.log.bounds(partition);
    if (!bounds) {
      begin_later(partition, bounds.error().message);
      return std::nullopt;
    }
    if (is_outside()) move_into_range(lane, *bounds);
  }
  const std::int64_t next = lane.next_offset;
  lanes_.insert_or_assign(partition, std::move(lane));
  return next;
}

/// What it was to go on with is gone: by retention, or because the topic is another one of the same name.
void Stream::move_into_range(Lane& lane, const Bounds& bounds) {
  note({.weight = Trouble::Weight::Passing,
        .event = "offset_out_of_range",
        .message = lane.partition.topic + "[" + std::to_string(lane.partition.number) + "] no longer holds offset " +
                   std::to_string(lane.next_offset) + ": goes on at " + std::to_string(bounds.first) +
                   ", windows over what is gone are partial"});
  if (lane.next_offset > bounds.end) lane.engine = new_engine(plan_);
  lane.next_offset = bounds.first;
  lane.saved_offset = -1;
  lane.partial = true;
  lane.partial_until.reset();
}

/// Its position is gone while it was read: retention was faster.
void Stream::take_up_again(const Partition& partition) {
  Lane* const lane = find(partition);
  if (lane == nullptr) return;
  Status moved = Done{};
  if (const Result<Bounds> bounds = parts_.log.bounds(partition)) {
    move_into_range(*lane, *bounds);
    moved = parts_.log.seek(partition, lane->next_offset);
  } else {
    moved = bounds.error();
  }
  if (moved) return;
  // What the open transaction holds of it must not be committed without its position.
  if (in_transaction_) roll_back();
  if (!failure_) begin_later(partition, moved.error().message);
}

void Stream::revoked(std::span<const Partition> partitions, bool lost) {
  ++rebalances_;
  std::vector<Lane*> going;
  for (const Partition& partition : partitions) {
    if (Lane* const lane = find(partition)) going.push_back(lane);
  }
  if (lost || failure_) {
    // Somebody else may have them by now: nothing of ours counts any more.
    if (options_.exactly_once && in_transaction_) roll_back_outputs();
  } else if (!going.empty()) {
    const bool last = phase_ == StreamStatus::Phase::Draining;
    if (!save_all(going, last ? 4 * options_.drain_within : options_.drain_within)) {
      unsaved_ = true;
      note({.weight = Trouble::Weight::Passing,
            .event = "drain_unfinished",
            .message = "partitions were given up before everything of them was saved: their next owner judges the "
                       "last records again"});
    }
  }
  pending_.reset();
  for (const Partition& partition : partitions) {
    if (late_lanes_.erase(partition) + lanes_.erase(partition) > 0) parts_.store.release(partition);
  }
  begin_windows();
}

}  // namespace weir
