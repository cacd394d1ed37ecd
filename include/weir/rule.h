// SPDX-License-Identifier: Apache-2.0
// A rule as people see it, and the words of verdicts.
#pragma once

#include <cstdint>
#include <string>
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

}  // namespace weir
