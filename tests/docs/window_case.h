// SPDX-License-Identifier: Apache-2.0
// One window of a page: records given as JSON, a condition, and the measures computed from their summaries.
#pragma once

#include <string>
#include <vector>

#include "weir/measure.h"
#include "weir/plan.h"
#include "weir/result.h"
#include "weir/time.h"
#include "weir/window_verdict.h"

namespace weir::docs {

struct WindowCase {
  Instant start{};  // records arrive then
  Instant end{};
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

/// The measures of one window computed by themselves.
[[nodiscard]] Result<Judgement> judge(const WindowRuleOfPage& rule, const WindowCase& window);

/// The same by the loader and the engine: a window with records, and no season. Refused rules are errors with their message.
[[nodiscard]] Result<WindowVerdict> judge_by_engine(const WindowRuleOfPage& rule, const WindowCase& window);

}  // namespace weir::docs
