// SPDX-License-Identifier: Apache-2.0
// Time zones as expressions write them.
#pragma once

#include <optional>
#include <string_view>

#include "weir/time.h"

namespace weir {

/// What to add to UTC: `UTC`, `Z`, `+02:00`, `-09:30`, `02:00`.
[[nodiscard]] std::optional<Duration> zone_offset(std::string_view zone);

}  // namespace weir
