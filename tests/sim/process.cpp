// SPDX-License-Identifier: Apache-2.0
// A process: the ports put together, and what it tells.
#include "sim/ports.h"

namespace weir::sim {

void Watcher::windows(const WindowOutcome& windows, Instant) {
  for (const WindowVerdict& verdict : windows.verdicts) {
    site_.world.told.push_back({.process = site_.name, .verdict = verdict});
    site_.world.log(site_.name + " is told of rule " + std::to_string(verdict.rule) + " from " +
                    std::to_string((verdict.start - World::kBegin) / std::chrono::seconds(1)) + " to " +
                    std::to_string((verdict.end - World::kBegin) / std::chrono::seconds(1)) + ": " +
                    show(verdict.observed) + (verdict.partial ? " partial" : "") +
                    (verdict.by_clock ? " by clock" : "") + (verdict.revised ? " revised" : ""));
  }
}

void Watcher::trouble(const Trouble& trouble, Instant) {
  site_.world.log(site_.name + " trouble " + trouble.event + ": " + trouble.message);
}

namespace {

StreamOptions options_of(const World& world, const Instance& instance) {
  StreamOptions out;
  out.name = "orders";
  out.exactly_once = world.setting.exactly_once;
  out.format = Format::Json;
  out.snapshot_every = std::chrono::seconds(2);
  out.transaction_every = std::chrono::seconds(1);
  out.idle_after = world.setting.idle_after;
  out.drain_within = std::chrono::seconds(3);
  out.batch_records = 50;
  out.most_waiting = 40;
  out.samples_per_rule = 0;
  out.seed = world.setting.seed + static_cast<std::uint64_t>(instance.starts);
  return out;
}

}  // namespace

Process::Process(World& world, Instance& instance)
    : site{.world = world, .name = instance.name},
      log(site, world.setting.fixed_members ? instance.name : ""),
      out(site, log, world.setting.exactly_once),
      watcher(site),
      outlet(world.plan,
             {.quarantine_topic = kQuarantine,
              .clean_topic = kClean,
              .stamp = {.pipeline = "sim", .instance = instance.name}},
             watcher),
      stream(world.plan, options_of(world, instance),
             {.log = log,
              .quarantine = out,
              .clean = out,
              .transactions = world.setting.exactly_once ? &out : nullptr,
              .store = [&]() -> SnapshotStore& {
                if (world.setting.shared_store) {
                  store = std::make_unique<SharedStore>(site, out, world.setting.exactly_once);
                } else {
                  store = std::make_unique<LocalStore>(site, instance.disk);
                }
                return *store;
              }(),
              .outlet = outlet,
              .observer = watcher}) {}

}  // namespace weir::sim
