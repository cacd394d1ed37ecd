// SPDX-License-Identifier: Apache-2.0
// The page at `/`: what is going on, in tables, for whoever has no script. Where scripts run, src/http/web takes over and
// shows the same, alive, from the API; should it fail to come up, the tables appear after some seconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/api.h"

namespace weir {

/// `now` is the time that stands on it.
[[nodiscard]] std::string status_page(const std::vector<KeptWindows>& streams, Instant now, std::string_view version);

}  // namespace weir
