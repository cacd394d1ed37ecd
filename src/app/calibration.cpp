// SPDX-License-Identifier: Apache-2.0
#include "app/calibration.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace weir {
namespace {

/// How often the alarm goes on, by which windows drifted: m of the last n, off again after so many clean ones.
std::uint64_t alarms_of(const ReplayedRule& rule, const std::function<bool(const ReplayedWindow&)>& drifted) {
  std::uint64_t alarms = 0;
  std::deque<bool> last;
  std::uint32_t clean = 0;
  bool on = false;
  std::size_t series = 0;
  bool first = true;
  for (const ReplayedWindow& window : rule.windows) {
    if (first || window.series != series) {
      last.clear();
      clean = 0;
      on = false;
    }
    first = false;
    series = window.series;
    const bool now = drifted(window);
    if (!now && window.inconclusive) continue;  // no answer counts neither way
    last.push_back(now);
    if (last.size() > rule.of) last.pop_front();
    clean = now ? 0 : clean + 1;
    const auto votes = static_cast<std::uint32_t>(std::count(last.begin(), last.end(), true));
    if (!on && votes >= rule.fire) {
      on = true;
      ++alarms;
    } else if (on && clean >= rule.clear) {
      on = false;
      last.clear();
    }
  }
  return alarms;
}

/// What the replay itself said.
std::uint64_t alarms_seen(const ReplayedRule& rule) {
  std::uint64_t alarms = 0;
  bool before = false;
  std::size_t series = 0;
  for (const ReplayedWindow& window : rule.windows) {
    if (window.series != series) before = false;
    series = window.series;
    alarms += window.firing && !before ? 1U : 0U;
    before = window.firing;
  }
  return alarms;
}

const ReplayedTest* find_test(const ReplayedWindow& window, std::string_view name) {
  const auto found = std::find_if(window.tests.begin(), window.tests.end(),
                                  [&](const ReplayedTest& test) { return test.test == name; });
  return found == window.tests.end() ? nullptr : &*found;
}

/// Up to two digits, never below.
double rounded_up(double value) {
  if (!(value > 0)) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
  const double steps = std::ceil(value / unit - 1e-9);
  // 0.062 and not 0.062000000000000006
  return unit < 1 ? steps / std::round(1 / unit) : steps * unit;
}

/// The smallest tolerance with which this test by itself would not have alarmed more often than it may.
double quiet_tolerance(const ReplayedRule& rule, std::string_view test, double allowed) {
  std::set<double> effects = {0};
  for (const ReplayedWindow& window : rule.windows) {
    const ReplayedTest* const found = find_test(window, test);
    if (found != nullptr && found->significant) effects.insert(found->effect);
  }
  const std::vector<double> candidates(effects.begin(), effects.end());
  // The more is tolerated, the fewer windows drift, and the fewer alarms there are.
  const auto quiet = std::partition_point(candidates.begin(), candidates.end(), [&](double tolerance) {
    const std::uint64_t alarms = alarms_of(rule, [&](const ReplayedWindow& window) {
      const ReplayedTest* const found = find_test(window, test);
      return found != nullptr && found->significant && found->effect > tolerance;
    });
    return static_cast<double>(alarms) > allowed;
  });
  return quiet == candidates.end() ? candidates.back() : *quiet;
}

RuleCalibration calibrate_rule(const ReplayedRule& rule) {
  RuleCalibration out;
  out.rule = &rule;
  std::set<Instant> starts;
  std::vector<std::string_view> names;
  for (const ReplayedWindow& window : rule.windows) {
    ++out.windows;
    out.drifted += window.drifted ? 1U : 0U;
    out.inconclusive += window.inconclusive ? 1U : 0U;
    starts.insert(window.start);
    for (const ReplayedTest& test : window.tests) {
      if (std::find(names.begin(), names.end(), test.test) == names.end()) names.push_back(test.test);
    }
  }
  // Each part began anew; votes go on from one to the next.
  out.alarms = rule.held_out && !rule.sequential
                   ? alarms_of(rule, [](const ReplayedWindow& window) { return window.drifted; })
                   : alarms_seen(rule);
  out.days = std::chrono::duration<double, std::ratio<86400>>(rule.every).count() * static_cast<double>(starts.size());
  if (out.days > 0) {
    const CountInterval interval = poisson_interval(out.alarms);
    out.per_day = {.low = interval.low / out.days, .high = interval.high / out.days};
  }
  // Tests share what a rule may: each alarms by itself.
  const double allowed = out.days / kDaysForOneAlarm / std::max<double>(1, static_cast<double>(names.size()));
  for (const std::string_view name : names) {
    TestCalibration test{.test = std::string(name)};
    for (const ReplayedWindow& window : rule.windows) {
      const ReplayedTest* const found = find_test(window, name);
      if (found == nullptr) continue;
      test.tolerance = found->tolerance;
      test.worst = std::max(test.worst, found->effect);
      test.significant += found->significant ? 1U : 0U;
    }
    if (!rule.sequential) {
      const double quiet = rounded_up(quiet_tolerance(rule, name, std::floor(allowed)));
      if (quiet > test.tolerance) test.proposed = quiet;
    }
    out.tests.push_back(std::move(test));
  }
  return out;
}

}  // namespace

void leave_out_beginning(ReplayedRule& rule) {
  std::vector<ReplayedWindow> kept;
  for (auto from = rule.windows.begin(); from != rule.windows.end();) {
    const auto to = std::find_if(from, rule.windows.end(),
                                 [&](const ReplayedWindow& window) { return window.series != from->series; });
    const auto known = std::find_if(from, to, [](const ReplayedWindow& window) { return window.dependence_known; });
    kept.insert(kept.end(), std::make_move_iterator(known == to ? from : known), std::make_move_iterator(to));
    from = to;
  }
  rule.windows = std::move(kept);
}

Calibration calibrate(const DriftReplay& replay) {
  Calibration out;
  for (const ReplayedRule& rule : replay.rules) {
    out.rules.push_back(calibrate_rule(rule));
    const RuleCalibration& last = out.rules.back();
    out.alarms += last.alarms;
    out.days = std::max(out.days, last.days);
    out.alarms_per_day += last.alarms_per_day();
  }
  if (out.days > 0) {
    const CountInterval interval = poisson_interval(out.alarms);
    out.per_day = {.low = interval.low / out.days, .high = interval.high / out.days};
  }
  return out;
}

}  // namespace weir
