// SPDX-License-Identifier: Apache-2.0
// Sum, mean and spread of numbers. NaN and infinities take no part.
#include <cmath>
#include <limits>

#include "measures/beyond.h"
#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

constexpr std::string_view kTooFew = "a spread needs two numbers";
constexpr std::string_view kNoSpread = "the numbers are all the same";

enum class Of : std::uint8_t { Sum, Spread };

/// A measure of the moments, with the reason where there is none.
template <class Measure>
Measured of_moments(const MeasureInput& input, Of what, std::string_view why_nothing, Measure of) {
  const Moments& moments = *input.field->moments();
  const Counters& counters = input.field->counters();
  if (moments.count() == 0 && counters.beyond == 0) return no_data(kNoNumbers);
  if (!std::isfinite(moments.sum()) || (what == Of::Spread && !std::isfinite(moments.m2()))) return too_large();
  return unless_beyond(counters, number_or(of(moments), why_nothing));
}

Measured sum(const MeasureInput& input) {
  return of_moments(input, Of::Sum, kNoNumbers, [](const Moments& moments) { return std::optional(moments.sum()); });
}

Measured mean(const MeasureInput& input) {
  return of_moments(input, Of::Sum, kNoNumbers, [](const Moments& moments) { return moments.mean(); });
}

Measured variance(const MeasureInput& input) {
  return of_moments(input, Of::Spread, kTooFew, [](const Moments& moments) { return moments.sample_variance(); });
}

Measured stddev(const MeasureInput& input) {
  return of_moments(input, Of::Spread, kTooFew, [](const Moments& moments) {
    const std::optional<double> variance = moments.sample_variance();
    return variance ? std::optional(std::sqrt(*variance)) : std::nullopt;
  });
}

Measured skewness(const MeasureInput& input) {
  return of_moments(input, Of::Spread, kNoSpread, [](const Moments& moments) { return moments.skewness(); });
}

Measured kurtosis(const MeasureInput& input) {
  return of_moments(input, Of::Spread, kNoSpread, [](const Moments& moments) { return moments.kurtosis(); });
}

Measured zero_rate(const MeasureInput& input) {
  const Counters& counters = input.field->counters();
  return share(counters.zero, counters.numbers(), "no numbers");
}

Measured negative_rate(const MeasureInput& input) {
  const Counters& counters = input.field->counters();
  return share(counters.negative, counters.numbers(), "no numbers");
}

constexpr MeasureSpec of_numbers(std::string_view name, std::string_view summary, Parts parts,
                                 Measured (*compute)(const MeasureInput&)) {
  return {.name = name,
          .summary = summary,
          .signature = "field",
          .result = MeasureResult::Number,
          .source = MeasureSource::Field,
          .parts = parts,
          .of_numbers = true,
          .compute = compute};
}

constexpr MeasureSpec share_of_numbers(std::string_view name, std::string_view summary,
                                       Measured (*compute)(const MeasureInput&)) {
  return {.name = name,
          .summary = summary,
          .signature = "field",
          .is_rate = true,
          .result = MeasureResult::Rate,
          .source = MeasureSource::Field,
          .of_numbers = true,
          .compute = compute};
}

}  // namespace

constinit const MeasureSpec kSumMeasure = of_numbers("sum", "The sum of the values.", Part::Moments, sum);
constinit const MeasureSpec kMeanMeasure = of_numbers("mean", "The mean of the values.", Part::Moments, mean);
constinit const MeasureSpec kStddevMeasure =
    of_numbers("stddev", "The standard deviation of the values.", Part::Moments, stddev);
constinit const MeasureSpec kVarianceMeasure =
    of_numbers("variance", "The variance of the values.", Part::Moments, variance);
constinit const MeasureSpec kSkewnessMeasure =
    of_numbers("skewness", "How lopsided the values are; 0 for a symmetric distribution.",
               Part::Moments | Part::HighMoments, skewness);
constinit const MeasureSpec kKurtosisMeasure =
    of_numbers("kurtosis", "How heavy the tails are, over those of a normal distribution.",
               Part::Moments | Part::HighMoments, kurtosis);
constinit const MeasureSpec kZeroRateMeasure =
    share_of_numbers("zero_rate", "Share of the numbers that are zero.", zero_rate);
constinit const MeasureSpec kNegativeRateMeasure =
    share_of_numbers("negative_rate", "Share of the numbers that are below zero.", negative_rate);

}  // namespace weir
