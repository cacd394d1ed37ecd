// SPDX-License-Identifier: Apache-2.0
#include "sinks/stream_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "batch/verdict_json.h"
#include "sinks/trouble_table.h"

namespace weir {

namespace {

constexpr std::string_view kCompatible[] = {"none", "backward", "forward", "full", "unknown"};
constexpr std::array<std::string_view, 10> kDecodeKinds = {"syntax", "utf8",     "too_large", "too_deep", "columns",
                                                           "schema", "envelope", "encoding",  "key",      "other"};
constexpr std::array<std::string_view, 7> kEnvelopes = {"none",    "debezium", "cloudevents", "connect",
                                                        "removal", "snapshot", "notice"};
constexpr std::size_t kMaxChecks = 32;

/// From what a person feels as at once to an hour of arrears.
const std::vector<double> kDelayBounds = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};

constexpr std::array kActions = {OnFail::Count, OnFail::Tag, OnFail::Drop, OnFail::Quarantine, OnFail::Halt};
constexpr std::array kVerdicts = {Verdict::Pass,   Verdict::Warn,         Verdict::Fail,
                                  Verdict::NoData, Verdict::Inconclusive, Verdict::Error};

void add(prometheus::Counter* counter, std::uint64_t count) {
  if (count != 0) counter->Increment(static_cast<double>(count));
}

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// The kind of a code that a decoder gave.
std::string_view kind_of(std::string_view code) {
  const auto found = std::find(kDecodeKinds.begin(), kDecodeKinds.end(), code);
  return found == kDecodeKinds.end() ? "other" : *found;
}

}  // namespace

StreamMetrics::Labels StreamMetrics::labels(
    std::initializer_list<std::pair<const std::string, std::string>> more) const {
  Labels all(more);
  all.emplace("stream", options_.stream);
  return all;
}

prometheus::Counter& StreamMetrics::counter(Metric metric,
                                            std::initializer_list<std::pair<const std::string, std::string>> more) {
  return registry_.counter(metric, labels(more));
}

prometheus::Gauge& StreamMetrics::gauge(Metric metric,
                                        std::initializer_list<std::pair<const std::string, std::string>> more) {
  return registry_.gauge(metric, labels(more));
}

StreamMetrics::StreamMetrics(MetricsRegistry& registry, StreamMetricsOptions options)
    : registry_(registry),
      options_({.stream = label_value(options.stream),
                .partition_label = options.partition_label,
                .max_series = options.max_series}),
      window_series_(registry, options_.stream, options_.max_series),
      late_(&counter(Metric::LateRecords)),
      untimed_(&counter(Metric::UntimedRecords)),
      future_(&counter(Metric::FutureRecords)),
      folded_(&counter(Metric::FoldedSegments)),
      kept_out_(&counter(Metric::KeptOut)),
      dropped_series_(&counter(Metric::SeriesDropped)),
      rebalances_(&counter(Metric::Rebalances)),
      partial_windows_(&counter(Metric::PartialWindows)),
      delay_(&registry.histogram(Metric::ProcessingDelay, labels(), kDelayBounds)),
      delay_counts_(kDelayBounds.size() + 1),
      snapshot_(registry.age(Metric::SnapshotAge, labels())) {
  for (const OnFail action : kActions)
    actions_.push_back(&counter(Metric::FailingRecords, {{"action", std::string(word_of(action))}}));
  for (const std::string_view compatible : kCompatible)
    counter(Metric::SchemaChanges, {{"compatible", std::string(compatible)}});
  for (const std::string_view envelope : kEnvelopes)
    envelopes_.push_back(&counter(Metric::EnvelopeRecords, {{"envelope", std::string(envelope)}}));
  for (const std::string_view kind : kDecodeKinds)
    decode_kinds_.emplace(kind, &counter(Metric::DecodeErrors, {{"kind", std::string(kind)}}));
  // An alert on an increase sees the first trouble of its kind only where the series was there before.
  for (const std::string_view event : kTroubleEvents)
    events_.emplace(event, &counter(Metric::Troubles, {{"event", std::string(event)}}));
  other_event_ = &counter(Metric::Troubles, {{"event", "other"}});
}

