// SPDX-License-Identifier: Apache-2.0
// What a quarantine comes to, as tables and as JSON.
#pragma once

#include <cstddef>
#include <string>

#include "app/quarantine_input.h"
#include "quarantine/tally.h"

namespace weir {

struct StatisticsOptions {
  Instant now{};
  std::size_t width = 80;
  bool unicode = false;
  bool all_steps = false;  // somebody asked for a width: each step has a line
};
[[nodiscard]] std::string statistics_text(const QuarantineTally& tally, const StatisticsOptions& options);
[[nodiscard]] std::string statistics_json(const QuarantineTally& tally, const QuarantineInput& input,
                                          const QuarantineCounts& counts);

}  // namespace weir
