// SPDX-License-Identifier: Apache-2.0
// How many different values there are, and how many of them come again.
#include <algorithm>
#include <cmath>

#include "measures/measured_of.h"
#include "measures/quantile_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

Measured distinct(const MeasureInput& input) {
  const Distinct& distinct = *input.field->distinct();
  const double estimate = std::round(distinct.estimate());
  if (distinct.exact()) return Measured::of(static_cast<std::int64_t>(estimate));
  // There are never more different values than values.
  const auto most = static_cast<double>(input.field->counters().values());
  const double off = distinct.error() * estimate;
  return Measured::within(std::min(estimate, most), std::min(estimate - off, most), std::min(estimate + off, most),
                          "HyperLogLog: within " + in_percent(distinct.error()) + ", 99% of the time");
}

Measured distinct_rate(const MeasureInput& input) {
  const std::uint64_t values = input.field->counters().values();
  if (values == 0) return no_data(kNoValues);
  const Measured found = distinct(input);
  const auto whole = static_cast<double>(values);
  if (found.exact) return Measured::of(static_cast<double>(found.integer) / whole);
  return Measured::within(found.number / whole, found.low / whole, found.high / whole, found.error);
}

std::string error_of(double error) {
  return "the 4096 smallest hashes: within " + in_percent(error) + ", 99% of the time";
}

Measured unique_rate(const MeasureInput& input) {
  const Repeats& repeats = *input.field->repeats();
  if (repeats.total() == 0) return no_data(kNoValues);
  const Repeats::Keys keys = repeats.keys();
  if (keys.exact) return Measured::of(keys.once / keys.keys);
  return Measured::within(keys.once_share, std::max(0.0, keys.once_share - keys.once_share_error),
                          std::min(1.0, keys.once_share + keys.once_share_error), error_of(keys.once_share_error));
}

Measured duplicate_count(const MeasureInput& input) {
  const Repeats& repeats = *input.field->repeats();
  const auto total = static_cast<double>(repeats.total());
  const Repeats::Keys keys = repeats.keys();
  if (keys.exact) return count(repeats.total() - static_cast<std::uint64_t>(std::llround(keys.keys)));
  const double off = keys.keys * keys.keys_error;
  const auto rest = [total](double distinct) { return std::max(0.0, total - distinct); };
  return Measured::within(std::round(rest(keys.keys)), rest(keys.keys + off), rest(keys.keys - off),
                          error_of(keys.keys_error) + " of the different values");
}

Measured duplicate_rate(const MeasureInput& input) {
  const Repeats& repeats = *input.field->repeats();
  if (repeats.total() == 0) return no_data(kNoValues);
  const auto total = static_cast<double>(repeats.total());
  const Measured found = duplicate_count(input);
  if (found.exact) return Measured::of(static_cast<double>(found.integer) / total);
  return Measured::within(found.number / total, found.low / total, found.high / total, found.error);
}

}  // namespace

const MeasureSpec kDistinctMeasure = {
    .name = "distinct",
    .summary = "How many different values there are.",
    .signature = "field",
    .result = MeasureResult::Count,
    .source = MeasureSource::Field,
    .parts = Part::Distinct,
    .compute = distinct,
};

const MeasureSpec kDistinctRateMeasure = {
    .name = "distinct_rate",
    .summary = "Different values, as a share of the values.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .parts = Part::Distinct,
    .compute = distinct_rate,
};

const MeasureSpec kUniqueRateMeasure = {
    .name = "unique_rate",
    .summary = "Values seen once, as a share of the different values.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .parts = Part::Repeats,
    .compute = unique_rate,
};

const MeasureSpec kDuplicateCountMeasure = {
    .name = "duplicate_count",
    .summary = "Records whose value was seen before in the window.",
    .signature = "field",
    .result = MeasureResult::Count,
    .source = MeasureSource::Field,
    .parts = Part::Repeats,
    .compute = duplicate_count,
};

const MeasureSpec kDuplicateRateMeasure = {
    .name = "duplicate_rate",
    .summary = "Share of records whose value was seen before in the window.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .parts = Part::Repeats,
    .compute = duplicate_rate,
};

}  // namespace weir
