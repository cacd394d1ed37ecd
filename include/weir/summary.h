// SPDX-License-Identifier: Apache-2.0
// What shall be remembered about a field in a window. The plan names it; src/summary/ keeps it.
//
// A summary is the only state that windows have: it is added to record by record, merged with that of another piece of
// the input, written and read. docs/summaries.md says what each part costs and how exact it is.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/spec.h"

namespace weir {

enum class Part : std::uint16_t {
  Moments = 1,      // count, mean, spread, sum, smallest and largest as doubles
  HighMoments = 2,  // the third and fourth central moment as well
  Extremes = 4,     // exact smallest and largest number, text and, for times, instant
  Histogram = 8,    // counts between frozen edges
  Quantiles = 16,
  Distinct = 32,
  Values = 64,    // the most common values with their counts
  Shape = 128,    // lengths and character classes of texts
  Repeats = 256,  // how many keys occur once and how many several times
  Delay = 512,    // from the time in the field to the arrival of the record
  Raw = 1024,     // the finite numbers themselves, as long as there are at most SummarySpec::raw_most of them
};

/// A set of parts. Counters are always kept and are no part.
struct Parts {
  std::uint16_t bits = 0;

  constexpr Parts() = default;
  constexpr Parts(Part part) : bits(static_cast<std::uint16_t>(part)) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr bool has(Part part) const noexcept { return (bits & static_cast<std::uint16_t>(part)) != 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits == 0; }
  constexpr Parts& operator|=(Parts other) noexcept {
    bits = static_cast<std::uint16_t>(bits | other.bits);
    return *this;
  }
  [[nodiscard]] friend constexpr Parts operator|(Parts a, Parts b) noexcept { return a |= b; }
  constexpr bool operator==(const Parts&) const = default;
};
[[nodiscard]] constexpr Parts operator|(Part a, Part b) noexcept {
  return Parts(a) | Parts(b);
}

struct SummarySpec {
  std::uint32_t column = 0;  // of the plan's FieldTable
  Parts parts = {};
  FieldType declared = FieldType::Any;
  // Ascending and finite; needed for Part::Histogram. Cell i holds edges[i - 1] <= x < edges[i]; the first and the last
  // are open. A value that stands twice is an atom: it has a closed cell of its own.
  std::shared_ptr<const std::vector<double>> edges = {};
  std::uint32_t raw_most = 2'000;  // Part::Raw
  std::uint32_t quantile_k = 200;  // 8 to 4 096: more is finer and larger
  bool redacted = false;           // no text of the field is kept
  bool instants = false;           // extremes of times though the field is not declared as one
};

/// Two fields of the same record.
struct JointSpec {
  std::uint32_t column_a = 0;
  std::uint32_t column_b = 0;
  bool pairs = false;  // counts of pairs of values, for mutual information
};

/// Several number fields of the same record: their means and how all of them vary together.
struct ScatterSpec {
  static constexpr std::size_t kMostColumns = 64;
  std::vector<std::uint32_t> columns;  // at most kMostColumns, none repeated
  bool operator==(const ScatterSpec&) const = default;
};

}  // namespace weir
