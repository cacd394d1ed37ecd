// SPDX-License-Identifier: Apache-2.0
// How old the newest value is, and how long records take from their time to their arrival.
#include <algorithm>
#include <cmath>
#include <optional>

#include "measures/measured_of.h"
#include "measures/quantile_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

constexpr double kMicros = 1e6;
// Ever: durations of the expression language go to 10 000 years.
constexpr double kLongestSeconds = 9'000.0 * 365 * 24 * 3600;

/// A window without a value is as stale as the newest one known; when none is, staler than itself is long.
Measured freshness(const MeasureInput& input) {
  std::optional<Instant> newest = input.field->extremes()->latest();
  if (!newest) newest = input.newest_before;
  if (newest) return Measured::of(input.end - *newest);
  if (!input.has_span || input.end <= input.start) return no_data("no times");
  Measured out = Measured::of(input.end - input.start);
  out.exact = false;
  out.low = out.as_number().value_or(0);
  out.high = kLongestSeconds;
  out.error = "no value in the window and none known before";
  return out;
}

Measured delay(const MeasureInput& input) {
  const QuantileSketch& delays = *input.field->delays();
  if (delays.count() == 0) return no_data("no times");
  const Measured median = quantile_of(delays, 0.5);
  const double seconds = std::clamp(median.number, -kLongestSeconds, kLongestSeconds);
  Measured out = Measured::of(Duration(std::llround(seconds * kMicros)));
  out.exact = median.exact;
  out.low = median.low;
  out.high = median.high;
  out.error = median.error;
  return out;
}

}  // namespace

const MeasureSpec kFreshnessMeasure = {
    .name = "freshness",
    .summary = "Time between the newest value and the end of the window.",
    .signature = "field",
    .result = MeasureResult::Duration,
    .source = MeasureSource::Field,
    .parts = Part::Extremes,
    .compute = freshness,
};

const MeasureSpec kDelayMeasure = {
    .name = "delay",
    .summary = "Median time between the field and the arrival of its record.",
    .signature = "field",
    .result = MeasureResult::Duration,
    .source = MeasureSource::Field,
    .parts = Part::Delay,
    .compute = delay,
};

}  // namespace weir
