// SPDX-License-Identifier: Apache-2.0
// Two fields together: how they vary with each other, and what one tells of the other.
//
// Mutual information is that of the counts, in bits. Up to 4 096 different pairs it is exact. Beyond, some records are in no
// count, a share d of them. Telling counted from uncounted records apart is one more variable, of h(d) = -d log2 d -
// (1 - d) log2 (1 - d) bits at most, so I lies within h(d) of (1 - d) I(counted) + d I(uncounted), and the last of these is
// between 0 and log2 of the number of those records (T. Cover, J. Thomas: Elements of Information Theory, 2006, chapter 2).
#include "summary/joint.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "measures/beyond.h"
#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

constexpr std::string_view kNoPairs = "no record has both values";

/// Bits, over the counts alone.
double information_of(const std::vector<PairCount>& pairs, double total) {
  std::unordered_map<std::uint64_t, double> of_a;
  std::unordered_map<std::uint64_t, double> of_b;
  for (const PairCount& pair : pairs) {
    of_a[pair.a] += static_cast<double>(pair.count);
    of_b[pair.b] += static_cast<double>(pair.count);
  }
  double bits = 0;
  for (const PairCount& pair : pairs) {
    const auto both = static_cast<double>(pair.count);
    bits += both / total * std::log2(both * total / (of_a[pair.a] * of_b[pair.b]));
  }
  return std::max(0.0, bits);
}

double entropy_of_share(double share) {
  if (share <= 0 || share >= 1) return 0;
  return -share * std::log2(share) - (1 - share) * std::log2(1 - share);
}

Measured mutual_information(const MeasureInput& input) {
  const PairCounts& counts = *input.joint->pairs();
  if (counts.total() == 0) return no_data(kNoPairs);
  const std::vector<PairCount> pairs = counts.entries();
  double counted = 0;
  for (const PairCount& pair : pairs) counted += static_cast<double>(pair.count);
  const double of_counted = counted > 0 ? information_of(pairs, counted) : 0;
  if (counts.exact()) return Measured::of(of_counted);
  const auto total = static_cast<double>(counts.total());
  const double rest = total - counted;
  const double slack = entropy_of_share(rest / total);
  const double base = counted / total * of_counted;
  const double most = base + slack + (rest > 1 ? rest / total * std::log2(rest) : 0);
  return Measured::within(base, std::max(0.0, base - slack), most,
                          "more than " + std::to_string(PairCounts::kMost) + " different pairs of values");
}

bool is_too_large(const JointSummary& joint) {
  return !std::isfinite(joint.m2_a()) || !std::isfinite(joint.m2_b()) || !std::isfinite(joint.co_moment());
}

Measured correlation(const MeasureInput& input) {
  if (input.joint->count() == 0) return no_data(kNoPairs);
  if (is_too_large(*input.joint)) return too_large();
  return unless_too_large(number_or(input.joint->correlation(), "one of the fields has always the same value"));
}

Measured covariance(const MeasureInput& input) {
  if (input.joint->count() == 0) return no_data(kNoPairs);
  if (is_too_large(*input.joint)) return too_large();
  return unless_too_large(number_or(input.joint->sample_covariance(), "a covariance needs two records"));
}

Measured sum_ratio(const MeasureInput& input) {
  const Moments& above = *input.field->moments();
  const Moments& below = *input.second->moments();
  if (above.count() == 0 || below.count() == 0) return no_data(kNoNumbers);
  if (!std::isfinite(above.sum()) || !std::isfinite(below.sum())) return too_large();
  if (below.sum() == 0) return no_data("the sum of the second field is 0");
  const Measured ratio = unless_beyond(input.field->counters(), Measured::of(above.sum() / below.sum()));
  return unless_beyond(input.second->counters(), ratio);
}

}  // namespace

const MeasureSpec kMutualInformationMeasure = {
    .name = "mutual_information",
    .summary = "Bits that one field tells of the other.",
    .signature = "field, field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Joint,
    .compute = mutual_information,
};

const MeasureSpec kCorrelationMeasure = {
    .name = "correlation",
    .summary = "Pearson's correlation, -1 to 1.",
    .signature = "field, field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Joint,
    .of_numbers = true,
    .compute = correlation,
};

const MeasureSpec kCovarianceMeasure = {
    .name = "covariance",
    .summary = "The covariance of two fields.",
    .signature = "field, field",
    .result = MeasureResult::Number,
    .source = MeasureSource::Joint,
    .of_numbers = true,
    .compute = covariance,
};

const MeasureSpec kSumRatioMeasure = {
    .name = "sum_ratio",
    .summary = "The sum of the first field over the sum of the second.",
    .signature = "field, field",
    .result = MeasureResult::Number,
    .source = MeasureSource::TwoFields,
    .parts = Part::Moments,
    .of_numbers = true,
    .compute = sum_ratio,
};

}  // namespace weir
