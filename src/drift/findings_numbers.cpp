// SPDX-License-Identifier: Apache-2.0
// What happened to numbers. If the quantiles of both sides lie on one line, the unit changed and not the world: said is then by
// how much, as a round factor where one is near. Quantiles from 2 % to 98 % are taken, so an outlier bends nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "drift/explain.h"
#include "drift/measuring.h"
#include "drift/words.h"
#include "stats/samples.h"

namespace weir {

namespace {

constexpr std::size_t kPoints = 25;
constexpr double kCurved = 0.001;   // 1 - R^2, of more values than one can count
constexpr double kLeastMove = 0.1;  // of a quantile, in spreads of the reference
constexpr double kLeastPile = 0.02;
constexpr double kAlmostAll = 0.9;

struct Lines {
  std::array<double, kPoints> x = {};
  std::array<double, kPoints> y = {};
  double effective = 0;  // n m / (n + m)

  /// 1 - R^2 of y = factor x + offset.
  [[nodiscard]] double bend(double factor, double offset) const {
    double mean = 0;
    for (const double value : y) mean += value / kPoints;
    double residual = 0;
    double total = 0;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const double r = y[i] - factor * x[i] - offset;
      residual += r * r;
      total += (y[i] - mean) * (y[i] - mean);
    }
    return total > 0 ? residual / total : 1;
  }
  /// Quantiles of few values lie beside their line by chance.
  [[nodiscard]] double bend_allowed() const { return std::max(kCurved, 3 / std::max(30.0, effective)); }
};

std::optional<Lines> lines_of(const Profile& a, const Profile& b) {
  Lines out;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double share = 0.02 + 0.96 * static_cast<double>(i) / (kPoints - 1);
    const std::optional<double> x = a.quantile(share);
    const std::optional<double> y = b.quantile(share);
    if (!x || !y || !std::isfinite(*x) || !std::isfinite(*y)) return std::nullopt;
    out.x[i] = *x;
    out.y[i] = *y;
  }
  out.effective = effective_size(a.finite, b.finite, 1);
  return out;
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

/// The number with the fewest digits within reach.
double rounded(double number, double within) {
  if (number == 0) return 0;
  const double magnitude = std::floor(std::log10(std::abs(number)));
  for (int digits = 0; digits < 6; ++digits) {
    const double step = std::pow(10.0, magnitude - digits);
    const double candidate = std::round(number / step) * step;
    if (std::abs(candidate - number) <= within) return candidate;
  }
  return number;
}

bool find_unit(const Lines& lines, double spread, std::vector<DriftFinding>& into) {
  // One value on a side is on every line.
  if (lines.x.front() >= lines.x.back() || lines.y.front() >= lines.y.back()) return false;
  const double noise = std::clamp(3 / std::sqrt(std::max(1.0, lines.effective)), 0.003, 0.15);
  DriftFinding finding;
  finding.effect = 2;  // it explains all others
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    xx += lines.x[i] * lines.x[i];
    xy += lines.x[i] * lines.y[i];
  }
  if (xx > 0 && xy != 0 && lines.bend(xy / xx, 0) <= lines.bend_allowed()) {
    const double factor = xy / xx;
    std::optional<double> known = factor > 0 ? round_factor(factor, noise) : std::nullopt;
    if (known && lines.bend(*known, 0) > 2 * lines.bend_allowed()) known.reset();
    if (factor > 0 && (known || factor >= 1.5 || factor <= 1 / 1.5)) {
      finding.kind = DriftFindingKind::Scaled;
      finding.text = "scaled by " + (known ? factor_in_words(*known) : plain(rounded(factor, factor * noise / 3)));
      into.push_back(std::move(finding));
      return true;
    }
  }
  std::array<double, kPoints> gaps;
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    gaps[i] = lines.y[i] - lines.x[i];
    mean_x += lines.x[i] / kPoints;
    mean_y += lines.y[i] / kPoints;
  }
  std::nth_element(gaps.begin(), gaps.begin() + kPoints / 2, gaps.end());
  const double shift = gaps[kPoints / 2];
  if (lines.bend(1, shift) <= lines.bend_allowed() && std::abs(shift) > 0.3 * spread) {
    const double unsure = 2.5 * spread / std::sqrt(std::max(1.0, lines.effective));
    finding.kind = DriftFindingKind::Shifted;
    finding.text = "shifted by " + plain(rounded(shift, std::max(unsure, std::abs(shift) * 1e-9)));
    into.push_back(std::move(finding));
    return true;
  }
  double sxx = 0;
  double sxy = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    sxx += (lines.x[i] - mean_x) * (lines.x[i] - mean_x);
    sxy += (lines.x[i] - mean_x) * (lines.y[i] - mean_y);
  }
  if (sxx <= 0 || sxy <= 0) return false;
  const double factor = sxy / sxx;
  // Any two bell curves lie on some line: only the one of temperatures is taken for a unit.
  const double known = factor > 1 ? 1.8 : 1 / 1.8;
  const double known_offset = factor > 1 ? 32 : -32 / 1.8;
  const double unsure = 4 * known * spread / std::sqrt(std::max(1.0, lines.effective));
  if (std::abs(std::log(factor / known)) > noise || std::abs(mean_y - known * mean_x - known_offset) > unsure ||
      lines.bend(known, known_offset) > lines.bend_allowed()) {
    return false;
  }
  finding.kind = DriftFindingKind::Scaled;
  finding.text = factor > 1 ? "scaled by 1.8 and shifted by 32" : "shifted by -32 and scaled by 1/1.8";
  into.push_back(std::move(finding));
  return true;
}

