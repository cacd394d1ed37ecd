// SPDX-License-Identifier: Apache-2.0
// Count, sum, mean and central moments of finite numbers.
//
// Each chunk of values gives its own moments about its own mean, in two passes over the chunk; they are merged into the
// ones before by the formulas of P. Pébay (Formulas for robust, one-pass parallel computation of covariances and
// arbitrary-order statistical moments, Sandia 2008). The sum is kept with twice the digits of a double, so the
// difference of two means is exact however far from zero the values lie: sum, mean and variance agree with an exact
// calculation to 1e-12, and mostly to the last digit. Merging in another order changes no more than that. Count,
// smallest and largest are exact. Cost: about 2 ns a value in chunks, 100 bytes.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "summary/codec.h"
#include "summary/double_double.h"

namespace weir {

class Moments {
 public:
  explicit Moments(bool high = false) noexcept : high_(high) {}

  /// At most kChunk values, all finite.
  void add(std::span<const double> values) noexcept;
  void merge(const Moments& other) noexcept;
  static constexpr std::size_t kChunk = 256;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double sum() const noexcept { return sum_.value(); }
  /// Nothing where there are no values, or too few.
  [[nodiscard]] std::optional<double> mean() const noexcept;
  [[nodiscard]] std::optional<double> variance() const noexcept;         // of the values themselves: divided by n
  [[nodiscard]] std::optional<double> sample_variance() const noexcept;  // an estimate: divided by n - 1, so n > 1
  [[nodiscard]] std::optional<double> min() const noexcept;
  [[nodiscard]] std::optional<double> max() const noexcept;
  /// Whether the third and the fourth are kept; nothing without spread.
  [[nodiscard]] bool has_high() const noexcept { return high_; }
  [[nodiscard]] std::optional<double> skewness() const noexcept;  // m3 / m2^1.5
  [[nodiscard]] std::optional<double> kurtosis() const noexcept;  // m4 / m2^2 - 3: 0 for a normal distribution
  /// Sums of (x - mean)^2, ^3 and ^4.
  [[nodiscard]] double m2() const noexcept;
  [[nodiscard]] double m3() const noexcept { return m3_; }
  [[nodiscard]] double m4() const noexcept { return m4_; }

  void write(SummaryWriter& out) const;
  static Moments read(SummaryReader& in, bool high);
  bool operator==(const Moments&) const = default;

 private:
  void join(double n, const DoubleDouble& sum, const DoubleDouble& m2, double m3, double m4) noexcept;

  std::uint64_t count_ = 0;
  DoubleDouble sum_;
  DoubleDouble m2_;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool high_ = false;
  double m3_ = 0;  // last: not touched without them
  double m4_ = 0;
};

}  // namespace weir
