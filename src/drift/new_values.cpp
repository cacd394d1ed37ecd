// SPDX-License-Identifier: Apache-2.0
// Values that the reference never had, and values of the reference that no longer occur.
//
// Even without drift a window has values that its reference lacks. How many to expect is told by the values that the
// reference had once (I. J. Good, 1953): their number over its size is the chance that the next value is new. A value that
// occurred c times in n of the reference is missing from all m of the window with a chance of (n / (n + m))^c.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

constexpr double kLeastExpected = 10;  // occurrences in the window, for a value to be missed

bool uncounted(const Profile& profile) {
  return profile.categories.empty() && profile.other > 0;
}

DriftMeasured measure_new(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  if (uncounted(a) || uncounted(b)) return not_applicable("its values were not counted one by one");
  DriftMeasured out;
  if (a.values() > 0 && b.values() > 0) {
    std::uint64_t fresh = 0;
    std::uint64_t once = 0;
    std::size_t i = 0;
    for (const Category& category : b.categories) {
      while (i < a.categories.size() && a.categories[i].hash < category.hash) ++i;
      if (i == a.categories.size() || a.categories[i].hash != category.hash) fresh += category.count;
    }
    for (const Category& category : a.categories) once += category.count == 1 ? 1 : 0;
    const double n = static_cast<double>(a.values());
    const double m = static_cast<double>(b.values());
    out.statistic = static_cast<double>(fresh);
    out.effect = static_cast<double>(fresh) / m;
    out.effect_low = a.exact ? out.effect : std::max(0.0, out.effect - static_cast<double>(a.other) / n);
    out.effect_high = std::min(1.0, out.effect + static_cast<double>(b.other) / m);
    if (out.effect_low < out.effect || out.effect_high > out.effect) {
      out.resolution = with_commas(Profile::kMostCategories) + " values counted one by one";
    }
    // New in the window, against what was new to the reference: both are shares of samples. What the reference did not count
    // one by one may have occurred once each, and may be what looks new here.
    const auto p = [&](std::uint64_t single, double effect) {
      const double by = std::max(1.0, effect);
      const auto worth = [by](double count) { return static_cast<std::uint64_t>(std::llround(count / by)); };
      const double of_reference = std::min(n, static_cast<double>(single));
      if (static_cast<double>(fresh) / m <= of_reference / n) return 1.0;
      return fisher_exact(worth(static_cast<double>(fresh)), worth(m - static_cast<double>(fresh)), worth(of_reference),
                          worth(n - of_reference));
    };
    set_p(out, p(once + 2 * a.other, in.design_effect), p(once + 2 * a.other, 1));
    if (!a.exact) out.p_low = p(once, in.design_effect);
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.values(), b.values(), in);
  return out;
}

DriftMeasured measure_vanished(const DriftInput& in) {
  const Profile& a = in.reference();
  const Profile& b = in.current();
  if (uncounted(a) || uncounted(b)) return not_applicable("its values were not counted one by one");
  if (!b.exact) {
    return not_applicable("more than " + with_commas(Profile::kMostCategories) +
                          " different values: what was not seen may have been there");
  }
  DriftMeasured out;
  if (a.values() > 0 && b.values() > 0) {
    const double n = static_cast<double>(a.values());
    const double m = static_cast<double>(b.values());
    double gone = 0;
    double candidates = 0;
    double most = 0;
    std::size_t j = 0;
    for (const Category& category : a.categories) {
      const double count = static_cast<double>(category.count);
      if (count / n * m / std::max(1.0, in.design_effect) < kLeastExpected) continue;
      ++candidates;
      while (j < b.categories.size() && b.categories[j].hash < category.hash) ++j;
      if (j < b.categories.size() && b.categories[j].hash == category.hash) continue;
      gone += count;
      most = std::max(most, count);
    }
    out.statistic = gone;
    out.effect = out.effect_low = out.effect_high = gone / n;
    const auto p = [&](double effect) {
      return most <= 0 ? 1 : std::min(1.0, candidates * std::exp(most / std::max(1.0, effect) * std::log(n / (n + m))));
    };
    set_p(out, p(in.design_effect), p(1));
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  }
  require_least(out, a.values(), b.values(), in);
  return out;
}

}  // namespace

const DriftSpec kNewValueDrift = {
    "new_value", "Whether there are values that the reference never had.",   DriftScope::Any,
    0.001,       "share of the values that the reference never had, 0 to 1", &measure_new};

const DriftSpec kVanishedValueDrift = {"vanished_value",
                                       "Whether values of the reference no longer occur.",
                                       DriftScope::Any,
                                       0.01,
                                       "share that vanished values had in the reference, 0 to 1",
                                       &measure_vanished};

}  // namespace weir
