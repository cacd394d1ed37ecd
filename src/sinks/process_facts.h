// SPDX-License-Identifier: Apache-2.0
// What the operating system knows of this process, out of /proc.
#pragma once

#include <optional>

namespace weir {

/// Nothing where the system does not say it.
struct ProcessFacts {
  std::optional<double> cpu_seconds;
  std::optional<double> resident_bytes;
  std::optional<double> virtual_bytes;
  std::optional<double> open_files;
  std::optional<double> max_files;
  std::optional<double> start_time;  // seconds since 1970
};

[[nodiscard]] ProcessFacts read_process_facts();

}  // namespace weir
