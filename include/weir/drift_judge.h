// SPDX-License-Identifier: Apache-2.0
// How windows ask for drift. Windows hand over what they hold of each drift rule, segment by segment, and then ask for the
// verdicts on all of it together, because significance is decided over every test of the window.
//
// It remembers nothing beside the History that it was made with: what a window was like is a record there, so references
// outlive the run wherever measures do.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "weir/drift.h"
#include "weir/history.h"
#include "weir/measured.h"
#include "weir/plan.h"
#include "weir/window_verdict.h"

namespace weir {

class FieldSummary;
class ScatterSummary;

/// A drift rule over one window and segment.
struct DriftSubject {
  std::uint32_t rule = 0;                   // index into Plan::drift_rules
  const FieldSummary* field = nullptr;      // of a rule about one field
  const ScatterSummary* scatter = nullptr;  // of a rule about several
  std::string_view segment_name;            // names the series; empty: no segments
};

struct DriftWindow {
  bool has_span = false;
  Instant start{};
  Instant end{};
  Instant at{};  // under which it is remembered
  bool partial = false;
  bool revised = false;
  bool by_clock = false;
};

class DriftJudge {
 public:
  virtual ~DriftJudge() = default;
  /// All subjects of one window, every segment of every drift rule of a block: one verdict each, in their order.
  [[nodiscard]] virtual std::vector<DriftVerdict> judge(const DriftWindow& window,
                                                        std::span<const DriftSubject> subjects) = 0;
  /// The effect of a drift test by itself, as a number that a condition may compare: of that field against the reference of a
  /// rule about it whose reference is a file. Nothing is decided and nothing is remembered.
  [[nodiscard]] virtual Measured measure(std::string_view test, std::uint32_t rule,
                                         const FieldSummary& field) const = 0;
};

/// Made by src/drift (drift/watch.h); windows take it as they find it.
using MakeDriftJudge = std::unique_ptr<DriftJudge> (*)(const Plan& plan, History& history);

}  // namespace weir
