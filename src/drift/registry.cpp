// SPDX-License-Identifier: Apache-2.0
#include "drift/registry.h"

#include <array>

#include "drift/specs.h"

namespace weir {

namespace {

constexpr std::array<const DriftSpec*, 22> kTests = {
    &kKsDrift,        &kPsiDrift,           &kWassersteinDrift, &kCvmDrift,
    &kMeanShiftDrift, &kQuantileShiftDrift, &kChiSquareDrift,   &kJsDrift,
    &kTvDrift,        &kLInfDrift,          &kHellingerDrift,   &kCramersVDrift,
    &kZDrift,         &kFisherDrift,        &kNullShareDrift,   &kTypeShareDrift,
    &kNewValueDrift,  &kVanishedValueDrift, &kCardinalityDrift, &kCorrelationDrift,
    &kPcaDrift,       &kMahalanobisDrift};

}  // namespace

std::span<const DriftSpec* const> drift_tests() {
  return kTests;
}

const DriftSpec* find_drift_test(std::string_view name) {
  for (const DriftSpec* spec : kTests) {
    if (spec->name == name) return spec;
  }
  return nullptr;
}

double DriftRule::tolerance_of(const DriftSpec& spec) const {
  for (const auto& [test, written] : tolerance) {
    if (test == &spec) return written;
  }
  return spec.tolerance;
}

}  // namespace weir
