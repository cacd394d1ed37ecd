// SPDX-License-Identifier: Apache-2.0
// What goes wrong in a simulated world, and how often: drawn from the seed, so that some worlds have one fault and some all.
#pragma once

#include <stdexcept>
#include <string>

#include "sim/chance.h"

namespace weir::sim {

/// The process is gone in the middle of a call. Not a std::exception: nothing may catch it on the way.
struct Crash {};

/// Each: once in so many calls, or turns of the world; 0: never.
struct Faults {
  // at every call of a port
  std::uint64_t crash = 0;
  std::uint64_t freeze = 0;  // the process stands still while the others go on
  std::uint64_t twin = 0;    // of those that stand still: somebody starts another process of the same name
  // of the log
  std::uint64_t call_fails = 0;   // bounds(), committed(), offset_at(), seek(), commit() without effect
  std::uint64_t commit_lost = 0;  // commit() with effect
  // of what goes out
  std::uint64_t delivery_slow = 0;
  std::uint64_t delivery_fails = 0;
  std::uint64_t full = 0;
  std::uint64_t abort = 0;      // of a transaction
  std::uint64_t undecided = 0;  // a transaction of which nobody knows whether it was committed
  // of the store
  std::uint64_t save_fails = 0;  // with or without effect
  std::uint64_t damage = 0;      // the newest snapshot, at a start
  std::uint64_t wipe = 0;        // all snapshots, at a start
  // at every turn of the world
  std::uint64_t stop = 0;  // a process is asked to stop, and started again
  std::uint64_t rebalance = 0;
  std::uint64_t away = 0;   // the broker, for one process
  std::uint64_t lost = 0;   // a member is given up though it lives
  std::uint64_t clock = 0;  // somebody sets a clock
  std::uint64_t grow = 0;
  std::uint64_t retention = 0;
  bool greedy_retention = false;  // deletes what nobody has read

  static Faults drawn(Chance& chance) {
    Faults out;
    // None in a third of the worlds, else rare or often.
    const auto draw = [&chance](std::uint64_t& fault, std::uint64_t often, std::uint64_t rare) {
      const std::uint64_t kind = chance.below(6);
      fault = kind < 3 ? 0 : (kind < 5 ? rare : often);
    };
    draw(out.crash, 150, 800);
    draw(out.freeze, 400, 1500);
    if (chance.one_in(4)) out.twin = 2;
    draw(out.call_fails, 6, 40);
    draw(out.commit_lost, 5, 20);
    draw(out.delivery_slow, 3, 30);
    draw(out.delivery_fails, 8, 60);
    draw(out.full, 3, 30);
    draw(out.abort, 4, 20);
    draw(out.undecided, 10, 40);
    draw(out.save_fails, 4, 20);
    draw(out.damage, 4, 10);
    if (chance.one_in(8)) out.wipe = 6;
    draw(out.stop, 80, 300);
    draw(out.rebalance, 60, 300);
    draw(out.away, 150, 400);
    draw(out.lost, 200, 600);
    draw(out.clock, 100, 400);
    if (chance.one_in(6)) out.grow = 300;
    if (chance.one_in(4)) out.retention = 40;
    out.greedy_retention = chance.one_in(4);
    return out;
  }
};

}  // namespace weir::sim
