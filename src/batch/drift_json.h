// SPDX-License-Identifier: Apache-2.0
// What drift rules found in JSON, the same in the report, in `weir compare` and on the wire: docs/reports.md.
#pragma once

#include <span>

#include "base/json_writer.h"
#include "weir/drift.h"

namespace weir {

/// "new_value", "scaled", "null_share", …
std::string_view word_of(DriftFindingKind kind);
/// `"tests": […]`: statistic, p_value, effect and what decided.
void write_drift_tests(JsonWriter& json, std::span<const DriftTestResult> tests);
/// `"findings": […]`: what moved, in words.
void write_drift_findings(JsonWriter& json, std::span<const DriftFinding> findings);
/// `"picture": {…}`: both distributions over the same cells; nothing where there is none.
void write_drift_picture(JsonWriter& json, const DriftPicture& picture);
/// All of a verdict, as an object.
void write_drift(JsonWriter& json, const DriftVerdict& verdict);

}  // namespace weir
