// SPDX-License-Identifier: Apache-2.0
// All of it on columns that are standardised by the reference, so that units do not matter and one bound says what counts
// as no spread. What is not finite, more than kMostColumns columns or spans that do not fit say nothing: p 1.
#include "stats/columns.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "stats/policy.h"

namespace weir {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double kNoSpread = 1e-9;  // eigenvalue of a correlation matrix: rounding of collinear columns

bool usable(const Scatter& s) {
  const std::size_t d = s.columns();
  const auto finite = [](double x) { return std::isfinite(x); };
  return d >= 1 && d <= kMostColumns && s.comoments.size() == d * d && s.n >= 2 && std::isfinite(s.n) &&
         std::all_of(s.means.begin(), s.means.end(), finite) &&
         std::all_of(s.comoments.begin(), s.comoments.end(), finite) && (s.m4.empty() || s.m4.size() == d);
}

bool comparable(const Scatter& a, const Scatter& b) {
  return usable(a) && usable(b) && a.columns() == b.columns();
}

double comoment(const Scatter& s, std::size_t i, std::size_t j) {
  return s.comoments[i * s.columns() + j];
}

// Excess kurtosis of a column; the most that as many values can have where it is not known.
double kurtosis(const Scatter& s, std::size_t i) {
  const double m2 = comoment(s, i, i);
  if (s.m4.empty() || !(m2 > 0)) return 0;
  const double found = s.m4[i] / m2 / m2 * s.n - 3;
  return std::isfinite(found) ? std::clamp(found, -2.0, s.n) : s.n;
}

// Over both sides, by their rows.
double kurtosis(const Scatter& a, const Scatter& b, std::size_t i) {
  return (a.n * kurtosis(a, i) + b.n * kurtosis(b, i)) / (a.n + b.n);
}

double two_sided(double z) {
  return std::erfc(std::fabs(z) / std::numbers::sqrt2);
}

// P(F > f) of the F law.
double f_tail(double f, double first, double second) {
  if (!(f > 0)) return 1;
  const double p = boost::math::ibeta(second / 2, first / 2, second / (second + first * f), MathPolicy{});
  return std::isfinite(p) ? std::clamp(p, 0.0, 1.0) : 1;
}

// Both sides in units of the deviations of the reference, or of both sides pooled; columns without any left out.
enum class Units { OfReference, Pooled };
struct Standardised {
  Matrix reference;  // covariances in these units
  Matrix current;
  Vector shift;  // of the means
  std::vector<std::size_t> kept;
  std::size_t left_out = 0;
};

Standardised standardised(const Scatter& reference, const Scatter& current, Units units) {
  std::vector<std::size_t> kept;
  std::vector<double> spread;
  for (std::size_t i = 0; i < reference.columns(); ++i) {
    double squares = std::max(0.0, comoment(reference, i, i));
    double degrees = reference.n - 1;
    if (units == Units::Pooled) {
      squares += std::max(0.0, comoment(current, i, i));
      degrees += current.n - 1;
    }
    const double deviation = std::sqrt(squares / degrees);
    // Below is the rounding of a constant's mean.
    if (!(deviation > 1e-12 * std::fabs(reference.means[i])) || !(deviation > 0)) continue;
    kept.push_back(i);
    spread.push_back(deviation);
  }
  Standardised result;
  const auto d = static_cast<Eigen::Index>(kept.size());
  result.left_out = reference.columns() - kept.size();
  result.reference.resize(d, d);
  result.current.resize(d, d);
  result.shift.resize(d);
  for (Eigen::Index i = 0; i < d; ++i) {
    const std::size_t a = kept[static_cast<std::size_t>(i)];
    const double unit = spread[static_cast<std::size_t>(i)];
    result.shift(i) = (current.means[a] - reference.means[a]) / unit;
    for (Eigen::Index j = 0; j < d; ++j) {
      const std::size_t b = kept[static_cast<std::size_t>(j)];
      const double other = spread[static_cast<std::size_t>(j)];
      // Divided one after the other: the product of two units may underflow.
      result.reference(i, j) = comoment(reference, a, b) / (reference.n - 1) / unit / other;
      result.current(i, j) = comoment(current, a, b) / (current.n - 1) / unit / other;
    }
  }
  result.kept = std::move(kept);
  return result;
}

// A third of the excess kurtosis, of the columns by their part in what lies along these axes.
double tails_along(const Scatter& reference, const Scatter& current, const Standardised& both, const Matrix& axes,
                   const Vector& spread) {
  double sum = 0;
  double weights = 0;
  for (std::size_t c = 0; c < both.kept.size(); ++c) {
    const auto row = axes.row(static_cast<Eigen::Index>(c));
    const double weight = row.cwiseAbs2().dot(spread.transpose());
    sum += weight * kurtosis(reference, current, both.kept[c]);
    weights += weight;
  }
  return weights > 0 ? std::max(0.0, sum / weights / 3) : 0;
}

}  // namespace

