// SPDX-License-Identifier: Apache-2.0
// Drift rules in words, for explain.cpp and for `weir diff`.
#pragma once

#include <string>

#include "weir/plan.h"

namespace weir {

/// "amount, as in refs/orders.baseline.json, by ks, psi".
[[nodiscard]] std::string drift_in_words(const Plan& plan, const WindowRule& rule);
/// With what it is compared, and what is known of that: "refs/orders.baseline.json: 120,000 records, made 2026-11-01…".
[[nodiscard]] std::string reference_in_words(const DriftRule& rule);
/// "ks; null_share; type_share", and when `auto` takes which.
[[nodiscard]] std::string tests_in_words(const DriftRule& rule);
/// "ks 0.05, psi 0.1": effects up to these are fine.
[[nodiscard]] std::string tolerances_in_words(const DriftRule& rule);
/// What makes a window one that drifts, over which tests together.
[[nodiscard]] std::string drifts_in_words(const DriftRule& rule);
/// "when 2 of 3 windows drift; it ends after 3 that do not".
[[nodiscard]] std::string alarm_in_words(const Plan& plan, const DriftRule& rule);
/// What a pane holds of its fields, and how exact that is.
[[nodiscard]] std::string drift_kept_in_words(const Plan& plan, const DriftRule& rule);
/// What is remembered of the reference, in bytes.
[[nodiscard]] std::string reference_memory_in_words(const Plan& plan, const DriftRule& rule);

}  // namespace weir
