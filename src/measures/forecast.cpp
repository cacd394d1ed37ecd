// SPDX-License-Identifier: Apache-2.0
// What a measure was to be expected to be, by its own past.
//
// Two forecasts, each weighed by how well it would have done before (J. M. Bates, C. W. J. Granger: The combination of
// forecasts, 1969):
//
//   trend   Holt's linear smoothing (C. C. Holt 1957) of the past values y1 … yn: level l = y1, slope b = (y3 - y1) / 2, then
//           for each next y: l' = a y + (1 - a)(l + b), b' = c (l' - l) + (1 - c) b, with a = 0.3 and c = 0.1; the forecast is
//           l + b.
//   season  the mean of the values that the same slot of earlier days had, when there are two at least.
//
// The weight of each is the mean squared error of the other, over both: what erred less in the past weighs more. The season's
// errors are those of the mean of the days before each day. With no error on either side they weigh the same.
#include <cmath>

#include "measures/measured_of.h"
#include "measures/past.h"
#include "measures/registry.h"

namespace weir {

namespace {

constexpr std::size_t kLeastPast = 3;
constexpr std::size_t kLeastSeason = 2;
constexpr double kLevelWeight = 0.3;
constexpr double kSlopeWeight = 0.1;

struct Expected {
  double value = 0;
  double mean_squared_error = 0;
};

// Both count from their first value: what happens far from zero happens between small numbers then, and keeps its digits.

Expected by_trend(std::span<const double> past) {
  const double origin = past[0];
  double level = 0;
  double slope = (past[2] - origin) / 2;
  double squares = 0;
  for (std::size_t i = 1; i < past.size(); ++i) {
    const double value = past[i] - origin;
    const double error = value - (level + slope);
    squares += error * error;
    const double before = level;
    level = kLevelWeight * value + (1 - kLevelWeight) * (level + slope);
    slope = kSlopeWeight * (level - before) + (1 - kSlopeWeight) * slope;
  }
  return {origin + (level + slope), squares / static_cast<double>(past.size() - 1)};
}

Expected by_season(std::span<const double> season) {
  const double origin = season[0];
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < season.size(); ++i) {
    const double value = season[i] - origin;
    const double error = value - sum / static_cast<double>(i);
    squares += error * error;
    sum += value;
  }
  return {origin + sum / static_cast<double>(season.size()), squares / static_cast<double>(season.size() - 1)};
}

double expected(std::span<const double> past, std::span<const double> season) {
  const Expected trend = by_trend(past);
  if (season.size() < kLeastSeason) return trend.value;
  const Expected day = by_season(season);
  const double errors = trend.mean_squared_error + day.mean_squared_error;
  const double weight_of_trend = errors > 0 ? day.mean_squared_error / errors : 0.5;
  return weight_of_trend * trend.value + (1 - weight_of_trend) * day.value;
}

Measured forecast(const MeasureInput& input) {
  if (input.inner == nullptr) return no_data("the measure within has no value");
  if (!input.inner->is_value()) return *input.inner;
  if (input.past.size() < kLeastPast) {
    return no_data(std::to_string(input.past.size()) + (input.past.size() == 1 ? " window" : " windows") +
                   " before, 3 are needed");
  }
  return in_the_kind_of(input.inner, expected(input.past, input.season));
}

}  // namespace

const MeasureSpec kForecastMeasure = {
    .name = "forecast",
    .summary = "What the measure was expected to be, by its own past.",
    .signature = "measure",
    .result = MeasureResult::Number,
    .source = MeasureSource::Measure,
    .compute = forecast,
};

}  // namespace weir
