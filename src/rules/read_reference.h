// SPDX-License-Identifier: Apache-2.0
// `reference` of an entry of `drift`.
#pragma once

#include "rules/read_rules.h"

namespace weir {

/// Fills the reference of a rule whose windows are those of `block`, and the file that it names.
void read_drift_reference(RuleReading& reading, const YamlNode& node, const WindowBlock& block, WrittenDrift& out);

}  // namespace weir
