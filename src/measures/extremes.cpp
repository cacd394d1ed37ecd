// SPDX-License-Identifier: Apache-2.0
// The smallest and the largest value, and how far they lie apart: exact for numbers, times and texts.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.h"
#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

/// What a field is compared as. Where nothing is declared: numbers when there are any, else texts.
enum class Order : std::uint8_t { Numbers, Texts, Times };

bool is_time(const FieldSummary& field) {
  return field.declared() == FieldType::Timestamp || field.declared() == FieldType::Date;
}

Order order_of(const MeasureInput& input) {
  const FieldSummary& field = *input.field;
  if (is_time(field)) return Order::Times;
  if (field.declared() == FieldType::String || field.declared() == FieldType::Uuid) return Order::Texts;
  return field.extremes()->smallest_number() != nullptr ? Order::Numbers : Order::Texts;
}

Measured exactly(const ExactNumber& number) {
  const Decimal decimal = number.decimal();
  if (const std::optional<std::int64_t> whole = decimal.to_int64()) return Measured::of(*whole);
  Measured out;
  out.kind = Measured::Kind::Exact;
  out.text = decimal.text();
  return out;
}

Measured text_or_nothing(const MeasureInput& input, std::optional<std::string_view> text) {
  if (input.field->redacted() && input.field->counters().text > 0) {
    return Measured::fault("the field is redacted: its texts are not kept");
  }
  if (!text) return no_data(kNoValues);
  Measured out;
  out.kind = Measured::Kind::Text;
  out.text = text->substr(0, std::min(text->size(), first_invalid_utf8(*text)));  // it may have been cut in a character
  return out;
}

Measured min(const MeasureInput& input) {
  const Extremes& extremes = *input.field->extremes();
  switch (order_of(input)) {
    case Order::Numbers: return exactly(*extremes.smallest_number());
    case Order::Times: return extremes.earliest() ? Measured::of(*extremes.earliest()) : no_data("no times");
    case Order::Texts: return text_or_nothing(input, extremes.smallest_text());
  }
  return no_data(kNoValues);
}

Measured max(const MeasureInput& input) {
  const Extremes& extremes = *input.field->extremes();
  switch (order_of(input)) {
    case Order::Numbers: return exactly(*extremes.largest_number());
    case Order::Times: return extremes.latest() ? Measured::of(*extremes.latest()) : no_data("no times");
    case Order::Texts: return text_or_nothing(input, extremes.largest_text());
  }
  return no_data(kNoValues);
}

/// `number` in units of 10^-scale, where 64 bits are enough.
std::optional<std::int64_t> at_scale(SmallNumber number, std::uint32_t scale) {
  std::int64_t value = number.unscaled;
  for (std::uint32_t i = number.scale; i < scale; ++i) {
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value)) return std::nullopt;
  }
  return value;
}

/// largest - smallest: to the last digit where 64 bits are enough, else by doubles.
Measured difference(const ExactNumber& largest, const ExactNumber& smallest) {
  const Measured near = Measured::of(largest.nearest - smallest.nearest);
  if (!largest.digits.empty() || !smallest.digits.empty()) {
    if (std::isfinite(near.number)) return near;
    return Measured::within(0, 0, std::numeric_limits<double>::infinity(), "numbers beyond 1.8e308");
  }
  const std::uint32_t scale = std::max(largest.small.scale, smallest.small.scale);
  const std::optional<std::int64_t> high = at_scale(largest.small, scale);
  const std::optional<std::int64_t> low = at_scale(smallest.small, scale);
  std::int64_t apart = 0;
  if (!high || !low || __builtin_sub_overflow(*high, *low, &apart)) return near;
  const SmallNumber shortest = stripped(apart, scale);
  if (shortest.scale == 0) return Measured::of(shortest.unscaled);
  Measured out;
  out.kind = Measured::Kind::Exact;
  out.text = Decimal(shortest.unscaled, shortest.scale).text();
  return out;
}

Measured range(const MeasureInput& input) {
  const Extremes& extremes = *input.field->extremes();
  if (is_time(*input.field)) {
    if (!extremes.earliest()) return no_data("no times");
    return Measured::of(*extremes.latest() - *extremes.earliest());
  }
  if (extremes.smallest_number() == nullptr) return no_data(kNoNumbers);
  return difference(*extremes.largest_number(), *extremes.smallest_number());
}

}  // namespace

const MeasureSpec kMinMeasure = {
    .name = "min",
    .summary = "The smallest value.",
    .signature = "field",
    .result = MeasureResult::Any,
    .source = MeasureSource::Field,
    .parts = Part::Extremes,
    .compute = min,
};

const MeasureSpec kMaxMeasure = {
    .name = "max",
    .summary = "The largest value.",
    .signature = "field",
    .result = MeasureResult::Any,
    .source = MeasureSource::Field,
    .parts = Part::Extremes,
    .compute = max,
};

const MeasureSpec kRangeMeasure = {
    .name = "range",
    .summary = "The largest value less the smallest.",
    .signature = "field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Extremes,
    .of_numbers = true,
    .compute = range,
};

}  // namespace weir
