// SPDX-License-Identifier: Apache-2.0
// What counts as a point in time where a rule says that a field is one (`max_age`, `min: 2026-01-01`).
#pragma once

#include <optional>

#include "weir/batch.h"
#include "weir/time.h"

namespace weir {

/// A text as RFC 3339 or a date (midnight UTC), or a number since 1970: whole seconds, milliseconds, microseconds or
/// nanoseconds by size, with a fraction seconds.
[[nodiscard]] std::optional<Instant> instant_of(Kind kind, const Cell& cell) noexcept;
/// The same for a literal of the rule file; numbers are no times there.
[[nodiscard]] std::optional<Instant> instant_of_text(std::string_view text) noexcept;

}  // namespace weir
