// SPDX-License-Identifier: Apache-2.0
// Events that were counted over some time: how many were to be expected.
#pragma once

#include <cstdint>

namespace weir {

/// The exact interval of F. Garwood (1936) for the mean of a Poisson variable of which `count` was seen: the means under which
/// neither so few nor so many are less likely than (1 - confidence) / 2. Without events: [0, -log((1 - confidence) / 2)].
struct CountInterval {
  double low = 0;
  double high = 0;
};
[[nodiscard]] CountInterval poisson_interval(std::uint64_t count, double confidence = 0.95);

}  // namespace weir
