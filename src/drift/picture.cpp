// SPDX-License-Identifier: Apache-2.0
// Both distributions over the same at most 32 cells. Numbers are cut at quantiles of the reference, rounded to as few digits as
// keep them apart, and beyond its ends at quantiles of what lies there now.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "drift/explain.h"
#include "drift/words.h"
#include "summary/text_shape.h"

namespace weir {

namespace {

constexpr std::size_t kMostCells = 32;
constexpr std::size_t kInner = 20;
constexpr std::size_t kOuter = 4;  // beyond each end of the reference
constexpr std::size_t kShownBytes = 40;

void add_cell(DriftPicture& out, std::string label, double reference, double current) {
  out.labels.push_back(std::move(label));
  out.reference.push_back(reference);
  out.current.push_back(current);
}

double share_of(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

/// Of the numbers of the fewest digits between the two the one that is nearest to the target.
double readable(double low, double target, double high) {
  if (!(low < high)) return low;
  if (low <= 0 && high >= 0) return 0;
  const double size = std::max(std::abs(low), std::abs(high));
  for (int digits = 0; digits < 17; ++digits) {
    const double step = std::pow(10.0, std::floor(std::log10(size)) - digits);
    for (const double part : {1.0, 0.5, 0.2}) {
      const double candidate = std::round(target / (step * part)) * (step * part);
      if (candidate >= low && candidate <= high) return candidate;
    }
  }
  return low;
}

std::vector<double> bounds_of(const Profile& a, const Profile& b) {
  std::vector<double> points;
  const auto add = [&](std::optional<double> value) {
    if (value && std::isfinite(*value)) points.push_back(*value);
  };
  for (std::size_t i = 0; i <= kInner; ++i) add(a.quantile(static_cast<double>(i) / kInner));
  if (points.empty()) return points;
  std::vector<double> outside[2];
  const double first = points.front();
  const double last = points.back();
  for (std::size_t i = 0; i <= 40; ++i) {
    const std::optional<double> value = b.quantile(static_cast<double>(i) / 40);
    if (!value || !std::isfinite(*value)) continue;
    if (*value < first) outside[0].push_back(*value);
    if (*value > last) outside[1].push_back(*value);
  }
  for (std::vector<double>& beyond : outside) {
    const std::size_t step = std::max<std::size_t>(1, beyond.size() / kOuter);
    for (std::size_t i = 0; i < beyond.size(); i += step) points.push_back(beyond[i]);
    if (!beyond.empty()) points.push_back(beyond.back());
    if (!beyond.empty()) points.push_back(beyond.front());
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  // A bound may move by a quarter of the way to its neighbours. The outer ones move outwards, so that all lies within.
  std::vector<double> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double left = i > 0 ? points[i] - points[i - 1] : points.size() > 1 ? points[1] - points[0] : 0;
    const double right = i + 1 < points.size() ? points[i + 1] - points[i] : left;
    const double bound = i == 0 ? readable(points[i] - right / 4, points[i] - right / 8, points[i])
                         : i + 1 == points.size()
                             ? readable(std::nextafter(points[i], HUGE_VAL), points[i] + left / 8, points[i] + left / 4)
                             : readable(points[i] - left / 4, points[i], points[i] + right / 4);
    if (out.empty() || bound > out.back()) out.push_back(bound);
  }
  // One value on both sides: a cell that begins at it.
  if (out.size() == 1 || out.back() <= points.back()) {
    const double step = std::max(std::abs(out.back()) * 0.1, 1.0);
    out.push_back(out.back() + step);
  }
  const std::size_t most = kMostCells - 6;
  while (out.size() > most) out.erase(out.begin() + static_cast<std::ptrdiff_t>(out.size() / 2));
  return out;
}

void draw_numbers(DriftPicture& out, const FieldPair& pair) {
  const Profile& a = *pair.reference;
  const Profile& b = *pair.current;
  out.starts = bounds_of(a, b);
  if (out.starts.size() < 2) {
    out.starts.clear();
    return;
  }
  out.numbers = true;
  const std::vector<std::uint64_t> reference = a.counts_on(out.starts);
  const std::vector<std::uint64_t> current = b.counts_on(out.starts);
  const std::size_t cells = out.starts.size() - 1;
  for (std::size_t i = 0; i < cells; ++i) {
    // What a sketch places outside of its own ends belongs to the outer cells.
    const bool is_first = i == 0;
    const bool is_last = i + 1 == cells;
    const auto count = [&](const std::vector<std::uint64_t>& counts) {
      return counts[i + 1] + (is_first ? counts.front() : 0) + (is_last ? counts.back() : 0);
    };
    add_cell(out, plain(out.starts[i]) + " to " + plain(out.starts[i + 1]), share_of(count(reference), a.elements),
             share_of(count(current), b.elements));
  }
}

std::string label_of(const Group& group, Groups::Of of, bool redacted, std::size_t number) {
  if (group.kind == GroupKind::Rest) return "other";
  if (of == Groups::Of::Lengths) {
    const std::uint64_t first = TextShape::cell_start(group.cell);
    if (group.cell + 1 == TextShape::kCells) return with_commas(first) + " or more characters";
    const std::uint64_t last = TextShape::cell_start(group.cell + 1) - 1;
    return with_commas(first) + (last > first ? " to " + with_commas(last) : "") + " characters";
  }
  if (redacted || group.label.empty()) return "value " + std::to_string(number);
  return shorten(group.label, kShownBytes);
}

void draw_groups(DriftPicture& out, const FieldPair& pair, Groups::Of of) {
  const Profile& a = *pair.reference;
  const Profile& b = *pair.current;
  const bool redacted = pair.redacted || a.redacted || b.redacted;
  const Sides sides(a, b, of);
  const Groups& groups = sides.groups();
  std::vector<std::size_t> values;
  double other_reference = 0;
  double other_current = 0;
  for (std::size_t i = 0; i < groups.what.size(); ++i) {
    if (groups.what[i].kind == GroupKind::Value) values.push_back(i);
    if (groups.what[i].kind == GroupKind::Rest || groups.what[i].kind == GroupKind::OtherType) {
      other_reference += share_of(groups.reference[i], a.elements);
      other_current += share_of(groups.current[i], b.elements);
    }
  }
  const auto weight = [&](std::size_t i) {
    return std::max(share_of(groups.reference[i], a.elements), share_of(groups.current[i], b.elements));
  };
  const std::size_t most = kMostCells - 5;
  if (of == Groups::Of::Values) {
    std::stable_sort(values.begin(), values.end(), [&](std::size_t x, std::size_t y) { return weight(x) > weight(y); });
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::size_t i = values[k];
    const double reference = share_of(groups.reference[i], a.elements);
    const double current = share_of(groups.current[i], b.elements);
    if (k < most) {
      add_cell(out, label_of(groups.what[i], of, redacted, k + 1), reference, current);
    } else {
      other_reference += reference;
      other_current += current;
    }
  }
  if (other_reference > 0 || other_current > 0) add_cell(out, "other", other_reference, other_current);
}

}  // namespace

DriftPicture picture_of(const FieldPair& pair, Groups::Of groups) {
  DriftPicture out;
  const Profile& a = *pair.reference;
  const Profile& b = *pair.current;
  const bool redacted = pair.redacted || a.redacted || b.redacted;
  if (groups == Groups::Of::Numbers) {
    // The bounds of a redacted field would name its values.
    if (!redacted) draw_numbers(out, pair);
  } else {
    draw_groups(out, pair, groups);
  }
  if (out.labels.empty()) return out;
  const auto odd = [&](std::string label, std::uint64_t before, std::uint64_t now) {
    if (before + now > 0) add_cell(out, std::move(label), share_of(before, a.elements), share_of(now, b.elements));
  };
  odd("missing", a.missing(), b.missing());
  odd("NaN", a.odd.nan, b.odd.nan);
  odd("infinity", a.odd.positive_infinity, b.odd.positive_infinity);
  odd("-infinity", a.odd.negative_infinity, b.odd.negative_infinity);
  return out;
}

}  // namespace weir
