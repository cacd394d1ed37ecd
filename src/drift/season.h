// SPDX-License-Identifier: Apache-2.0
// How much the same slot of different weeks differs without drift: Monday at nine is never quite like Monday at nine.
//
// Each past slot is compared with the pool of the others, by the tests that the window is compared by. What the effects have
// beyond chance is the spread between slots, and the current window has to lie outside of it:
//
//   s^2   = mean over i of max(0, d_i^2 - c (1/n_i + 1/N_i)) (k - 1) / k
//   bound = sqrt(t^2 s^2 (1 + 1/k) + c (1/n + 1/N)),  t = the 97.5 % point of Student's t with k - 1 degrees of freedom
//
// d_i: effect of slot i against the other k - 1; n, N: values on the two sides; c (1/n + 1/N): what d^2 is expected to come to
// by chance (for ks c = pi^2 / 12). When slots move along one direction with normal sizes, d_i is proportional to the distance
// of slot i from the mean of the others, whose variance is k/(k - 1) that of a slot, and the bound is the 95 % prediction
// interval of one slot more. Few slots mean little knowledge and a wide bound: t is 12.7 for two, 4.3 for three, 3.2 for four.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "drift/compare.h"
#include "drift/profile.h"

namespace weir {

struct Slots {
  std::vector<const Profile*> profiles;     // of rules about one field, compacted on the same edges
  std::vector<const JointProfile*> joints;  // of the others
};

/// The tolerances of `pair` (its tests, or what `auto` takes), raised to the spread between the slots where that is larger.
[[nodiscard]] std::vector<std::pair<const DriftSpec*, double>> tolerances_of_slots(const FieldPair& pair,
                                                                                   const Slots& slots,
                                                                                   const CompareOptions& options);

/// The bound above; `effects` and `sizes` (1/n_i + 1/N_i) by slot, `size` of the current window.
[[nodiscard]] double bound_of_slots(std::span<const double> effects, std::span<const double> sizes, double size,
                                    double chance);

}  // namespace weir
