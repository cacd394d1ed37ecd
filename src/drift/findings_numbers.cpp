// SPDX-License-Identifier: Apache-2.0
// What happened to numbers whose unit stayed: where they lie now, how wide, what was cut off, and what became common.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.h"
#include "drift/explain.h"
#include "drift/measuring.h"
#include "drift/unit_change.h"
#include "drift/words.h"

namespace weir {

namespace {

constexpr double kLeastMove = 0.1;  // of a quantile, in spreads of the reference
constexpr double kLeastPile = 0.02;
constexpr double kAlmostAll = 0.9;

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
void find_pile(const Profile& a, const Profile& b, const QuantilePairs& quantiles, bool redacted,
               std::vector<DriftFinding>& into) {
  constexpr double kLeastMoved = 0.05;
  constexpr double kExplains = 1.25;
  double most = kLeastMoved;
  DriftFinding finding;
  for (const auto& side : {quantiles.reference, quantiles.current}) {
    for (std::size_t i = 1; i < side.size(); ++i) {
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

void find_location(const Profile& a, const Profile& b, double effective, double spread, double distance, bool redacted,
                   std::vector<DriftFinding>& into) {
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
  const double noise = std::max(kLeastMove, 3 / std::sqrt(std::max(1.0, effective))) * spread;
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
  const std::optional<QuantilePairs> quantiles = quantile_pairs(a, b);
  if (!quantiles) return;
  const Sides sides(a, b, Groups::Of::Numbers);
  const double spread = spread_of_reference({.sides = &sides});
  if (auto unit = unit_change(a, b, *quantiles, spread)) {
    into.push_back(*std::move(unit));
    return;
  }
  if (!shape) return;
  const double distance = measure_ks({.sides = &sides}).effect;
  const std::size_t before = into.size();
  find_cut(a, b, redacted, into);
  if (into.size() == before) find_pile(a, b, *quantiles, redacted, into);
  // Where values were cut off, the quantiles beyond went there.
  find_location(a, b, quantiles->effective, spread, into.size() > before ? distance / 2 : distance, redacted, into);
}

}  // namespace weir
