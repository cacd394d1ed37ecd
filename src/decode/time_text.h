// SPDX-License-Identifier: Apache-2.0
// Times that came as counts, written the way that JSON carries them.
#pragma once

#include <cstdint>

#include "weir/batch.h"

namespace weir {

/// Of what a count counts: so many a second.
inline constexpr std::int64_t kSeconds = 1;
inline constexpr std::int64_t kMillis = 1'000;
inline constexpr std::int64_t kMicros = 1'000'000;
inline constexpr std::int64_t kNanos = 1'000'000'000;

/// Counted from 1970: "2026-01-01T00:00:00Z", with 3, 6 or 9 digits where there is a fraction, without Z when not `utc`. Beyond
/// the years 1 to 9999 the count itself, as Kind::Integer.
Kind put_timestamp(std::int64_t count, std::int64_t a_second, bool utc, Cell& cell, Arena& arena);
/// Days since 1970: "2026-01-01"; beyond the years 1 to 9999 the number of days.
Kind put_date(std::int64_t days, Cell& cell, Arena& arena);
/// "12:34:56.789". A count that is no time of day stays a number.
Kind put_time_of_day(std::int64_t count, std::int64_t a_second, Cell& cell, Arena& arena);

}  // namespace weir
