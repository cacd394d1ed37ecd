// SPDX-License-Identifier: Apache-2.0
// A measure against its own values in earlier windows, and the measure of another stream.
#include "measures/past.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/sha256.h"
#include "measures/measured_of.h"
#include "measures/registry.h"

namespace weir {

namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Measured in_the_kind_of(const Measured* inner, double value) {
  constexpr double kMicros = 1e6;
  constexpr double kMost = 9e18;  // within 64 bits
  if (!std::isfinite(value)) return no_data("the values before are not finite");
  const bool fits = inner != nullptr && std::abs(value * kMicros) < kMost;
  if (fits && inner->kind == Measured::Kind::Duration) return Measured::of(Duration(std::llround(value * kMicros)));
  if (fits && inner->kind == Measured::Kind::Time)
    return Measured::of(Instant(Duration(std::llround(value * kMicros))));
  return Measured::of(value);
}

namespace {

/// Nothing to go on with: the inner measure has no number.
Measured without_number(const MeasureInput& input) {
  if (input.inner == nullptr) return no_data("the measure within has no value");
  return input.inner->is_value() ? Measured::fault("the measure within is no number") : *input.inner;
}

/// (now - by) / of, and the same of the bounds that a sketch gave.
Measured scaled(const Measured& inner, double now, double by, double of) {
  const Measured exact = Measured::of((now - by) / of);
  if (!std::isfinite(exact.number)) return no_data("the measure or its values before are not finite");
  if (inner.exact) return exact;
  const double a = (inner.low - by) / of;
  const double b = (inner.high - by) / of;
  return Measured::within(exact.number, std::min(a, b), std::max(a, b), inner.error);
}

Measured change(const MeasureInput& input) {
  const std::optional<double> now = input.inner == nullptr ? std::nullopt : input.inner->as_number();
  if (!now) return without_number(input);
  if (input.past.empty()) return no_data("no window before to compare with");
  const double base = mean_of(input.past);
  if (base != 0) {
    Measured out = scaled(*input.inner, *now, base, base);
    if (out.kind == Measured::Kind::Number) out.text = "from " + show(in_the_kind_of(input.inner, base), false);
    return out;
  }
  if (*now == 0 && input.inner->exact) return Measured::of(0.0);
  return no_data("the baseline is 0");
}

Measured past(const MeasureInput& input) {
  if (input.past.empty()) return no_data("no window before to compare with");
  return in_the_kind_of(input.inner, mean_of(input.past));
}

/// Equal for equal lists, whatever their order, and for equal texts. 52 bits: a double holds them.
Measured fingerprint(const MeasureInput& input) {
  if (input.inner == nullptr || !input.inner->is_value()) return without_number(input);
  std::vector<std::string> items;
  if (input.inner->kind == Measured::Kind::Text) {
    items.push_back("t" + input.inner->text);
  } else if (input.inner->kind == Measured::Kind::Values) {
    if (!input.inner->exact) return no_data(input.inner->error);
    for (const Measured::Item& item : input.inner->values) items.push_back((item.is_number ? "n" : "t") + item.text);
  } else {
    return Measured::fault("the measure within is neither a list nor a text");
  }
  std::sort(items.begin(), items.end());
  std::string all;
  for (const std::string& item : items) all += std::to_string(item.size()) + ":" + item;
  constexpr std::size_t kHexDigits = 13;
  const std::string digest = sha256_hex(all);
  std::int64_t number = 0;
  std::from_chars(digest.data(), digest.data() + kHexDigits, number, 16);
  return Measured::of(number);
}

Measured z_score(const MeasureInput& input) {
  constexpr std::size_t kLeast = 3;  // two values have a spread too, but one that says nothing
  const std::optional<double> now = input.inner == nullptr ? std::nullopt : input.inner->as_number();
  if (!now) return without_number(input);
  if (input.past.size() < kLeast) {
    return no_data(std::to_string(input.past.size()) + (input.past.size() == 1 ? " window" : " windows") +
                   " before, 3 are needed");
  }
  const double mean = mean_of(input.past);
  double squares = 0;
  for (const double value : input.past) squares += (value - mean) * (value - mean);
  const double spread = std::sqrt(squares / static_cast<double>(input.past.size() - 1));
  // Equal values may have a mean that is off by the last digit.
  constexpr double kNoise = 8 * std::numeric_limits<double>::epsilon();
  if (spread > kNoise * std::abs(mean)) return scaled(*input.inner, *now, mean, spread);
  if (*now == input.past.front() && input.inner->exact) return Measured::of(0.0);
  return no_data("the windows before have all the same value");
}

Measured other(const MeasureInput& input) {
  return input.inner == nullptr ? no_data("the other stream has no such window") : *input.inner;
}

}  // namespace

const MeasureSpec kChangeMeasure = {
    .name = "change",
    .summary = "How much the measure differs from the baseline, as a share of the baseline.",
    .signature = "measure, baseline",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Measure,
    .compute = change,
};

const MeasureSpec kZScoreMeasure = {
    .name = "z_score",
    .summary = "How many standard deviations the measure lies from its mean over that many windows.",
    .signature = "measure, number",
    .result = MeasureResult::Number,
    .source = MeasureSource::Measure,
    .compute = z_score,
};

const MeasureSpec kPastMeasure = {
    .name = "past",
    .summary = "The measure in the window that the baseline names, or its mean over several.",
    .signature = "measure, baseline",
    .result = MeasureResult::Number,
    .source = MeasureSource::Measure,
    .compute = past,
};

const MeasureSpec kFingerprintMeasure = {
    .name = "fingerprint",
    .summary = "A number that stands for a list or a text, to tell whether it is the same as before.",
    .signature = "measure",
    .result = MeasureResult::Number,
    .source = MeasureSource::Measure,
    .compute = fingerprint,
};

const MeasureSpec kOtherMeasure = {
    .name = "other",
    .summary = "The measure of the same window of another topic.",
    .signature = "text, measure",
    .result = MeasureResult::Number,
    .source = MeasureSource::Measure,
    .compute = other,
};

}  // namespace weir
