// SPDX-License-Identifier: Apache-2.0
#include "app/doctor_records.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "app/schema_supply.h"
#include "base/text.h"
#include "kafka/kafka_log.h"
#include "stream/stream.h"
#include "weir/engine.h"

namespace weir {
namespace {

constexpr std::int64_t kOfEach = 100;
constexpr std::size_t kMostPartitions = 64;
constexpr auto kMost = std::chrono::seconds(4);
constexpr Duration kAnswer = std::chrono::seconds(2);
constexpr std::size_t kQueue = std::size_t{8} << 20;

class NewestRecords final : public RecordLog::Listener {
 public:
  explicit NewestRecords(RecordLog& log) : log_(log) {}

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    std::vector<std::int64_t> offsets;
    for (const Partition& partition : partitions) {
      const Result<Bounds> bounds =
          offsets.size() < kMostPartitions ? log_.bounds(partition) : Result<Bounds>(Error{.message = "enough"});
      const std::int64_t first = bounds ? std::max(bounds->first, bounds->end - kOfEach) : 0;
      if (bounds && first < bounds->end) ends_[partition] = bounds->end;
      offsets.push_back(first);
      if (!bounds) unread_.push_back(partition);
    }
    assigned_ = true;
    return offsets;
  }
  void revoked(std::span<const Partition> /*partitions*/, bool /*lost*/) override {}

  void reached(const Partition& partition, std::int64_t next) {
    const auto end = ends_.find(partition);
    if (end != ends_.end() && next >= end->second) ends_.erase(end);
  }
  void ended(const Partition& partition) { ends_.erase(partition); }
  [[nodiscard]] bool wants(const Partition& partition) const { return ends_.contains(partition); }
  [[nodiscard]] bool is_done() const { return assigned_ && ends_.empty(); }
  /// Partitions beyond the most, which nobody wants.
  [[nodiscard]] std::vector<Partition> take_unread() { return std::exchange(unread_, {}); }

 private:
  RecordLog& log_;
  std::map<Partition, std::int64_t> ends_;
  std::vector<Partition> unread_;
  bool assigned_ = false;
};

/// Of rules that remember records, a hundred of them say nothing.
void add_counts(const Plan& plan, const Outcome& outcome, std::vector<std::uint64_t>& failed, SampledRecords& out) {
  out.records += outcome.records;
  out.undecodable += outcome.undecodable;
  for (std::size_t i = 0; i < outcome.rules.size(); ++i) {
    const bool counts = i != plan.decode_rule && !plan.rules[i].ordered && plan.rules[i].check != nullptr;
    if (counts) failed[i] += outcome.rules[i].failed;
  }
}

Status read_newest(RecordLog& log, const std::shared_ptr<const Plan>& plan, Instant now, SampledRecords& out) {
  NewestRecords newest(log);
  if (const Status started = log.start(newest); !started) return started;
  std::map<Partition, std::unique_ptr<Engine>> engines;
  std::vector<std::uint64_t> failed(plan->rules.size(), 0);
  RecordLog::Events events;
  const auto until = std::chrono::steady_clock::now() + kMost;
  while (!newest.is_done() && std::chrono::steady_clock::now() < until) {
    log.poll(std::chrono::milliseconds(100), 1'000, events);
    for (const Partition& partition : newest.take_unread()) log.pause(partition);
    for (const Fetched& fetched : events.fetched) {
      if (!newest.wants(fetched.partition)) continue;
      std::unique_ptr<Engine>& engine = engines[fetched.partition];
      if (engine == nullptr) {
        engine = std::make_unique<Engine>(
            plan,
            EngineOptions{.samples_per_rule = 0, .format = StreamOptions{}.format, .now = now, .as_stream = true});
      }
      add_counts(*plan, engine->step(fetched.messages, now), failed, out);
      newest.reached(fetched.partition, fetched.next_offset);
    }
    for (const Partition& partition : events.ended) newest.ended(partition);
  }
  out.cut_short = !newest.is_done();
  log.close();
  const auto worst = std::max_element(failed.begin(), failed.end());
  if (worst == failed.end() || *worst == 0) return Done{};
  out.worst = *worst;
  out.worst_rule = plan->rules[static_cast<std::size_t>(worst - failed.begin())].info.id;
  return Done{};
}

}  // namespace

Result<SampledRecords> sample_records(const DoctorCase& of, std::size_t stream, const std::string& brokers,
                                      const std::vector<std::string>& topics) {
  const Config& config = of.settings.config;
  const std::shared_ptr<const Plan>& plan = of.settings.rules[stream].plan;
  KafkaSettings kafka = kafka_settings(config, config.streams[stream]);
  kafka.brokers = brokers;
  kafka.group.clear();
  kafka.instance.clear();
  LogOptions options;
  options.topics = topics;
  options.headers = true;
  options.record_max_bytes = plan->record_max_bytes;
  options.queue_bytes = kQueue;
  options.reach = options.answer = options.leave = kAnswer;
  Result<std::unique_ptr<KafkaLog>> log = KafkaLog::make(kafka, std::move(options));
  if (!log) return log.error();
  SampledRecords out;
  SchemaSupply schemas(config.registry.value, of.settings.load_options.schemas);
  std::unique_ptr<RecordLog> read = *std::move(log);
  if (schemas.has_registry()) read = schemas.gate(std::move(read), *plan, {});
  const Status status = read_newest(*read, plan, of.now, out);
  schemas.stop();
  if (!status) return status.error();
  return out;
}

DoctorFinding records_finding(const std::string& stream, const Result<SampledRecords>& sampled) {
  DoctorFinding finding{.subject = "records"};
  if (!sampled) {
    finding.verdict = DoctorVerdict::Warn;
    std::tie(finding.message, finding.remedy) = words_of_trouble(stream + ": " + sampled.error().message);
    return finding;
  }
  const std::string newest = stream + ": of the newest " + with_commas(sampled->records) + " records ";
  if (sampled->records == 0) {
    finding.message = stream + (sampled->cut_short ? ": no record came within 4 s" : ": no records yet");
    finding.verdict = sampled->cut_short ? DoctorVerdict::Warn : DoctorVerdict::Ok;
    if (sampled->cut_short) finding.remedy = "where a registry is away, records wait for their schemas";
  } else if (sampled->undecodable > 0) {
    const bool all = sampled->undecodable == sampled->records;
    finding.verdict = all ? DoctorVerdict::Bad : DoctorVerdict::Warn;
    finding.message =
        newest + (all ? "none" : with_commas(sampled->undecodable)) + " can" + (all ? "" : "not") + " be decoded";
    finding.remedy = "do `source.format` and `registry` fit what is in the topic? `weir check --topic` shows them";
  } else if (sampled->worst * 2 >= sampled->records) {
    finding.verdict = DoctorVerdict::Warn;
    finding.message = newest + with_commas(sampled->worst) + " break " + sampled->worst_rule;
    finding.remedy = "is the rule right? They all go to the quarantine; `weir check --topic` shows them";
  } else {
    finding.message = newest + (sampled->worst == 0 ? "none breaks a rule"
                                                    : with_commas(sampled->worst) + " break " + sampled->worst_rule);
  }
  return finding;
}

}  // namespace weir
