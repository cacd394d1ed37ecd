// SPDX-License-Identifier: Apache-2.0
// Drift window after window: finds the reference of each rule, compares, and lets `m of n` windows decide when to alarm.
//
// All that it remembers are records in the History: of each window and segment the profile on frozen edges and whether it
// drifted; of each rule the edges with their epoch, the frozen anchor of a rolling reference, and the state of the sequential
// test. A window judged again replaces what it said before.
#pragma once

#include <memory>

#include "weir/drift_judge.h"

namespace weir {

[[nodiscard]] std::unique_ptr<DriftJudge> make_drift_watch(const Plan& plan, History& history);

}  // namespace weir
