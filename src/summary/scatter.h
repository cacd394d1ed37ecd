// SPDX-License-Identifier: Apache-2.0
// Several number fields of the same records: means, how all of them vary together, and how heavy the tails of each are.
//
// Over the rows in which all of them are finite. Merged by the formulas of Pébay, as joint.h, with sums of twice the digits, so
// that fields far from zero cost no digits of their covariance. Cost: d^2/2 + 3 d multiplications a row, 8 d (d + 9) / 2 bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "summary/codec.h"
#include "summary/double_double.h"
#include "weir/batch.h"
#include "weir/result.h"
#include "weir/summary.h"

namespace weir {

class ScatterSummary {
 public:
  explicit ScatterSummary(const ScatterSpec& spec);
  /// Rows of columns that are not repeated; `columns` in the order of the spec.
  void add(std::span<const Column* const> columns, std::span<const std::uint32_t> rows);
  void merge(const ScatterSummary& other);

  [[nodiscard]] std::size_t columns() const noexcept { return sums_.size(); }
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// 0 without rows.
  [[nodiscard]] double mean(std::size_t a) const noexcept;
  /// Sum of (a - mean a)(b - mean b).
  [[nodiscard]] double comoment(std::size_t a, std::size_t b) const noexcept;
  /// Sums of (a - mean a)^3 and of (a - mean a)^4. No number, or infinite, where they are beyond all doubles.
  [[nodiscard]] double m3(std::size_t a) const noexcept { return tails_[a].third; }
  [[nodiscard]] double m4(std::size_t a) const noexcept { return tails_[a].fourth; }

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(const ScatterSpec& spec) noexcept;
  void write(SummaryWriter& out) const;
  static Result<ScatterSummary> read(SummaryReader& in, const ScatterSpec& spec);
  bool operator==(const ScatterSummary& other) const;

 private:
  struct Tails {
    double third = 0;
    double fourth = 0;
  };
  void add_chunk(std::span<double> dense, std::size_t rows);
  void join(std::uint64_t rows, std::span<const DoubleDouble> sums, std::span<const double> comoments,
            std::span<const Tails> tails);

  std::uint64_t count_ = 0;
  std::vector<DoubleDouble> sums_;
  std::vector<double> comoments_;  // the upper triangle, row by row
  std::vector<Tails> tails_;       // by column
};

}  // namespace weir
