// SPDX-License-Identifier: Apache-2.0
#include "app/stream_world.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "files/file_out.h"
#include "files/snapshot_file.h"
#include "files/state_file.h"
#include "kafka/kafka_log.h"
#include "kafka/kafka_out.h"
#include "kafka/state_topic.h"
#include "kafka/state_topic_reader.h"
#include "sinks/record_outlet.h"

namespace weir {
namespace {

constexpr std::size_t kMostPane = std::size_t{64} << 20;  // all segments of one pane, written
constexpr std::size_t kPaneQueue = std::size_t{8} << 20;

/// Everything that weir itself writes: a pattern of topics must not take it in.
std::vector<std::string> written_topics(const Config& config) {
  std::vector<std::string> topics;
  if (config.state.value.kind == StatePlace::Kind::Topic) topics.push_back(config.state.value.name);
  if (!config.panes_topic.value.empty()) topics.push_back(config.panes_topic.value);
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    if (!receiver.topic.empty()) topics.push_back(receiver.topic);
  }
  for (const StreamConfig& stream : config.streams) {
    const Place& quarantine = stream.quarantine.place.value;
    if (quarantine.kind == Place::Kind::Topic && !quarantine.name.empty()) topics.push_back(quarantine.name);
    if (stream.clean && stream.clean->value.kind == Place::Kind::Topic) topics.push_back(stream.clean->value.name);
  }
  return topics;
}

StartAt start_of(const Start& from, Instant now) {
  switch (from.kind) {
    case Start::Kind::Earliest: return {.kind = StartAt::Kind::Earliest};
    case Start::Kind::Latest: return {.kind = StartAt::Kind::Latest};
    case Start::Kind::Time: return {.kind = StartAt::Kind::Time, .time = from.time};
    case Start::Kind::Ago: return {.kind = StartAt::Kind::Time, .time = now - from.ago};
  }
  return {};
}

OutletOptions outlet_options(const Config& config, const StreamConfig& stream) {
  OutletOptions options;
  const QuarantineConfig& quarantine = stream.quarantine;
  if (quarantine.place.value.kind == Place::Kind::Topic) options.quarantine_topic = quarantine.place.value.name;
  options.clean = stream.clean.has_value();
  if (stream.clean && stream.clean->value.kind == Place::Kind::Topic) options.clean_topic = stream.clean->value.name;
  options.stamp = {.pipeline = config.pipeline.value,
                   .instance = config.instance.value,
                   .connect = quarantine.connect_headers,
                   .confluent = quarantine.confluent_headers};
  if (quarantine.max_per_second > 0) options.storm.max_per_second = quarantine.max_per_second;
  if (quarantine.budget > 0) options.storm.budget = quarantine.budget;
  options.storm.overflow =
      quarantine.overflow == Overflow::Count ? StormControl::Overflow::Count : StormControl::Overflow::Pause;
  return options;
}

StreamOptions stream_options(const RunSettings& settings, std::size_t index, Instant now) {
  const Config& config = settings.config;
  const StreamConfig& stream = config.streams[index];
  const Plan& plan = *settings.rules[index].plan;
  StreamOptions options;
  options.name = stream.name.value;
  options.exactly_once = config.delivery.value == Delivery::ExactlyOnce;
  options.from = start_of(stream.from.value, now);
  options.until_end = settings.until_end;
  options.snapshot_every = config.snapshot_every.value;
  options.transaction_every = std::min(options.transaction_every, config.snapshot_every.value);
  options.idle_after = stream.idle_after.given() ? stream.idle_after.value : plan.time.idle_after;
  options.keep_outcome = settings.until_end;
  options.seed = std::random_device()();
  return options;
}

/// Making room removes the oldest records, so it is done only where somebody asked for it; never to clean ones.
RotatingFile::Options file_options(const QuarantineConfig& quarantine, FileOut::Style style) {
  RotatingFile::Options options;
  options.max_bytes = std::numeric_limits<std::uint64_t>::max();
  if (style == FileOut::Style::Value || quarantine.rotate_bytes == 0) return options;
  options.max_bytes = quarantine.rotate_bytes;
  options.files = quarantine.keep + 1;
  return options;
}

/// Of clients that are no member of a group and have no transactions: two of one name would fence each other.
KafkaSettings without_names(KafkaSettings settings) {
  settings.group.clear();
  settings.instance.clear();
  return settings;
}

}  // namespace

