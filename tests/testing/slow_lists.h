// SPDX-License-Identifier: Apache-2.0
// The measures that are lists: values by how common they are, and the fields of records.
#pragma once

#include <string>
#include <vector>

#include "testing/slow_json.h"

namespace weir::testing {

/// The most common first; equally common ones: texts, numbers, booleans, then the rest, each by its text.
[[nodiscard]] std::vector<std::string> slow_by_frequency(const std::vector<const SlowJson*>& values,
                                                         bool only_first_place = false);

/// `name: type` in the order of the smallest place that a name had, then of names.
[[nodiscard]] std::vector<std::string> slow_schema(const std::vector<const SlowJson*>& records);

}  // namespace weir::testing
