// SPDX-License-Identifier: Apache-2.0
// How far a distribution lies from its reference: the effects of the drift tests of these names. Whoever judges drift computes
// them, because the reference is that of a drift rule.
#include "measures/registry.h"

namespace weir {

namespace {

constexpr MeasureSpec distance(std::string_view name, std::string_view summary, bool of_numbers = false) {
  return {.name = name,
          .summary = summary,
          .signature = "field",
          .result = MeasureResult::Number,
          .source = MeasureSource::Drift,
          .of_numbers = of_numbers};
}

}  // namespace

constinit const MeasureSpec kPsiMeasure = distance("psi", "Population stability index against the reference.");
constinit const MeasureSpec kKsMeasure = distance("ks", "Kolmogorov-Smirnov distance from the reference.", true);
constinit const MeasureSpec kJsMeasure = distance("js", "Jensen-Shannon distance from the reference.");
constinit const MeasureSpec kWassersteinMeasure =
    distance("wasserstein", "Wasserstein distance from the reference, as a multiple of its spread.", true);
constinit const MeasureSpec kHellingerMeasure = distance("hellinger", "Hellinger distance from the reference.");
constinit const MeasureSpec kChiSquareMeasure =
    distance("chi_square", "How far shares moved from the reference, over the groups of the chi-square test.");

}  // namespace weir
