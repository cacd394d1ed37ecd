// SPDX-License-Identifier: Apache-2.0
// Times and durations as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/time.h"

namespace weir {

/// RFC 3339 with a zone (`2026-01-01T00:00:00Z`, `2026-01-01 00:00:00.123+02:00`, lower case t and z, a leap second), years
/// 0001 to 9999. Digits beyond microseconds are cut.
[[nodiscard]] std::optional<Instant> parse_timestamp(std::string_view text) noexcept;
/// Whether parse_timestamp() reads it, for less than the instant costs.
[[nodiscard]] bool is_timestamp(std::string_view text) noexcept;
/// `2026-01-31`, a real day of the calendar.
[[nodiscard]] bool is_date(std::string_view text) noexcept;
/// `10m`, `1.5s`, `24h`, `250ms`, `7d`, `2w`, `1h30m`; a sign may lead.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text) noexcept;

[[nodiscard]] std::string format_timestamp(Instant instant);   // 2026-01-01T00:00:00.5Z
[[nodiscard]] std::string format_duration(Duration duration);  // 1h30m

/// Numbers as times: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size.
[[nodiscard]] std::optional<Instant> instant_of_number(std::int64_t number) noexcept;

}  // namespace weir
