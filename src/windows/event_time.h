// SPDX-License-Identifier: Apache-2.0
// When each record of a batch happened: the field that `source.time` names, or the time of its message.
//
// Records of one file mostly follow each other within the same minute, so a text that begins as the last one did is read
// from there: three comparisons and four digits.
#pragma once

#include <vector>

#include "weir/batch.h"
#include "weir/messages.h"
#include "weir/plan.h"
#include "weir/time.h"

namespace weir {

/// Whether records can have a time at all: a field is named, or their messages have one.
[[nodiscard]] bool has_event_time(const Plan& plan, const Messages& messages) noexcept;

/// Fills `times` for the rows of `timed`: those that were decoded and whose time can be read. A text without a zone is a
/// time of `plan.time.zone`; times beyond the years -9999 to 9999 are none.
void read_event_times(const Plan& plan, const Messages& messages, const Batch& batch, std::vector<Instant>& times,
                      Mask& timed);

}  // namespace weir
