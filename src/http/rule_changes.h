// SPDX-License-Identifier: Apache-2.0
// What became of the rules when they were read anew: which came, which went, and which demand something else now.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "weir/plan.h"
#include "weir/time.h"

namespace weir {

struct RuleChanges {
  static constexpr std::size_t kMost = 100;  // rules that are named of each kind of change; `more` counts the others

  struct Named {
    std::string id;
    std::string expected;
  };
  struct Change {
    std::string_view what;  // "expected", "severity"
    std::string from;
    std::string to;
  };
  struct Changed {
    std::string id;
    std::vector<Change> changes;
  };

  std::vector<Named> added;
  std::vector<Named> removed;
  std::vector<Changed> changed;
  std::size_t more = 0;
  std::string ruleset;                         // of the new ones
  std::chrono::steady_clock::time_point at{};  // a board has no other clock
};

[[nodiscard]] RuleChanges compare_rules(const Plan& before, const Plan& now);
/// As an object of /api/v1/reloads.
void write_rule_changes(JsonWriter& json, std::string_view stream, const RuleChanges& changes, Instant at);

}  // namespace weir
