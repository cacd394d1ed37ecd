// SPDX-License-Identifier: Apache-2.0
// Window rules as the plan holds them. docs/windows.md says what each kind of window means.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weir/measure.h"
#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

class Zone;

enum class WindowKind : std::uint8_t {
  Whole,    // the whole input: a block without `every`
  Time,     // [k x every, k x every + size); size = every when it does not slide
  Session,  // records with gaps of at most `gap`, cut at multiples of `longest`
  Count,    // so many records of one input
};

enum class LatePolicy : std::uint8_t { Count, Quarantine, Revise };

/// A field by whose values windows are judged apart.
struct SegmentField {
  std::uint32_t column = 0;
  std::string path;
  std::vector<std::string> listed;  // values that are always kept, and judged though they never came
};

struct WindowBlock {
  WindowKind kind = WindowKind::Whole;
  Duration every{};
  Duration size{};
  Duration gap{};
  Duration longest{};
  std::uint64_t count = 0;
  Duration lateness = std::chrono::seconds(30);
  LatePolicy late = LatePolicy::Count;
  std::string zone;  // of the days that `every` counts; empty: UTC. Windows that are no whole days are cut in UTC
  std::shared_ptr<const Zone> zone_rules;  // null: UTC
  std::vector<SegmentField> segment;
  std::uint32_t max_segments = 200;
  bool accepted_only = false;  // `over: accepted`
  std::string extent;          // as ids and series name it: "1m", "10m by 1m", "session 30m", "count 1000", "all"
};

/// `must` or `should` with the measures that it calls.
struct WindowCondition {
  std::unique_ptr<const Condition> condition;  // null: not written
  std::vector<MeasureCall> calls;              // an inner one before the one around it
};

enum class OnEmpty : std::uint8_t { Pass, Warn, Fail };

struct WindowRule {
  RuleInfo info;            // kind Window or Drift; severity Warn when there is only a `should`
  std::int32_t drift = -1;  // index into Plan::drift_rules: it has no conditions
  std::uint32_t block = 0;  // index into Plan::windows
  WindowCondition must;
  WindowCondition should;
  std::shared_ptr<const Predicate> when;  // null: every record; info.when is its text
  std::vector<std::uint32_t> when_columns;
  OnEmpty on_empty = OnEmpty::Pass;
};

}  // namespace weir
