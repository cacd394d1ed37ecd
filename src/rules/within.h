// SPDX-License-Identifier: Apache-2.0
// Which fields show a value of another: those within it, and those that it lies within.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string_view>

#include "weir/fields.h"

namespace weir {

/// `path` lies within `outer`, or is it.
[[nodiscard]] inline bool lies_within(const FieldPath& path, const FieldPath& outer) {
  const auto& steps = path.steps();
  const auto& prefix = outer.steps();
  if (prefix.size() == 1 && prefix[0].self) return !path.from_envelope();
  return steps.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), steps.begin());
}

/// Whether a value of `shown` may show one of `hidden`, whatever stands around the record: both images of a row and the data of
/// an event are places of the same field.
[[nodiscard]] inline bool may_show(const FieldPath& shown, const FieldPath& hidden) {
  if (lies_within(shown, hidden) || lies_within(hidden, shown)) return true;
  if (shown.from_envelope() || hidden.from_envelope()) return false;
  using Steps = std::span<const FieldPath::Step>;
  // A redacted field that is called `data` is no envelope; a rule on `data` as a whole shows all that is in it.
  const auto inner = [](const FieldPath& path, bool whole) {
    Steps steps = path.steps();
    const auto enter = [&](std::initializer_list<std::string_view> names) {
      if (steps.empty() || (steps.size() == 1 && !whole && steps[0].name != "after")) return;
      if (std::find(names.begin(), names.end(), steps[0].name) != names.end()) steps = steps.subspan(1);
    };
    enter({"payload"});
    enter({"before", "after", "data"});
    return steps;
  };
  const Steps a = inner(shown, true);
  const Steps b = inner(hidden, false);
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
}

}  // namespace weir
