// SPDX-License-Identifier: Apache-2.0
// Which fields show a value of another: those within it, and those that it lies within.
#pragma once

#include <algorithm>

#include "weir/fields.h"

namespace weir {

/// `path` lies within `outer`, or is it.
[[nodiscard]] inline bool lies_within(const FieldPath& path, const FieldPath& outer) {
  const auto& steps = path.steps();
  const auto& prefix = outer.steps();
  if (prefix.size() == 1 && prefix[0].self) return !path.from_envelope();
  return steps.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), steps.begin());
}

}  // namespace weir
