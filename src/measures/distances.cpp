// SPDX-License-Identifier: Apache-2.0
// How far a distribution lies from its reference: read and typed, so that a rule file is right today, and not computed yet.
#include "measures/registry.h"

namespace weir {

namespace {

constexpr MeasureSpec distance(std::string_view name, std::string_view summary) {
  return {.name = name,
          .summary = summary,
          .signature = "field",
          .result = MeasureResult::Number,
          .source = MeasureSource::Drift,
          .of_numbers = true};
}

}  // namespace

constinit const MeasureSpec kPsiMeasure = distance("psi", "Population stability index against the reference.");
constinit const MeasureSpec kKsMeasure = distance("ks", "Kolmogorov-Smirnov distance from the reference.");
constinit const MeasureSpec kJsMeasure = distance("js", "Jensen-Shannon distance from the reference.");
constinit const MeasureSpec kWassersteinMeasure =
    distance("wasserstein", "Wasserstein distance from the reference, in standard deviations.");
constinit const MeasureSpec kHellingerMeasure = distance("hellinger", "Hellinger distance from the reference.");
constinit const MeasureSpec kChiSquareMeasure =
    distance("chi_square", "The statistic of the chi-square test against the reference.");

}  // namespace weir