std::vector<std::string> output_topics(const StreamConfig& stream) {
  std::vector<std::string> topics;
  const Place& quarantine = stream.quarantine.place.value;
  if (quarantine.kind == Place::Kind::Topic && !quarantine.name.empty()) topics.push_back(quarantine.name);
  if (quarantine.kind == Place::Kind::Topic && quarantine.name.empty()) {
    for (const std::string& topic : stream.topics.value) {
      if (!topic.starts_with('^')) topics.push_back(topic + ".quarantine");
    }
  }
  if (stream.clean && stream.clean->value.kind == Place::Kind::Topic) topics.push_back(stream.clean->value.name);
  return topics;
}

StreamWorld::StreamWorld() = default;
StreamWorld::~StreamWorld() = default;

Status StreamWorld::open_log(const RunSettings& settings, std::size_t index, const SchemaSupply& schemas) {
  const StreamConfig& stream = settings.config.streams[index];
  const Plan& plan = *settings.rules[index].plan;
  headers_ = reads_headers(plan) || (schemas.has_registry() && reads_schema_headers(plan));
  LogOptions options;
  options.topics = stream.topics.value;
  options.never = written_topics(settings.config);
  options.headers = headers_;
  options.record_max_bytes = plan.record_max_bytes;
  options.queue_bytes = std::max<std::size_t>(options.queue_bytes / settings.config.streams.size(), 1U << 20);
  Result<std::unique_ptr<KafkaLog>> log = KafkaLog::make(kafka_, std::move(options));
  if (!log) return log.error();
  topic_ = log->get();
  log_ = *std::move(log);
  return Done{};
}

void StreamWorld::open_gate(SchemaSupply& schemas, const Plan& plan, const std::function<Instant()>& clock) {
  if (!schemas.has_registry()) return;
  std::unique_ptr<SchemaGate> gate = schemas.gate(
      std::move(log_), plan, [this, clock](const SchemaChange& change) { watched_->schema(change, clock()); });
  gate_ = gate.get();
  log_ = std::move(gate);
}

/// What stands in the way of the outputs is told now and not at the first failing record. A broker that does not answer
/// is waited for later: the stream starts all the same.
OutOptions StreamWorld::look_at_outputs(const StreamConfig& stream, StreamObserver& observer, Instant now) {
  for (const Error& why : outputs_.begin(kafka_, output_topics(stream))) {
    observer.trouble({.weight = Trouble::Weight::Standing, .event = "output_unwritable", .message = with_remedy(why)},
                     now);
  }
  return {.max_record_bytes = outputs_.max_record_bytes()};
}

/// A producer where something goes to a topic; exactly once it is there in any case, for the positions.
Status StreamWorld::open_outputs(const RunSettings& settings, std::size_t index, StreamObserver& observer,
                                 Instant now) {
  const StreamConfig& stream = settings.config.streams[index];
  const OutOptions options = settings.ask_about_outputs ? look_at_outputs(stream, observer, now) : OutOptions{};
  const bool exactly_once = settings.config.delivery.value == Delivery::ExactlyOnce;
  const auto open_file = [&](const Place& place, FileOut::Style style) -> Result<RecordOut*> {
    Result<std::unique_ptr<FileOut>> file =
        FileOut::open(place.name, {.style = style, .file = file_options(stream.quarantine, style)});
    if (!file) return file.error();
    return outs_.emplace_back(*std::move(file)).get();
  };
  const auto to_topic = [](const Place& place) { return place.kind == Place::Kind::Topic; };
  const bool quarantine_topic = to_topic(stream.quarantine.place.value);
  RecordOut* topics = nullptr;
  if (exactly_once || quarantine_topic || (stream.clean && to_topic(stream.clean->value))) {
    Result<std::unique_ptr<KafkaOut>> out =
        exactly_once ? KafkaOut::make_transactional(kafka_, *topic_, options) : KafkaOut::make(kafka_, options);
    if (!out) return out.error();
    if (exactly_once) transactional_ = out->get();
    topics = outs_.emplace_back(*std::move(out)).get();
  }
  quarantine_ = topics;
  if (!quarantine_topic) {
    const Result<RecordOut*> file = open_file(stream.quarantine.place.value, FileOut::Style::Quarantine);
    if (!file) return file.error();
    quarantine_ = *file;
  }
  clean_ = quarantine_;
  if (stream.clean && to_topic(stream.clean->value)) clean_ = topics;
  if (stream.clean && !to_topic(stream.clean->value)) {
    const Result<RecordOut*> file = open_file(stream.clean->value, FileOut::Style::Value);
    if (!file) return file.error();
    clean_ = *file;
  }
  return Done{};
}