/// How far the reference, multiplied by a factor, lies from the window; nothing where its edges do not see enough of it, for then
/// any factor would do.
std::optional<double> apart_when_scaled(const Profile& a, const Profile& b, double factor) {
  const bool b_in_cells = !b.has_raw() && b.sketch.empty();
  const Profile& in_cells = b_in_cells ? b : a;
  if (in_cells.edges == nullptr || in_cells.cells.empty()) {
    if (!a.has_raw() || !b.has_raw()) return std::nullopt;
    std::vector<double> scaled = a.raw;
    for (double& value : scaled) value *= factor;
    return ks_distance(scaled, b.raw).d;
  }
  // The edges of one side as the other side has them.
  std::vector<double> edges = *in_cells.edges;
  for (double& edge : edges) edge = b_in_cells ? edge / factor : edge * factor;
  const std::vector<std::uint64_t> other = (b_in_cells ? a : b).counts_on(edges);
  if (other.size() != in_cells.cells.size()) return std::nullopt;
  const Profile& beside = b_in_cells ? a : b;
  double up_to = 0;
  double up_to_other = 0;
  double apart = 0;
  double seen = 0;
  for (std::size_t i = 0; i + 1 < other.size(); ++i) {
    up_to += static_cast<double>(in_cells.cells[i]) / static_cast<double>(in_cells.finite);
    up_to_other += static_cast<double>(other[i]) / static_cast<double>(beside.finite);
    apart = std::max(apart, std::abs(up_to - up_to_other));
    seen = std::max(seen, std::min(up_to, 1 - up_to));
  }
  constexpr double kLeastSeen = 0.05;
  return seen < kLeastSeen ? std::nullopt : std::optional(apart);
}

