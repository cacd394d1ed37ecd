// SPDX-License-Identifier: Apache-2.0
// Cramer-von Mises: the whole distance of the two distribution functions and not its largest point alone.
//
// Values and cells have the same statistic, ties and all: the mean of the squares in front of a value and behind it, as often
// as it comes. The law of single values knows no ties: of one value in ten that is 1 and nine that are 0 it rejects 0.1 % at
// a level of 5 %. So where values come more than twice on average p is that of their counts, cells with one value each (4.3-5.8 %
// for such values, and for five of them, a Poisson number, 60 % of zeros).
#include <vector>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/cells.h"
#include "stats/samples.h"

namespace weir {

namespace {

struct Tally {
  std::vector<std::uint64_t> reference;
  std::vector<std::uint64_t> current;
};

// By value.
Tally tally_of(const std::vector<double>& a, const std::vector<double>& b) {
  Tally out;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    const double value = j == b.end() || (i != a.end() && *i <= *j) ? *i : *j;
    out.reference.push_back(0);
    out.current.push_back(0);
    for (; i != a.end() && *i == value; ++i) ++out.reference.back();
    for (; j != b.end() && *j == value; ++j) ++out.current.back();
  }
  return out;
}

DriftMeasured measure(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  if (a.finite > 0 && b.finite > 0) {
    // Dependent values have no exact law: their cells are compared, with the sizes that they are worth.
    const bool dependent = in.design_effect > 1;
    if (in.sides->both_raw() && !dependent) {
      const CvmResult found = cramer_von_mises(a.raw, b.raw);
      out.statistic = found.statistic;
      out.effect = out.effect_low = out.effect_high = found.effect;
      const Tally tally = tally_of(a.raw, b.raw);
      const bool tied = tally.reference.size() * 2 < a.raw.size() + b.raw.size();
      const double p = tied ? cvm_of_cells(tally.reference, tally.current).p : found.p;
      set_p(out, p, p);
    } else {
      const NumberCells& cells = in.sides->cells();
      const CellCvm found = cvm_of_cells(cells.reference, cells.current, in.design_effect);
      out.statistic = found.statistic;
      out.effect = found.effect;
      // Within a cell the two functions differ by no more than at its ends and what it holds: the root mean square of that is
      // at most the largest of it, which is what the interval of ks is made of.
      const CellKs distance = ks_of_cells(cells.reference, cells.current, cells.atoms());
      const double unsure = in.sides->both_raw() ? 0 : distance.high - distance.low + cells.error;
      out.effect_low = found.effect > unsure ? found.effect - unsure : 0;
      out.effect_high = found.effect + unsure;
      if (unsure > 0) out.resolution = resolution_of(cells);
      set_p(out, found.p, dependent ? cvm_of_cells(cells.reference, cells.current, 1).p : found.p);
      // What the error of a sketch may have made altogether is evidence of nothing.
      if (found.effect <= cells.error) out.p_high = out.p_independent = 1;
    }
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.finite, b.finite, in);
  return out;
}

}  // namespace

const DriftSpec kCvmDrift = {"cvm",
                             "How far apart the two distributions of a number lie on the whole.",
                             DriftScope::Numbers,
                             0.03,
                             "root of the mean squared distance of the two distribution functions, 0 to 0.58",
                             &measure};

}  // namespace weir
