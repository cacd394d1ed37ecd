// SPDX-License-Identifier: Apache-2.0
// What has to hold once a world came to rest.
#include <algorithm>
#include <map>
#include <tuple>

#include "sim/world.h"

namespace weir::sim {

using namespace std::chrono_literals;

namespace {

using WindowKey = std::tuple<std::uint32_t, Instant, Instant>;

/// The last verdict of each window that a time names.
std::map<WindowKey, WindowVerdict> last_of(const std::vector<Told>& told) {
  std::map<WindowKey, WindowVerdict> out;
  for (const Told& one : told) {
    if (!one.verdict.has_span || one.verdict.windows != 1) continue;
    out.insert_or_assign({one.verdict.rule, one.verdict.start, one.verdict.end}, one.verdict);
  }
  return out;
}

std::string in_words(const WindowVerdict& verdict) {
  const auto seconds = [](Instant at) { return std::to_string((at - World::kBegin) / 1s); };
  return "rule " + std::to_string(verdict.rule) + " from " + seconds(verdict.start) + " to " + seconds(verdict.end) +
         ": " + show(verdict.observed) + (verdict.by_clock ? ", by clock" : "");
}

void check_records(World& world) {
  for (const Made& one : world.made) {
    if (world.is_excused(one) || one.fate == Made::Fate::Dropped) continue;
    const auto& where = one.fate == Made::Fate::Quarantined ? world.quarantined : world.cleaned;
    if (!where.contains(one.id())) world.broken("a record went nowhere: " + one.id());
    const auto& other = one.fate == Made::Fate::Quarantined ? world.cleaned : world.quarantined;
    if (other.contains(one.id()) && !one.repeated) world.broken("a record is in both: " + one.id());
  }
}

/// What is behind the watermark of every partition by the time that windows wait.
Instant judged_until(const World& world) {
  std::map<Partition, Instant> newest;
  for (const Made& one : world.made) {
    if (one.aborted || !one.value->ends_with('}')) continue;
    Instant& at = newest.try_emplace(one.partition, Instant::min()).first->second;
    at = std::max(at, one.at);
  }
  Instant out = Instant::max();
  for (const auto& [partition, at] : newest) out = std::min(out, at - 6s);
  return out;
}

/// A window that was judged whole, and would have been judged again with a late record: one that nobody read in time, or
/// that was read where nobody remembered the window.
bool missed_a_late_record(const World& world, const WindowVerdict& window) {
  const WindowBlock& block = world.plan->windows[world.plan->window_rules[window.rule].block];
  if (block.late != LatePolicy::Revise) return false;
  return std::any_of(world.made.begin(), world.made.end(), [&](const Made& one) {
    return one.late && one.at >= window.start && one.at < window.end &&
           (world.setting.processes > 1 || world.gone.contains(one.id()) || world.state_lost.contains(one.partition));
  });
}

void check_windows(World& world) {
  const Setting& setting = world.setting;
  const Faults& faults = setting.faults;
  const bool may_forget =
      faults.damage + faults.wipe + faults.retention + faults.grow + faults.twin > 0 || setting.processes > 1;
  const std::map<WindowKey, WindowVerdict> told = last_of(world.told);
  const Instant until = judged_until(world);
  std::size_t compared = 0;
  for (const auto& [key, want] : last_of(world.told_without_faults())) {
    if (want.end > until) continue;
    // Records of a partition that nobody knew of may come after their window was judged.
    if (world.grown && want.end > *world.grown - 45s && want.start < *world.grown + 60s) continue;
    const auto at = told.find(key);
    if (at == told.end()) {
      if (!may_forget) world.broken("nobody was told of " + in_words(want));
      continue;
    }
    const WindowVerdict& got = at->second;
    ++compared;
    if ((got.partial && may_forget) || missed_a_late_record(world, want)) continue;
    if (got.partial) world.broken("partial though nothing was lost: " + in_words(got));
    if (show(got.observed) != show(want.observed) || got.verdict != want.verdict)
      world.broken("told of " + in_words(got) + ", but it is " + in_words(want));
  }
  if (compared == 0 && !may_forget) world.broken("no window was compared");
}

}  // namespace

std::vector<std::string> check(World& world) {
  check_records(world);
  if (!world.plan->windows.empty()) check_windows(world);
  return world.wrong;
}

}  // namespace weir::sim
