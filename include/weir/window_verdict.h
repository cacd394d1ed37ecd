// SPDX-License-Identifier: Apache-2.0
// What window rules came to: plain data, part of an Outcome.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/drift.h"
#include "weir/measured.h"
#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

/// The values of a segment, in the order of the block's fields: a text for a person, nothing for null and absent.
struct Segment {
  std::vector<std::pair<std::string, std::optional<std::string>>> values;
  bool other = false;  // the rest, beyond max_segments
  bool operator==(const Segment&) const = default;
};

/// One window rule over one window and segment.
struct WindowVerdict {
  std::uint32_t rule = 0;  // index into Plan::window_rules
  bool has_span = false;   // false: the whole input
  Instant start{};
  Instant end{};
  std::shared_ptr<const Segment> segment;  // null: no segments
  Verdict verdict = Verdict::NoData;
  Measured observed;
  bool observed_is_rate = false;
  std::string expected;                            // of the condition that decided
  std::string cause;                               // see Judgement::cause; of drift what moved, in words
  std::shared_ptr<const DriftVerdict> drift = {};  // of a drift rule: all there is to show
  std::uint64_t windows = 1;                       // more: so many empty windows in a row, judged as one
  bool partial = false;   // not all of its records were seen: a count window cut short by the end of the input, or a
                          // window of a stream whose beginning nobody remembers
  bool revised = false;   // judged again, because of records that came after the first time
  bool by_clock = false;  // a stream was silent: the clock said that it is over
  bool warming = false;   // its rule was changed while it was open
  bool backfill = false;  // judged long after its end: history, which wakes nobody
};

struct WindowCounts {
  std::uint64_t evaluated = 0;  // windows (times segments) with pass, warn, fail or inconclusive
  std::uint64_t failed = 0;     // of those: broken, whether `must` or `should`
  std::uint64_t warned = 0;     // of the failed: only `should` was broken
  std::uint64_t no_data = 0;
  std::uint64_t inconclusive = 0;
  std::uint64_t errors = 0;
  bool operator==(const WindowCounts&) const = default;
};

/// What the windows found: part of an Outcome.
struct WindowOutcome {
  std::vector<WindowCounts> rules;      // by index of Plan::window_rules
  std::vector<WindowVerdict> verdicts;  // failing ones as evidence, or all where asked for
  std::uint64_t untimed = 0;            // records whose time could not be read
  std::uint64_t future = 0;             // records with a time beyond now + max_future: in no window
  std::uint64_t late = 0;               // records that came after their windows were judged
  std::uint64_t pushed_out = 0;         // segments that were folded into `__other__`
  std::vector<std::string> notes;       // "525,600 windows in a row without a record, judged as one: …"

  void merge(WindowOutcome&& later);
};

}  // namespace weir
