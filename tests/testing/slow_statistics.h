// SPDX-License-Identifier: Apache-2.0
// Statistics of numbers that all lie in memory, in long doubles, as they are defined.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace weir::testing {

using SlowNumbers = std::vector<long double>;

[[nodiscard]] long double slow_sum(const SlowNumbers& numbers);
[[nodiscard]] long double slow_mean(const SlowNumbers& numbers);
/// The mean of (x - mean)^power.
[[nodiscard]] long double slow_moment(const SlowNumbers& numbers, int power);
/// Divided by n - 1; nothing for fewer than two.
[[nodiscard]] std::optional<long double> slow_variance(const SlowNumbers& numbers);
/// moment(power) / moment(2)^(power / 2) of sorted numbers, where there is a spread.
[[nodiscard]] std::optional<long double> slow_standardised(const SlowNumbers& numbers, int power);
/// The sum of (a - mean a)(b - mean b).
[[nodiscard]] long double slow_co_moment(const SlowNumbers& a, const SlowNumbers& b);
/// The value at q (n - 1) of sorted numbers, drawn straight between two neighbours.
[[nodiscard]] std::optional<long double> slow_quantile(const SlowNumbers& sorted, long double q);

/// change, past, z_score and forecast of a number, by its values before, oldest first.
[[nodiscard]] std::optional<long double> slow_measure_of_past(std::string_view name, long double now,
                                                              const std::vector<double>& past,
                                                              const std::vector<double>& season = {});

/// `2026-01-01`, `2026-01-01T00:00:00.5Z` in seconds since 1970; nothing for anything else.
[[nodiscard]] std::optional<long double> slow_time(std::string_view text);

}  // namespace weir::testing
