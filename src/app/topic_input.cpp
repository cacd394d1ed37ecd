// SPDX-License-Identifier: Apache-2.0
// One partition at a time: its neighbours wait at their ends, paused, until it is their turn. What comes in while weir reads
// lies behind the ends that were seen at the start, and is not judged.
#include "app/topic_input.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <utility>

#include "app/interrupt.h"
#include "app/rule_file.h"
#include "app/schema_supply.h"
#include "config/consistency.h"
#include "config/load_config.h"
#include "config/values.h"
#include "kafka/kafka_log.h"

namespace weir {
namespace {

constexpr Duration kWait = std::chrono::milliseconds(200);
constexpr std::size_t kMostRecords = 10'000;
// A broker that stays away for longer has not read the topic to its end.
constexpr Duration kPatience = std::chrono::seconds(30);

/// Where each partition begins and ends, decided when the log hands them out.
class ReadingPlan final : public RecordLog::Listener {
 public:
  ReadingPlan(RecordLog& log, const TopicInput& input, Instant now) : log_(log), input_(input), now_(now) {}

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    std::vector<std::int64_t> offsets;
    for (const Partition& partition : partitions) {
      const Result<Bounds> span = span_of(partition);
      if (!span && !fault_) fault_ = span.error();
      spans_[partition] = span ? *span : Bounds{};
      offsets.push_back(spans_[partition].end);
    }
    assigned_ = true;
    return offsets;
  }
  void revoked(std::span<const Partition> /*partitions*/, bool /*lost*/) override {}

  [[nodiscard]] bool is_assigned() const { return assigned_; }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }
  [[nodiscard]] const Stretch& spans() const { return spans_; }

 private:
  Result<std::int64_t> offset_of(const Partition& partition, const Start& start, const Bounds& bounds) {
    switch (start.kind) {
      case Start::Kind::Earliest: return bounds.first;
      case Start::Kind::Latest: return bounds.end;
      case Start::Kind::Time: return log_.offset_at(partition, start.time);
      case Start::Kind::Ago: return log_.offset_at(partition, now_ - start.ago);
    }
    return bounds.first;
  }

  Result<Bounds> span_of(const Partition& partition) {
    const std::vector<std::int32_t>& numbers = input_.numbers;
    if (!numbers.empty() && std::find(numbers.begin(), numbers.end(), partition.number) == numbers.end())
      return Bounds{};
    const Result<Bounds> bounds = log_.bounds(partition);
    if (!bounds) return bounds.error();
    const Result<std::int64_t> first = offset_of(partition, input_.stream.from.value, *bounds);
    if (!first) return first.error();
    const Result<std::int64_t> end =
        input_.to ? offset_of(partition, *input_.to, *bounds) : Result<std::int64_t>(bounds->end);
    if (!end) return end.error();
    return Bounds{.first = std::max(*first, bounds->first), .end = std::min(*end, bounds->end)};
  }

  RecordLog& log_;
  const TopicInput& input_;
  Instant now_;
  Stretch spans_;
  std::optional<Error> fault_;
  bool assigned_ = false;
};

/// The first trouble that no waiting heals.
std::optional<Error> standing_of(const std::vector<Trouble>& troubles) {
  for (const Trouble& trouble : troubles) {
    if (trouble.weight != Trouble::Weight::Passing) return Error{.message = trouble.message};
  }
  return std::nullopt;
}

class LogReader {
 public:
  LogReader(RecordLog& log, const TopicReader& reader) : log_(log), reader_(reader) {}

  Status wait_for(const ReadingPlan& plan) {
    const auto until = Clock::now() + kPatience;
    while (!plan.is_assigned()) {
      if (const Status polled = poll(); !polled) return polled;
      if (InterruptGuard::signal() != 0) return Done{};
      if (Clock::now() > until) return Error{.message = "no broker said which partitions there are"};
    }
    if (plan.fault()) return *plan.fault();
    return Done{};
  }

  Status read(const Partition& partition, const Bounds& span) {
    if (span.first >= span.end) return Done{};
    if (const Status sought = log_.seek(partition, span.first); !sought) return sought;
    log_.resume(partition);
    auto progress = Clock::now();
    for (std::int64_t next = span.first; next < span.end && !enough_;) {
      if (InterruptGuard::signal() != 0) return Done{};
      if (const Status polled = poll(); !polled) return polled;
      for (Fetched& fetched : events_.fetched) {
        if (fetched.partition != partition || fetched.next_offset <= next) continue;
        next = fetched.next_offset;
        cut_at(fetched.messages, span.end);
        if (!fetched.messages.items.empty() && !reader_.step(fetched.messages)) enough_ = true;
        progress = Clock::now();  // a reader may take its time
      }
      // What is missing up to the end are marks of transactions, which nobody sees.
      if (std::find(events_.ended.begin(), events_.ended.end(), partition) != events_.ended.end()) break;
      if (Clock::now() - progress > kPatience && log_.is_held(partition)) return Error{.message = why_held()};
      if (Clock::now() - progress > kPatience)
        return Error{.message = "nothing came from " + partition.topic + "/" + std::to_string(partition.number) +
                                " for 30 s, and it was not read to its end"};
    }
    log_.pause(partition);
    return Done{};
  }

