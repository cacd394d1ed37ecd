// SPDX-License-Identifier: Apache-2.0
#include "sinks/metrics_registry.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>

#include "base/sha256.h"
#include "base/text.h"
#include "sinks/lineage_queue.h"
#include "sinks/process_facts.h"

namespace weir {

namespace {

constexpr std::size_t kLabelBytes = 128;
constexpr std::size_t kHashDigits = 8;

constexpr std::size_t index_of(Metric metric) {
  return static_cast<std::size_t>(metric);
}

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    if (index_of(kMetrics[i].id) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "kMetrics is in the order of Metric");

double seconds_of(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string shown = shorten(text, kLabelBytes);
  return shown == text ? shown : marked_label_value(text, text);
}

std::string marked_label_value(std::string_view text, std::string_view meant) {
  return shorten(text, kLabelBytes - kHashDigits - 1) + "#" + sha256_hex(meant).substr(0, kHashDigits);
}

struct MetricsRegistry::State {
  struct Age {
    Metric metric;
    Labels labels;
    std::shared_ptr<std::atomic<std::int64_t>> since;
    prometheus::Gauge* shown = nullptr;
  };

  prometheus::Registry registry;
  std::array<prometheus::Family<prometheus::Counter>*, kMetrics.size()> counters{};
  std::array<prometheus::Family<prometheus::Gauge>*, kMetrics.size()> gauges{};
  std::array<prometheus::Family<prometheus::Histogram>*, kMetrics.size()> histograms{};
  std::mutex scrape;  // one scrape at a time, and ages
  std::vector<Age> ages;
  double cpu_seconds = 0;
};

MetricsRegistry::MetricsRegistry(const BuildInfo& build) : state_(std::make_unique<State>()) {
  for (const MetricSpec& spec : kMetrics) {
    const std::string name(spec.name);
    const std::string help(spec.help);
    const std::size_t i = index_of(spec.id);
    switch (spec.type) {
      case MetricType::Counter:
        state_->counters[i] = &prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
        break;
      case MetricType::Gauge:
        state_->gauges[i] = &prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
        break;
      case MetricType::Histogram:
        state_->histograms[i] = &prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
        break;
    }
  }
  gauge(Metric::BuildInfo, {{"version", label_value(build.version)}, {"librdkafka", label_value(build.librdkafka)}})
      .Set(1);
}

MetricsRegistry::~MetricsRegistry() = default;

prometheus::Counter& MetricsRegistry::counter(Metric metric, const Labels& labels) {
  return state_->counters[index_of(metric)]->Add(labels);
}

prometheus::Gauge& MetricsRegistry::gauge(Metric metric, const Labels& labels) {
  return state_->gauges[index_of(metric)]->Add(labels);
}

prometheus::Histogram& MetricsRegistry::histogram(Metric metric, const Labels& labels,
                                                  const std::vector<double>& bounds) {
  return state_->histograms[index_of(metric)]->Add(labels, bounds);
}

void MetricsRegistry::remove(Metric metric, prometheus::Gauge& gauge) {
  state_->gauges[index_of(metric)]->Remove(&gauge);
}

void MetricsRegistry::remove(Metric metric, prometheus::Counter& counter) {
  state_->counters[index_of(metric)]->Remove(&counter);
}

std::shared_ptr<std::atomic<std::int64_t>> MetricsRegistry::age(Metric metric, const Labels& labels) {
  const std::lock_guard lock(state_->scrape);
  state_->ages.push_back({.metric = metric,
                          .labels = labels,
                          .since = std::make_shared<std::atomic<std::int64_t>>(kNever),
                          .shown = nullptr});
  return state_->ages.back().since;
}

void MetricsRegistry::reloaded(bool successful, Instant now) {
  gauge(Metric::ReloadSuccessful, {}).Set(successful ? 1 : 0);
  if (successful) gauge(Metric::ReloadSuccessTime, {}).Set(seconds_of(now));
}

void MetricsRegistry::raise(Metric metric, const Labels& labels, std::uint64_t to) {
  prometheus::Counter& shown = counter(metric, labels);
  shown.Increment(std::max(0.0, static_cast<double>(to) - shown.Value()));
}

void MetricsRegistry::alerts(const AlertCounts& counts) {
  const std::lock_guard lock(state_->scrape);
  for (const AlertCounts::OfStream& one : counts.streams) {
    gauge(Metric::AlertsFiring, {{"stream", one.stream}, {"severity", "error"}}).Set(static_cast<double>(one.errors));
    gauge(Metric::AlertsFiring, {{"stream", one.stream}, {"severity", "warn"}}).Set(static_cast<double>(one.warnings));
    gauge(Metric::AlertsSilenced, {{"stream", one.stream}}).Set(static_cast<double>(one.silenced));
    raise(Metric::AlertsLeftOut, {{"stream", one.stream}}, one.left_out);
  }
  for (const AlertCounts::OfReceiver& one : counts.receivers) {
    raise(Metric::AlertsSent, {{"receiver", one.receiver}}, one.sent);
    raise(Metric::AlertFailures, {{"receiver", one.receiver}, {"reason", "away"}}, one.away);
    raise(Metric::AlertFailures, {{"receiver", one.receiver}, {"reason", "refused"}}, one.refused);
    gauge(Metric::AlertsWaiting, {{"receiver", one.receiver}}).Set(static_cast<double>(one.waiting));
    gauge(Metric::AlertReceiverUp, {{"receiver", one.receiver}}).Set(one.up ? 1 : 0);
  }
}

void MetricsRegistry::lineage(const LineageCounts& counts) {
  const std::lock_guard lock(state_->scrape);
  raise(Metric::LineageEvents, {{"result", "sent"}}, counts.sent);
  raise(Metric::LineageEvents, {{"result", "refused"}}, counts.refused);
  raise(Metric::LineageEvents, {{"result", "dropped"}}, counts.dropped);
  raise(Metric::LineageFailures, {}, counts.failures);
  gauge(Metric::LineageWaiting, {}).Set(static_cast<double>(counts.waiting));
}

void MetricsRegistry::schemas(const SchemaCounts& counts) {
  const std::lock_guard lock(state_->scrape);
  raise(Metric::SchemaRequests, {}, counts.requests);
  raise(Metric::SchemaRefused, {}, counts.refused);
  for (const auto& [fault, times] : counts.failures)
    raise(Metric::SchemaFailures, {{"fault", std::string(fault)}}, times);
  gauge(Metric::SchemasKnown, {}).Set(static_cast<double>(counts.known));
  gauge(Metric::SchemasWanted, {}).Set(static_cast<double>(counts.wanted));
}

std::string MetricsRegistry::text(Instant now) {
  const std::lock_guard lock(state_->scrape);
  for (State::Age& age : state_->ages) {
    const std::int64_t since = age.since->load();
    if (since == kNever) {
      if (age.shown != nullptr) remove(age.metric, *std::exchange(age.shown, nullptr));
      continue;
    }
    if (age.shown == nullptr) age.shown = &gauge(age.metric, age.labels);
    age.shown->Set(std::max(0.0, seconds_of(now) - seconds_of(Instant(Duration(since)))));
  }
  const ProcessFacts facts = read_process_facts();
  const auto show = [this](Metric metric, const std::optional<double>& number) {
    if (number) gauge(metric, {}).Set(*number);
  };
  if (facts.cpu_seconds) {
    counter(Metric::CpuSeconds, {})
        .Increment(*facts.cpu_seconds - std::exchange(state_->cpu_seconds, *facts.cpu_seconds));
  }
  show(Metric::ResidentBytes, facts.resident_bytes);
  show(Metric::VirtualBytes, facts.virtual_bytes);
  show(Metric::OpenFiles, facts.open_files);
  show(Metric::MaxFiles, facts.max_files);
  show(Metric::StartTime, facts.start_time);
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace weir
