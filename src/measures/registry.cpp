// SPDX-License-Identifier: Apache-2.0
// The list of measures. Written out, so that the order is the author's and nothing registers itself behind main().
#include "measures/registry.h"

namespace weir {

std::span<const MeasureSpec> measure_specs() {
  // Made at the first call: the specs of other files are in place by then.
  static const MeasureSpec kMeasures[] = {
      kRowCountMeasure,
      kThroughputMeasure,
      kNullCountMeasure,
      kNullRateMeasure,
      kAbsentRateMeasure,
      kMissingRateMeasure,
      kFailCountMeasure,
      kFailRateMeasure,
      kPassRateMeasure,
      kCountMeasure,
      kRateMeasure,
      kDistinctMeasure,
      kDistinctRateMeasure,
      kUniqueRateMeasure,
      kDuplicateCountMeasure,
      kDuplicateRateMeasure,
      kMinMeasure,
      kMaxMeasure,
      kSumMeasure,
      kMeanMeasure,
      kMedianMeasure,
      kQuantileMeasure,
      kStddevMeasure,
      kVarianceMeasure,
      kSkewnessMeasure,
      kKurtosisMeasure,
      kRangeMeasure,
      kIqrMeasure,
      kEntropyMeasure,
      kMutualInformationMeasure,
      kCorrelationMeasure,
      kCovarianceMeasure,
      kSumRatioMeasure,
      kTopMeasure,
      kModesMeasure,
      kValuesMeasure,
      kMinLengthMeasure,
      kMaxLengthMeasure,
      kMeanLengthMeasure,
      kZeroRateMeasure,
      kNegativeRateMeasure,
      kTypeRateMeasure,
      kHistogramMeasure,
      kFreshnessMeasure,
      kDelayMeasure,
      kColumnCountMeasure,
      kSchemaMeasure,
      kChangeMeasure,
      kPastMeasure,
      kFingerprintMeasure,
      kZScoreMeasure,
      kForecastMeasure,
      kScoreMeasure,
      kPsiMeasure,
      kKsMeasure,
      kJsMeasure,
      kWassersteinMeasure,
      kHellingerMeasure,
      kChiSquareMeasure,
      kOtherMeasure,
  };
  return kMeasures;
}

}  // namespace weir
