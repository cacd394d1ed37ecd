// SPDX-License-Identifier: Apache-2.0
// A stream as metrics: docs/metrics.md.
//
// Everything that is known from the start (rules, actions, kinds of faults) begins at 0, so that the first failure is a change
// and not a new series. A batch costs a look at each rule's counts and an addition for those that are not 0.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sinks/metrics_registry.h"
#include "sinks/quality_score.h"
#include "sinks/snapshot_watch.h"
#include "sinks/window_series.h"
#include "weir/ports.h"

namespace weir {

struct StreamMetricsOptions {
  std::string stream;              // the label `stream`
  bool partition_label = false;    // records and lag by partition
  std::size_t max_series = 2'000;  // segments of window rules; topics and partitions
};

class StreamMetrics final : public StreamObserver {
 public:
  /// The registry outlives it.
  StreamMetrics(MetricsRegistry& registry, StreamMetricsOptions options);

  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;
  void quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) override;
  void kept_out(std::uint64_t records) override;
  void trouble(const Trouble& trouble, Instant now) override;
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override;

 private:
  using Labels = MetricsRegistry::Labels;
  struct RecordRuleSeries {
    prometheus::Counter* evaluated;
    prometheus::Counter* failed;
    prometheus::Counter* skipped;
    prometheus::Counter* quarantined;
  };
  struct WindowRuleSeries {
    prometheus::Counter* evaluated;
    prometheus::Counter* failed;  // `must` was broken
    prometheus::Counter* warned;  // only `should` was
    prometheus::Counter* verdicts[6];
  };
  /// Counters or gauges by a text that is not known from the start.
  template <class Series>
  using ByText = std::map<std::string, Series*, std::less<>>;

  [[nodiscard]] Labels labels(std::initializer_list<std::pair<const std::string, std::string>> more = {}) const;
  prometheus::Counter& counter(Metric metric,
                               std::initializer_list<std::pair<const std::string, std::string>> more = {});
  prometheus::Gauge& gauge(Metric metric, std::initializer_list<std::pair<const std::string, std::string>> more = {});
  prometheus::Counter* rule_counter(Metric metric, const std::string& rule,
                                    std::initializer_list<std::pair<const std::string, std::string>> more = {});
  prometheus::Counter* records_of(const Partition& partition);
  void count_envelopes(const EnvelopeCounts& found);
  void count_decode_errors(const Outcome& outcome);
  void observe_delay(const Fetched& fetched, std::size_t records, Instant now);
  void show_partitions(const StreamStatus& status);
  void show_lag(const StreamStatus& status);
  void show_score(Instant now);
  [[nodiscard]] Labels place_labels(const Partition& partition) const;
  [[nodiscard]] std::string place_of(const Partition& partition) const;

  MetricsRegistry& registry_;
  StreamMetricsOptions options_;
  std::shared_ptr<const Plan> plan_;
  std::vector<RecordRuleSeries> record_rules_;                          // by index of Plan::rules
  std::vector<WindowRuleSeries> window_rules_;                          // by index of Plan::window_rules
  std::vector<std::pair<Metric, prometheus::Counter*>> rule_counters_;  // all of both
  WindowSeries window_series_;
  QualityScore score_;
  prometheus::Gauge* score_gauge_ = nullptr;     // null: nothing was judged lately
  std::vector<prometheus::Counter*> actions_;    // by OnFail
  std::vector<prometheus::Counter*> envelopes_;  // what records stand in, and what tells of no row of now
  ByText<prometheus::Counter> decode_kinds_;
  ByText<prometheus::Counter> records_;  // by place
  ByText<prometheus::Gauge> lags_;       // by place
  ByText<prometheus::Gauge> checks_;     // of readiness
  ByText<prometheus::Counter> events_;   // of troubles, as kTroubleEvents
  prometheus::Counter* other_event_ = nullptr;
  prometheus::Counter* late_;
  prometheus::Counter* untimed_;
  prometheus::Counter* future_;
  prometheus::Counter* folded_;
  prometheus::Counter* kept_out_;
  prometheus::Counter* dropped_series_;
  prometheus::Counter* rebalances_;
  prometheus::Counter* partial_windows_;
  std::uint64_t rebalances_seen_ = 0;
  std::uint64_t partial_windows_seen_ = 0;
  prometheus::Histogram* delay_;
  std::vector<double> delay_counts_;  // of one batch
  SnapshotWatch unsaved_;
  std::shared_ptr<std::atomic<std::int64_t>> snapshot_;
};

}  // namespace weir