prometheus::Counter* StreamMetrics::rule_counter(
    Metric metric, const std::string& rule, std::initializer_list<std::pair<const std::string, std::string>> more) {
  Labels all = labels(more);
  all.emplace("rule", rule);
  rule_counters_.emplace_back(metric, &registry_.counter(metric, all));
  return rule_counters_.back().second;
}

/// Counters that are there already go on with what they have; those that no rule has any more go, so that many reloads do not
/// add up.
void StreamMetrics::rules(const std::shared_ptr<const Plan>& plan) {
  plan_ = plan;
  const auto before = std::exchange(rule_counters_, {});
  record_rules_.clear();
  std::vector<std::string> ids;
  for (const RecordRule& rule : plan->rules) ids.push_back(rule.info.id);
  score_.rules(ids);
  for (const RecordRule& rule : plan->rules) {
    const std::string id = label_value(rule.info.id);
    const std::string severity(word_of(rule.info.severity));
    record_rules_.push_back({.evaluated = rule_counter(Metric::Evaluations, id),
                             .failed = rule_counter(Metric::Failures, id, {{"severity", severity}}),
                             .skipped = rule_counter(Metric::Skipped, id),
                             .quarantined = rule_counter(Metric::Quarantined, id)});
  }
  window_rules_.clear();
  for (const WindowRule& rule : plan->window_rules) {
    const std::string id = label_value(rule.info.id);
    WindowRuleSeries series{.evaluated = rule_counter(Metric::Evaluations, id),
                            .failed = rule_counter(Metric::Failures, id, {{"severity", "error"}}),
                            .warned = rule_counter(Metric::Failures, id, {{"severity", "warn"}}),
                            .verdicts = {}};
    for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
      series.verdicts[i] = rule_counter(Metric::WindowVerdicts, id, {{"verdict", std::string(word_of(kVerdicts[i]))}});
    }
    window_rules_.push_back(series);
  }
  std::set<prometheus::Counter*> present;
  for (const auto& [metric, series] : rule_counters_) present.insert(series);
  for (const auto& [metric, series] : before) {
    if (!present.contains(series)) registry_.remove(metric, *series);
  }
  window_series_.use(*plan);
}

std::string StreamMetrics::place_of(const Partition& partition) const {
  return options_.partition_label ? partition.topic + " " + std::to_string(partition.number) : partition.topic;
}

StreamMetrics::Labels StreamMetrics::place_labels(const Partition& partition) const {
  Labels place = labels({{"topic", label_value(partition.topic)}});
  if (options_.partition_label) place.emplace("partition", std::to_string(partition.number));
  return place;
}

/// Null: there are too many.
prometheus::Counter* StreamMetrics::records_of(const Partition& partition) {
  const std::string place = place_of(partition);
  if (const auto found = records_.find(place); found != records_.end()) return found->second;
  if (records_.size() >= options_.max_series) return nullptr;
  return records_.emplace(place, &registry_.counter(Metric::Records, place_labels(partition))).first->second;
}

void StreamMetrics::judged(const Fetched& fetched, const Outcome& outcome, Instant now) {
  if (prometheus::Counter* const records = records_of(fetched.partition)) {
    add(records, outcome.records);
  } else {
    dropped_series_->Increment();
  }
  const std::size_t rules = std::min(outcome.rules.size(), record_rules_.size());
  for (std::size_t i = 0; i < rules; ++i) {
    add(record_rules_[i].evaluated, outcome.rules[i].evaluated);
    add(record_rules_[i].failed, outcome.rules[i].failed);
    add(record_rules_[i].skipped, outcome.rules[i].skipped);
    score_.add(i, outcome.rules[i].evaluated, outcome.rules[i].failed, now);
  }
  count_envelopes(outcome.envelopes);
  std::array<std::uint64_t, kActions.size()> actions{};
  for (const FailingRecord& record : outcome.failing) ++actions[static_cast<std::size_t>(record.action)];
  for (std::size_t i = 0; i < actions.size(); ++i) add(actions_[i], actions[i]);
  if (outcome.undecodable > 0) count_decode_errors(outcome);
  observe_delay(fetched, static_cast<std::size_t>(outcome.records), now);
}

