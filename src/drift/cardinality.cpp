// SPDX-License-Identifier: Apache-2.0
// How many different values there are. The number grows with the records, so the larger side is thinned in thought to the size
// of the smaller one: of a value that occurred c times in n, a sample of m keeps one with a chance of 1 - (1 - m/n)^c.
//
// Where values were not counted one by one nobody knows how often each occurred. The number expected then lies between what
// it would be if all had been seen and what it would be if every value were a new one; only what lies outside counts.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/measuring.h"
#include "drift/specs.h"

namespace weir {

namespace {

double thinned(const Profile& profile, double share) {
  if (share >= 1) return profile.distinct;
  double out = 0;
  for (const Category& category : profile.categories) {
    out += 1 - std::pow(1 - share, static_cast<double>(category.count));
  }
  return out;
}

double two_sided(double z) {
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

/// Both counted one by one: under homogeneity either side is a draw from both together.
double p_exact(const Profile& a, const Profile& b, double design_effect) {
  const double n = static_cast<double>(a.values());
  const double m = static_cast<double>(b.values());
  const auto kept = [&](double share) {
    double mean = 0;
    double variance = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.categories.size() || j < b.categories.size()) {
      const bool left =
          i < a.categories.size() && (j == b.categories.size() || a.categories[i].hash <= b.categories[j].hash);
      const bool right =
          j < b.categories.size() && (i == a.categories.size() || b.categories[j].hash <= a.categories[i].hash);
      const double count = (left ? static_cast<double>(a.categories[i].count) : 0) +
                           (right ? static_cast<double>(b.categories[j].count) : 0);
      if (left) ++i;
      if (right) ++j;
      const double missed = std::pow(1 - share, count);
      mean += 1 - missed;
      variance += missed * (1 - missed);
    }
    return std::pair(mean, variance);
  };
  const bool current_smaller = m <= n;
  const auto [mean, variance] = kept((current_smaller ? m : n) / (n + m));
  const double found = static_cast<double>((current_smaller ? b : a).categories.size());
  if (variance <= 0) return found == mean ? 1 : two_sided((found - mean) / 0.5);
  // Dependent records see fewer different values by chance: the spread is larger by the root of what they are worth less.
  return two_sided((found - mean) / std::sqrt(variance * std::max(1.0, design_effect)));
}

DriftMeasured measure(const DriftInput& in) {
  constexpr double kSigmasOf99 = 2.576;
  const Profile& a = in.reference();
  const Profile& b = in.current();
  DriftMeasured out;
  const double n = static_cast<double>(a.values());
  const double m = static_cast<double>(b.values());
  if (n > 0 && m > 0 && a.distinct > 0 && b.distinct > 0) {
    out.statistic = b.distinct;
    if (a.exact && b.exact && !a.categories.empty() && !b.categories.empty()) {
      const double expected = m <= n ? thinned(a, m / n) : a.distinct;
      const double found = m <= n ? b.distinct : thinned(b, n / m);
      constexpr double kRounding = 1e-9;
      out.effect = expected > 0 ? std::abs(found / expected - 1) : 0;
      if (out.effect < kRounding) out.effect = 0;
      out.effect_low = out.effect_high = out.effect;
      set_p(out, p_exact(a, b, in.design_effect), p_exact(a, b, 1));
    } else {
      const double grown = a.distinct * m / n;
      const double least = std::min({a.distinct, grown, m});
      const double most = std::min(std::max(a.distinct, grown), m);
      const double expected = std::clamp(b.distinct, least, std::max(least, most));
      const double error = std::sqrt(a.distinct_error * a.distinct_error + b.distinct_error * b.distinct_error);
      out.effect = std::abs(b.distinct / expected - 1);
      out.effect_low = std::max(0.0, out.effect - error);
      out.effect_high = out.effect + error;
      const double sigma = std::max(error / kSigmasOf99, 1 / std::sqrt(std::max(1.0, b.distinct)));
      const auto p = [&](double effect) { return two_sided(out.effect / sigma / std::sqrt(std::max(1.0, effect))); };
      set_p(out, p(in.design_effect), p(1));
      if (error > 0)
        out.resolution = "an estimate within " + with_commas(static_cast<std::uint64_t>(error * 100 + 1)) + " %";
    }
    out.kind = DriftMeasured::Kind::Value;
    out.computed = true;
  } else if (n > 0 && m > 0) {
    return not_applicable("its different values were not counted");
  }
  require_least(out, a.values(), b.values(), in);
  return out;
}

}  // namespace

const DriftSpec kCardinalityDrift = {
    "cardinality", "Whether there are more or fewer different values than before.",       DriftScope::Any,
    0.2,           "different values against those expected for as many records, less 1", &measure};

}  // namespace weir
