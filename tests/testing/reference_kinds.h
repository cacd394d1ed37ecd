// SPDX-License-Identifier: Apache-2.0
// References as rule files write them: {previous: 6}, {rolling: 24h}, {same: [hour, week], weeks: 4}, {file: …}.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "drift/baseline.h"
#include "weir/drift.h"

namespace weir::testing {

inline DriftReference previous(std::uint32_t windows) {
  DriftReference out;
  out.kind = DriftReference::Kind::Previous;
  out.windows = windows;
  return out;
}

inline DriftReference rolling(Duration length) {
  DriftReference out;
  out.kind = DriftReference::Kind::Rolling;
  out.length = length;
  return out;
}

inline DriftReference same(Duration period, std::uint32_t weeks) {
  DriftReference out;
  out.kind = DriftReference::Kind::Same;
  out.period = period;
  out.weeks = weeks;
  return out;
}

inline DriftReference file(std::shared_ptr<const Baseline> baseline) {
  DriftReference out;
  out.kind = DriftReference::Kind::File;
  out.baseline = std::move(baseline);
  return out;
}

}  // namespace weir::testing