Status StreamWorld::open_folder(const RunSettings& settings, std::size_t index,
                                const std::shared_ptr<StateFolder>& folder) {
  const StreamConfig& stream = settings.config.streams[index];
  Result<std::unique_ptr<SnapshotFile>> store = SnapshotFile::open(folder, stream.name.value);
  if (!store) return store.error();
  store_ = *std::move(store);
  Result<std::unique_ptr<StateFile>> history = StateFile::open(
      folder->history_path(), {.stream = stream.name.value, .ruleset = settings.rules[index].plan->ruleset});
  if (!history) return history.error();
  history_ = *std::move(history);
  Result<std::unique_ptr<WindowResults>> results = WindowResults::open(folder, stream.name.value);
  if (!results) return results.error();
  results_ = std::make_unique<ResultKeeper>(*std::move(results));
  return Done{};
}

/// Claims are written outside of transactions, by a producer on which nothing else is on its way; at least once, the
/// snapshots too.
Status StreamWorld::open_state_topic(const RunSettings& settings, std::size_t index) {
  const std::string& topic = settings.config.state.value.name;
  const KafkaSettings plain = without_names(kafka_);
  Result<std::unique_ptr<KafkaStateReader>> reader = KafkaStateReader::make(plain, topic);
  if (!reader) return reader.error();
  state_reader_ = *std::move(reader);
  Result<std::unique_ptr<KafkaOut>> claims = KafkaOut::make(plain);
  if (!claims) return claims.error();
  RecordOut& out = *outs_.emplace_back(*std::move(claims));
  store_ = std::make_unique<StateTopic>(StateTopicOptions{.topic = topic,
                                                          .stream = settings.config.streams[index].name.value,
                                                          .in_transaction = transactional_ != nullptr},
                                        out, transactional_ != nullptr ? static_cast<RecordOut&>(*transactional_) : out,
                                        *state_reader_);
  return Done{};
}

Status StreamWorld::open_panes(const RunSettings& settings, std::size_t index, StreamObserver& observer) {
  const std::string& topic = settings.config.panes_topic.value;
  if (topic.empty()) return Done{};
  const StreamConfig& stream = settings.config.streams[index];
  KafkaSettings merging = kafka_;
  merging.group += "-merge";
  LogOptions options;
  options.topics = {topic};
  options.record_max_bytes = kMostPane;
  options.queue_bytes = kPaneQueue;
  Result<std::unique_ptr<KafkaLog>> log = KafkaLog::make(merging, std::move(options));
  if (!log) return log.error();
  pane_log_ = *std::move(log);
  const KafkaSettings plain = without_names(kafka_);
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(plain);
  if (!out) return out.error();
  pane_out_ = *std::move(out);
  const PanesTopic panes{
      .name = topic, .partitions = [this] { return static_cast<std::int32_t>(pane_log_->known_partitions().size()); }};
  publisher_ = std::make_unique<PanePublisher>(stream.name.value, panes, *pane_out_);
  const std::shared_ptr<const Plan>& plan = settings.rules[index].plan;
  merger_ = std::make_unique<PaneMerger>(
      plan,
      PaneMerger::Options{.stream = stream.name.value,
                          .topic = panes,
                          .idle_after = stream.idle_after.given() ? stream.idle_after.value : plan->time.idle_after},
      *pane_log_, *publisher_, observer, [this] { return log_->known_partitions(); });
  return Done{};
}

