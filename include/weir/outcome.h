// SPDX-License-Identifier: Apache-2.0
// What a step found: plain data, printable, comparable, mergeable. Sinks and reports get nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"

namespace weir {

enum class Severity : std::uint8_t { Error, Warn };

/// What becomes of a failing record, from mild to strict; of several rules the strictest wins.
enum class OnFail : std::uint8_t { Count, Tag, Drop, Quarantine, Halt };

enum class Verdict : std::uint8_t { Pass, Warn, Fail, NoData, Inconclusive, Error };

enum class RuleKind : std::uint8_t { Record, Window, Drift };

/// A rule as people see it: who it is, what has to hold, and where it is written.
struct RuleInfo {
  std::string id;
  RuleKind kind = RuleKind::Record;
  std::string field;      // path, or empty for rules over several fields
  std::string check;      // "max", "expr", "decode"
  std::string expected;   // "<= 100000"
  std::string when = {};  // the condition as it was written, or empty
  Severity severity = Severity::Error;
  OnFail on_fail = OnFail::Quarantine;
  std::string description;
  std::string runbook;
  std::vector<std::string> tags;
  SourceSpan where;
};

/// One rule broken by one record.
struct Violation {
  std::uint32_t rule = 0;  // index into Plan::rules
  std::string code;
  std::string path;
  std::string value;  // shortened and redacted
  std::string message;
};

/// A record that broke at least one rule, with every rule it broke. `bytes` are borrowed until the step's messages go.
struct FailingRecord {
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::string_view bytes;
  OnFail action = OnFail::Count;
  bool decoded = true;
  std::vector<Violation> violations;
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

struct Outcome {
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t duplicate_keys = 0;  // records in which an object holds a key twice
  std::uint64_t quarantined = 0;
  std::vector<RuleCounts> rules;  // index = index into Plan::rules
  std::vector<Sample> samples;
  std::vector<FailingRecord> failing;  // only when asked for; in order
  bool halted = false;                 // a rule with `on_fail: halt` failed

  /// Adds what a later step found. `failing` is not kept: it borrows the bytes of its own step.
  void merge(Outcome&& later);
};

}  // namespace weir
