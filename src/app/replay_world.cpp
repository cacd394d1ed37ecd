// SPDX-License-Identifier: Apache-2.0
// Where a replay reads and writes: the quarantine topic or its files, the topics that records go to, the producer.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "app/interrupt.h"
#include "app/interruptible_wait.h"
#include "app/replay_run.h"
#include "base/escape.h"
#include "base/sha256.h"
#include "base/text.h"
#include "files/source.h"
#include "kafka/kafka_log.h"
#include "quarantine/quarantine_names.h"

namespace weir {
namespace {

constexpr Duration kReach = std::chrono::seconds(10);
// Longer than any transaction of weir's is open; Kafka's default for others is a minute.
constexpr Duration kSettle = std::chrono::seconds(90);
constexpr std::uint32_t kLongestRecord = 1U << 30;  // more than Kafka takes
constexpr std::size_t kLargestOut = std::size_t{100} << 20;
constexpr std::size_t kLargestBatch = 1'000'000;  // of one write; a larger record is one by itself

Error interrupted() {
  return {.message = "interrupted", .code = "interrupted"};
}

Duration steady() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

void put(KafkaSettings& settings, const std::string& name, std::size_t value) {
  if (std::ranges::find(settings.properties, name, &KafkaSettings::Property::name) == settings.properties.end())
    settings.properties.push_back({.name = name, .value = std::to_string(value)});
}

/// Of files: of this host and these files, so that what a killed command left open is ended by the next one.
std::string name_of(const std::vector<std::string>& files) {
  std::array<char, 256> host{};
  (void)::gethostname(host.data(), host.size() - 1);
  std::string all(host.data());
  for (const std::string& file : files) {
    char* const whole = ::realpath(file.c_str(), nullptr);
    all.append(1, '\0').append(whole == nullptr ? file : std::string(whole));
    std::free(whole);
  }
  return "file-" + sha256_hex(all).substr(0, 16);
}

}  // namespace

Status ReplayRun::connect() {
  if (!settings_.topic) return Done{};
  schemas_ = std::make_unique<SchemaSupply>(settings_.topic->registry, settings_.topic->schemas);
  Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect(settings_.topic->kafka, kReach);
  if (!topics) return topics.error();
  topics_ = *std::move(topics);
  std::size_t largest_batch = kLargestBatch;
  if (settings_.files.empty()) {
    const Result<std::vector<TopicFacts>> facts = topics_->describe(std::vector{settings_.wish.quarantine});
    if (!facts) return facts.error();
    const TopicFacts& quarantine = facts->front();
    if (!quarantine.exists)
      return Error{.message = "topic `" + quarantine.name + "` cannot be read: " + quarantine.why_not};
    // The marks go there.
    if (const std::optional<Error> why = settings_.dry_run ? std::nullopt : why_not_writable(quarantine)) return *why;
    partitions_ = quarantine.partitions;
    if (quarantine.max_record_bytes) largest_batch = std::min<std::size_t>(largest_batch, *quarantine.max_record_bytes);
  }
  if (settings_.dry_run) return Done{};
  if (const Status ledgers = open_ledgers(); !ledgers) return ledgers;
  return open_sender(largest_batch);
}

Status ReplayRun::open_ledgers() {
  for (const std::string& file : settings_.files) {
    const std::string path = ReplayLedger::path_of(file);
    if (ledgers_.contains(path)) continue;
    Result<std::unique_ptr<ReplayLedger>> ledger = ReplayLedger::open(path);
    if (!ledger) return Error{.message = ledger.error().message, .code = "not_noted"};
    ledgers_[path] = *std::move(ledger);
  }
  return Done{};
}

Status ReplayRun::open_sender(std::size_t largest_batch) {
  KafkaSettings settings = settings_.topic->kafka;
  settings.group = "replay";
  settings.instance = settings_.files.empty() ? settings_.wish.quarantine : name_of(settings_.files);
  put(settings, "message.max.bytes", kLargestOut);
  put(settings, "batch.size", largest_batch);
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make_transactional(settings);
  if (!out) return out.error();
  out_ = *std::move(out);
  if (const Status started = out_->start(); !started) return started;
  sender_ = std::make_unique<ReplaySender>(
      *out_, *out_,
      ReplaySender::Options{.interrupted = [] { return InterruptGuard::signal() != 0; },
                            .steady = steady,
                            .wait = interruptible_wait,
                            .committed = [this](std::span<const ReplayItem> sent) { return keep(sent); },
                            .too_large =
                                [this](const ReplayItem& item) {
                                  summary_.leave(ReplayLeft::TooLarge, item.id, "for `" + item.record.topic + "`");
                                },
                            .told =
                                [this](const std::string& words) {
                                  progress_.clear();
                                  print(surroundings_.err, "weir: " + visible(words) + "; trying again\n");
                                }});
  return Done{};
}

/// Behind an open transaction of anybody lie marks that no reader sees yet. They were there when this began: it is read that far.
Status ReplayRun::await_settled() {
  const std::string& topic = settings_.wish.quarantine;
  const Result<std::vector<std::int64_t>> ends = topics_->ends(topic, partitions_, false);
  if (!ends) return ends.error();
  for (const Duration until = steady() + kSettle;;) {
    const Result<std::vector<std::int64_t>> settled = topics_->ends(topic, partitions_, true);
    if (!settled) return settled.error();
    std::size_t behind = 0;
    while (behind < ends->size() && (*settled)[behind] >= (*ends)[behind]) ++behind;
    if (behind == ends->size()) return Done{};
    if (InterruptGuard::signal() != 0) return interrupted();
    if (steady() > until) {
      return Error{.message = "a transaction in `" + topic + "`/" + std::to_string(behind) +
                              " has been open for 90 s, and what lies behind it cannot be read",
                   .help = "who writes it has to end; kafka-transactions describe-producers names it"};
    }
    interruptible_wait(std::chrono::milliseconds(100));
  }
}

Status ReplayRun::read_marks() {
  if (!settings_.files.empty()) {
    std::set<std::string> paths;
    for (const std::string& file : settings_.files) paths.insert(ReplayLedger::path_of(file));
    for (const std::string& path : paths) {
      if (const Status read = ReplayLedger::read(path, choice_); !read) return read;
    }
    return Done{};
  }
  if (const Status settled = await_settled(); !settled) return settled;
  if (settings_.wish.again) return Done{};
  return each_of_topic([this](const Result<QuarantinedRecord>& record) {
    if (record && record->stage == kReplayedStage) choice_.mark(record->id);
    return true;
  });
}

Status ReplayRun::each(const Visit& visit) {
  if (settings_.files.empty()) {
    return each_of_topic([&](const Result<QuarantinedRecord>& record) {
      const std::vector<std::int32_t>& numbers = settings_.numbers;
      const bool meant = numbers.empty() || !record ||
                         std::find(numbers.begin(), numbers.end(), record->lies_in.number) != numbers.end();
      return meant ? visit(record) : true;
    });
  }
  for (const std::string& file : settings_.files) {
    file_ = file;
    if (const Status read = each_of_file(file, visit); !read) return read;
    if (InterruptGuard::signal() != 0) return Done{};
    // A transaction is of one file, as its ledger is.
    if (const Status flushed = flush(); !flushed) return flushed;
  }
  return Done{};
}

Result<std::unique_ptr<RecordLog>> ReplayRun::open_log(const std::string& topic) {
  Result<std::unique_ptr<KafkaLog>> log =
      KafkaLog::make(settings_.topic->kafka, {.topics = {topic}, .headers = true, .record_max_bytes = kLongestRecord});
  if (!log) return log.error();
  // Whoever judges has to know the schemas of the records first.
  if (settings_.plan != nullptr && schemas_->has_registry())
    return std::unique_ptr<RecordLog>(schemas_->gate(*std::move(log), *settings_.plan, [](const SchemaChange&) {}));
  return std::unique_ptr<RecordLog>(*std::move(log));
}

Status ReplayRun::each_of_topic(const Visit& visit) {
  const Result<std::unique_ptr<RecordLog>> log = open_log(settings_.wish.quarantine);
  if (!log) return log.error();
  TopicReader reader;
  reader.begin = [this](const std::string& name) { file_ = name; };
  reader.step = [&](const Messages& messages) {
    for (std::size_t i = 0; i < messages.items.size(); ++i) {
      if (!visit(read_quarantined(messages.items[i], messages.envelopes[i]))) return false;
    }
    return InterruptGuard::signal() == 0;
  };
  const Status read = read_log(**log, *settings_.topic, settings_.now, reader);
  if (read && InterruptGuard::signal() != 0) return interrupted();
  return read;
}

Status ReplayRun::each_of_file(const std::string& path, const Visit& visit) {
  const Result<std::unique_ptr<FileSource>> source =
      FileSource::open(path, {.format = Format::Json, .record_max_bytes = kLongestRecord});
  if (!source) return source.error();
  Block block;
  for (;;) {
    const Result<bool> more = (*source)->next(block);
    if (!more) return more.error();
    if (!*more) return Done{};
    (*source)->cut(block);
    for (const Message& message : block.messages.items) {
      if (!visit(read_quarantined_line(message.bytes))) return Done{};
    }
  }
}

Result<const ReplayTarget*> ReplayRun::target_of(const QuarantinedRecord& record) {
  const std::string topic = choice_.target_of(record);
  const auto known = targets_.find(topic);
  if (known != targets_.end()) return &known->second;
  ReplayTarget target{.topic = topic, .partitions = 0, .keep_timestamp = settings_.keep_timestamps};
  if (topics_ != nullptr) {
    const Result<std::vector<TopicFacts>> facts = topics_->describe(std::vector{topic});
    if (!facts) return facts.error();
    const std::optional<Error> why = why_not_writable(facts->front());
    if (why && settings_.wish.into) return *why;
    target.partitions = facts->front().partitions;
    if (why) target.why_not = why->message;
  }
  return &targets_.emplace(topic, std::move(target)).first->second;
}

}  // namespace weir
