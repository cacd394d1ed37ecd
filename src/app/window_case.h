// SPDX-License-Identifier: Apache-2.0
// A test of windows under `tests:`: its records go through the engine as `weir check` would send them, and every window is
// judged.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/load.h"

namespace weir {

/// What one rule of a test came to.
struct WindowFinding {
  ExpectedVerdict wanted;
  Verdict found = Verdict::NoData;
  std::vector<std::string> windows;  // "2026-01-01 00:00–00:01Z: pass, got 120, expected >= 100"
};

struct WindowCase {
  std::string error;  // the records could not be read
  std::vector<WindowFinding> findings;
  std::vector<std::string> failed;  // every window rule that failed in some window, expected or not

  [[nodiscard]] bool holds() const;
};

WindowCase run_window_case(const std::shared_ptr<const Plan>& plan, const RuleTest& test, Instant now);

}  // namespace weir
