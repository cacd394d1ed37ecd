// SPDX-License-Identifier: Apache-2.0
// Sketches answer with an interval. A condition is evaluated at the answer itself and at points that stand for all of the
// interval: its ends, zero, each bound that the measure is compared with, and one point between any two of these. Where the
// measure is only compared, nothing changes between such points, so that equal answers at all of them are the answer; the
// same holds for one comparison of anything that only grows or only falls with the measure on either side of zero. A
// condition that computes with a sketch's answer and compares the result twice may change its answer between two points and
// back: that is not seen.
//
// Several measures are combined, every point of one with every point of the others. Of too many combinations the ends of
// the intervals are left, and of too many measures all lower ends and all upper ends.
#include "expr/intervals.h"

#include <algorithm>

#include "expr/condition.h"

namespace weir {

namespace {

constexpr std::size_t kMostIntervals = 4;
constexpr std::size_t kMostCombinations = 1024;
constexpr std::size_t kMostBounds = 16;

// The next combination, as an odometer counts.
bool advance(std::vector<std::size_t>& choice, const std::vector<IntervalPoints>& intervals) {
  for (std::size_t i = 0; i < choice.size(); ++i) {
    if (++choice[i] < intervals[i].points.size()) return true;
    choice[i] = 0;
  }
  return false;
}

// From all lower ends to all upper ones.
bool advance_together(std::vector<std::size_t>& choice) {
  if (choice[0] > 0) return false;
  std::fill(choice.begin(), choice.end(), 1);
  return true;
}

}  // namespace

std::vector<Value> points_within(const Measured& measured, std::vector<double> bounds) {
  const auto inside = [&measured](double point) { return point > measured.low && point < measured.high; };
  std::vector<double> points = {0};  // where abs() turns and a division ends
  points.insert(points.end(), bounds.begin(), bounds.end());
  points.erase(std::remove_if(points.begin(), points.end(), [&](double point) { return !inside(point); }),
               points.end());
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() > kMostBounds) points.resize(kMostBounds);
  points.insert(points.begin(), measured.low);
  points.push_back(measured.high);
  std::vector<Value> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && points.size() > 2) out.push_back(value_at(points[i - 1] / 2 + points[i] / 2, measured));
    out.push_back(value_at(points[i], measured));
  }
  return out;
}

bool any_combination(std::vector<Value> values, std::vector<IntervalPoints> intervals,
                     const std::function<bool(std::span<const Value>)>& differs) {
  if (intervals.empty()) return false;
  std::size_t combinations = 1;
  for (const IntervalPoints& interval : intervals)
    combinations = std::min(combinations * interval.points.size(), 2 * kMostCombinations);
  const bool together = intervals.size() > kMostIntervals;
  if (together || combinations > kMostCombinations) {
    for (IntervalPoints& interval : intervals) interval.points = {interval.points.front(), interval.points.back()};
  }
  std::vector<std::size_t> choice(intervals.size(), 0);
  for (bool more = true; more;) {
    for (std::size_t i = 0; i < intervals.size(); ++i) values[intervals[i].call] = intervals[i].points[choice[i]];
    if (differs(values)) return true;
    more = together ? advance_together(choice) : advance(choice, intervals);
  }
  return false;
}

}  // namespace weir
