// SPDX-License-Identifier: Apache-2.0
// What a step found: plain data, printable, comparable, mergeable. Sinks and reports get nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.h"
#include "weir/rule.h"
#include "weir/window_verdict.h"

namespace weir {

/// One rule broken by one record.
struct Violation {
  std::uint32_t rule = 0;  // index into Plan::rules
  std::string code;
  std::string path;
  std::string value;  // shortened and redacted
  std::string message;
};

/// Where on its way a record failed.
enum class Stage : std::uint8_t { Decode, Record, Time, Late };

/// A record that broke at least one rule, with every rule it broke. `bytes` are borrowed until the step's messages go.
struct FailingRecord {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string_view bytes;
  OnFail action = OnFail::Count;
  bool decoded = true;
  std::vector<Violation> violations;
  std::uint32_t item = 0;  // index into the items of its messages
  Stage stage = Stage::Record;
};

struct RuleCounts {
  std::uint64_t evaluated = 0;  // records judged: after `when`, after null skip
  std::uint64_t failed = 0;     // records, not elements
  std::uint64_t skipped = 0;    // records left out by `when` or as null
};

/// One failing record as evidence in a report.
struct Sample {
  std::uint32_t rule = 0;
  std::uint32_t input = 0;  // index of the input (file) it came from
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string value;
  std::string reason;
};

/// What records were found in, where they lay in an envelope.
struct EnvelopeCounts {
  std::array<std::uint64_t, kWrappings> wrapped{};  // by Wrapping
  std::uint64_t removals = 0;                       // records that say that a row is gone
  std::uint64_t snapshots = 0;                      // rows as a connector found them, no events
  std::uint64_t notices = 0;                        // messages of a connector that tell of no row

  [[nodiscard]] std::uint64_t in(Wrapping wrapping) const noexcept {
    return wrapped[static_cast<std::size_t>(wrapping)];
  }
  [[nodiscard]] bool any() const noexcept {
    return in(Wrapping::Debezium) + in(Wrapping::CloudEvents) + in(Wrapping::Connect) > 0;
  }
  void add(const EnvelopeCounts& other) noexcept {
    for (std::size_t i = 0; i < wrapped.size(); ++i) wrapped[i] += other.wrapped[i];
    removals += other.removals;
    snapshots += other.snapshots;
    notices += other.notices;
  }
};

struct Outcome {
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t duplicate_keys = 0;  // records in which an object holds a key twice
  std::uint64_t quarantined = 0;
  EnvelopeCounts envelopes;
  std::vector<RuleCounts> rules;  // index = index into Plan::rules
  std::vector<Sample> samples;
  std::vector<FailingRecord> failing;  // only when asked for; in order
  bool halted = false;                 // a rule with `on_fail: halt` failed
  WindowOutcome windows;

  /// Adds what a later step found. `failing` is not kept: it borrows the bytes of its own step.
  void merge(Outcome&& later);
};

}  // namespace weir
