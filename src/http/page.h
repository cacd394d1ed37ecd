// SPDX-License-Identifier: Apache-2.0
// The page at `/`: what is going on, in tables. No script; its style is a file of its own, as its policy wants it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/api.h"

namespace weir {

/// `now` is the time that stands on it.
[[nodiscard]] std::string status_page(const std::vector<KeptWindows>& streams, Instant now, std::string_view version);
[[nodiscard]] std::string_view status_style();

}  // namespace weir
