// SPDX-License-Identifier: Apache-2.0
// Every window measure, in the order of the reference. Adding one: a source file, a line here and in registry.cpp, a page.
#pragma once

#include <span>

#include "weir/measure.h"

namespace weir {

std::span<const MeasureSpec> measure_specs();

// counts.cpp
extern const MeasureSpec kRowCountMeasure;
extern const MeasureSpec kThroughputMeasure;
extern const MeasureSpec kFailCountMeasure;
extern const MeasureSpec kFailRateMeasure;
extern const MeasureSpec kPassRateMeasure;
extern const MeasureSpec kCountMeasure;
extern const MeasureSpec kRateMeasure;
extern const MeasureSpec kScoreMeasure;
// presence.cpp
extern const MeasureSpec kNullCountMeasure;
extern const MeasureSpec kNullRateMeasure;
extern const MeasureSpec kAbsentRateMeasure;
extern const MeasureSpec kMissingRateMeasure;
extern const MeasureSpec kTypeRateMeasure;
// distincts.cpp
extern const MeasureSpec kDistinctMeasure;
extern const MeasureSpec kDistinctRateMeasure;
extern const MeasureSpec kUniqueRateMeasure;
extern const MeasureSpec kDuplicateCountMeasure;
extern const MeasureSpec kDuplicateRateMeasure;
// extremes.cpp
extern const MeasureSpec kMinMeasure;
extern const MeasureSpec kMaxMeasure;
extern const MeasureSpec kRangeMeasure;
// numbers.cpp
extern const MeasureSpec kSumMeasure;
extern const MeasureSpec kMeanMeasure;
extern const MeasureSpec kStddevMeasure;
extern const MeasureSpec kVarianceMeasure;
extern const MeasureSpec kSkewnessMeasure;
extern const MeasureSpec kKurtosisMeasure;
extern const MeasureSpec kZeroRateMeasure;
extern const MeasureSpec kNegativeRateMeasure;
// quantiles.cpp
extern const MeasureSpec kMedianMeasure;
extern const MeasureSpec kQuantileMeasure;
extern const MeasureSpec kIqrMeasure;
extern const MeasureSpec kHistogramMeasure;
// values.cpp
extern const MeasureSpec kEntropyMeasure;
extern const MeasureSpec kTopMeasure;
extern const MeasureSpec kModesMeasure;
extern const MeasureSpec kValuesMeasure;
// joint.cpp
extern const MeasureSpec kMutualInformationMeasure;
extern const MeasureSpec kCorrelationMeasure;
extern const MeasureSpec kCovarianceMeasure;
extern const MeasureSpec kSumRatioMeasure;
// texts.cpp
extern const MeasureSpec kMinLengthMeasure;
extern const MeasureSpec kMaxLengthMeasure;
extern const MeasureSpec kMeanLengthMeasure;
// times.cpp
extern const MeasureSpec kFreshnessMeasure;
extern const MeasureSpec kDelayMeasure;
// schema.cpp
extern const MeasureSpec kColumnCountMeasure;
extern const MeasureSpec kSchemaMeasure;
// past.cpp, forecast.cpp
extern const MeasureSpec kChangeMeasure;
extern const MeasureSpec kPastMeasure;
extern const MeasureSpec kFingerprintMeasure;
extern const MeasureSpec kZScoreMeasure;
extern const MeasureSpec kForecastMeasure;
extern const MeasureSpec kOtherMeasure;
// distances.cpp
extern const MeasureSpec kPsiMeasure;
extern const MeasureSpec kKsMeasure;
extern const MeasureSpec kJsMeasure;
extern const MeasureSpec kWassersteinMeasure;
extern const MeasureSpec kHellingerMeasure;
extern const MeasureSpec kChiSquareMeasure;

}  // namespace weir