CorrelationChange correlation_change(const Scatter& reference, const Scatter& current, double design_effect) {
  CorrelationChange result;
  if (!comparable(reference, current)) return result;
  const auto correlation = [](const Scatter& s, std::size_t i, std::size_t j) {
    return std::clamp(comoment(s, i, j) / std::sqrt(comoment(s, i, i)) / std::sqrt(comoment(s, j, j)), -1.0, 1.0);
  };
  const auto varies = [](const Scatter& s, std::size_t i) {
    return std::sqrt(std::max(0.0, comoment(s, i, i)) / s.n) > 1e-12 * std::fabs(s.means[i]);
  };
  double pairs = 0;
  for (std::size_t i = 0; i < reference.columns(); ++i) {
    for (std::size_t j = i + 1; j < reference.columns(); ++j) {
      if (!varies(reference, i) || !varies(reference, j) || !varies(current, i) || !varies(current, j)) continue;
      ++pairs;
      const double before = correlation(reference, i, j);
      const double now = correlation(current, i, j);
      if (pairs > 1 && std::fabs(now - before) <= result.change) continue;
      result.change = std::fabs(now - before);
      result.reference = before;
      result.current = now;
      result.a = i;
      result.b = j;
    }
  }
  result.known = pairs > 0;
  const double effect = std::max(design_effect, 1.0);
  const double tails =
      1 + std::max(0.0, kurtosis(reference, current, result.a) + kurtosis(reference, current, result.b)) / 6;
  const double n = reference.n / effect / tails - 3;
  const double m = current.n / effect / tails - 3;
  if (pairs == 0 || !(n > 0) || !(m > 0)) return result;
  // atanh has no end at 1; a correlation that near to it is a copy of the column.
  constexpr double kCopy = 1 - 1e-12;
  const double z =
      std::atanh(std::clamp(result.current, -kCopy, kCopy)) - std::atanh(std::clamp(result.reference, -kCopy, kCopy));
  result.p = std::min(1.0, pairs * two_sided(z / std::sqrt(1 / n + 1 / m)));
  return result;
}

