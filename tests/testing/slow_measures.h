// SPDX-License-Identifier: Apache-2.0
// Every window measure computed from the records themselves: all values are there, sorted, summed up in long doubles and
// counted in maps. Slow, and meant to be obviously right; it goes by the reference pages and shares no code with the product.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "testing/slow_json.h"

namespace weir::testing {

/// What a measure is of. Times are seconds since 1970.
struct SlowWindow {
  std::uint64_t rows = 0;
  std::optional<long double> start;  // none: the window has no length
  long double end = 0;
  std::vector<const SlowJson*> field;    // one an element; null where the field is absent
  std::vector<const SlowJson*> second;   // of the same records
  std::string declared;                  // the type of the field: "timestamp", "string", or nothing
  std::vector<long double> arrivals;     // delay: one an element
  std::vector<const SlowJson*> records;  // schema, column_count
  std::uint64_t known = 0;               // rules, conditions, score
  std::uint64_t hits = 0;
  std::vector<double> numbers;  // literal arguments
  std::string text;
};

/// Nothing of all: no data.
struct SlowMeasured {
  std::optional<long double> number;  // durations in seconds, times in seconds since 1970
  std::optional<std::string> text;
  std::optional<std::vector<std::string>> values;
};

[[nodiscard]] SlowMeasured slow_measure(std::string_view name, const SlowWindow& window);

}  // namespace weir::testing
