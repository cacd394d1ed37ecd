// SPDX-License-Identifier: Apache-2.0
// Everything that /metrics shows. Streams bump what they were given here; a scrape may come from another thread at any time.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sinks/metric_table.h"
#include "weir/time.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace weir {

struct BuildInfo {
  std::string version;
  std::string librdkafka;
};

struct LineageCounts;

/// A text that may come from a rule file or a record, as the value of a label: one line of valid UTF-8, at most 128 bytes. One
/// that was cut or had to be made visible ends with a part of its hash, so that two texts do not become one.
[[nodiscard]] std::string label_value(std::string_view text);
/// The same where `text` alone does not tell what is meant: always with a part of the hash of that.
[[nodiscard]] std::string marked_label_value(std::string_view text, std::string_view meant);

/// How it goes with the schema registry, since the start.
struct SchemaCounts {
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
  std::vector<std::pair<std::string_view, std::uint64_t>> failures;  // by fault
  std::size_t known = 0;
  std::size_t wanted = 0;
};

/// What fires, and how it goes with those who are told.
struct AlertCounts {
  struct OfStream {
    std::string stream;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    std::size_t silenced = 0;
    std::uint64_t left_out = 0;
  };
  struct OfReceiver {
    std::string receiver;
    std::uint64_t sent = 0;
    std::uint64_t away = 0;
    std::uint64_t refused = 0;
    std::size_t waiting = 0;
    bool up = true;
  };
  std::vector<OfStream> streams;
  std::vector<OfReceiver> receivers;
};

class MetricsRegistry {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit MetricsRegistry(const BuildInfo& build);
  ~MetricsRegistry();
  MetricsRegistry(const MetricsRegistry&) = delete;
  MetricsRegistry& operator=(const MetricsRegistry&) = delete;

  /// In Prometheus' text format, version 0.0.4. From any thread.
  [[nodiscard]] std::string text(Instant now);
  /// Rules were loaded, or could not be; then the old ones stay.
  void reloaded(bool successful, Instant now);
  /// As it stands before the next scrape; one thread at a time.
  void schemas(const SchemaCounts& counts);
  void alerts(const AlertCounts& counts);
  void lineage(const LineageCounts& counts);

  /// The series with these labels, made when it is new; it lives as long as the registry unless it is removed.
  prometheus::Counter& counter(Metric metric, const Labels& labels);
  prometheus::Gauge& gauge(Metric metric, const Labels& labels);
  prometheus::Histogram& histogram(Metric metric, const Labels& labels, const std::vector<double>& bounds);
  void remove(Metric metric, prometheus::Gauge& gauge);
  void remove(Metric metric, prometheus::Counter& counter);
  /// A gauge that shows, at each scrape, how long ago the moment is that is stored here in microseconds since 1970; nothing
  /// while that is kNever.
  std::shared_ptr<std::atomic<std::int64_t>> age(Metric metric, const Labels& labels);

  static constexpr std::int64_t kNever = INT64_MIN;

 private:
  /// A counter that is counted elsewhere.
  void raise(Metric metric, const Labels& labels, std::uint64_t to);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
