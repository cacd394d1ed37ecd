// SPDX-License-Identifier: Apache-2.0
// Kolmogorov-Smirnov. Values that are known one by one give the distance itself and, up to a million pairs, the exact p with
// ties respected. Cells give an interval: at the edges the distance is known, between two of them it can be larger by what the
// cell holds; a sketch widens it by its error. The p at the small end of the interval is what significance is decided by.
#include <algorithm>
#include <cmath>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/samples.h"

namespace weir {

namespace {

constexpr std::uint64_t kMostPairs = 1'000'000;  // of the exact p
constexpr double kLargeAtom = 0.05;
/// The law of the grid costs about a millisecond: only where it can change the answer.
constexpr double kFarFromLevel = 50;

bool has_large_atom(const NumberCells& cells, std::uint64_t n, std::uint64_t m) {
  const double bar = kLargeAtom * static_cast<double>(n + m);
  for (std::size_t i = 0; i < cells.reference.size(); ++i) {
    if (static_cast<double>(cells.reference[i] + cells.current[i]) >= bar) return true;
  }
  return false;
}

/// ks_tail is the law of distances without ties, and conservative where cells are few or atoms large.
double p_on_grid(const DriftInput& in, double d, double reachable, double effective) {
  const double tail = ks_tail(d, effective);
  if (reachable <= in.tolerance || tail <= in.level / kFarFromLevel) return tail;
  const NumberCells& cells = in.sides->cells();
  const double at_grid = ks_cells_p(cells.reference, cells.current, d, effective);
  return std::min(tail, at_grid);
}

DriftMeasured of_values(const DriftInput& in) {
  const std::vector<double>& a = in.reference().raw;
  const std::vector<double>& b = in.current().raw;
  const KsDistance distance = ks_distance(a, b);
  DriftMeasured out;
  out.statistic = out.effect = out.effect_low = out.effect_high = distance.d;
  if (distance.d > 0) out.at = distance.at;
  const auto p = [&](double design_effect) {
    if (distance.d <= 0) return 1.0;
    if (design_effect <= 1 && a.size() * b.size() <= kMostPairs) return ks_exact_p(a, b, distance.d);
    const double effective = effective_size(a.size(), b.size(), design_effect);
    const double tail = ks_tail(distance.d, effective);
    // Of many tied values the distance at the edges of atoms has a law of its own; it is the one that is taken then.
    if (distance.d <= in.tolerance || tail <= in.level / kFarFromLevel) return tail;
    const NumberCells& cells = in.sides->cells();
    if (!has_large_atom(cells, a.size(), b.size())) return tail;
    const CellKs at_edges = ks_of_cells(cells.reference, cells.current, cells.atoms());
    return ks_cells_p(cells.reference, cells.current, at_edges.low, effective);
  };
  const double decided = p(in.design_effect);
  set_p(out, decided, in.design_effect > 1 ? p(1) : decided);
  return out;
}

DriftMeasured of_cells(const DriftInput& in) {
  const NumberCells& cells = in.sides->cells();
  const CellKs distance = ks_of_cells(cells.reference, cells.current, cells.atoms());
  DriftMeasured out;
  out.statistic = out.effect = distance.low;
  out.effect_low = std::max(0.0, distance.low - cells.error);
  out.effect_high = std::min(1.0, distance.high + cells.error);
  if (out.effect_high > out.effect_low) out.resolution = resolution_of(cells);
  if (distance.low > 0 && distance.cell < cells.edges->size()) out.at = (*cells.edges)[distance.cell];
  const std::uint64_t n = in.reference().finite;
  const std::uint64_t m = in.current().finite;
  const double effective = effective_size(n, m, in.design_effect);
  out.p_value = p_on_grid(in, out.effect, out.effect_high, effective);
  out.p_high = cells.error > 0 ? p_on_grid(in, out.effect_low, out.effect_high, effective) : *out.p_value;
  out.p_low = std::min(*out.p_value, ks_tail(out.effect_high, effective));
  out.p_independent = in.design_effect > 1 ? ks_tail(out.effect_low, effective_size(n, m, 1)) : out.p_high;
  return out;
}

}  // namespace

DriftMeasured measure_ks(const DriftInput& in) {
  DriftMeasured out;
  if (in.reference().finite > 0 && in.current().finite > 0) {
    out = in.sides->both_raw() ? of_values(in) : of_cells(in);
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, in.reference().finite, in.current().finite, in);
  return out;
}

const DriftSpec kKsDrift = {"ks", "How far apart the two distributions of a number lie at most.", DriftScope::Numbers,
                            0.05, "largest distance of the two distribution functions, 0 to 1",   &measure_ks};

}  // namespace weir
