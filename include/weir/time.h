// SPDX-License-Identifier: Apache-2.0
// Time as data. The core reads no clock: every `now` is an argument.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// Microseconds: fine enough for records, wide enough for the year 9999 that people write for "never".
using Duration = std::chrono::duration<std::int64_t, std::micro>;
using Instant = std::chrono::sys_time<Duration>;

}  // namespace weir
