// SPDX-License-Identifier: Apache-2.0
// Tests over groups of values. What a sketch does not know is tried out: the counts of one side are moved towards the other as
// far as its error allows, and away from it, and everything is computed at both ends.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/measuring.h"
#include "stats/categories.h"

namespace weir {

namespace {

/// The current side with each share moved by up to `step` towards that of the reference, or away from it.
std::vector<std::uint64_t> moved(Counts reference, Counts current, double step, bool towards) {
  double n = 0;
  double m = 0;
  for (const std::uint64_t count : reference) n += static_cast<double>(count);
  for (const std::uint64_t count : current) m += static_cast<double>(count);
  std::vector<std::uint64_t> out(current.begin(), current.end());
  if (n <= 0 || m <= 0) return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double gap = static_cast<double>(reference[i]) * m / n - static_cast<double>(current[i]);
    const double reach = step * m;
    const double by = towards ? std::clamp(gap, -reach, reach) : (gap > 0 ? -reach : reach);
    out[i] = static_cast<std::uint64_t>(std::llround(std::max(0.0, static_cast<double>(current[i]) + by)));
  }
  return out;
}

std::uint64_t total_of(Counts counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

std::size_t non_empty(Counts a, Counts b) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) found += a[i] + b[i] > 0 ? 1 : 0;
  return found;
}

}  // namespace

double chi_square_p(Counts reference, Counts current, double design_effect) {
  return chi_square(reference, current, design_effect).p;
}

DriftMeasured measure_groups(const DriftInput& in, const GroupTest& test) {
  const Groups& groups = in.sides->groups();
  if (groups.of == Groups::Of::Values) {
    const Profile& known = in.reference();
    if (is_id_like(known)) {
      return not_applicable(
          "an id-like field: " + with_commas(static_cast<std::uint64_t>(std::llround(known.distinct))) +
          " different values among " + with_commas(known.values()));
    }
    for (const Profile* side : {&in.reference(), &in.current()}) {
      if (side->values() > 0 && side->categories.empty() && side->other > 0) {
        return not_applicable("its values were not counted one by one");
      }
    }
  }
  const std::uint64_t n = total_of(groups.reference);
  const std::uint64_t m = total_of(groups.current);
  DriftMeasured out;
  out.kind = DriftMeasured::Kind::TooFew;
  if (n > 0 && m > 0) {
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
    const bool few = std::min(n, m) < in.least;
    // Too small sides decide nothing: they are shown as they are.
    std::vector<std::size_t> large(groups.reference.size());
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = i;
    if (!few) large = regroup(groups.reference, groups.current, in.design_effect);
    const std::vector<std::uint64_t> a = grouped(groups.reference, large);
    const std::vector<std::uint64_t> b = grouped(groups.current, large);
    const auto of = [&](Counts current, Counts regrouped) {
      return test.regrouped ? test.of(a, regrouped, in.design_effect)
                            : test.of(groups.reference, current, in.design_effect);
    };
    const auto p_of = test.p != nullptr ? test.p : &chi_square_p;
    const OfGroups found = of(groups.current, b);
    out.statistic = found.statistic;
    out.effect = out.effect_low = out.effect_high = found.effect;
    set_p(out, p_of(a, b, in.design_effect), in.design_effect > 1 ? p_of(a, b, 1) : 1);
    if (in.design_effect <= 1) out.p_independent = out.p_high;
    if (groups.error > 0) {
      out.resolution = resolution_of(in.sides->cells());
      const std::vector<std::uint64_t> near = moved(groups.reference, groups.current, 2 * groups.error, true);
      const std::vector<std::uint64_t> far = moved(groups.reference, groups.current, 2 * groups.error, false);
      const std::vector<std::uint64_t> near_b = grouped(near, large);
      const std::vector<std::uint64_t> far_b = grouped(far, large);
      out.effect_low = std::min(out.effect, of(near, near_b).effect);
      out.effect_high = std::max(out.effect, of(far, far_b).effect);
      out.p_high = std::max(out.p_high, p_of(a, near_b, in.design_effect));
      out.p_low = std::min(out.p_low, p_of(a, far_b, in.design_effect));
      if (in.design_effect > 1) out.p_independent = p_of(a, near_b, 1);
    }
    if (test.p == nullptr) {
      out.p_value = std::nullopt;
      out.p_of = "chi_square";
    }
    if (!few && non_empty(a, b) < 2 && non_empty(groups.reference, groups.current) > 1 && out.effect > in.tolerance) {
      out.kind = DriftMeasured::Kind::TooFew;
      out.cause = "fewer than 5 values are expected in all groups but one";
      return out;
    }
  }
  require_least(out, n, m, in);
  return out;
}

}  // namespace weir