/// The means give a factor, an outlier makes it a wrong one, and of those near it the one is taken that brings the reference to where
/// the window lies. For a window that is known by its cells alone (quantiles would be drawn within wide ones), and for heavy tails
/// (their quantiles lie on no line): there only a factor between units is believed.
bool find_unit_by_distance(const Profile& a, const Profile& b, std::vector<DriftFinding>& into) {
  constexpr double kNear = 0.4;     // of the logarithm
  constexpr double kOneLaw = 1.36;  // Kolmogorov's 5 % point
  constexpr double kResolution = 0.01;
  if (!(a.m2 > 0)) return false;
  const bool b_in_cells = !b.has_raw() && b.sketch.empty();
  const double factor = b_in_cells ? b.mean / a.mean : b.quantile(0.5).value_or(0) / a.quantile(0.5).value_or(0);
  if (!std::isfinite(factor) || factor <= 0 || (factor < 1.5 && factor > 1 / 1.5)) return false;
  double best = 0;
  double nearest =
      (b_in_cells ? kResolution : 0) + kOneLaw / std::sqrt(std::max(1.0, effective_size(a.finite, b.finite, 1)));
  const auto consider = [&](double candidate) {
    const std::optional<double> apart = apart_when_scaled(a, b, candidate);
    if (!apart || *apart > nearest) return;
    nearest = *apart;
    best = candidate;
  };
  if (const std::optional<double> unit = round_factor(factor, kNear)) consider(*unit);
  const bool known = best > 0;
  for (double off = -kNear; b_in_cells && !known && off <= kNear; off += 0.02) consider(factor * std::exp(off));
  if (best <= 0) return false;
  DriftFinding finding;
  finding.kind = DriftFindingKind::Scaled;
  finding.effect = 2;
  finding.text = "scaled by " + (known ? factor_in_words(best) : "about " + plain(rounded(best, best * 0.03)));
  into.push_back(std::move(finding));
  return true;
}

/// The shares of one value, and of what lies above it.
struct Standing {
  double at = 0;
  double above = 0;
};

Standing standing_of(const Profile& profile, double value) {
  const std::vector<std::uint64_t> counts = profile.counts_on({value, value});
  if (counts.size() != 3 || profile.finite == 0) return {};
  const double n = static_cast<double>(profile.finite);
  return {static_cast<double>(counts[1]) / n, static_cast<double>(counts[2]) / n};
}

void find_cut(const Profile& a, const Profile& b, bool redacted, std::vector<DriftFinding>& into) {
  for (const bool top : {true, false}) {
    const std::optional<double> end = b.quantile(top ? 1 : 0);
    if (!end || !std::isfinite(*end)) continue;
    const Standing before = standing_of(a, *end);
    const Standing now = standing_of(b, *end);
    const double beyond = top ? before.above : 1 - before.above - before.at;
    if (now.at < kLeastPile || before.at > now.at / 2 || beyond < now.at / 3) continue;
    DriftFinding finding;
    finding.kind = DriftFindingKind::Location;
    finding.effect = now.at;
    finding.text = std::string(top ? "cut off" : "cut off below") + (redacted ? "" : " at " + plain(*end)) + " (" +
                   percent(now.at) + " of the values)";
    into.push_back(std::move(finding));
  }
}

/// A value that many have now, or had before: a stand-in for what is not known, a default. Two quantiles are it.
void find_pile(const Profile& a, const Profile& b, const Lines& lines, bool redacted, std::vector<DriftFinding>& into) {
  constexpr double kLeastMoved = 0.05;
  constexpr double kExplains = 1.25;
  double most = kLeastMoved;
  DriftFinding finding;
  for (const std::array<double, kPoints>& side : {lines.x, lines.y}) {
    for (std::size_t i = 1; i < kPoints; ++i) {
      if (side[i] != side[i - 1]) continue;
      const double before = standing_of(a, side[i]).at;
      const double now = standing_of(b, side[i]).at;
      if (std::abs(now - before) <= most) continue;
      most = std::abs(now - before);
      finding.kind = DriftFindingKind::Share;
      finding.effect = most * kExplains;
      finding.text =
          (redacted ? "one value" : plain(side[i])) + " went from " + percent(before) + " to " + percent(now);
    }
  }
  if (!finding.text.empty()) into.push_back(std::move(finding));
}

bool find_collapse(const Profile& a, const Profile& b, bool redacted, std::vector<DriftFinding>& into) {
  const std::optional<double> middle = b.quantile(0.5);
  if (!middle) return false;
  const double now = standing_of(b, *middle).at;
  if (now < kAlmostAll || standing_of(a, *middle).at >= kAlmostAll / 2) return false;
  DriftFinding finding;
  finding.kind = DriftFindingKind::Share;
  finding.effect = 1;
  finding.text = "everything is one value now" + (redacted ? "" : ": " + plain(*middle)) + " (" + percent(now) + ")";
  into.push_back(std::move(finding));
  return true;
}

