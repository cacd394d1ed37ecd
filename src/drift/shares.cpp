// SPDX-License-Identifier: Apache-2.0
// How many elements have a value at all, and of which type values are. Both are counted exactly in windows of any size.
#include <algorithm>
#include <array>
#include <cmath>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

double share_of(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

DriftMeasured measure_nulls(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  if (a.elements > 0 && b.elements > 0) {
    out.effect = std::abs(share_of(b.missing(), b.elements) - share_of(a.missing(), a.elements));
    out.effect_low = out.effect_high = out.effect;
    out.statistic = compare_shares(out, a.missing(), a.elements, b.missing(), b.elements, in.design_effect);
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.elements, b.elements, in);
  return out;
}

/// Whether a number was written with a fraction is no matter of its type: 10 and 10.5 are prices alike.
std::array<std::uint64_t, 5> types_of(const Profile& profile) {
  const TypeCounts& t = profile.types;
  return {t.boolean, t.integer + t.fraction, t.text, t.array, t.object};
}

std::uint64_t total_of(Counts counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

DriftMeasured measure_types(const DriftInput& in) {
  const std::array<std::uint64_t, 5> a = types_of(in.reference());
  const std::array<std::uint64_t, 5> b = types_of(in.current());
  const std::uint64_t n = total_of(a);
  const std::uint64_t m = total_of(b);
  DriftMeasured out;
  if (n > 0 && m > 0) {
    out.effect = total_variation(a, b);
    out.effect_low = out.effect_high = out.statistic = out.effect;
    // One type against all others, the type that moved most: exact however rare it is, times the number of types there are.
    std::size_t most = 0;
    double largest = -1;
    double there = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double moved = std::abs(share_of(b[i], m) - share_of(a[i], n));
      there += a[i] + b[i] > 0 ? 1 : 0;
      if (moved > largest) {
        largest = moved;
        most = i;
      }
    }
    (void)compare_shares(out, a[most], n, b[most], m, in.design_effect);
    const double tries = there > 2 ? there : 1;
    set_p(out, std::min(1.0, out.p_high * tries), std::min(1.0, out.p_independent * tries));
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, n, m, in);
  return out;
}

}  // namespace

const DriftSpec kNullShareDrift = {"null_share",
                                   "Whether the share of elements that are null or absent moved.",
                                   DriftScope::Any,
                                   0.02,
                                   "difference of the two shares, 0 to 1",
                                   &measure_nulls};

const DriftSpec kTypeShareDrift = {"type_share",
                                   "Whether values are of other types than before.",
                                   DriftScope::Any,
                                   0.01,
                                   "share of the values that would have to be of another type, 0 to 1",
                                   &measure_types};

}  // namespace weir
