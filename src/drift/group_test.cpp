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
    const double effect = in.design_effect;
    // Too small sides decide nothing: they are shown as they are.
    const LargeGroups* const large = few ? nullptr : &in.sides->large_groups(effect);
    const Counts all_a = groups.reference;
    const Counts large_a = few ? all_a : Counts(large->reference);
    const auto run = [&](Counts all, Counts regrouped, double design_effect) {
      OfGroups found = test.regrouped ? test.of(large_a, regrouped, design_effect) : test.of(all_a, all, design_effect);
      if (test.p != GroupTest::P::Own) found.p = chi_square(large_a, regrouped, design_effect).p;
      return found;
    };
    const Counts large_b = few ? Counts(groups.current) : Counts(large->current);
    const OfGroups found = run(groups.current, large_b, effect);
    out.statistic = found.statistic;
    out.effect = out.effect_low = out.effect_high = found.effect;
    set_p(out, found.p, effect > 1 ? run(groups.current, large_b, 1).p : found.p);
    if (groups.error > 0) {
      out.resolution = resolution_of(in.sides->cells());
      const auto moved_by = [&](bool towards, double design_effect) {
        const std::vector<std::uint64_t> all = moved(all_a, groups.current, 2 * groups.error, towards);
        return run(all, few ? all : grouped(all, large->group_of), design_effect);
      };
      const OfGroups near = moved_by(true, effect);
      const OfGroups far = moved_by(false, effect);
      out.effect_low = std::min(out.effect, near.effect);
      out.effect_high = std::max(out.effect, far.effect);
      out.p_high = std::max(out.p_high, near.p);
      out.p_low = std::min(out.p_low, far.p);
      out.p_independent = effect > 1 ? moved_by(true, 1).p : out.p_high;
    }
    if (test.p == GroupTest::P::Borrowed) {
      out.p_value = std::nullopt;
      out.p_of = "chi_square";
    }
    if (!few && out.effect > in.tolerance && non_empty(large_a, large_b) < 2 && non_empty(all_a, groups.current) > 1) {
      out.kind = DriftMeasured::Kind::TooFew;
      out.cause = "fewer than 5 values are expected in all groups but one";
      return out;
    }
  }
  require_least(out, n, m, in);
  return out;
}

}  // namespace weir
