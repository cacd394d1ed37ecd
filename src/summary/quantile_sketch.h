// SPDX-License-Identifier: Apache-2.0
// Quantiles of any number of values in a few kilobytes.
//
// KLL (Z. Karnin, K. Lang, E. Liberty: Optimal quantile approximation in streams, FOCS 2016). Values gather in levels;
// one of level h stands for 2^h values. When all levels together are full, the lowest level that holds its share is
// sorted and every second value goes one level up, from the first or the second on by the toss of a coin. Errors of
// tosses cancel each other, so that ranks are right within rank_error(k): 1.4 % of all values for k = 200, in 99 of 100
// cases. Up to k values nothing is tossed and every answer is exact.
//
// The coin is a hash of the values that were thinned out so far: the same values give the same sketch in every run, and
// pieces with other values have other coins. Cost: about 30 ns a value, 3 k doubles.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "summary/codec.h"

namespace weir {

class QuantileSketch {
 public:
  static constexpr std::uint32_t kLeastK = 8;
  static constexpr std::uint32_t kMostK = 4096;

  explicit QuantileSketch(std::uint32_t k = 200);

  void add(std::span<const double> values);  // finite
  void merge(const QuantileSketch& other);
  /// Puts what came last in order, once, before the sketch is merged into others several times. Answers stay the same.
  void settle();

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// No value has been thinned out: answers are exact.
  [[nodiscard]] bool exact() const noexcept { return levels_.size() == 1; }
  /// How far the rank of an answer may be off, as a share of all values, with a probability of 99 %; 0 when exact.
  [[nodiscard]] double error() const noexcept { return exact() ? 0 : rank_error(k_); }
  [[nodiscard]] static double rank_error(std::uint32_t k) noexcept;

  /// The value at q x (n - 1) of the sorted values, counted from 0 and drawn straight between two neighbours, as
  /// spreadsheets, NumPy and SQL's percentile_cont have it. 0 <= q <= 1; nothing without values.
  [[nodiscard]] std::optional<double> quantile(double q) const;
  /// The same for several shares at once, for the cost of one.
  [[nodiscard]] std::vector<double> quantiles(std::span<const double> shares) const;
  /// The share of values that are <= value.
  [[nodiscard]] std::optional<double> rank(double value) const;
  [[nodiscard]] std::optional<double> min() const noexcept;  // exact
  [[nodiscard]] std::optional<double> max() const noexcept;
  /// What is left of the values, ascending, and how many each stands for: together count().
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> items() const;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(std::uint32_t k) noexcept;
  void write(SummaryWriter& out) const;
  static QuantileSketch read(SummaryReader& in, std::uint32_t k);
  bool operator==(const QuantileSketch& other) const;

 private:
  struct Weighted {
    double value = 0;
    std::uint64_t weight = 0;
  };

  struct Level {
    std::uint32_t size = 0;  // values in it
    std::uint32_t room = 0;  // from this size on it may be thinned out
  };

  [[nodiscard]] std::uint32_t room(std::size_t depth) const noexcept;
  [[nodiscard]] std::size_t room_of(std::size_t levels) const noexcept;
  [[nodiscard]] std::size_t start_of(std::size_t level) const noexcept;
  void push(double value);
  void thin_out();
  [[nodiscard]] bool toss(std::span<const double> values) noexcept;
  void thin_out_level(std::size_t level);
  void add_level();
  [[nodiscard]] std::vector<Weighted> sorted() const;

  std::uint32_t k_;
  std::uint64_t count_ = 0;
  std::uint64_t coin_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  std::vector<Level> levels_;
  std::vector<double> items_;  // from the highest level to level 0; sorted within each but level 0
  bool newest_sorted_ = true;  // level 0, too
  std::size_t most_items_;
};

}  // namespace weir
