// SPDX-License-Identifier: Apache-2.0
// How long texts are, in code points.
#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

constexpr std::string_view kNoTexts = "no texts";

Measured length_or_nothing(const std::optional<std::uint64_t>& length) {
  return length ? count(*length) : no_data(kNoTexts);
}

}  // namespace

const MeasureSpec kMinLengthMeasure = {
    .name = "min_length",
    .summary = "The length of the shortest text, in code points.",
    .signature = "field",
    .result = MeasureResult::Count,
    .source = MeasureSource::Field,
    .parts = Part::Shape,
    .compute = [](const MeasureInput& input) { return length_or_nothing(input.field->shape()->shortest()); },
};

const MeasureSpec kMaxLengthMeasure = {
    .name = "max_length",
    .summary = "The length of the longest text, in code points.",
    .signature = "field",
    .result = MeasureResult::Count,
    .source = MeasureSource::Field,
    .parts = Part::Shape,
    .compute = [](const MeasureInput& input) { return length_or_nothing(input.field->shape()->longest()); },
};

const MeasureSpec kMeanLengthMeasure = {
    .name = "mean_length",
    .summary = "The mean length of the texts, in code points.",
    .signature = "field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Shape,
    .compute = [](const MeasureInput& input) { return number_or(input.field->shape()->mean_length(), kNoTexts); },
};

}  // namespace weir
