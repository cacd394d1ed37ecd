// SPDX-License-Identifier: Apache-2.0
// What share of the current values lies below each decile of the reference, against the share that lay there. A chi-square test
// of the counts between the deciles says whether it is more than chance.
#include <algorithm>
#include <cmath>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

constexpr std::size_t kParts = 10;

/// Cells joined between the edges that lie nearest to the deciles of the reference; by group, the value at which it ends.
struct Deciles {
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
  std::vector<double> ends;
};

Deciles deciles_of(const NumberCells& cells, double n) {
  Deciles out;
  double below = 0;
  std::size_t next = 1;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  for (std::size_t i = 0; i < cells.reference.size(); ++i) {
    const double share = static_cast<double>(cells.reference[i]) / n;
    // Half of the cell belongs to what lies before it: so the nearest edge is taken.
    if (i > 0 && a + b > 0 && next < kParts && below + share / 2 > static_cast<double>(next) / kParts) {
      out.reference.push_back(a);
      out.current.push_back(b);
      out.ends.push_back((*cells.edges)[i - 1]);
      a = b = 0;
      while (next < kParts && below + share / 2 > static_cast<double>(next) / kParts) ++next;
    }
    a += cells.reference[i];
    b += cells.current[i];
    below += share;
  }
  out.reference.push_back(a);
  out.current.push_back(b);
  return out;
}

DriftMeasured measure(const DriftInput& in) {
  const std::uint64_t n = in.reference().finite;
  const std::uint64_t m = in.current().finite;
  DriftMeasured out;
  if (n > 0 && m > 0) {
    const NumberCells& cells = in.sides->cells();
    const Deciles deciles = deciles_of(cells, static_cast<double>(n));
    double gap = 0;
    for (std::size_t i = 0; i < deciles.ends.size(); ++i) {
      gap += static_cast<double>(deciles.reference[i]) / static_cast<double>(n) -
             static_cast<double>(deciles.current[i]) / static_cast<double>(m);
      if (std::abs(gap) > out.effect) {
        out.effect = std::abs(gap);
        out.at = deciles.ends[i];
      }
    }
    out.statistic = out.effect;
    out.effect_low = std::max(0.0, out.effect - cells.error);
    out.effect_high = std::min(1.0, out.effect + cells.error);
    if (cells.error > 0) out.resolution = resolution_of(cells);
    const std::vector<std::size_t> large = regroup(deciles.reference, deciles.current, in.design_effect);
    const std::vector<std::uint64_t> a = grouped(deciles.reference, large);
    const std::vector<std::uint64_t> b = grouped(deciles.current, large);
    const double p = chi_square_p(a, b, in.design_effect);
    set_p(out, p, in.design_effect > 1 ? chi_square_p(a, b, 1) : p);
    if (cells.error > 0) {
      // A cumulative share may be off by the error, and what lies between two of them by twice as much.
      const auto p_when_moved = [&](bool towards, double design_effect) {
        return chi_square_p(a, moved(a, b, 2 * cells.error, towards), design_effect);
      };
      out.p_high = std::max(p, p_when_moved(true, in.design_effect));
      out.p_low = std::min(p, p_when_moved(false, in.design_effect));
      out.p_independent = in.design_effect > 1 ? p_when_moved(true, 1) : out.p_high;
    }
    out.p_value = std::nullopt;
    out.p_of = "chi_square";
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, n, m, in);
  return out;
}

}  // namespace

const DriftSpec kQuantileShiftDrift = {"quantile_shift",
                                       "How far shares below the deciles of the reference moved.",
                                       DriftScope::Numbers,
                                       0.05,
                                       "largest change of a share below a decile of the reference, 0 to 1",
                                       &measure};

}  // namespace weir
