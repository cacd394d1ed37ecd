// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/ports.h"

namespace weir::sim {

namespace {

Trouble away(const char* event = "broker_away") {
  return {.weight = Trouble::Weight::Passing, .event = event, .message = "the broker does not answer"};
}

constexpr Duration kAskTimeout = std::chrono::seconds(5);

}  // namespace

/// What every question to the broker goes through.
Status SimLog::ask(const char* what) {
  site_.world.at(site_, what);
  if (site_.world.is_away(site_)) {
    site_.world.pass(kAskTimeout);
    if (site_.world.is_away(site_)) return Error{.message = std::string(what) + ": the broker does not answer"};
  }
  if (site_.world.chance.one_in(site_.world.faults.call_fails)) {
    site_.world.log(site_.name + " " + what + " fails");
    return Error{.message = std::string(what) + ": not now"};
  }
  return Done{};
}

Status SimLog::start(Listener& listener) {
  listener_ = &listener;
  return Done{};
}

bool SimLog::is_member() const {
  return !member_.empty() && site_.world.group.accepts(member_, generation_);
}

std::vector<Partition> SimLog::owned() const {
  std::vector<Partition> out;
  for (const auto& [partition, reading] : reading_) out.push_back(partition);
  return out;
}

void SimLog::give(std::vector<Partition> partitions) {
  World& world = site_.world;
  world.chance.shuffle(partitions);
  std::string line = site_.name + " is given";
  for (const Partition& one : partitions) line += " " + std::to_string(one.number);
  world.log(line + " in generation " + std::to_string(generation_));
  // They can be paused and sought from within assigned().
  for (const Partition& one : partitions) reading_[one] = {};
  const std::vector<std::int64_t> offsets = listener_->assigned(partitions);
  for (std::size_t i = 0; i < partitions.size(); ++i) reading_[partitions[i]].next = offsets.at(i);
}

void SimLog::take(const std::vector<Partition>& partitions, bool lost) {
  World& world = site_.world;
  std::string line = site_.name + (lost ? " loses" : " gives up");
  for (const Partition& one : partitions) line += " " + std::to_string(one.number);
  world.log(line);
  listener_->revoked(partitions, lost);
  for (const Partition& one : partitions) reading_.erase(one);
}

void SimLog::follow_the_group(Events& out) {
  World& world = site_.world;
  Group& group = world.group;
  if (!member_.empty() && !group.knows(member_)) {
    const bool fenced = group.is_fenced(member_);
    if (!reading_.empty()) take(owned(), true);
    member_.clear();
    generation_ = -1;
    if (fenced) {
      out.troubles.push_back(
          {.weight = Trouble::Weight::Fatal, .event = "fenced", .message = "another process has our name"});
      return;
    }
  }
  if (member_.empty()) {
    member_ = group.join(instance_, world.steady);
    group.turn(world.steady);
  }
  const Group::Member before = group.member(member_);
  if (group.preparing() && !before.rejoined) {
    if (!group.cooperative() && !reading_.empty()) take(owned(), false);
    // While partitions were given up time went by.
    if (!group.knows(member_)) return;
    group.rejoin(member_, owned());
    group.turn(world.steady);
  }
  if (group.preparing()) return;
  Group::Member& member = group.member(member_);
  if (member.generation == generation_) return;
  generation_ = member.generation;
  const std::vector<Partition> target = member.target;
  if (!group.cooperative()) {
    if (!target.empty() || world.chance.one_in(2)) give(target);
    return;
  }
  std::vector<Partition> less;
  std::vector<Partition> more;
  for (const auto& [partition, reading] : reading_) {
    if (std::find(target.begin(), target.end(), partition) == target.end()) less.push_back(partition);
  }
  for (const Partition& one : target) {
    if (!reading_.contains(one)) more.push_back(one);
  }
  if (!less.empty()) {
    take(less, false);
    if (group.knows(member_)) group.rebalance();  // somebody else waits for them
  }
  if (!more.empty() || world.chance.one_in(2)) give(more);
}

void SimLog::poll(Duration wait, std::size_t most, Events& out) {
  World& world = site_.world;
  out = {};
  held_.clear();
  records_.clear();
  world.at(site_, "poll");
  if (world.is_away(site_)) {
    out.troubles.push_back(away());
    world.pass(wait);
    return;
  }
  follow_the_group(out);
  world.at(site_, "polled the group");
  fetch(most, out);
  if (out.fetched.empty()) world.pass(world.chance.between(Duration{}, wait));
}

void SimLog::fetch(std::size_t most, Events& out) {
  World& world = site_.world;
  std::vector<Partition> order = owned();
  world.chance.shuffle(order);
  std::size_t left = std::min<std::size_t>(most, 1 + world.chance.below(12));
  for (const Partition& partition : order) {
    Reading& reading = reading_[partition];
    const Bounds bounds = world.broker.bounds(partition);
    ends_[partition] = bounds.end;
    if (reading.paused) continue;
    if (reading.next < bounds.first || reading.next > world.broker.high_watermark(partition)) {
      out.out_of_range.push_back(partition);
      continue;
    }
    if (reading.next < bounds.end && left > 0 && !world.chance.one_in(8)) {
      Fetched fetched;
      fetched.partition = partition;
      const std::vector<const Stored*> found = world.broker.read(partition, reading.next, left, reading.next);
      left -= found.size();
      fetched.next_offset = reading.next;
      std::vector<Stored>& kept = records_[partition];
      for (const Stored* one : found) kept.push_back(*one);
      for (const Stored& one : kept) {
        // Memory of exactly their size, gone with the next poll: what is read beyond or later is seen.
        held_.push_back(one.value.value_or(""));
        held_.back().shrink_to_fit();
        fetched.messages.items.push_back({.bytes = held_.back(), .offset = static_cast<std::uint64_t>(one.offset)});
        Envelope envelope;
        envelope.topic = partition.topic;
        envelope.partition = partition.number;
        envelope.timestamp = one.timestamp;
        envelope.timestamp_type = TimestampType::Create;
        envelope.tombstone = !one.value;
        envelope.has_key = one.key.has_value();
        if (one.key) envelope.key = *one.key;
        fetched.messages.envelopes.push_back(std::move(envelope));
      }
      out.fetched.push_back(std::move(fetched));
    }
    if (reading.next == bounds.end && reading.ended_at != bounds.end) {
      reading.ended_at = bounds.end;
      out.ended.push_back(partition);
    }
  }
}

Envelope SimLog::envelope_of(const Fetched& fetched, std::size_t item) {
  Envelope out = fetched.messages.envelopes.at(item);
  for (const auto& [name, value] : records_.at(fetched.partition).at(item).headers) {
    out.headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
  }
  return out;
}

void SimLog::pause(const Partition& partition) {
  if (const auto at = reading_.find(partition); at != reading_.end()) at->second.paused = true;
}

void SimLog::resume(const Partition& partition) {
  if (const auto at = reading_.find(partition); at != reading_.end()) at->second.paused = false;
}

Status SimLog::seek(const Partition& partition, std::int64_t offset) {
  if (const Status asked = ask("seek"); !asked) return asked;
  const auto at = reading_.find(partition);
  if (at == reading_.end()) return Error{.message = "seek: the partition is not ours"};
  at->second.next = offset;
  at->second.ended_at = -1;
  return Done{};
}

Result<Bounds> SimLog::bounds(const Partition& partition) {
  if (const Status asked = ask("bounds"); !asked) return asked.error();
  return site_.world.broker.bounds(partition);
}

Result<std::int64_t> SimLog::offset_at(const Partition& partition, Instant time) {
  if (const Status asked = ask("offset_at"); !asked) return asked.error();
  const Bounds bounds = site_.world.broker.bounds(partition);
  std::int64_t next = bounds.first;
  while (next < bounds.end) {
    const std::int64_t at = next;
    const std::vector<const Stored*> one = site_.world.broker.read(partition, at, 1, next);
    if (!one.empty() && one.front()->timestamp >= time) return one.front()->offset;
  }
  return bounds.end;
}

Result<std::vector<Position>> SimLog::committed(std::span<const Partition> partitions) {
  World& world = site_.world;
  if (const Status asked = ask("committed"); !asked) return asked.error();
  const auto unstable = [&] {
    return std::any_of(partitions.begin(), partitions.end(),
                       [&](const Partition& one) { return world.broker.is_unstable(kGroup, one); });
  };
  // The broker answers when the transaction is decided.
  for (Duration waited{}; unstable() && waited < kAskTimeout; waited += std::chrono::milliseconds(500)) {
    world.pass(std::chrono::milliseconds(500));
  }
  if (unstable()) return Error{.message = "committed: a transaction is not decided yet"};
  std::vector<Position> out;
  for (const Partition& one : partitions) {
    Position position;
    position.partition = one;
    if (const auto found = world.broker.position(kGroup, one)) {
      position.offset = found->offset;
      position.metadata = found->metadata;
    }
    out.push_back(std::move(position));
  }
  return out;
}

std::vector<Partition> SimLog::known_partitions() {
  return site_.world.broker.partitions_of(kTopic);
}

std::optional<std::int64_t> SimLog::known_end(const Partition& partition) {
  const auto at = ends_.find(partition);
  return at == ends_.end() ? std::nullopt : std::optional(at->second);
}

Status SimLog::commit(std::span<const Position> positions) {
  World& world = site_.world;
  if (const Status asked = ask("commit"); !asked) return asked;
  if (!is_member()) {
    world.log(site_.name + " commit refused: generation " + std::to_string(generation_));
    return Error{.message = "commit: this generation is over"};
  }
  if (world.group.preparing() && world.group.member(member_).rejoined) {
    return Error{.message = "commit: a rebalance is under way"};
  }
  world.broker.set_positions(kGroup, {positions.begin(), positions.end()});
  world.at(site_, "committed");
  if (world.chance.one_in(world.faults.commit_lost)) return Error{.message = "commit: no answer"};
  return Done{};
}

void SimLog::close() {
  World& world = site_.world;
  world.at(site_, "close");
  if (closed_) return;
  if (!reading_.empty()) take(owned(), !is_member());
  if (instance_.empty() && !member_.empty()) world.group.leave(member_);
  closed_ = true;
  world.at(site_, "closed");
}

}  // namespace weir::sim
