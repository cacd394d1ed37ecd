// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/ports.h"

namespace weir::sim {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kKept = 2;

void keep(std::vector<Disk::Kept>& kept, const Snapshot& snapshot) {
  std::erase_if(kept, [&](const Disk::Kept& one) { return one.snapshot.epoch >= snapshot.epoch; });
  kept.insert(kept.begin(), {.snapshot = snapshot, .damaged = false});
  if (kept.size() > kKept) kept.resize(kKept);
}

std::vector<Snapshot> whole(Site& site, const std::vector<Disk::Kept>& kept, const Partition& partition,
                            std::vector<Trouble>& troubles) {
  std::vector<Snapshot> out;
  for (const Disk::Kept& one : kept) {
    if (one.damaged) {
      troubles.push_back({.weight = Trouble::Weight::Passing, .event = "snapshot_damaged", .message = "damaged"});
    } else {
      out.push_back(one.snapshot);
    }
  }
  std::string line = site.name + " restores " + std::to_string(partition.number) + ":";
  for (const Snapshot& one : out)
    line += " epoch " + std::to_string(one.epoch) + " at " + std::to_string(one.next_offset);
  site.world.log(line);
  return out;
}

void note_saved(World& world, const std::string& who, const Snapshot& snapshot) {
  world.log(who + " saves " + std::to_string(snapshot.partition.number) + ": epoch " + std::to_string(snapshot.epoch) +
            " at " + std::to_string(snapshot.next_offset));
  std::int64_t& saved = world.saved[snapshot.partition];
  saved = std::max(saved, snapshot.next_offset);
}

}  // namespace

Result<std::vector<Snapshot>> LocalStore::restore(const Partition& partition, std::vector<Trouble>& troubles) {
  World& world = site_.world;
  world.at(site_, "restore");
  if (world.chance.one_in(world.faults.save_fails)) return Error{.message = "the disk does not answer"};
  return whole(site_, disk_.kept[partition], partition, troubles);
}

Status LocalStore::save(std::span<const Snapshot> snapshots) {
  World& world = site_.world;
  world.at(site_, "save");
  const bool fails = world.chance.one_in(world.faults.save_fails);
  if (fails && world.chance.one_in(2)) return Error{.message = "the disk is full"};
  for (const Snapshot& snapshot : snapshots) {
    keep(disk_.kept[snapshot.partition], snapshot);
    note_saved(world, site_.name, snapshot);
  }
  world.at(site_, "saved");
  if (fails) return Error{.message = "the disk did not answer in time"};
  return Done{};
}

Result<std::vector<Snapshot>> SharedStore::restore(const Partition& partition, std::vector<Trouble>& troubles) {
  World& world = site_.world;
  world.at(site_, "restore");
  if (world.is_away(site_) || world.chance.one_in(world.faults.save_fails)) return Error{.message = "no broker"};
  SharedState::Part& part = world.shared.parts[partition];
  const Partition state{.topic = kState, .number = 0};
  const std::int64_t claim = world.broker.append(state, {});
  claims_[partition] = part.claims.size();
  world.log(site_.name + " claims " + std::to_string(partition.number) + " as " + std::to_string(part.claims.size()));
  part.claims.push_back(claim);
  world.at(site_, "claimed");
  // Reads back to its own claim, which is there once every transaction before it was decided.
  for (Duration waited{}; world.broker.bounds(state).end <= claim; waited += 500ms) {
    if (waited >= 5s) return Error{.message = "a transaction before the claim is not decided yet"};
    world.pass(500ms);
  }
  return whole(site_, part.kept, partition, troubles);
}

Status SharedStore::save(std::span<const Snapshot> snapshots) {
  World& world = site_.world;
  world.at(site_, "save");
  const bool fails = world.chance.one_in(world.faults.save_fails);
  if (world.is_away(site_) || (fails && world.chance.one_in(2))) return Error{.message = "no broker"};
  const Partition state{.topic = kState, .number = 0};
  for (const Snapshot& snapshot : snapshots) {
    const auto claim = claims_.find(snapshot.partition);
    if (claim == claims_.end()) {
      world.broken("a snapshot is saved of a partition that was not restored");
      continue;
    }
    if (world.shared.parts[snapshot.partition].claims.size() != claim->second + 1) {
      return Error{.message = "somebody else has claimed the partition", .code = "fenced"};
    }
    if (in_transaction_ && !out_.open()) return Error{.message = "no transaction is open"};
    const std::int64_t offset = world.broker.append(state, {}, in_transaction_ ? out_.open() : nullptr);
    const auto effect = [&world, name = site_.name, snapshot, offset, claim = claim->second] {
      SharedState::Part& part = world.shared.parts[snapshot.partition];
      if (!part.counts(claim, offset)) {
        world.log(name + " saves " + std::to_string(snapshot.partition.number) + " under a claim that is over");
        // Somebody claimed it while it was saved: what is remembered is lost, and nothing else.
        world.state_lost.insert(snapshot.partition);
        world.outclaimed.insert(snapshot.partition);
        return;
      }
      keep(part.kept, snapshot);
      note_saved(world, name, snapshot);
    };
    if (in_transaction_) {
      out_.open()->on_commit.emplace_back(effect);
    } else {
      effect();
      world.at(site_, "saved one");
    }
  }
  world.at(site_, "saved");
  if (fails) return Error{.message = "no answer"};
  return Done{};
}

}  // namespace weir::sim