/// In the order of kEnvelopes.
void StreamMetrics::count_envelopes(const EnvelopeCounts& found) {
  const std::array<std::uint64_t, kEnvelopes.size()> counts = {found.in(Wrapping::None),
                                                               found.in(Wrapping::Debezium),
                                                               found.in(Wrapping::CloudEvents),
                                                               found.in(Wrapping::Connect),
                                                               found.removals,
                                                               found.snapshots,
                                                               found.notices};
  for (std::size_t i = 0; i < counts.size(); ++i) add(envelopes_[i], counts[i]);
}

void StreamMetrics::count_decode_errors(const Outcome& outcome) {
  std::uint64_t unknown = outcome.undecodable;
  for (const FailingRecord& record : outcome.failing) {
    if (record.decoded || record.violations.empty() || unknown == 0) continue;
    add(decode_kinds_.find(kind_of(record.violations.front().code))->second, 1);
    --unknown;
  }
  add(decode_kinds_.find("other")->second, unknown);
}

/// One visit to the histogram a batch: records of a batch are about as old as each other, so the bucket of the one before is
/// looked at first.
void StreamMetrics::observe_delay(const Fetched& fetched, std::size_t records, Instant now) {
  const std::vector<Envelope>& envelopes = fetched.messages.envelopes;
  std::fill(delay_counts_.begin(), delay_counts_.end(), 0.0);
  double sum = 0;
  bool any = false;
  std::size_t bucket = 0;
  for (std::size_t i = 0; i < std::min(records, envelopes.size()); ++i) {
    if (envelopes[i].timestamp == Instant{}) continue;
    const double delay = std::max(0.0, seconds_of(now - envelopes[i].timestamp));  // the producer's clock may be ahead
    while (bucket > 0 && delay <= kDelayBounds[bucket - 1]) --bucket;
    while (bucket < kDelayBounds.size() && delay > kDelayBounds[bucket]) ++bucket;
    ++delay_counts_[bucket];
    sum += delay;
    any = true;
  }
  if (any) delay_->ObserveMultiple(delay_counts_, sum);
}

void StreamMetrics::windows(const WindowOutcome& windows, Instant /*now*/) {
  add(late_, windows.late);
  add(untimed_, windows.untimed);
  add(future_, windows.future);
  add(folded_, windows.pushed_out);
  const std::size_t rules = std::min(windows.rules.size(), window_rules_.size());
  for (std::size_t i = 0; i < rules; ++i) {
    const WindowCounts& counts = windows.rules[i];
    const WindowRuleSeries& series = window_rules_[i];
    add(series.evaluated, counts.evaluated);
    add(series.failed, counts.failed - counts.warned);
    add(series.warned, counts.warned);
    const std::uint64_t of[] = {counts.evaluated - counts.failed - counts.inconclusive,
                                counts.warned,
                                counts.failed - counts.warned,
                                counts.no_data,
                                counts.inconclusive,
                                counts.errors};
    for (std::size_t j = 0; j < std::size(of); ++j) add(series.verdicts[j], of[j]);
  }
  if (plan_ != nullptr) add(dropped_series_, window_series_.show(windows, *plan_));
}

void StreamMetrics::quarantined(std::uint64_t /*records*/, std::span<const std::uint64_t> rules) {
  for (std::size_t i = 0; i < std::min(rules.size(), record_rules_.size()); ++i)
    add(record_rules_[i].quarantined, rules[i]);
}

void StreamMetrics::kept_out(std::uint64_t records) {
  add(kept_out_, records);
}

void StreamMetrics::trouble(const Trouble& trouble, Instant /*now*/) {
  const auto found = events_.find(trouble.event);
  (found == events_.end() ? other_event_ : found->second)->Increment();
}

void StreamMetrics::schema(const SchemaChange& change, Instant /*now*/) {
  if (change.from == nullptr) return;
  const std::optional<Compatibility>& found = change.difference.compatibility;
  counter(Metric::SchemaChanges, {{"compatible", std::string(found ? word_of(*found) : "unknown")}}).Increment();
}

