// SPDX-License-Identifier: Apache-2.0
// The elements of a field in a notation that is short enough for pages and tests.
//
//   DE*410 FR*590     words are texts, `*` says how often
//   1..1000           whole numbers, upwards or downwards; `1..1000*3` three times, `1..100/10` divided by 10
//   1.5 "1" true      as in JSON
//   null*5 absent*3   no value, no field
//   NaN -Infinity     as CSV has them
//   id1..5000         different texts: id00000001
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "summary/field_summary.h"
#include "weir/batch.h"

namespace weir::testing {

/// One text an element, as JSON writes it; empty for an absent field. Faults abort the test.
[[nodiscard]] std::vector<std::string> written_elements(std::string_view notation);
[[nodiscard]] FieldSummary summary_of_elements(const std::vector<std::string>& written, const SummarySpec& spec);
/// What a pane keeps of a field for a drift rule without edges.
[[nodiscard]] SummarySpec drift_spec();

}  // namespace weir::testing