Status StreamWorld::begin_merging(Moment now) {
  return merger_ == nullptr ? Status(Done{}) : merger_->start(now.wall, now.steady);
}

void StreamWorld::merge(Moment now) {
  if (merger_ == nullptr) return;
  merger_->turn(now.wall, now.steady);
  if (merged_ && !merger_->judges() && alerts_.hand_over) alerts_.hand_over();
  merged_ = merger_->judges();
}

void StreamWorld::stop_merging() {
  if (merger_ != nullptr) merger_->stop();
}

void StreamWorld::reload(std::shared_ptr<const Plan> plan) {
  if (merger_ != nullptr) merger_->reload(plan);
  if (gate_ != nullptr) gate_->use(gate_form(*plan));
  stream_->reload(std::move(plan));
}

Result<std::unique_ptr<StreamWorld>> StreamWorld::make(const RunSettings& settings, std::size_t index,
                                                       std::shared_ptr<StateFolder> folder, SchemaSupply& schemas,
                                                       StreamObserver& observer, const std::function<Instant()>& clock,
                                                       StreamAlerts alerts, std::function<Status()> save_lineage) {
  const Instant now = clock();
  const Config& config = settings.config;
  const StreamConfig& stream = config.streams[index];
  const std::shared_ptr<const Plan>& plan = settings.rules[index].plan;
  std::unique_ptr<StreamWorld> world(new StreamWorld());
  world->alerts_ = std::move(alerts);
  world->kafka_ = kafka_settings(config, stream);
  if (const Status opened = world->open_log(settings, index, schemas); !opened) return opened.error();
  if (const Status opened = world->open_outputs(settings, index, observer, now); !opened) return opened.error();
  world->open_gate(schemas, *plan, clock);
  const Status state =
      folder != nullptr ? world->open_folder(settings, index, folder) : world->open_state_topic(settings, index);
  if (!state) return state.error();
  world->outlet_ = std::make_unique<RecordOutlet>(plan, outlet_options(config, stream), observer);
  if (const Status opened = world->open_panes(settings, index, observer); !opened) return opened.error();
  StateFile* const history = world->history_.get();
  std::function<Status()> save_history;
  std::vector<StreamObserver*> observers = {&observer};
  if (history != nullptr) {
    ResultKeeper* const results = world->results_.get();
    observers.push_back(results);
    save_history = [history, results, save_alerts = world->alerts_.save,
                    save_lineage = std::move(save_lineage)]() -> Status {
      // Rules that look back were judged as if there were no past: that is said, once.
      if (std::optional<Error> fault = history->take_fault()) return Status(*std::move(fault));
      if (save_lineage) {
        if (const Status saved = save_lineage(); !saved) return saved;
      }
      if (save_alerts) {
        if (const Status saved = save_alerts(); !saved) return saved;
      }
      const Status saved = results->save();
      return saved ? history->commit() : saved;
    };
  }
  world->observers_ = std::make_unique<StreamObservers>(std::move(observers));
  world->watched_ = std::make_unique<SchemaEvidence>(*world->observers_);
  world->stream_ = std::make_unique<Stream>(plan, stream_options(settings, index, now),
                                            StreamParts{.log = *world->log_,
                                                        .quarantine = *world->quarantine_,
                                                        .clean = *world->clean_,
                                                        .transactions = world->transactional_,
                                                        .store = *world->store_,
                                                        .outlet = *world->outlet_,
                                                        .observer = *world->watched_,
                                                        .history = history,
                                                        .save_history = std::move(save_history),
                                                        .panes = world->publisher_.get(),
                                                        .outputs_fault = [outputs = &world->outputs_](bool waits) {
                                                          const std::optional<Error> why = outputs->fault(waits);
                                                          return why ? with_remedy(*why) : std::string();
                                                        }});
  return world;
}

Status StreamWorld::can_use(const Plan& plan) const {
  if (headers_ || (!reads_headers(plan) && (gate_ == nullptr || !reads_schema_headers(plan)))) return Done{};
  return Error{.message = "the new rules need headers, which are not read since the start",
               .help = "restart weir to take them over"};
}

}  // namespace weir
