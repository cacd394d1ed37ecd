// SPDX-License-Identifier: Apache-2.0
// The specs of all drift tests: each is defined in the file of its test, and listed in the registry.
#pragma once

#include "weir/drift.h"

namespace weir {

extern const DriftSpec kKsDrift;
extern const DriftSpec kPsiDrift;
extern const DriftSpec kWassersteinDrift;
extern const DriftSpec kCvmDrift;
extern const DriftSpec kMeanShiftDrift;
extern const DriftSpec kQuantileShiftDrift;
extern const DriftSpec kChiSquareDrift;
extern const DriftSpec kJsDrift;
extern const DriftSpec kTvDrift;
extern const DriftSpec kLInfDrift;
extern const DriftSpec kHellingerDrift;
extern const DriftSpec kCramersVDrift;
extern const DriftSpec kZDrift;
extern const DriftSpec kFisherDrift;
extern const DriftSpec kNullShareDrift;
extern const DriftSpec kTypeShareDrift;
extern const DriftSpec kNewValueDrift;
extern const DriftSpec kVanishedValueDrift;
extern const DriftSpec kCardinalityDrift;
extern const DriftSpec kCorrelationDrift;
extern const DriftSpec kPcaDrift;
extern const DriftSpec kMahalanobisDrift;

}  // namespace weir
