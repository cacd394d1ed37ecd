// SPDX-License-Identifier: Apache-2.0
// What a comparison came to -> the verdict on a window, in words.
#pragma once

#include <cstddef>
#include <optional>

#include "drift/compare.h"
#include "drift/subject.h"
#include "drift/votes.h"
#include "weir/drift.h"
#include "weir/drift_judge.h"

namespace weir {

struct Compared {
  const FieldResult* reference = nullptr;  // null: there is none to compare with
  const FieldResult* anchor = nullptr;
  std::optional<double> log_e;  // `mode: sequential`
  double log_e_to_alarm = 0;
};

/// Whether this window drifted, by itself: of a sequential rule by all windows since the last alarm.
[[nodiscard]] DriftVerdict verdict_of(const WatchedSubject& subject, const Compared& compared);
/// Adds the alarm to it, with votes as they stand after the window. Severity and what nothing to judge means are the caller's.
void add_alarm(DriftVerdict& verdict, const WatchedSubject& subject, const DriftWindow& window, const VoteState& after);

}  // namespace weir
