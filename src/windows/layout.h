// SPDX-License-Identifier: Apache-2.0
// What has to be remembered so that every window rule of a plan can be judged, each thing once.
//
// Blocks that cut the same records in the same way share a *grid*: one axis of panes, one set of segments. The panes of a
// grid are as long as the greatest common divisor of all sizes and steps, so a window of any of its blocks is a run of
// whole panes. What the rules of these blocks ask for is kept once for each pane: ten windows over the same fields cost a
// record as much as one. A block whose own panes would become more than kFinest times smaller has a grid of its own,
// because a day made of seconds costs more memory than a second summary.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/plan.h"
#include "weir/summary.h"

namespace weir {

inline constexpr std::int64_t kFinest = 60;

/// No length that a rule file gives is taken for more: beyond it, sums of instants would leave their range.
inline constexpr Duration kLongestLength = std::chrono::hours(24 * 366 * 1'000);
[[nodiscard]] inline Duration bounded(Duration length) noexcept {
  return std::clamp(length, Duration(0), kLongestLength);
}

/// A condition on records, run once a batch whoever asks for it.
struct Filter {
  std::string text;
  std::shared_ptr<const Predicate> predicate;
  std::vector<std::uint32_t> columns;
};

/// The records of a stream that one `when` lets through.
struct Lens {
  static constexpr std::int32_t kEvery = -1;
  std::string stream;             // empty: the plan's own
  std::int32_t filter = kEvery;   // index into Layout::filters
  std::uint32_t first_field = 0;  // its needs, in the lists of the PaneSpec
  std::uint32_t last_field = 0;
};

struct FieldNeed {
  std::uint32_t lens = 0;
  SummarySpec spec;
  bool drift =
      false;  // of drift rules and distances from their references: what other measures ask for changes nothing about it
};
struct JointNeed {
  std::uint32_t lens = 0;
  JointSpec spec;
};
/// Of drift rules about several fields.
struct ScatterNeed {
  std::uint32_t lens = 0;
  ScatterSpec spec;
};
/// How often a rule failed, or an expression was true.
struct TallyNeed {
  static constexpr std::int32_t kNone = -1;
  std::uint32_t lens = 0;
  std::int32_t rule = kNone;    // index into Plan::rules
  std::int32_t filter = kNone;  // index into Layout::filters
};

/// What a pane keeps. Lens 0 is every record of the plan's own stream.
struct PaneSpec {
  bool no_snapshots = false;  // rows that a connector read from a table as it stood are no part of drift
  std::vector<Lens> lenses;
  std::vector<FieldNeed> fields;  // in the order of their lenses
  std::vector<JointNeed> joints;
  std::vector<TallyNeed> tallies;
  std::vector<std::uint32_t> schemas;  // lenses
  std::vector<ScatterNeed> scatters;
  std::uint64_t bytes = 0;  // the most that a pane takes
};

/// Where a measure finds what it is computed from.
struct BoundCall {
  static constexpr std::int32_t kNone = -1;
  std::uint32_t lens = 0;
  std::int32_t field = kNone;
  std::int32_t second = kNone;
  std::int32_t joint = kNone;
  std::int32_t schema = kNone;
  std::int32_t scatter = kNone;
  std::int32_t tally = kNone;
  std::string series;        // the name of its history, but for the segment
  bool remember = false;     // the first call of its series in the block
  bool looked_back = false;  // some rule of the plan compares with its past
};

struct BoundRule {
  std::uint32_t rule = 0;  // index into Plan::window_rules
  std::vector<BoundCall> must;
  std::vector<BoundCall> should;
  bool scores = false;                      // calls score(): judged after the others
  std::vector<std::int32_t> score_tallies;  // of the record rules
  std::int32_t drift = -1;                  // index into Plan::drift_rules: it has no conditions
  BoundCall drifting;                       // what that one compares
  bool looks_back = false;                  // its verdict depends on other windows
};

struct BoundBlock {
  std::uint32_t block = 0;
  std::uint32_t grid = 0;
  std::int64_t step = 1;         // panes from a window to the next
  std::int64_t panes = 1;        // panes of a window
  std::vector<BoundRule> rules;  // those that score last
  bool drifts = false;           // some of them are about drift
};

struct Grid {
  WindowKind kind = WindowKind::Whole;
  std::int64_t pane = 1;      // microseconds; Count: records; Session: the longest
  std::int64_t origin = 0;    // microseconds: where pane 0 of windows by time begins
  std::uint32_t example = 0;  // index into Plan::windows of the first of its blocks: segments, zone, lateness, gap
  bool by_zone = false;       // panes are days of the block's zone
  PaneSpec spec;
  std::vector<std::uint32_t> blocks;  // indices into Layout::blocks
};

struct Layout {
  std::vector<Filter> filters;
  std::vector<std::uint32_t> rules;  // record rules whose failures are tallied
  std::vector<Grid> grids;
  std::vector<BoundBlock> blocks;  // by index of Plan::windows
};

[[nodiscard]] Layout lay_out(const Plan& plan);

}  // namespace weir
