// SPDX-License-Identifier: Apache-2.0
#include "drift/season.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace weir {

namespace {

/// 97.5 % point: a table, then the expansion of Peiser (1943), which is off by less than 0.001 from ten degrees on.
double student_975(std::size_t degrees) {
  constexpr std::array<double, 9> kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
  if (degrees == 0) return kTable[0];
  if (degrees <= kTable.size()) return kTable[degrees - 1];
  constexpr double z = 1.959964;
  const auto v = static_cast<double>(degrees);
  return z + (z * z * z + z) / (4 * v) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * v * v);
}

/// What the square of the effect comes to without drift, times n m / (n + m). Tests that are not here have effects that are
/// corrected for chance already, or shares whose chance is far below their tolerance: nothing is taken off, which can only
/// make the bound wider.
double chance_of(std::string_view test) {
  if (test == "ks") return 0.8225;    // pi^2 / 12, of Kolmogorov's law
  if (test == "cvm") return 1.0 / 6;  // mean of the Cramer-von Mises statistic
  if (test == "mean_shift" || test == "wasserstein") return 1;
  return 0;
}

double size_of(std::uint64_t a, std::uint64_t b) {
  return 1 / static_cast<double>(std::max<std::uint64_t>(a, 1)) +
         1 / static_cast<double>(std::max<std::uint64_t>(b, 1));
}

std::uint64_t records_of(const FieldPair& pair, bool current) {
  if (pair.joint_current != nullptr) return current ? pair.joint_current->rows : pair.joint_reference->rows;
  const Profile& side = current ? *pair.current : *pair.reference;
  return side.finite > 0 ? side.finite : side.values();
}

/// All slots but one, added up.
template <class Side>
std::vector<Side> others(const std::vector<const Side*>& slots) {
  std::vector<Side> out;
  for (std::size_t left_out = 0; left_out < slots.size(); ++left_out) {
    bool first = true;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (i == left_out) continue;
      if (first) {
        out.push_back(*slots[i]);
        first = false;
      } else {
        out.back().add(*slots[i]);
      }
    }
  }
  return out;
}

}  // namespace

double bound_of_slots(std::span<const double> effects, std::span<const double> sizes, double size, double chance) {
  if (effects.size() < 2) return 0;
  const auto k = static_cast<double>(effects.size());
  double spread = 0;
  for (std::size_t i = 0; i < effects.size(); ++i)
    spread += std::max(0.0, effects[i] * effects[i] - chance * sizes[i]) * (k - 1) / k;
  spread /= k;
  if (spread <= 0) return 0;
  const double t = student_975(effects.size() - 1);
  return std::sqrt(t * t * spread * (1 + 1 / k) + chance * size);
}

std::vector<std::pair<const DriftSpec*, double>> tolerances_of_slots(const FieldPair& pair, const Slots& slots,
                                                                     const CompareOptions& options) {
  std::vector<std::pair<const DriftSpec*, double>> out = pair.tolerance;
  std::vector<const DriftSpec*> tests = pair.tests;
  if (tests.empty() && pair.reference != nullptr) tests = pick_tests(*pair.reference, *pair.current).tests;
  const std::vector<Profile> rest = others(slots.profiles);
  const std::vector<JointProfile> joint_rest = others(slots.joints);
  std::vector<FieldPair> pairs;
  const std::size_t many = std::max(rest.size(), joint_rest.size());
  for (std::size_t i = 0; i < many; ++i) {
    FieldPair one = pair;
    one.tests = tests;
    if (!rest.empty()) one.reference = &rest[i], one.current = slots.profiles[i];
    if (!joint_rest.empty()) one.joint_reference = &joint_rest[i], one.joint_current = slots.joints[i];
    pairs.push_back(std::move(one));
  }
  CompareOptions quietly = options;
  quietly.picture = false;
  const std::vector<FieldResult> results = compare_fields(pairs, quietly);
  for (const DriftSpec* const spec : tests) {
    std::vector<double> effects;
    std::vector<double> sizes;
    for (std::size_t i = 0; i < results.size(); ++i) {
      for (const DriftTestResult& test : results[i].tests) {
        if (test.test != spec->name || test.measured.kind != DriftMeasured::Kind::Value) continue;
        effects.push_back(test.measured.effect);
        sizes.push_back(size_of(records_of(pairs[i], false), records_of(pairs[i], true)));
      }
    }
    const double size = size_of(records_of(pair, false), records_of(pair, true));
    const double bound = bound_of_slots(effects, sizes, size, chance_of(spec->name));
    const auto written = std::find_if(out.begin(), out.end(), [&](const auto& one) { return one.first == spec; });
    if (written != out.end()) {
      written->second = std::max(written->second, bound);
    } else if (bound > spec->tolerance) {
      out.emplace_back(spec, bound);
    }
  }
  return out;
}

}  // namespace weir
