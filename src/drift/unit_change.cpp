// SPDX-License-Identifier: Apache-2.0
// Two ways to see that one line leads from the reference to the window.
//
// The quantiles of both lie on it: exact for few values and for light tails, and the only way that finds a shift. Or the
// reference, multiplied by a factor between units that people confuse, comes to lie where the window does, by the largest distance
// of the distribution functions: for heavy tails, whose far quantiles lie on no line, and for windows that are known by
// their cells alone, within which quantiles would be drawn.
#include "drift/unit_change.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "drift/measuring.h"
#include "drift/words.h"
#include "stats/samples.h"

namespace weir {

namespace {

constexpr std::size_t kPoints = QuantilePairs::kPoints;
constexpr double kCurved = 0.001;      // 1 - R^2, of more values than one can count
constexpr double kExplainsOthers = 2;  // as an effect
constexpr double kLeastFactor = 1.5;

/// Knows a side by nothing but counts between edges.
bool in_cells_alone(const Profile& profile) {
  return !profile.has_raw() && profile.sketch.empty();
}

/// 1 - R^2 of current = factor x reference + offset.
double bend(const QuantilePairs& pairs, double factor, double offset) {
  double mean = 0;
  for (const double value : pairs.current) mean += value / kPoints;
  double residual = 0;
  double total = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double r = pairs.current[i] - factor * pairs.reference[i] - offset;
    residual += r * r;
    total += (pairs.current[i] - mean) * (pairs.current[i] - mean);
  }
  return total > 0 ? residual / total : 1;
}

/// Quantiles of few values lie beside their line by chance.
double bend_allowed(const QuantilePairs& pairs) {
  return std::max(kCurved, 3 / std::max(30.0, pairs.effective));
}

/// How far a factor may be off by chance, as a share of it.
double noise_of(double effective) {
  return std::clamp(3 / std::sqrt(std::max(1.0, effective)), 0.003, 0.15);
}

/// Factors between units that people confuse.
std::optional<double> round_factor(double factor, double within) {
  static constexpr double kUnits[] = {10,      100,     1e3,  1e4, 1e5,  1e6,     1e7,   1e8,
                                      1e9,     12,      24,   60,  3600, 7,       86400, 1.609344,
                                      3.28084, 2.20462, 2.54, 1.8, 1024, 1048576, 2,     4.184};
  std::optional<double> best;
  double nearest = within;
  for (const double unit : kUnits) {
    for (const double candidate : {unit, 1 / unit}) {
      const double off = std::abs(std::log(factor / candidate));
      if (off <= nearest) {
        nearest = off;
        best = candidate;
      }
    }
  }
  return best;
}

std::string factor_in_words(double factor) {
  const double inverse = 1 / factor;
  if (factor < 1 && std::abs(inverse - std::round(inverse)) < 1e-9 * inverse) return "1/" + plain(std::round(inverse));
  return plain(factor);
}

DriftFinding said(DriftFindingKind kind, std::string text) {
  return {.kind = kind, .text = std::move(text), .effect = kExplainsOthers, .example = {}, .count = 0};
}

/// How far from the window the reference lies when each of its values x is factor x + shift; nothing where the edges do not see
/// enough of it, for then any factor would do.
std::optional<double> apart(const Profile& reference, const Profile& current, double factor, double shift) {
  if (reference.has_raw() && current.has_raw()) {
    std::vector<double> moved = reference.raw;
    for (double& value : moved) value = factor * value + shift;
    return ks_distance(moved, current.raw).d;
  }
  // On the edges of the side that has no more than them, as the other side has these edges.
  const bool on_current = in_cells_alone(current);
  const Profile& counted = on_current ? current : reference;
  const Profile& moved = on_current ? reference : current;
  if (counted.edges == nullptr || counted.cells.empty()) return std::nullopt;
  std::vector<double> edges = *counted.edges;
  for (double& edge : edges) edge = on_current ? (edge - shift) / factor : factor * edge + shift;
  const std::vector<std::uint64_t> there = moved.counts_on(edges);
  if (there.size() != counted.cells.size()) return std::nullopt;
  double up_to = 0;
  double up_to_there = 0;
  double most = 0;
  double seen = 0;
  for (std::size_t i = 0; i + 1 < there.size(); ++i) {
    up_to += static_cast<double>(counted.cells[i]) / static_cast<double>(counted.finite);
    up_to_there += static_cast<double>(there[i]) / static_cast<double>(moved.finite);
    most = std::max(most, std::abs(up_to - up_to_there));
    seen = std::max(seen, std::min(up_to, 1 - up_to));
  }
  constexpr double kLeastSeen = 0.05;
  return seen < kLeastSeen ? std::nullopt : std::optional(most);
}

/// A window in cells has a mean, which an outlier makes wrong: factors near that of the means are tried. One with quantiles
/// has a factor that is as sure as they are, and only units are believed. A shift that fits better is no unit.
std::optional<DriftFinding> factor_by_distance(const Profile& reference, const Profile& current,
                                               const QuantilePairs& quantiles) {
  constexpr double kOneLaw = 1.36;  // Kolmogorov's 5 % point
  constexpr double kResolution = 0.01;
  constexpr double kNearMeans = 0.4;  // of the logarithm
  const bool cells = in_cells_alone(current);
  const double before = cells ? reference.mean : quantiles.reference[kPoints / 2];
  const double now = cells ? current.mean : quantiles.current[kPoints / 2];
  const double factor = now / before;
  if (!(reference.m2 > 0) || !std::isfinite(factor) || factor <= 0) return std::nullopt;
  if (factor < kLeastFactor && factor > 1 / kLeastFactor) return std::nullopt;
  double nearest = (cells ? kResolution : 0) + kOneLaw / std::sqrt(std::max(1.0, quantiles.effective));
  if (const auto shifted = apart(reference, current, 1, now - before)) nearest = std::min(nearest, *shifted);
  double best = 0;
  const auto consider = [&](double candidate) {
    const std::optional<double> off = apart(reference, current, candidate, 0);
    if (!off || *off > nearest) return;
    nearest = *off;
    best = candidate;
  };
  if (const auto unit = round_factor(factor, cells ? kNearMeans : noise_of(quantiles.effective))) consider(*unit);
  if (best > 0) return said(DriftFindingKind::Scaled, "scaled by " + factor_in_words(best));
  for (double off = -kNearMeans; cells && off <= kNearMeans; off += 0.02) consider(factor * std::exp(off));
  if (best <= 0) return std::nullopt;
  return said(DriftFindingKind::Scaled, "scaled by about " + plain(rounded(best, best * 0.03)));
}

std::optional<DriftFinding> factor_on_line(const QuantilePairs& pairs) {
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    xx += pairs.reference[i] * pairs.reference[i];
    xy += pairs.reference[i] * pairs.current[i];
  }
  const double factor = xx > 0 ? xy / xx : 0;
  if (!(factor > 0) || bend(pairs, factor, 0) > bend_allowed(pairs)) return std::nullopt;
  const double noise = noise_of(pairs.effective);
  std::optional<double> known = round_factor(factor, noise);
  if (known && bend(pairs, *known, 0) > 2 * bend_allowed(pairs)) known.reset();
  if (!known && factor < kLeastFactor && factor > 1 / kLeastFactor) return std::nullopt;
  return said(DriftFindingKind::Scaled,
              "scaled by " + (known ? factor_in_words(*known) : plain(rounded(factor, factor * noise / 3))));
}

