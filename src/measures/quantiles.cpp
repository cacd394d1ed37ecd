// SPDX-License-Identifier: Apache-2.0
// Quantiles of numbers, and the share of them within bounds.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.h"
#include "measures/beyond.h"
#include "measures/measured_of.h"
#include "measures/quantile_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

std::string in_percent(double share) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, share * 100, std::chars_format::general, 2);
  return std::string(text, end.ptr) + "%";
}

Measured quantile_of(const QuantileSketch& sketch, double q) {
  if (sketch.exact()) return Measured::of(sketch.quantile(q).value_or(0));
  // One value more on either side, as a quantile may lie between two.
  const double off = sketch.error() + 1 / static_cast<double>(sketch.count());
  const std::array shares = {q, q - off, q + off};
  const std::vector<double> found = sketch.quantiles(shares);
  return Measured::within(found[0], found[1], found[2],
                          "KLL: rank within " + in_percent(sketch.error()) + " of all values, 99% of the time");
}

namespace {

Measured quantile_at(const MeasureInput& input, double q) {
  const QuantileSketch& sketch = *input.field->quantiles();
  const Counters& counters = input.field->counters();
  if (sketch.count() == 0 && counters.beyond == 0) return no_data(kNoNumbers);
  return unless_beyond(counters, sketch.count() == 0 ? Measured::of(0.0) : quantile_of(sketch, q));
}

Measured iqr(const MeasureInput& input) {
  const Measured first = quantile_at(input, 0.25);
  const Measured third = quantile_at(input, 0.75);
  if (!first.is_value()) return first;
  if (first.exact) return unless_too_large(Measured::of(third.number - first.number));
  return Measured::within(third.number - first.number, std::max(0.0, third.low - first.high), third.high - first.low,
                          first.error);
}

Measured histogram(const MeasureInput& input) {
  const Histogram& histogram = *input.field->histogram();
  const std::vector<double>& edges = histogram.edges();
  // The bounds of every such call are among the edges. Cell i ends below edges[i].
  const auto cell_below = [&edges](double bound) {
    const auto found = std::lower_bound(edges.begin(), edges.end(), bound);
    WEIR_ASSERT(found != edges.end() && *found == bound, "a histogram was not given the bounds asked for");
    return static_cast<std::size_t>(found - edges.begin());
  };
  const std::size_t before = cell_below(input.numbers[0]);
  const std::size_t last = cell_below(input.numbers[1]);
  std::uint64_t within = 0;
  for (std::size_t cell = before + 1; cell <= last; ++cell) within += histogram.count(cell);
  return share(within, input.field->counters().numbers(), "no numbers");
}

}  // namespace

const MeasureSpec kMedianMeasure = {
    .name = "median",
    .summary = "The value in the middle.",
    .signature = "field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Quantiles,
    .of_numbers = true,
    .compute = [](const MeasureInput& input) { return quantile_at(input, 0.5); },
};

const MeasureSpec kQuantileMeasure = {
    .name = "quantile",
    .summary = "The value below which that share of the values lies: 0.99 for the p99.",
    .signature = "field, number",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Quantiles,
    .of_numbers = true,
    .compute = [](const MeasureInput& input) { return quantile_at(input, input.numbers[0]); },
};

const MeasureSpec kIqrMeasure = {
    .name = "iqr",
    .summary = "The third quartile less the first.",
    .signature = "field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Quantiles,
    .of_numbers = true,
    .compute = iqr,
};

const MeasureSpec kHistogramMeasure = {
    .name = "histogram",
    .summary = "Share of the numbers from the first bound up to below the second.",
    .signature = "field, number, number",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .parts = Part::Histogram,
    .of_numbers = true,
    .compute = histogram,
};

}  // namespace weir
