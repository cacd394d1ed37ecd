// SPDX-License-Identifier: Apache-2.0
#include "app/stream_observers.h"

#include "base/timestamp.h"

namespace weir {

void StreamObservers::rules(const std::shared_ptr<const Plan>& plan) {
  for (StreamObserver* one : all_) one->rules(plan);
}
void StreamObservers::judged(const Fetched& fetched, const Outcome& outcome, Instant now) {
  for (StreamObserver* one : all_) one->judged(fetched, outcome, now);
}
void StreamObservers::windows(const WindowOutcome& windows, Instant now) {
  for (StreamObserver* one : all_) one->windows(windows, now);
}
void StreamObservers::quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) {
  for (StreamObserver* one : all_) one->quarantined(records, rules);
}
void StreamObservers::kept_out(std::uint64_t records) {
  for (StreamObserver* one : all_) one->kept_out(records);
}
void StreamObservers::trouble(const Trouble& trouble, Instant now) {
  for (StreamObserver* one : all_) one->trouble(trouble, now);
}
void StreamObservers::schema(const SchemaChange& change, Instant now) {
  for (StreamObserver* one : all_) one->schema(change, now);
}
void StreamObservers::status(const StreamStatus& status) {
  for (StreamObserver* one : all_) one->status(status);
}

namespace {

/// How rules find their fields in what records stand in.
constexpr std::pair<Wrapping, std::string_view> kFound[] = {
    {Wrapping::Debezium, "records are Debezium change events: rules name the fields of the row"},
    {Wrapping::CloudEvents, "records are CloudEvents: rules read `data`, attributes are `ce.NAME`"},
    {Wrapping::Connect, "records are Kafka Connect messages with their schema: rules read `payload`"}};

}  // namespace

/// The first of its kind alone: how many there are is a metric.
void LogObserver::judged(const Fetched& fetched, const Outcome& outcome, Instant /*now*/) {
  if (!outcome.envelopes.any()) return;
  for (const auto& [wrapping, words] : kFound) {
    bool& told = told_of_[static_cast<std::size_t>(wrapping)];
    if (told || outcome.envelopes.in(wrapping) == 0) continue;
    told = true;
    log_.info("envelope_found", stream_, words, {{"topic", fetched.partition.topic}});
  }
}

/// Without values and segments: they are made of records.
void LogObserver::windows(const WindowOutcome& windows, Instant /*now*/) {
  if (plan_ == nullptr) return;
  for (const WindowVerdict& verdict : windows.verdicts) {
    const bool failed = verdict.verdict == Verdict::Fail || verdict.verdict == Verdict::Error;
    if (!failed || verdict.rule >= plan_->window_rules.size()) continue;
    const std::string& rule = plan_->window_rules[verdict.rule].info.id;
    const std::string about = stream_ + " " + rule;
    const std::string start = format_timestamp(verdict.start);
    const std::string end = format_timestamp(verdict.end);
    if (verdict.backfill) {
      log_.info("window_failed", about, "a window of the past broke its rule", {{"start", start}, {"end", end}});
    } else {
      log_.warn("window_failed", about, "a window broke its rule", {{"start", start}, {"end", end}});
    }
  }
}

void LogObserver::trouble(const Trouble& trouble, Instant /*now*/) {
  const LogLevel level = trouble.weight == Trouble::Weight::Passing ? LogLevel::Warn : LogLevel::Error;
  log_.write(level, trouble.event, stream_, trouble.message);
  // A run that is to end does not wait for brokers that nobody can reach.
  if (trouble.weight != Trouble::Weight::Standing && trouble.event != "brokers_away") return;
  const std::scoped_lock lock(mutex_);
  standing_ = trouble.message;
}

void LogObserver::schema(const SchemaChange& change, Instant /*now*/) {
  if (change.from == nullptr) {
    log_.info("schema_seen", stream_, in_words(change));
    return;
  }
  const std::optional<Compatibility>& found = change.difference.compatibility;
  const LogField fields[] = {{"compatible", std::string(found ? word_of(*found) : "unknown")},
                             {"partition", change.topic + "-" + std::to_string(change.partition)},
                             {"offset", std::to_string(change.offset)}};
  log_.write(found == Compatibility::None ? LogLevel::Warn : LogLevel::Info, "schema_changed", stream_,
             in_words(change), fields);
}

std::optional<std::string> LogObserver::standing() const {
  const std::scoped_lock lock(mutex_);
  if (was_assigned_ || standing_.empty()) return std::nullopt;
  return standing_;
}

void LogObserver::status(const StreamStatus& status) {
  std::vector<Partition> partitions;
  for (const PartitionStatus& partition : status.partitions) partitions.push_back(partition.partition);
  if (status.phase != StreamStatus::Phase::Starting && status.phase != StreamStatus::Phase::Running) return;
  const bool changed = partitions_ ? *partitions_ != partitions : !partitions.empty();
  if (changed) {
    std::string names;
    constexpr std::size_t kNamed = 20;
    for (std::size_t i = 0; i < partitions.size() && i < kNamed; ++i)
      names += (names.empty() ? "" : ",") + partitions[i].topic + "-" + std::to_string(partitions[i].number);
    log_.info("assigned", stream_, partitions.empty() ? "no partition is ours" : "these partitions are ours",
              {{"count", std::uint64_t{partitions.size()}}, {"partitions", names}});
    const std::scoped_lock lock(mutex_);
    was_assigned_ = was_assigned_ || !partitions.empty();
    partitions_ = std::move(partitions);
  }
  tell_of_readiness(status);
}

void LogObserver::tell_of_readiness(const StreamStatus& status) {
  if (status.phase != StreamStatus::Phase::Running) return;
  std::string reasons;
  for (const Readiness& check : status.readiness) {
    if (!check.ok) reasons += (reasons.empty() ? "" : "; ") + check.name + ": " + check.reason;
  }
  if (reasons == unready_) return;
  if (reasons.empty()) {
    log_.info("ready", stream_, "ready");
  } else {
    // On its way to the first time it is no news that something is still missing.
    log_.write(was_ready_ ? LogLevel::Warn : LogLevel::Info, "not_ready", stream_, reasons);
  }
  was_ready_ = was_ready_ || reasons.empty();
  unready_ = std::move(reasons);
}

}  // namespace weir
