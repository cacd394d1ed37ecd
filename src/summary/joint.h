// SPDX-License-Identifier: Apache-2.0
// Two fields of the same records: how they vary together.
//
// Sums of products about the means, merged as those of one field are (P. Pébay 2008, as in moments.h): correlation and
// covariance agree with an exact calculation to 1e-12. For mutual information the pairs of values are counted as well,
// bounded and with a stated error like the values of one field. Cost: 120 bytes; a pair of values 24 bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "summary/codec.h"
#include "summary/double_double.h"
#include "summary/pair_counts.h"
#include "weir/batch.h"
#include "weir/summary.h"

namespace weir {

class JointSummary {
 public:
  explicit JointSummary(const JointSpec& spec);
  JointSummary(const JointSummary& other);
  JointSummary(JointSummary&&) noexcept = default;
  JointSummary& operator=(const JointSummary& other);
  JointSummary& operator=(JointSummary&&) noexcept = default;
  ~JointSummary() = default;

  /// Rows of columns that are not repeated.
  void add(const Column& a, const Column& b, std::span<const std::uint32_t> rows);
  void merge(const JointSummary& other);

  /// Rows in which both are finite numbers: all sums are over these.
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] double sum_a() const noexcept { return sum_a_.value(); }
  [[nodiscard]] double sum_b() const noexcept { return sum_b_.value(); }
  [[nodiscard]] std::optional<double> mean_a() const noexcept;
  [[nodiscard]] std::optional<double> mean_b() const noexcept;
  /// Sums of (a - mean a)^2, (b - mean b)^2 and of their product.
  [[nodiscard]] double m2_a() const noexcept { return m2_a_.value(); }
  [[nodiscard]] double m2_b() const noexcept { return m2_b_.value(); }
  [[nodiscard]] double co_moment() const noexcept { return co_.value(); }
  [[nodiscard]] std::optional<double> covariance() const noexcept;         // divided by n
  [[nodiscard]] std::optional<double> sample_covariance() const noexcept;  // divided by n - 1
  [[nodiscard]] std::optional<double> correlation() const noexcept;        // Pearson's; nothing where one is constant
  /// Rows in which both have a value; null unless the spec asks for pairs.
  [[nodiscard]] const PairCounts* pairs() const noexcept { return pairs_.get(); }

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(const JointSpec& spec) noexcept;
  void write(SummaryWriter& out) const;
  static Result<JointSummary> read(SummaryReader& in, const JointSpec& spec);
  bool operator==(const JointSummary& other) const;

 private:
  void add_numbers(std::span<const double> a, std::span<const double> b) noexcept;
  struct Piece;
  void join(const Piece& piece) noexcept;

  std::uint64_t count_ = 0;
  DoubleDouble sum_a_;
  DoubleDouble sum_b_;
  DoubleDouble m2_a_;
  DoubleDouble m2_b_;
  DoubleDouble co_;
  std::unique_ptr<PairCounts> pairs_;
};

}  // namespace weir
