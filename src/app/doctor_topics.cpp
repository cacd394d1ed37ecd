// SPDX-License-Identifier: Apache-2.0
#include "app/doctor_topics.h"

#include <algorithm>

#include "app/doctor_records.h"
#include "app/rule_file.h"
#include "app/topics_plan.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "config/consistency.h"

namespace weir {
namespace {

constexpr Duration kAhead = std::chrono::seconds(5);

/// Whom an administrator gives permissions to.
std::string principal_of(const Config& config) {
  for (const KafkaProperty& property : config.kafka) {
    if (property.name == "sasl.username" && !property.secret) return "User:" + property.value;
  }
  return "User:NAME";
}

std::string allow(const Config& config, const std::string& operation, const std::string& resource) {
  return "`kafka-acls.sh --add --allow-principal " + principal_of(config) + " --operation " + operation + " " +
         resource + "`";
}

struct Look {
  const DoctorCase& of;
  KafkaTopics& topics;
  const std::string& brokers;
  DoctorFindings& out;
  std::vector<NeededTopic> needed;
  std::vector<TopicFacts> facts;

  void say(std::string subject, DoctorVerdict verdict, std::string message, std::string remedy = "") {
    out.push_back({.subject = std::move(subject),
                   .verdict = verdict,
                   .message = std::move(message),
                   .remedy = std::move(remedy)});
  }
};

std::string title_of(const NeededTopic& topic) {
  return topic.name + " (" + std::string(name_of(topic.use)) + ")";
}

void add_missing(Look& look, const NeededTopic& topic, const TopicFacts& facts) {
  const Config& config = look.of.settings.config;
  if (facts.why_not.starts_with("no permission")) {
    const bool read = topic.use == TopicUse::Input;
    look.say("topic", DoctorVerdict::Bad, title_of(topic) + ": no permission to see it",
             allow(config, read ? "Read" : "Write", "--topic " + topic.name));
    return;
  }
  const bool input = topic.use == TopicUse::Input;
  const bool unknown = facts.why_not.starts_with("a topic does not exist");
  const std::string why = unknown ? "is not there" : words_of_trouble(facts.why_not).first;
  look.say("topic", DoctorVerdict::Bad, title_of(topic) + (unknown ? " " : ": ") + why,
           input ? (topic.name.starts_with('^') ? "no topic matches this pattern yet; weir waits for one"
                                                : "check its name; weir waits until it is there")
                 : "`weir topics --create` makes it, `weir topics --print` shows how");
}

/// True: nothing is wrong with what weir's user may do.
bool add_permissions(Look& look, const NeededTopic& topic, const TopicFacts& facts) {
  const Config& config = look.of.settings.config;
  const bool reads = topic.use == TopicUse::Input || topic.use == TopicUse::State || topic.use == TopicUse::Panes;
  const bool writes = topic.use != TopicUse::Input;
  bool fine = true;
  if (reads && facts.readable == false) {
    fine = false;
    look.say("topic", DoctorVerdict::Bad, title_of(topic) + ": no permission to read it",
             allow(config, "Read", "--topic " + topic.name));
  }
  if (writes && facts.writable == false) {
    fine = false;
    look.say("topic", DoctorVerdict::Bad, title_of(topic) + ": no permission to write to it",
             allow(config, "Write", "--topic " + topic.name));
  }
  return fine;
}

void add_topic(Look& look, std::size_t i) {
  const NeededTopic& topic = look.needed[i];
  const TopicFacts& facts = look.facts[i];
  if (!facts.exists) {
    add_missing(look, topic, facts);
    return;
  }
  bool fine = add_permissions(look, topic, facts);
  for (const TopicFault& fault : topic_faults(topic, facts, look.needed, look.facts)) {
    fine = false;
    // A snapshot that is deleted is lost; the other faults cost something and stop nothing.
    const bool bad = topic.use == TopicUse::State || facts.leaderless > 0;
    look.say("topic", bad ? DoctorVerdict::Bad : DoctorVerdict::Warn, title_of(topic) + ": " + fault.what,
             fault.remedy.starts_with("kafka-") ? "`weir topics` shows the command that mends it" : fault.remedy);
  }
  if (!fine) return;
  const bool input = topic.use == TopicUse::Input;
  const std::string may = facts.readable || facts.writable ? (input ? ", may be read" : ", may be written to") : "";
  look.say("topic", DoctorVerdict::Ok,
           title_of(topic) + ": " + counted(static_cast<std::size_t>(facts.partitions), "partition") + may +
               (facts.cleanup_policy.empty() ? "; its settings are not told (DescribeConfigs)" : ""));
}

void add_topics(Look& look) {
  std::vector<std::string> known;
  if (reads_patterns(look.of.settings.config)) {
    if (Result<std::vector<std::string>> names = look.topics.names()) known = *std::move(names);
  }
  look.needed = needed_topics(look.of.settings.config, look.of.settings.rules, known);
  std::vector<std::string> names;
  for (const NeededTopic& topic : look.needed) names.push_back(topic.name);
  Result<std::vector<TopicFacts>> facts = look.topics.describe(names);
  if (!facts) {
    const auto [what, remedy] = words_of_trouble(facts.error().message);
    look.say("topic", DoctorVerdict::Bad, what, remedy);
    return;
  }
  look.facts = *std::move(facts);
  for (std::size_t i = 0; i < look.needed.size(); ++i) add_topic(look, i);
}

/// True: there is a group whose positions may be asked for.
bool add_group(Look& look, const std::string& name) {
  const Result<GroupFacts> group = look.topics.group(name);
  if (!group) {
    const auto [what, remedy] = words_of_trouble(group.error().message);
    look.say("group", DoctorVerdict::Warn, what, remedy);
    return false;
  }
  if (group->untold) {
    look.say("group", DoctorVerdict::Skipped, name + ": these brokers do not tell who is in a group");
    return true;
  }
  if (group->readable == false) {
    look.say("group", DoctorVerdict::Bad, name + ": no permission to be a member",
             allow(look.of.settings.config, "Read", "--group " + name));
    return false;
  }
  if (!group->why_not.empty()) {
    const auto [what, remedy] = words_of_trouble(group->why_not);
    look.say("group", DoctorVerdict::Warn, name + ": " + what, remedy);
    return false;
  }
  const bool none = group->state == "Dead" || group->state.empty();
  std::string message = name + ": ";
  message += group->members > 0 ? counted(group->members, "member") + ": a weir runs, or did a moment ago"
             : none             ? "new"
                                : "nobody is in it";
  look.say("group", DoctorVerdict::Ok, message);
  return !none;
}

void add_time(Look& look, const Plan& plan, const TopicFacts& topic, std::span<const PartitionFacts> partitions) {
  std::optional<Instant> newest;
  for (const PartitionFacts& one : partitions) {
    if (one.partition.topic == topic.name && one.newest) newest = std::max(newest.value_or(*one.newest), *one.newest);
  }
  const bool by_message = plan.time.column == EventTime::kNone && !plan.windows.empty();
  if (topic.log_append_time && by_message) {
    look.say("time", DoctorVerdict::Warn,
             topic.name + ": windows are by the time at which the broker got a record (LogAppendTime)",
             "name the field with the time in the rules (`source.time`), unless that is meant");
  }
  if (!newest) return;
  const Duration ahead = *newest - look.of.now;
  if (topic.log_append_time && ahead > kAhead) {
    look.say("time", DoctorVerdict::Warn,
             topic.name + ": the broker's clock is " +
                 format_duration(std::chrono::floor<std::chrono::seconds>(ahead)) + " ahead of this one",
             "let both follow a time server");
  } else if (!topic.log_append_time && by_message && ahead > plan.time.max_future) {
    look.say("time", DoctorVerdict::Warn,
             topic.name + ": a record is of a time " +
                 format_duration(std::chrono::floor<std::chrono::seconds>(ahead)) + " from now, and rules allow " +
                 format_duration(plan.time.max_future),
             "a producer's clock or unit is wrong: such records are in no window");
  }
}

/// Where records begin that are younger than half of what the topic keeps.
std::vector<Position> recent_of(Look& look, const TopicFacts& topic, std::span<const PartitionFacts> partitions) {
  if (!topic.retention_ms || *topic.retention_ms <= 0 || topic.cleanup_policy.find("delete") == std::string::npos)
    return {};
  const std::chrono::milliseconds half(*topic.retention_ms / 2);
  const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(look.of.now.time_since_epoch());
  if (half >= since_epoch) return {};  // kept for ever, written as a large number
  std::vector<Partition> asked;
  for (const PartitionFacts& one : partitions) asked.push_back(one.partition);
  Result<std::vector<Position>> found = look.topics.positions_at(asked, look.of.now - half);
  return found ? *std::move(found) : std::vector<Position>();
}

std::string from_words(const Start& from) {
  return from.kind == Start::Kind::Latest     ? "where the topic ends then"
         : from.kind == Start::Kind::Earliest ? "the first record"
                                              : "the time that `from` says";
}

void add_stream(Look& look, std::size_t index) {
  const Config& config = look.of.settings.config;
  const StreamConfig& stream = config.streams[index];
  const bool has_group = add_group(look, stream.group);
  if (!config.panes_topic.value.empty()) (void)add_group(look, stream.group + "-merge");
  std::vector<TopicFacts> read;
  for (std::size_t i = 0; i < look.facts.size(); ++i) {
    const bool input = look.needed[i].use == TopicUse::Input && look.facts[i].exists;
    const bool may = look.facts[i].readable != false;
    const bool ours = reads_topic(stream, look.facts[i].name);
    if (input && may && ours) read.push_back(look.facts[i]);
  }
  if (read.empty()) return;
  const Result<std::vector<PartitionFacts>> partitions =
      look.topics.partitions(read, has_group ? stream.group : std::string());
  if (!partitions) {
    const auto [what, remedy] = words_of_trouble(partitions.error().message);
    look.say("lag", DoctorVerdict::Warn, what, remedy);
    return;
  }
  for (const TopicFacts& topic : read) {
    std::vector<PartitionFacts> of_topic;
    std::copy_if(partitions->begin(), partitions->end(), std::back_inserter(of_topic),
                 [&](const PartitionFacts& one) { return one.partition.topic == topic.name; });
    const std::vector<Position> recent = recent_of(look, topic, of_topic);
    look.out.push_back(lag_finding(stream.group, topic, of_topic, recent, from_words(stream.from.value)));
    add_time(look, *look.of.settings.rules[index].plan, topic, of_topic);
  }
  std::vector<std::string> names;
  for (const TopicFacts& topic : read) names.push_back(topic.name);
  look.out.push_back(records_finding(stream.name.value, sample_records(look.of, index, look.brokers, names)));
}

/// Only whoever begins a transaction is told whether it may, and beginning one ends that of a weir that runs.
void add_transactions(Look& look) {
  const Config& config = look.of.settings.config;
  if (config.delivery.value != Delivery::ExactlyOnce) return;
  for (const StreamConfig& stream : config.streams) {
    const KafkaSettings kafka = kafka_settings(config, stream);
    const std::string id = "weir-" + kafka.group + "-" + kafka.instance;
    look.say("transactions", DoctorVerdict::Skipped, id + ": not looked at: asking would begin a transaction",
             "where there are ACLs: " + allow(config, "Write", "--transactional-id " + id));
  }
}

}  // namespace

DoctorFinding lag_finding(const std::string& group, const TopicFacts& topic, std::span<const PartitionFacts> partitions,
                          std::span<const Position> recent, const std::string& from) {
  std::uint64_t lag = 0;
  std::uint64_t deleted = 0;
  std::size_t with_position = 0;
  std::size_t old = 0;
  for (const PartitionFacts& one : partitions) {
    if (!one.committed) continue;
    ++with_position;
    const std::int64_t next = std::max(*one.committed, one.first);
    if (*one.committed < one.first) deleted += static_cast<std::uint64_t>(one.first - *one.committed);
    if (one.end > next) lag += static_cast<std::uint64_t>(one.end - next);
    const auto young = std::find_if(recent.begin(), recent.end(),
                                    [&](const Position& place) { return place.partition == one.partition; });
    // Where no record is young, the partition has been silent: what is unread there is old.
    const std::int64_t begins =
        young == recent.end() ? (recent.empty() ? next : one.end) : young->offset.value_or(next);
    if (next < begins && one.end > next) ++old;
  }
  DoctorFinding finding{.subject = "lag"};
  if (with_position == 0) {
    finding.message = topic.name + ": " + group + " has no position yet; it begins with " + from;
  } else if (deleted > 0) {
    finding.verdict = DoctorVerdict::Bad;
    finding.message = topic.name + ": " + with_commas(deleted) + " records were deleted before they were judged, and " +
                      with_commas(lag) + " are behind them";
    finding.remedy = "windows there will be `partial`; keep the topic longer (`retention.ms`), start weir sooner";
  } else if (old > 0) {
    finding.verdict = DoctorVerdict::Warn;
    finding.message = topic.name + ": " + with_commas(lag) + " records unread, some for more than half of the " +
                      retention_words(topic.retention_ms.value_or(-1)) + " that they are kept";
    finding.remedy = "start weir, or give the topic a longer `retention.ms`, before they are deleted";
  } else {
    finding.message = topic.name + ": " + with_commas(lag) + " records unread";
  }
  return finding;
}

void add_topics_and_groups(KafkaTopics& topics, const std::string& brokers, const DoctorCase& of, DoctorFindings& out) {
  Look look{.of = of, .topics = topics, .brokers = brokers, .out = out, .needed = {}, .facts = {}};
  add_topics(look);
  for (std::size_t i = 0; i < of.settings.config.streams.size(); ++i) add_stream(look, i);
  add_transactions(look);
}

}  // namespace weir