  [[nodiscard]] bool has_enough() const { return enough_; }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::string why_held() const {
    std::string words = "a schema did not come for 30 s";
    for (const Readiness& one : log_.readiness()) {
      if (!one.ok) words += ", " + one.reason;
    }
    return words;
  }

  Status poll() {
    log_.poll(kWait, kMostRecords, events_);
    if (const std::optional<Error> standing = standing_of(events_.troubles)) return *standing;
    if (!events_.out_of_range.empty()) return Error{.message = "records were deleted while they were to be read"};
    return Done{};
  }

  RecordLog& log_;
  const TopicReader& reader_;
  RecordLog::Events events_;
  bool enough_ = false;
};

Result<std::vector<std::int32_t>> partitions_of(const Arguments& arguments) {
  std::vector<std::int32_t> numbers;
  const std::string written = arguments.text("partitions", "");
  for (std::size_t begin = 0; begin < written.size();) {
    const std::size_t end = std::min(written.find(',', begin), written.size());
    std::int32_t number = 0;
    const auto [stop, fault] = std::from_chars(written.data() + begin, written.data() + end, number);
    if (fault != std::errc() || stop != written.data() + end || number < 0)
      return Error{.message = "`--partitions` wants numbers with `,` between them, not " + in_quotes(written)};
    numbers.push_back(number);
    begin = end + 1;
  }
  return numbers;
}

/// The faults of a configuration as one error: there is one line for it.
Error first_of(const LoadedConfig& loaded) {
  Error error = loaded.diagnostics.front().error;
  if (error.where.line > 0 && !error.where.file.starts_with("--"))
    error.message = error.where.file + ":" + std::to_string(error.where.line) + ": " + error.message;
  return error;
}

Given given(const Arguments& arguments, std::string_view flag, std::string key) {
  return {.key = std::move(key), .flag = "--" + std::string(flag), .values = arguments.values(flag)};
}

/// Not every command that reads a topic reads a stretch of it.
bool has_flag(const Arguments& arguments, std::string_view flag) {
  return find_flag(arguments.command(), flag) != nullptr && arguments.on(flag);
}

Result<TopicInput> topic_named(const Arguments& arguments, const Surroundings& surroundings, Given topic,
                               TimesMean times) {
  ConfigRequest request{.environment = surroundings.environment,
                        .read_file = read_whole_file,
                        .read_zone = reader_of_zones(surroundings)};
  Given rules{.key = "stream.rules", .flag = "--rules", .values = {}};
  if (has_flag(arguments, "rules")) rules.values = arguments.values("rules");
  if (rules.values.empty()) rules.values = {"/dev/null"};  // a command that can do without
  request.given = {std::move(topic),
                   std::move(rules),
                   // Nothing is written to a topic here: none can be read again.
                   {.key = "stream.quarantine", .flag = "--quarantine", .values = {"/dev/null"}}};
  if (times == TimesMean::Stretch && has_flag(arguments, "from"))
    request.given.push_back(given(arguments, "from", "stream.from"));
  std::vector<KafkaProperty> properties;
  std::vector<Given> of_registry;
  if (arguments.on("registry")) of_registry.push_back(given(arguments, "registry", "registry"));
  RegistrySettings registry;
  std::string brokers = arguments.text("brokers", "");
  if (const std::optional<std::string> file = arguments.text("config")) {
    const LoadedConfig written = load_config({.file = file,
                                              .given = of_registry,
                                              .environment = surroundings.environment,
                                              .read_file = read_whole_file,
                                              .read_zone = request.read_zone});
    if (!written.config) return first_of(written);
    registry = written.config->registry.value;
    properties = written.config->kafka;
    if (brokers.empty()) brokers = written.config->brokers.value;
  }
  request.given.insert(request.given.end(), of_registry.begin(), of_registry.end());
  if (!brokers.empty()) request.given.push_back({.key = "brokers", .flag = "--brokers", .values = {brokers}});
  LoadedConfig loaded = load_config(request);
  if (!loaded.config) return first_of(loaded);
  Config& config = *loaded.config;
  config.kafka = std::move(properties);
  if (registry.urls.empty()) registry = config.registry.value;

  TopicInput input{.kafka = {.brokers = config.brokers.value, .group = "", .instance = "", .properties = {}},
                   .registry = std::move(registry),
                   .stream = config.streams.front(),
                   .to = std::nullopt,
                   .numbers = {}};
  for (const KafkaProperty& property : config.kafka) {
    input.kafka.properties.push_back(
        {.name = property.name, .value = property.value, .name_where = property.name_where, .where = property.where});
  }
  if (const std::vector<Error> faults = check_settings(input.kafka); !faults.empty()) return faults.front();
  return input;
}

}  // namespace

Result<TopicInput> topic_named(const Arguments& arguments, const Surroundings& surroundings, const std::string& topic) {
  return topic_named(arguments, surroundings, Given{.key = "stream.topics", .flag = "the topic", .values = {topic}},
                     TimesMean::Stretch);
}