MeansDistance mahalanobis(const Scatter& reference, const Scatter& current, double design_effect) {
  MeansDistance result;
  if (!comparable(reference, current)) return result;
  const Standardised both = standardised(reference, current, Units::OfReference);
  result.left_out = both.left_out;
  if (both.shift.size() == 0 || !both.current.allFinite() || !both.shift.allFinite()) return result;
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(both.reference);
  if (eigen.info() != Eigen::Success) return result;
  // Axes along which the reference has a deviation of 1; eigenvalues ascend.
  const Eigen::Index d = both.shift.size();
  const double cut = kNoSpread * eigen.eigenvalues()(d - 1);
  Eigen::Index first = 0;
  while (first < d && eigen.eigenvalues()(first) <= cut) ++first;
  const Eigen::Index kept = d - first;
  result.left_out += static_cast<std::size_t>(first);
  if (kept == 0) return result;
  const Matrix axes =
      eigen.eigenvectors().rightCols(kept) * eigen.eigenvalues().tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
  const Vector shift = axes.transpose() * both.shift;
  result.distance = shift.norm();
  result.known = true;

  const double effect = std::max(design_effect, 1.0);
  const double n = reference.n;
  const double m = current.n;
  const Matrix pooled =
      ((n - 1) * Matrix::Identity(kept, kept) + (m - 1) * (axes.transpose() * both.current * axes)) / (n + m - 2);
  const double quadratic = shift.dot(pooled.llt().solve(shift));
  if (!std::isfinite(quadratic) || quadratic < 0) return result;
  result.t_squared = n * (m / (n + m)) / effect * quadratic;
  const auto k = static_cast<double>(kept);
  const double degrees = (n + m) / effect - 2;
  const double left = degrees - k + 1;
  if (!(left > 0)) return result;
  result.p = f_tail(result.t_squared * left / (degrees * k), k, left);
  return result;
}

// The components are those of both sides pooled. Axes fitted to the reference alone leave less of the reference
// beside them than of anything else, and with 10 equal columns and 1,000 rows half of all windows would be drift.
PcaError pca_error(const Scatter& reference, const Scatter& current, double design_effect, double share) {
  PcaError result;
  if (!comparable(reference, current)) return result;
  const Standardised both = standardised(reference, current, Units::Pooled);
  const Eigen::Index d = both.shift.size();
  if (d < 2 || !both.reference.allFinite() || !both.current.allFinite() || !both.shift.allFinite()) return result;
  const double weight = (reference.n - 1) / (reference.n + current.n - 2);
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(weight * both.reference + (1 - weight) * both.current);
  if (eigen.info() != Eigen::Success) return result;
  result.known = true;
  // The fewest leading components that hold `share` of the variance; one at least lies beside them.
  const Vector values = eigen.eigenvalues().cwiseMax(0.0);
  const double all = values.sum();
  double held = 0;
  Eigen::Index components = 0;
  while (components < d - 1 && held < share * all) held += values(d - 1 - components++);
  result.components = static_cast<std::size_t>(components);

  // Mean square of a row's part along the axes beside, about the mean of the reference.
  const Matrix axes = eigen.eigenvectors().leftCols(d - components);
  const Vector shift = axes.transpose() * both.shift;
  const Matrix before = axes.transpose() * both.reference * axes;
  const Matrix now = axes.transpose() * both.current * axes;
  const double effect = std::max(design_effect, 1.0);
  const double n = reference.n / effect;
  const double m = current.n / effect;
  result.reference = before.trace();
  result.current = now.trace() + shift.squaredNorm();
  // Where the reference has nothing beside, rounding is no change and anything else is a large one.
  const double floor = kNoSpread * all;
  const double change = result.current - result.reference;
  if (!std::isfinite(change) || std::fabs(change) <= floor) return result;
  result.effect = change / std::max(result.reference, floor);
  if (!(m > 1) || !(n > 1)) return result;
  // The square of an elliptical vector with covariance R has the variance 2 (1 + k) tr R^2 + k (tr R)^2; a shift s adds 4 s'R s.
  // Its mean lies above by what the means themselves err.
  const double k = tails_along(reference, current, both, axes, values.head(d - components));
  const auto of_square = [&](const Matrix& r) { return 2 * (1 + k) * r.squaredNorm() + k * r.trace() * r.trace(); };
  const double bias = result.reference * (1 / n + 1 / m);
  const double variance = of_square(before) / n + (of_square(now) + 4 * std::max(0.0, shift.dot(now * shift))) / m;
  result.z = variance > 0 ? (change - bias) / std::sqrt(variance) : std::copysign(40.0, change);
  result.p = two_sided(result.z);
  return result;
}

}  // namespace weir
