// SPDX-License-Identifier: Apache-2.0
// Whether numbers came in another unit: then the unit changed and not the world, and people want to hear that alone.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "drift/profile.h"
#include "weir/drift.h"

namespace weir {

/// The same quantiles of both sides, from 2 % to 98 %, so that an outlier bends nothing.
struct QuantilePairs {
  static constexpr std::size_t kPoints = 25;
  std::array<double, kPoints> reference = {};
  std::array<double, kPoints> current = {};
  double effective = 0;  // n m / (n + m)
};
[[nodiscard]] std::optional<QuantilePairs> quantile_pairs(const Profile& reference, const Profile& current);

/// "scaled by 1000", "shifted by 3600", "scaled by 1.8 and shifted by 32"; nothing where neither explains the window. `spread` is
/// that of the reference.
[[nodiscard]] std::optional<DriftFinding> unit_change(const Profile& reference, const Profile& current,
                                                      const QuantilePairs& quantiles, double spread);

}  // namespace weir
