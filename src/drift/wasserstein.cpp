// SPDX-License-Identifier: Apache-2.0
// Wasserstein-1: how far values would have to be carried, on average. The statistic is in the unit of the field; the effect is
// divided by a spread of the reference that an outlier does not move. Its own law depends on the distribution, so the p of
// Kolmogorov-Smirnov on the same values is borrowed.
#include <algorithm>
#include <cmath>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/cells.h"
#include "stats/samples.h"

namespace weir {

namespace {

DriftMeasured measure(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  if (a.finite > 0 && b.finite > 0) {
    const double spread = spread_of_reference(in);
    if (in.sides->both_raw()) {
      out.statistic = wasserstein(a.raw, b.raw);
      out.effect = out.effect_low = out.effect_high = out.statistic / spread;
    } else {
      const NumberCells& cells = in.sides->cells();
      const std::vector<double>& edges = *cells.edges;
      const double first = edges.empty() ? 0 : edges.front();
      const double last = edges.empty() ? 0 : edges.back();
      const double least = std::min({first, a.quantile(0).value_or(first), b.quantile(0).value_or(first)});
      const double most = std::max({last, a.quantile(1).value_or(last), b.quantile(1).value_or(last)});
      const CellDistance found = wasserstein_of_cells(cells.reference, cells.current, edges, least, most);
      const double unsure = cells.error > 0 ? cells.error * (most - least) : 0;
      out.statistic = found.point;
      out.effect = found.point / spread;
      out.effect_low = std::max(0.0, found.low - unsure) / spread;
      out.effect_high = (found.high + unsure) / spread;
      out.resolution = resolution_of(cells);
    }
    borrow_p(out, measure_ks(in), "ks");
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.finite, b.finite, in);
  return out;
}

}  // namespace

const DriftSpec kWassersteinDrift = {"wasserstein",
                                     "How far the values of a number moved on average.",
                                     DriftScope::Numbers,
                                     0.1,
                                     "Wasserstein-1 distance in robust spreads of the reference (IQR / 1.349)",
                                     &measure};

}  // namespace weir