Result<std::optional<TopicInput>> topic_input_of(const Arguments& arguments, const Surroundings& surroundings,
                                                 std::size_t beside, TimesMean times) {
  // Set for `weir run`, the environment must not turn a check of files into one of a topic.
  const bool has_files = arguments.operands().size() > beside;
  const bool asked = arguments.on("topic") && !(has_files && arguments.from_environment("topic"));
  for (const char* const flag : {"brokers", "registry", "config", "from", "to", "partitions"}) {
    const bool of_records =
        times == TimesMean::Records && (flag == std::string_view("from") || flag == std::string_view("to"));
    if (asked || of_records || !arguments.on(flag) || arguments.from_environment(flag)) continue;
    return Error{.message = "`--" + std::string(flag) + "` goes with --topic"};
  }
  if (!asked) return std::optional<TopicInput>();
  if (has_files) return Error{.message = "files and `--topic` exclude each other"};

  Result<TopicInput> named = topic_named(arguments, surroundings, given(arguments, "topic", "stream.topics"), times);
  if (!named) return named.error();
  TopicInput input = *std::move(named);
  if (const std::optional<std::string> to = arguments.text("to"); to && times == TimesMean::Stretch) {
    input.to = parse_start(*to);
    if (!input.to) return Error{.message = "`--to` wants a time or -2h, not " + in_quotes(*to)};
  }
  Result<std::vector<std::int32_t>> numbers = partitions_of(arguments);
  if (!numbers) return numbers.error();
  input.numbers = *std::move(numbers);
  return std::optional<TopicInput>(std::move(input));
}

Status check_topic_rules(const TopicInput& input, const Loaded& rules) {
  const std::vector<Diagnostic> unfit = check_topic_and_format(input.stream, rules);
  if (unfit.empty()) return Done{};
  return Error{.message = unfit.front().error.message, .help = unfit.front().error.help};
}

void cut_at(Messages& messages, std::int64_t end) {
  if (messages.items.empty() || messages.items.back().offset < static_cast<std::uint64_t>(end)) return;
  const auto behind = std::find_if(messages.items.begin(), messages.items.end(), [end](const Message& message) {
    return message.offset >= static_cast<std::uint64_t>(end);
  });
  const auto kept = static_cast<std::size_t>(behind - messages.items.begin());
  messages.items.resize(kept);
  if (!messages.envelopes.empty()) messages.envelopes.resize(kept);
  messages.block = {};  // it holds more than the items now
  messages.stretch = {};
}

Result<Stretch> stretch_of(RecordLog& log, const TopicInput& input, Instant now) {
  ReadingPlan plan(log, input, now);
  if (const Status started = log.start(plan); !started) return started.error();
  const TopicReader nobody;
  const Status found = LogReader(log, nobody).wait_for(plan);
  log.close();
  if (!found) return found.error();
  Stretch stretch = plan.spans();
  std::erase_if(stretch, [&input](const auto& one) {
    const std::vector<std::int32_t>& numbers = input.numbers;
    return !numbers.empty() && std::find(numbers.begin(), numbers.end(), one.first.number) == numbers.end();
  });
  return stretch;
}

Result<std::unique_ptr<RecordLog>> open_topic(const TopicInput& input, const Plan& plan, bool headers) {
  LogOptions options;
  options.topics = input.stream.topics.value;
  options.headers = headers;
  options.record_max_bytes = plan.record_max_bytes;
  Result<std::unique_ptr<KafkaLog>> log = KafkaLog::make(input.kafka, std::move(options));
  if (!log) return log.error();
  return std::unique_ptr<RecordLog>(*std::move(log));
}

Status read_log(RecordLog& log, const TopicInput& input, Instant now, const TopicReader& reader) {
  ReadingPlan plan(log, input, now);
  if (const Status started = log.start(plan); !started) return started;
  LogReader partitions(log, reader);
  Status status = partitions.wait_for(plan);
  if (status) {
    for (const auto& [partition, span] : plan.spans()) log.pause(partition);
  }
  for (const auto& [partition, span] : plan.spans()) {
    if (!status || partitions.has_enough() || InterruptGuard::signal() != 0) break;
    const std::vector<std::int32_t>& numbers = input.numbers;
    if (!numbers.empty() && std::find(numbers.begin(), numbers.end(), partition.number) == numbers.end()) continue;
    reader.begin(partition.topic + "/" + std::to_string(partition.number));
    status = partitions.read(partition, span);
  }
  log.close();
  return status;
}

Status read_topic(const TopicInput& input, const Plan& plan, Instant now, const TopicReader& reader) {
  Result<std::unique_ptr<RecordLog>> log = open_topic(input, plan, true);
  if (!log) return log.error();
  SchemaSupply schemas(input.registry, input.schemas);
  if (!schemas.has_registry()) return read_log(**log, input, now, reader);
  const std::unique_ptr<SchemaGate> gate = schemas.gate(*std::move(log), plan, [&reader](const SchemaChange& change) {
    if (reader.seen) reader.seen(change);
  });
  return read_log(*gate, input, now, reader);
}

}  // namespace weir
