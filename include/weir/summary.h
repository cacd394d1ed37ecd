// SPDX-License-Identifier: Apache-2.0
// What is kept of a field in a pane: the parts, and which of them a rule asks for. docs/summaries.md says what each costs.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/spec.h"

namespace weir {

/// What is kept of a field beside its counters.
enum class Part : std::uint16_t {
  Moments = 1,      // count, mean, variance, sum
  HighMoments = 2,  // skewness, kurtosis
  Extremes = 4,     // the smallest and the largest value, exactly
  Histogram = 8,    // counts between frozen edges
  Quantiles = 16,   // KLL
  Distinct = 32,    // HyperLogLog
  Values = 64,      // counts of values, space-saving beyond 1 024
  Shape = 128,      // lengths and classes of characters
  Repeats = 256,    // the 4 096 smallest hashes with their counts
  Delay = 512,      // KLL of arrival less value
};

struct Parts {
  std::uint16_t bits = 0;
  constexpr Parts() = default;
  constexpr Parts(Part part) : bits(static_cast<std::uint16_t>(part)) {}
  [[nodiscard]] constexpr bool has(Part part) const noexcept { return (bits & static_cast<std::uint16_t>(part)) != 0; }
  [[nodiscard]] constexpr Parts operator|(Parts other) const noexcept {
    Parts out;
    out.bits = static_cast<std::uint16_t>(bits | other.bits);
    return out;
  }
  constexpr bool operator==(const Parts&) const = default;
};
[[nodiscard]] constexpr Parts operator|(Part a, Part b) noexcept {
  return Parts(a) | Parts(b);
}

/// A field and what is kept of it.
struct SummarySpec {
  std::uint32_t column = 0;
  Parts parts;
  FieldType declared = FieldType::Any;
  std::shared_ptr<const std::vector<double>> edges;  // Part::Histogram: ascending
  std::uint32_t quantile_k = 200;
  bool redacted = false;  // no text of a value is kept
};

}  // namespace weir
