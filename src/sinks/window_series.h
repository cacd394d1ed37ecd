// SPDX-License-Identifier: Apache-2.0
// The newest verdict of each window rule and segment as gauges; of a drift rule what each of its tests came to, too.
//
// How many there are is bounded: what has no place any more is not exported and counted. A segment that does not come again
// gives its place back after some windows, so that none shows an old verdict for ever.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sinks/metrics_registry.h"
#include "weir/plan.h"
#include "weir/window_verdict.h"

namespace weir {

class WindowSeries {
 public:
  WindowSeries(MetricsRegistry& registry, std::string stream, std::size_t max_series)
      : registry_(registry), stream_(std::move(stream)), max_series_(max_series) {}

  /// Other rules: the gauges of those that are gone go.
  void use(const Plan& plan);
  /// The number of updates that had no place.
  std::uint64_t show(const WindowOutcome& windows, const Plan& plan);
  /// Of each rule whose newest windows passed or failed: the share of its segments that pass.
  [[nodiscard]] std::vector<double> shares_that_hold() const;

 private:
  struct TestGauges {
    prometheus::Gauge* score = nullptr;
    prometheus::Gauge* tolerance = nullptr;
    prometheus::Gauge* p_value = nullptr;
  };
  struct Gauges {
    bool drift = false;  // which metric `status` is of
    Verdict newest = Verdict::NoData;
    std::map<std::string, TestGauges> tests;
    prometheus::Gauge* status = nullptr;
    prometheus::Gauge* value = nullptr;  // null: the newest window has none
    prometheus::Gauge* end = nullptr;    // null: a window without an end
    Instant last = Instant::min();       // end of the newest window
    std::uint64_t round = 0;             // of its rule, when it was last shown
  };
  struct Rule {
    std::map<std::string, Gauges> segments;
    std::uint64_t round = 0;  // grows with each newer window
    Instant last = Instant::min();
  };

  bool show_one(const WindowVerdict& verdict, const RuleInfo& info, Rule& rule);
  void show_tests(const DriftVerdict& drift, const MetricsRegistry::Labels& labels, Gauges& gauges);
  void set(prometheus::Gauge*& gauge, Metric metric, const MetricsRegistry::Labels& labels,
           std::optional<double> value);
  void remove(Gauges& gauges);
  void remove(TestGauges& gauges);
  void forget_silent(Rule& rule);

  MetricsRegistry& registry_;
  std::string stream_;
  std::size_t max_series_;
  std::size_t shown_ = 0;  // segments of all rules
  std::map<std::string, Rule, std::less<>> rules_;
};

/// "country=DE, channel=web", empty without segments.
[[nodiscard]] std::string segment_label(const WindowVerdict& verdict);

}  // namespace weir
