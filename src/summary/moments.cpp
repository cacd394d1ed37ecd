// SPDX-License-Identifier: Apache-2.0
// Moments of a chunk, and of two pieces together.
#include "summary/moments.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace weir {

namespace {

// Independent sums side by side: additions wait for each other otherwise.
constexpr std::size_t kLanes = 4;

DoubleDouble sum_of(std::span<const double> values) noexcept {
  double sums[kLanes] = {};
  double lost[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const DoubleDouble next = exact_sum(sums[lane], values[i + lane]);
      sums[lane] = next.high;
      lost[lane] += next.low;
    }
  }
  DoubleDouble sum;
  for (std::size_t lane = 0; lane < kLanes; ++lane) sum = sum + normal(sums[lane], lost[lane]);
  for (; i < values.size(); ++i) sum = sum + values[i];
  return sum;
}

struct Powers {
  double first = 0;
  double second = 0;
  double third = 0;
  double fourth = 0;
};

// Sums of the powers of x - centre.
template <bool High>
Powers powers_about(double centre, std::span<const double> values) noexcept {
  double sums[4][kLanes] = {};
  const auto take = [&](double value, std::size_t lane) {
    const double d = value - centre;
    const double square = d * d;
    sums[0][lane] += d;
    sums[1][lane] += square;
    if constexpr (High) {
      sums[2][lane] += square * d;
      sums[3][lane] += square * square;
    }
  };
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(values[i + lane], lane);
  }
  for (; i < values.size(); ++i) take(values[i], i % kLanes);
  const auto total = [&](std::size_t power) {
    return (sums[power][0] + sums[power][1]) + (sums[power][2] + sums[power][3]);
  };
  return {total(0), total(1), total(2), total(3)};
}

}  // namespace

void Moments::add(std::span<const double> values) noexcept {
  if (values.empty()) return;
  double smallest = min_;
  double largest = max_;
  for (const double value : values) {
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
  }
  min_ = smallest + 0.0;  // no zero with a sign: which of the two came first would be a part of the state
  max_ = largest + 0.0;
  count_ += values.size();
  if (values.size() == 1) {
    join(1, {values[0], 0}, {}, 0, 0);
    return;
  }
  const auto n = static_cast<double>(values.size());
  const DoubleDouble sum = sum_of(values);
  const double centre = (sum / n).value();
  const Powers p = high_ ? powers_about<true>(centre, values) : powers_about<false>(centre, values);
  // What rounding the centre left over.
  const double off = p.first / n;
  const double m3 = p.third - 3 * off * p.second + 2 * n * off * off * off;
  const double m4 = p.fourth - 4 * off * p.third + 6 * off * off * p.second - 3 * n * off * off * off * off;
  const double m2 = p.second - p.first * off;
  join(n, sum, {m2 < 0 ? 0 : m2, 0}, m3, m4);
}

// count_, min_ and max_ already hold both pieces.
void Moments::join(double n, const DoubleDouble& sum, const DoubleDouble& m2, double m3, double m4) noexcept {
  const auto both = static_cast<double>(count_);
  const double before = both - n;
  if (before == 0) {
    sum_ = sum;
    m2_ = m2;
    m3_ = m3;
    m4_ = m4;
    return;
  }
  const DoubleDouble mean = n == 1 ? sum : sum / n;
  const double delta = (mean - sum_ / before).value();
  const double square = delta * delta;
  if (high_) {
    const double shared = before * n / both;
    const double own_m2 = m2_.value();
    const double other_m2 = m2.value();
    m4_ += m4 + square * square * shared * (before * before - before * n + n * n) / (both * both) +
           6 * square * (before * before * other_m2 + n * n * own_m2) / (both * both) +
           4 * delta * (before * m3 - n * m3_) / both;
    m3_ += m3 + square * delta * shared * (before - n) / both + 3 * delta * (before * other_m2 - n * own_m2) / both;
  }
  m2_ = m2_ + m2 + square * (before * n / both);
  sum_ = sum_ + sum;
}

void Moments::merge(const Moments& other) noexcept {
  WEIR_ASSERT(high_ == other.high_, "moments of one spec");
  if (other.count_ == 0) return;
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  join(static_cast<double>(other.count_), other.sum_, other.m2_, other.m3_, other.m4_);
}

double Moments::m2() const noexcept {
  if (!(min_ < max_)) return 0;
  return std::isnan(m2_.value()) ? std::numeric_limits<double>::infinity() : m2_.value();
}

std::optional<double> Moments::mean() const noexcept {
  if (count_ == 0) return std::nullopt;
  const double mean = (sum_ / static_cast<double>(count_)).value();
  return std::isnan(mean) ? mean : std::clamp(mean, min_, max_);
}

std::optional<double> Moments::variance() const noexcept {
  if (count_ == 0) return std::nullopt;
  return m2() / static_cast<double>(count_);
}

std::optional<double> Moments::sample_variance() const noexcept {
  if (count_ < 2) return std::nullopt;
  return m2() / static_cast<double>(count_ - 1);
}

std::optional<double> Moments::min() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(min_);
}

std::optional<double> Moments::max() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(max_);
}

std::optional<double> Moments::skewness() const noexcept {
  if (!high_ || !(m2() > 0)) return std::nullopt;
  const auto n = static_cast<double>(count_);
  const double spread = std::sqrt(m2() / n);
  return m3_ / n / spread / spread / spread;
}

std::optional<double> Moments::kurtosis() const noexcept {
  if (!high_ || !(m2() > 0)) return std::nullopt;
  const auto n = static_cast<double>(count_);
  const double variance = m2() / n;
  return m4_ / n / variance / variance - 3;
}

void Moments::write(SummaryWriter& out) const {
  out.varint(count_);
  if (count_ == 0) return;
  for (const double value : {sum_.high, sum_.low, m2_.high, m2_.low, min_, max_}) out.f64(value);
  if (!high_) return;
  out.f64(m3_);
  out.f64(m4_);
}

Moments Moments::read(SummaryReader& in, bool high) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;  // counts are exact as doubles
  Moments read(high);
  read.count_ = in.at_most(kMost, "the count of the moments");
  if (read.count_ == 0) return read;
  // Sums of numbers near the largest double are infinite, or none; whatever it is comes back.
  for (double* value : {&read.sum_.high, &read.sum_.low, &read.m2_.high, &read.m2_.low}) *value = in.f64();
  read.min_ = in.finite();
  read.max_ = in.finite();
  in.require(read.min_ <= read.max_, "the smallest value is above the largest");
  in.require(!(read.m2_.high < 0), "a sum of squares is negative");
  if (high) {
    read.m3_ = in.f64();
    read.m4_ = in.f64();
  }
  return in.ok() ? read : Moments(high);
}

}  // namespace weir
