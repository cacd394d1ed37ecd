// SPDX-License-Identifier: Apache-2.0
// A look as lines: for a pipe, a log, a cron job.
#pragma once

#include <string>

#include "app/top_table.h"

namespace weir {

/// One line about everything, then a line for each row of the first table.
[[nodiscard]] std::string plain_lines(const TopOverview& overview, std::size_t sort, std::string_view filter);
/// The same and more as one line of JSON.
[[nodiscard]] std::string json_line(const TopOverview& overview);
/// 0 all is well, 1 something is red, 3 nobody answered.
[[nodiscard]] int exit_of(const TopOverview& overview);

}  // namespace weir