void find_location(const Lines& lines, const Profile& a, const Profile& b, double spread, double distance,
                   bool redacted, std::vector<DriftFinding>& into) {
  static constexpr std::pair<double, std::string_view> kShares[] = {
      {0.05, "p5"}, {0.25, "p25"}, {0.5, "p50"}, {0.75, "p75"}, {0.95, "p95"}};
  std::array<double, 5> before = {};
  std::array<double, 5> now = {};
  std::size_t most = 2;
  for (std::size_t i = 0; i < 5; ++i) {
    before[i] = a.quantile(kShares[i].first).value_or(0);
    now[i] = b.quantile(kShares[i].first).value_or(0);
    if (i != 2 && (most == 2 || std::abs(now[i] - before[i]) > std::abs(now[most] - before[most]))) most = i;
  }
  const double noise = std::max(kLeastMove, 3 / std::sqrt(std::max(1.0, lines.effective))) * spread;
  const double median = now[2] - before[2];
  if (std::max(std::abs(median), std::abs(now[most] - before[most])) > kLeastMove * spread) {
    DriftFinding finding;
    finding.kind = DriftFindingKind::Location;
    finding.effect = distance;
    const auto moved = [&](std::size_t i) {
      return std::string(kShares[i].second) + " " + plain(before[i]) + " -> " + plain(now[i]);
    };
    if (redacted) {
      finding.text = std::abs(median) < noise / 3 ? "the tails moved"
                     : median > 0                 ? "values are larger"
                                                  : "values are smaller";
    } else {
      finding.text = now[2] == before[2] ? moved(most)
                     : most < 2          ? moved(most) + ", " + moved(2)
                                         : moved(2) + ", " + moved(most);
    }
    into.push_back(std::move(finding));
  }
  const double wide = before[3] - before[1];
  const double wide_now = now[3] - now[1];
  if (wide <= 0) return;
  const double ratio = wide_now / wide;
  if (ratio < 1.5 && ratio > 0.67) return;
  DriftFinding finding;
  finding.kind = DriftFindingKind::Spread;
  finding.effect =
      distance * (std::abs(median) < noise ? 1.1 : 0.9);  // if the middle stayed, the spread is what happened
  if (ratio >= 0.45 && ratio <= 0.55) {
    finding.text = "spread halved";
  } else if (ratio >= 1.8 && ratio <= 2.2) {
    finding.text = "spread doubled";
  } else {
    finding.text = ratio < 1 ? "spread fell to " + percent(ratio)
                             : "spread is " + plain(rounded(ratio, ratio * 0.05)) + " times as large";
  }
  into.push_back(std::move(finding));
}

}  // namespace

void find_in_numbers(const FieldPair& pair, bool shape, std::vector<DriftFinding>& into) {
  const Profile& a = *pair.reference;
  const Profile& b = *pair.current;
  if (a.finite == 0 || b.finite == 0) return;
  const bool redacted = pair.redacted || a.redacted || b.redacted;
  if (shape && find_collapse(a, b, redacted, into)) return;
  const std::optional<Lines> lines = lines_of(a, b);
  if (!lines) return;
  const Sides sides(a, b, Groups::Of::Numbers);
  const double spread = spread_of_reference({.sides = &sides});
  if (find_unit_by_distance(a, b, into) || find_unit(*lines, spread, into) || !shape) return;
  const double distance = measure_ks({.sides = &sides}).effect;
  const std::size_t before = into.size();
  find_cut(a, b, redacted, into);
  if (into.size() == before) find_pile(a, b, *lines, redacted, into);
  // Where values were cut off, the quantiles beyond went there.
  find_location(*lines, a, b, spread, into.size() > before ? distance / 2 : distance, redacted, into);
}

}  // namespace weir
