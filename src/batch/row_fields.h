// SPDX-License-Identifier: Apache-2.0
// Which paths of rules name a field of the row that a change event tells of, and which what stands around it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "weir/fields.h"

namespace weir {

/// The members of a change event, as a rule names them.
inline constexpr std::array<std::string_view, 8> kAroundRows = {"before", "after", "op",    "source",
                                                                "ts_ms",  "ts_us", "ts_ns", "transaction"};

[[nodiscard]] inline bool stands_around_rows(std::string_view name) {
  return std::find(kAroundRows.begin(), kAroundRows.end(), name) != kAroundRows.end();
}

[[nodiscard]] inline bool lies_in_row(const FieldPath& path) {
  const std::string_view first = path.steps()[0].name;
  if (path.from_envelope() || first.starts_with("__")) return false;
  return first == "after" || !stands_around_rows(first);
}

}  // namespace weir