void StreamMetrics::status(const StreamStatus& status) {
  add(rebalances_, status.rebalances - std::min(status.rebalances, rebalances_seen_));
  rebalances_seen_ = status.rebalances;
  add(partial_windows_, status.partial_windows - std::min(status.partial_windows, partial_windows_seen_));
  partial_windows_seen_ = status.partial_windows;
  if (status.watermark) gauge(Metric::Watermark).Set(seconds_of(status.watermark->time_since_epoch()));
  gauge(Metric::WindowBytes).Set(static_cast<double>(status.window_bytes));
  if (status.turned_at != Instant{}) gauge(Metric::LastTurn).Set(seconds_of(status.turned_at.time_since_epoch()));
  show_partitions(status);
  show_lag(status);
  show_score(status.turned_at);
  for (const Readiness& check : status.readiness) {
    auto found = checks_.find(check.name);
    if (found == checks_.end()) {
      if (checks_.size() >= kMaxChecks) continue;
      found = checks_.emplace(check.name, &gauge(Metric::Ready, {{"check", label_value(check.name)}})).first;
    }
    found->second->Set(check.ok ? 1 : 0);
  }
}

void StreamMetrics::show_partitions(const StreamStatus& status) {
  double caught_up = 0;
  double idle = 0;
  double paused = 0;
  double partial = 0;
  double held = 0;
  double waiting = 0;
  double state_bytes = 0;
  for (const PartitionStatus& partition : status.partitions) {
    caught_up += partition.caught_up ? 1 : 0;
    idle += partition.idle ? 1 : 0;
    paused += partition.paused ? 1 : 0;
    partial += partition.partial ? 1 : 0;
    held += partition.held ? 1 : 0;
    waiting += static_cast<double>(partition.waiting);
    state_bytes += static_cast<double>(partition.state_bytes);
  }
  const auto show = [this](const char* state, double count) {
    gauge(Metric::Partitions, {{"state", state}}).Set(count);
  };
  show("assigned", static_cast<double>(status.partitions.size()));
  show("caught_up", caught_up);
  show("idle", idle);
  show("paused", paused);
  show("partial", partial);
  gauge(Metric::SchemaHeld).Set(held);
  gauge(Metric::Waiting).Set(waiting);
  gauge(Metric::StateBytes).Set(state_bytes);
  unsaved_.seen(status.partitions, status.turned_at);
  // Where all is saved the age is 0 at every scrape: it began with the end of time.
  const Instant since = unsaved_.unsaved_since().value_or(Instant::max());
  snapshot_->store(status.partitions.empty() ? MetricsRegistry::kNever : since.time_since_epoch().count());
}

void StreamMetrics::show_score(Instant now) {
  const std::optional<double> score = score_.of(now, window_series_.shares_that_hold());
  if (score) {
    if (score_gauge_ == nullptr) score_gauge_ = &gauge(Metric::QualityScore);
    score_gauge_->Set(*score);
  } else if (score_gauge_ != nullptr) {
    registry_.remove(Metric::QualityScore, *std::exchange(score_gauge_, nullptr));
  }
}

/// Partitions that went to somebody else take their lag along, so that no two instances export the same one.
void StreamMetrics::show_lag(const StreamStatus& status) {
  std::map<std::string, std::pair<const Partition*, double>> lags;
  for (const PartitionStatus& partition : status.partitions) {
    if (!partition.end) continue;
    auto& lag = lags[place_of(partition.partition)];
    lag.first = &partition.partition;
    lag.second += static_cast<double>(std::max<std::int64_t>(0, *partition.end - partition.next_offset));
  }
  std::erase_if(lags_, [&](const auto& entry) {
    if (lags.contains(entry.first)) return false;
    registry_.remove(Metric::Lag, *entry.second);
    return true;
  });
  for (const auto& [place, lag] : lags) {
    auto found = lags_.find(place);
    if (found == lags_.end()) {
      if (lags_.size() >= options_.max_series) {
        dropped_series_->Increment();
        continue;
      }
      found = lags_.emplace(place, &registry_.gauge(Metric::Lag, place_labels(*lag.first))).first;
    }
    found->second->Set(lag.second);
  }
}

}  // namespace weir
