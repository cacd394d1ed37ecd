// SPDX-License-Identifier: Apache-2.0
// One window of a page: records given as JSON, a condition, and the measures computed from their summaries.
#pragma once

#include <string>
#include <vector>

#include "weir/measure.h"
#include "weir/plan.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir::docs {

struct WindowCase {
  Instant start{};
  Instant end{};  // records arrive then
  std::vector<std::string> records;
  std::vector<std::string> elsewhere;  // of the other stream
  std::vector<double> past;            // of every measure within another
  std::vector<double> season;
};

/// The condition of a rule file's only window rule, and what is declared around it.
struct WindowRuleOfPage {
  std::string text;   // of `must`
  std::string rules;  // the whole rule file without its first line
};
[[nodiscard]] Result<WindowRuleOfPage> read_window_rule(const std::string& rules);

/// Refused conditions are errors with their message.
[[nodiscard]] Result<Judgement> judge(const WindowRuleOfPage& rule, const WindowCase& window);

}  // namespace weir::docs
