// SPDX-License-Identifier: Apache-2.0
// What several drift tests share: when there are too few values, whose p is borrowed, the spread that distances are in.
#pragma once

#include <cstdint>
#include <string>

#include "drift/input.h"
#include "stats/cells.h"

namespace weir {

/// Turns a result into TooFew where one of the sides is too small for the test.
void require_least(DriftMeasured& out, std::uint64_t reference, std::uint64_t current, const DriftInput& in);
[[nodiscard]] DriftMeasured not_applicable(std::string cause);

/// `n m / (n + m)`, less by what dependent records are worth less.
[[nodiscard]] double effective_size(std::uint64_t n, std::uint64_t m, double design_effect) noexcept;

/// Sets every p of a test whose resolution is no matter.
void set_p(DriftMeasured& out, double p, double independent);
/// Takes over how significant another test is.
void borrow_p(DriftMeasured& out, const DriftMeasured& from, std::string_view name);
[[nodiscard]] DriftMeasured measure_ks(const DriftInput& in);

/// How wide the reference is, robust against outliers: IQR / 1.349; where that is 0 the standard deviation; where that is 0 a
/// hundredth of the larger of the two medians. Never 0.
[[nodiscard]] double spread_of_reference(const DriftInput& in);

/// "256 cells", "12 cells, a sketch within 0.2 %".
[[nodiscard]] std::string resolution_of(const NumberCells& cells);

/// k of n against l of m: Fisher's exact test where an expected count is below 100, otherwise the pooled z. Gives z.
[[nodiscard]] double compare_shares(DriftMeasured& out, std::uint64_t k, std::uint64_t n, std::uint64_t l,
                                    std::uint64_t m, double design_effect);

// ---- tests over groups

/// Of counts of both sides over the same groups.
struct OfGroups {
  double statistic = 0;
  double effect = 0;
  double p = 1;
};
struct GroupTest {
  enum class P : std::uint8_t {
    Own,
    ChiSquare,  // of homogeneity, over the groups that are large enough for its law
    Borrowed,   // the same, of a test that has no p
  };
  OfGroups (*of)(Counts reference, Counts current, double design_effect) = nullptr;
  P p = P::Borrowed;
  bool regrouped = false;  // `of` takes the groups that are large enough for the chi-square law
};
[[nodiscard]] DriftMeasured measure_groups(const DriftInput& in, const GroupTest& test);
/// The current side with each share moved by up to `step` towards that of the reference, or away from it.
[[nodiscard]] std::vector<std::uint64_t> moved(Counts reference, Counts current, double step, bool towards);
[[nodiscard]] double chi_square_p(Counts reference, Counts current, double design_effect);

}  // namespace weir
