// SPDX-License-Identifier: Apache-2.0
// Which alerts are meant: by severity, stream and rule; and the times in which nobody is told.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "weir/alert_settings.h"

namespace weir {

/// `*` stands for any text, `?` for one character. No names: all of them.
[[nodiscard]] bool is_among(std::string_view name, std::span<const std::string> names);

[[nodiscard]] bool is_chosen(const AlertChoice& choice, const Alert& alert);

/// The window of maintenance in which the alert falls at that time; null: none.
[[nodiscard]] const MaintenanceWindow* maintenance_of(std::span<const MaintenanceWindow> windows,
                                                      std::string_view stream, std::string_view rule, Instant now);

}  // namespace weir