std::optional<DriftFinding> shift_on_line(const QuantilePairs& pairs, double spread) {
  std::array<double, kPoints> gaps;
  for (std::size_t i = 0; i < kPoints; ++i) gaps[i] = pairs.current[i] - pairs.reference[i];
  std::nth_element(gaps.begin(), gaps.begin() + kPoints / 2, gaps.end());
  const double shift = gaps[kPoints / 2];
  if (bend(pairs, 1, shift) > bend_allowed(pairs) || std::abs(shift) <= 0.3 * spread) return std::nullopt;
  const double unsure = std::max(2.5 * spread / std::sqrt(std::max(1.0, pairs.effective)), std::abs(shift) * 1e-9);
  // With few values the shift itself is known to a part only: a round number would be a wrong one.
  constexpr double kVague = 0.1;
  const bool vague = unsure > kVague * std::abs(shift);
  return said(DriftFindingKind::Shifted, vague
                                             ? "shifted by about " + plain(rounded(shift, std::abs(shift) * kVague / 2))
                                             : "shifted by " + plain(rounded(shift, unsure)));
}

/// Any two bell curves lie on some line: only the one of temperatures is taken for a unit.
std::optional<DriftFinding> temperature_on_line(const QuantilePairs& pairs, double spread) {
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    mean_x += pairs.reference[i] / kPoints;
    mean_y += pairs.current[i] / kPoints;
  }
  double sxx = 0;
  double sxy = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    sxx += (pairs.reference[i] - mean_x) * (pairs.reference[i] - mean_x);
    sxy += (pairs.reference[i] - mean_x) * (pairs.current[i] - mean_y);
  }
  if (sxx <= 0 || sxy <= 0) return std::nullopt;
  const double factor = sxy / sxx;
  const double known = factor > 1 ? 1.8 : 1 / 1.8;
  const double offset = factor > 1 ? 32 : -32 / 1.8;
  const double unsure = 4 * known * spread / std::sqrt(std::max(1.0, pairs.effective));
  if (std::abs(std::log(factor / known)) > noise_of(pairs.effective)) return std::nullopt;
  if (std::abs(mean_y - known * mean_x - offset) > unsure) return std::nullopt;
  if (bend(pairs, known, offset) > bend_allowed(pairs)) return std::nullopt;
  return said(DriftFindingKind::Scaled,
              factor > 1 ? "scaled by 1.8 and shifted by 32" : "shifted by -32 and scaled by 1/1.8");
}

}  // namespace

std::optional<QuantilePairs> quantile_pairs(const Profile& reference, const Profile& current) {
  QuantilePairs out;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double share = 0.02 + 0.96 * static_cast<double>(i) / (kPoints - 1);
    const std::optional<double> x = reference.quantile(share);
    const std::optional<double> y = current.quantile(share);
    if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y)) return std::nullopt;
    out.reference[i] = *x;
    out.current[i] = *y;
  }
  out.effective = effective_size(reference.finite, current.finite, 1);
  return out;
}

std::optional<DriftFinding> unit_change(const Profile& reference, const Profile& current,
                                        const QuantilePairs& quantiles, double spread) {
  if (auto found = factor_by_distance(reference, current, quantiles)) return found;
  // One value on a side is on every line.
  if (quantiles.reference.front() >= quantiles.reference.back()) return std::nullopt;
  if (quantiles.current.front() >= quantiles.current.back()) return std::nullopt;
  if (auto found = factor_on_line(quantiles)) return found;
  if (auto found = shift_on_line(quantiles, spread)) return found;
  return temperature_on_line(quantiles, spread);
}

}  // namespace weir
