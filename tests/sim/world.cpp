// SPDX-License-Identifier: Apache-2.0
#include "sim/world.h"

#include <algorithm>

#include "sim/ports.h"

namespace weir::sim {

using namespace std::chrono_literals;

Setting Setting::drawn(std::uint64_t seed) {
  Chance chance(seed);
  Setting out;
  out.seed = seed;
  out.processes = chance.one_in(2) ? 1 : 2 + chance.below(2);
  out.partitions = 1 + chance.below(4);
  out.exactly_once = chance.one_in(2);
  out.shared_store = chance.one_in(2);
  out.cooperative = chance.one_in(2);
  out.fixed_members = !chance.one_in(4);
  out.input_transactions = chance.one_in(3);
  // Behind an open transaction a partition is silent, for up to ten seconds here.
  out.idle_after = !out.input_transactions && chance.one_in(3) ? Duration(6s) : Duration(25s);
  out.length = chance.between(Duration(12s), Duration(40s));
  out.faults = Faults::drawn(chance);
  return out;
}

std::string Setting::text() const {
  std::string out = "seed " + std::to_string(seed) + ": " + std::to_string(processes) + " processes, " +
                    std::to_string(partitions) + " partitions, " + (exactly_once ? "exactly once" : "at least once") +
                    (shared_store ? ", shared store" : ", a disk each") + (cooperative ? ", cooperative" : ", eager") +
                    (fixed_members ? ", fixed members" : "") +
                    (input_transactions ? ", transactions in the input" : "") + ", idle after " +
                    std::to_string(idle_after / 1s) + " s";
  const auto say = [&out](const char* name, std::uint64_t fault) {
    if (fault != 0) out += std::string(", ") + name + " 1/" + std::to_string(fault);
  };
  say("crash", faults.crash);
  say("freeze", faults.freeze);
  say("twin", faults.twin);
  say("call fails", faults.call_fails);
  say("commit lost", faults.commit_lost);
  say("delivery slow", faults.delivery_slow);
  say("delivery fails", faults.delivery_fails);
  say("full", faults.full);
  say("abort", faults.abort);
  say("undecided", faults.undecided);
  say("save fails", faults.save_fails);
  say("damage", faults.damage);
  say("wipe", faults.wipe);
  say("stop", faults.stop);
  say("rebalance", faults.rebalance);
  say("away", faults.away);
  say("lost", faults.lost);
  say("clock", faults.clock);
  say("grow", faults.grow);
  say(faults.greedy_retention ? "greedy retention" : "retention", faults.retention);
  return out;
}

World::World(Setting wanted, std::shared_ptr<const Plan> rules)
    : setting(std::move(wanted)),
      faults(setting.faults),
      plan(std::move(rules)),
      chance(setting.seed * 2 + 1),
      group(setting.cooperative, {}, setting.seed + 7) {
  broker.create(kTopic, setting.partitions);
  broker.create(kQuarantine, 2);
  broker.create(kClean, 2);
  broker.create(kState, 1);
  group.grow(broker.partitions_of(kTopic));
  broker.on_visible = [this](const Partition& partition, const Stored& record) { see(partition, record); };
  broker.on_positions = [this](const std::string&, const std::vector<Position>& positions) {
    hold_positions(positions);
  };
  for (std::size_t i = 0; i < setting.processes; ++i) {
    auto instance = std::make_unique<Instance>();
    instance->name = std::string(1, static_cast<char>('a' + i));
    instance->disk.id = "disk-" + instance->name;
    instance->restart_at = steady + chance.between(Duration{}, Duration(3s));
    instances_.push_back(std::move(instance));
  }
  // What one disk knows the next owner of a partition does not.
  if (setting.processes > 1 && !setting.shared_store) {
    for (const Partition& partition : broker.partitions_of(kTopic)) state_lost.insert(partition);
  }
}

World::~World() = default;

void World::log(std::string line) {
  lines.push_back(std::to_string(steady / 1ms) + " " + std::move(line));
}

void World::broken(const std::string& what) {
  if (wrong.size() < 20) wrong.push_back(what);
  log("BROKEN: " + what);
}

Instance& World::instance_of(const Site& site) {
  for (const auto& instance : instances_) {
    if (instance->process && &instance->process->site == &site) return *instance;
  }
  return *instances_.front();  // while it is being made
}

// ---- what ports ask

void World::at(Site& site, const char* what) {
  // Whoever unwinds after a crash reaches nothing.
  if (site.dead) throw Crash{};
  if (chance.one_in(faults.crash)) {
    log(site.name + " crashes at " + what);
    site.dead = true;
    throw Crash{};
  }
  if (chance.one_in(faults.freeze)) {
    log(site.name + " stands still at " + what);
    freeze(site);
    log(site.name + " goes on");
  }
}

void World::pass(Duration time) {
  const Duration until = steady + time;
  while (steady < until) {
    steady = std::min(until, steady + Duration(500ms));
    housekeeping();
  }
}

void World::freeze(Site& site) {
  if (depth_ > 0) return;
  ++depth_;
  Instance& instance = instance_of(site);
  instance.frozen = true;
  // A folder has one process at a time; a shared place has whoever comes.
  if (setting.shared_store && !instance.replaced && instances_.size() < 6 && chance.one_in(faults.twin))
    replace(instance);
  const Duration until = steady + (chance.one_in(2) ? chance.between(Duration(100ms), Duration(3s))
                                                    : chance.between(Duration(3s), Duration(25s)));
  while (steady < until) {
    steady += chance.between(Duration(20ms), Duration(300ms));
    housekeeping();
    step_some(&instance);
  }
  instance.frozen = false;
  --depth_;
}

void World::replace(Instance& instance) {
  log("another " + instance.name + " comes up");
  instance.replaced = true;
  auto twin = std::make_unique<Instance>();
  twin->name = instance.name;
  twin->disk.id = instance.disk.id;
  twin->restart_at = steady + chance.between(Duration(100ms), Duration(5s));
  instances_.push_back(std::move(twin));
}

// ---- processes

void World::start(Instance& instance) {
  ++instance.starts;
  log(instance.name + " starts");
  for (auto& [partition, kept] : instance.disk.kept) {
    if (chance.one_in(faults.wipe)) {
      log(instance.name + " has lost what it kept of " + std::to_string(partition.number));
      kept.clear();
      state_lost.insert(partition);
    } else if (!kept.empty() && chance.one_in(faults.damage)) {
      log("the newest snapshot of " + std::to_string(partition.number) + " at " + instance.name + " is damaged");
      kept.front().damaged = true;
      state_lost.insert(partition);
    }
  }
  if (setting.shared_store) {
    for (auto& [partition, part] : shared.parts) {
      if (part.kept.empty() || !chance.one_in(faults.damage)) continue;
      log("the newest snapshot of " + std::to_string(partition.number) + " is damaged");
      part.kept.front().damaged = true;
      state_lost.insert(partition);
    }
  }
  instance.process = std::make_unique<Process>(*this, instance);
  const Status started = instance.process->stream.start({.wall = wall() + instance.wall_offset, .steady = steady});
  if (!started) end(instance, "did not start: " + started.error().message, 1s);
}

void World::end(Instance& instance, const std::string& why, Duration until_restart) {
  log(instance.name + " ends: " + why);
  instance.process->site.dead = true;
  instance.process->out.abandon();
  instance.process.reset();
  instance.restart_at = steady + until_restart;
}

void World::step(Instance& instance) {
  if (instance.on_stack) return;
  if (!instance.process && (instance.replaced || steady < instance.restart_at)) return;
  instance.on_stack = true;
  try {
    if (!instance.process) {
      start(instance);
    } else if (chance.one_in(faults.stop)) {
      log(instance.name + " is asked to stop");
      static_cast<void>(instance.process->stream.stop(
          [&] { return Moment{.wall = wall() + instance.wall_offset, .steady = steady}; }));
      end(instance, "stopped", chance.between(Duration(100ms), Duration(5s)));
    } else {
      const Moment now{.wall = wall() + instance.wall_offset, .steady = steady};
      const Stream::End end_of_turn = instance.process->stream.turn(now, 100ms);
      if (end_of_turn != Stream::End::Running) {
        const auto& failure = instance.process->stream.failure();
        end(instance, failure ? failure->event + ": " + failure->message : "for no reason",
            chance.between(Duration(100ms), Duration(5s)));
      }
    }
  } catch (const Crash&) {
    // Often back before the group gave it up.
    end(instance, "crashed",
        chance.one_in(2) ? chance.between(Duration(100ms), Duration(3s)) : chance.between(Duration(3s), Duration(20s)));
  }
  instance.on_stack = false;
}

void World::step_some(const Instance* but) {
  Instance& one = *instances_[chance.below(instances_.size())];
  if (&one != but) step(one);
}

// ---- what happens by itself

void World::housekeeping() {
  produce();
  broker.expire(steady);
  for (const auto& instance : instances_) {
    if (instance->process && !instance->frozen && !instance->process->site.dead && !is_away(instance->process->site))
      group.heartbeat(instance->process->log.member(), steady);
  }
  group.turn(steady);
  misfortunes();
}

void World::misfortunes() {
  if (chance.one_in(faults.rebalance)) {
    log("a rebalance");
    group.rebalance();
  }
  for (const auto& instance : instances_) {
    if (!instance->process) continue;
    Site& site = instance->process->site;
    if (chance.one_in(faults.away)) {
      site.away_until = steady + chance.between(Duration(500ms), Duration(20s));
      log(site.name + " has no broker");
    }
    if (chance.one_in(faults.lost) && group.knows(instance->process->log.member())) {
      log(site.name + " is given up by the group");
      group.leave(instance->process->log.member());
    }
    if (chance.one_in(faults.clock)) {
      // When the own clock is more than five minutes behind, every record is one of the future: in no window, and counted.
      instance->wall_offset = chance.one_in(3) ? Duration{} : chance.between(Duration(-4min), Duration(1h));
      log(site.name + " clock is off by " + std::to_string(instance->wall_offset / 1s) + " s");
    }
  }
  if (chance.one_in(faults.grow) && !grown) {
    log("the topic grows");
    broker.grow(kTopic);
    grown = wall();
    if (setting.processes > 1 && !setting.shared_store) state_lost.insert(broker.partitions_of(kTopic).back());
    group.grow(broker.partitions_of(kTopic));
  }
  if (chance.one_in(faults.retention)) expire_records();
}

void World::expire_records() {
  const std::vector<Partition> partitions = broker.partitions_of(kTopic);
  const Partition& partition = chance.of(partitions);
  const Bounds bounds = broker.bounds(partition);
  const auto position = broker.position(kGroup, partition);
  const std::int64_t most = faults.greedy_retention ? bounds.end : (position ? position->offset : 0);
  if (most <= bounds.first) return;
  const std::int64_t first = chance.between(bounds.first, most);
  log("records of " + std::to_string(partition.number) + " before " + std::to_string(first) + " are deleted");
  broker.delete_before(partition, first);
  for (const std::size_t index : inputs_[partition].made) {
    const Made& one = made[index];
    if (one.offset >= first) break;
    if (!quarantined.contains(one.id()) && !cleaned.contains(one.id())) gone.insert(one.id());
    state_lost.insert(partition);
  }
}

// ---- the whole of it

bool World::is_at_rest() const {
  for (const Partition& partition : broker.partitions_of(kTopic)) {
    const auto position = broker.position(kGroup, partition);
    std::int64_t next = 0;
    if (!broker.read(partition, position ? position->offset : 0, 1, next).empty()) return false;
  }
  return true;
}

void World::run() {
  produce_end_ = steady + setting.length + 30s;
  const Duration calm_at = steady + setting.length;
  while (steady < calm_at) {
    steady += chance.between(Duration(5ms), Duration(150ms));
    housekeeping();
    step_some(nullptr);
  }
  log("no more faults");
  faults = {};
  for (const auto& instance : instances_) {
    instance->wall_offset = {};
    instance->restart_at = std::min(instance->restart_at, steady);
    if (instance->process) instance->process->site.away_until = {};
  }
  const Duration give_up_at = produce_end_ + 300s;
  while (steady < give_up_at && (steady < produce_end_ || !is_at_rest())) {
    steady += chance.between(Duration(100ms), Duration(600ms));
    housekeeping();
    step_some(nullptr);
  }
  if (!is_at_rest()) broken("it does not come to rest");
  fall_silent();
}

/// Until the clock has closed every window, with all late records in it.
void World::fall_silent() {
  const Duration until = steady + setting.idle_after + 10s;
  while (steady < until) {
    steady += 800ms / static_cast<int>(instances_.size());
    housekeeping();
    for (const auto& instance : instances_) step(*instance);
  }
}

std::vector<Told> World::told_without_faults() const {
  Setting calm;
  calm.seed = setting.seed;
  calm.partitions = 0;
  World world(calm, plan);
  world.broker.copy_topic(broker, kTopic);
  world.broker.on_visible = nullptr;
  world.group.grow(world.broker.partitions_of(kTopic));
  world.steady = steady;
  const Duration give_up_at = steady + 60s;
  while (world.steady < give_up_at && !world.is_at_rest()) {
    world.steady += 100ms;
    world.housekeeping();
    world.step_some(nullptr);
  }
  world.fall_silent();
  return world.told;
}

}  // namespace weir::sim
