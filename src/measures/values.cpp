// SPDX-License-Identifier: Apache-2.0
// Which values there are, which of them are common, and how much one of them tells.
//
// Up to 1 024 different values all of this is exact. Beyond it each count c that is kept may be too low by e at most. The
// entropy, log2 n - (sum of t log2 t) / n over the true counts t, is then bounded from both sides: a sum of t log2 t is
// smallest when all that is in no count occurred once each, and largest when it belongs to the most common values, e to each.
#include <algorithm>
#include <cmath>

#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

double times_log(double count) {
  return count > 0 ? count * std::log2(count) : 0;
}

Measured entropy(const MeasureInput& input) {
  const ValueCounts& values = *input.field->values();
  if (values.total() == 0) return no_data(kNoValues);
  const auto total = static_cast<double>(values.total());
  const auto error = static_cast<double>(values.error());
  auto rest = static_cast<double>(values.other());
  double least = 0;
  double most = 0;
  for (const std::uint64_t count : values.counts()) {  // the largest first
    const double more = std::min(rest, error);
    rest -= more;
    least += times_log(static_cast<double>(count));
    most += times_log(static_cast<double>(count) + more);
  }
  if (error > 0) {
    most += std::floor(rest / error) * times_log(error) + times_log(std::fmod(rest, error));
  }
  const auto bits = [total](double sum) { return std::max(0.0, std::log2(total) - sum / total); };
  if (values.exact()) return Measured::of(bits(least));
  return Measured::within((bits(most) + bits(least)) / 2, bits(most), bits(least),
                          "counts of " + std::to_string(values.size()) + " values, each up to " +
                              std::to_string(values.error()) + " too low");
}

Measured listed(const MeasureInput& input, std::size_t most) {
  const ValueCounts& values = *input.field->values();
  if (input.field->redacted()) return Measured::fault("the field is redacted: its values are not kept");
  Measured out;
  out.kind = Measured::Kind::Values;
  for (const ValueCount& value : values.entries(most)) {
    // What was cut equals no value that a rule can name.
    out.values.push_back(
        {.is_number = value.value_class == ValueClass::Number, .text = value.cut ? value.text + "…" : value.text});
  }
  return out;
}

/// Whether no value that is left out can be more common than one that is in.
bool is_sure(const ValueCounts& values, std::size_t most) {
  if (values.exact()) return true;
  const std::vector<std::uint64_t> counts = values.counts();
  if (counts.size() < most) return false;
  const std::uint64_t next = counts.size() > most ? counts[most] : 0;
  return counts[most - 1] > next + values.error();
}

Measured top(const MeasureInput& input) {
  const ValueCounts& values = *input.field->values();
  if (values.total() == 0) return no_data(kNoValues);
  const std::size_t most = input.numbers.empty() ? 1 : static_cast<std::size_t>(input.numbers[0]);
  Measured out = listed(input, most);
  out.exact = is_sure(values, most);
  if (!out.exact) out.error = "counts may be up to " + std::to_string(values.error()) + " too low";
  return out;
}

/// The most common value, and those that are as common.
Measured modes(const MeasureInput& input) {
  const ValueCounts& values = *input.field->values();
  if (values.total() == 0) return no_data(kNoValues);
  const std::vector<std::uint64_t> counts = values.counts();
  const auto ties = static_cast<std::size_t>(std::count(counts.begin(), counts.end(), counts.front()));
  Measured out = listed(input, ties);
  out.exact = values.exact();
  if (!out.exact) out.error = "counts may be up to " + std::to_string(values.error()) + " too low";
  return out;
}

Measured all_values(const MeasureInput& input) {
  const ValueCounts& values = *input.field->values();
  if (values.total() == 0) return no_data(kNoValues);
  Measured out = listed(input, ValueCounts::kMost);
  out.exact = values.exact();
  if (!out.exact) out.error = "only the " + std::to_string(out.values.size()) + " most common values are kept";
  return out;
}

}  // namespace

const MeasureSpec kEntropyMeasure = {
    .name = "entropy",
    .summary = "The entropy of the values in bits.",
    .signature = "field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Field,
    .parts = Part::Values,
    .compute = entropy,
};

const MeasureSpec kTopMeasure = {
    .name = "top",
    .summary = "The most common values, most common first.",
    .signature = "field, number?",
    .result = MeasureResult::Values,
    .source = MeasureSource::Field,
    .parts = Part::Values,
    .compute = top,
};

const MeasureSpec kModesMeasure = {
    .name = "modes",
    .summary = "The most common value, and every other that is as common.",
    .signature = "field",
    .result = MeasureResult::Values,
    .source = MeasureSource::Field,
    .parts = Part::Values,
    .compute = modes,
};

const MeasureSpec kValuesMeasure = {
    .name = "values",
    .summary = "The set of different values.",
    .signature = "field",
    .result = MeasureResult::Values,
    .source = MeasureSource::Field,
    .parts = Part::Values,
    .compute = all_values,
};

}  // namespace weir
