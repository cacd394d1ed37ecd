// SPDX-License-Identifier: Apache-2.0
// A JSON Schema of the rule file, for editors: completion, hover texts, red lines while typing.
#pragma once

#include <string>

namespace weir {

/// Draft-07, made from the tables that the parser reads by (keys.h and the specs of checks).
std::string rule_file_schema();

}  // namespace weir
