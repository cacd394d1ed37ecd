// SPDX-License-Identifier: Apache-2.0
#include "app/topics_plan.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "config/consistency.h"
#include "kafka/subscription.h"

namespace weir {
namespace {

constexpr std::int64_t kDay = 86'400'000;            // milliseconds
constexpr std::int64_t kKeepQuarantine = 7 * kDay;   // at least: somebody has to look at it
constexpr std::uint64_t kRoomForReasons = 16 << 10;  // headers of a quarantined record, with those of other tools
constexpr const char* kSegment = "16777216";         // what was replaced is read again until its segment is closed

bool is_pattern(const std::string& topic) {
  return topic.starts_with('^');
}

void add(std::vector<NeededTopic>& all, NeededTopic topic) {
  const auto known = std::find_if(
      all.begin(), all.end(), [&](const NeededTopic& one) { return one.name == topic.name && one.use == topic.use; });
  if (known == all.end()) {
    all.push_back(std::move(topic));
    return;
  }
  for (std::string& origin : topic.origins) {
    if (std::find(known->origins.begin(), known->origins.end(), origin) == known->origins.end())
      known->origins.push_back(std::move(origin));
  }
}

/// What weir itself writes is no input of a pattern.
bool is_written(const Config& config, const std::string& topic) {
  if (config.state.value.kind == StatePlace::Kind::Topic && config.state.value.name == topic) return true;
  if (config.panes_topic.value == topic) return true;
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    if (receiver.topic == topic) return true;
  }
  return std::any_of(config.streams.begin(), config.streams.end(), [&](const StreamConfig& stream) {
    const auto is = [&](const Place& place) { return place.kind == Place::Kind::Topic && place.name == topic; };
    return is(stream.quarantine.place.value) || (stream.clean && is(stream.clean->value));
  });
}

std::vector<std::string> inputs_of(const Config& config, const StreamConfig& stream,
                                   std::span<const std::string> known) {
  std::vector<std::string> inputs;
  for (const std::string& topic : stream.topics.value) {
    const std::size_t before = inputs.size();
    if (is_pattern(topic)) {
      const Result<kafka::TopicPattern> pattern = kafka::TopicPattern::compile(topic);
      for (const std::string& name : known) {
        if (pattern && pattern->matches(name) && !is_written(config, name)) inputs.push_back(name);
      }
    }
    if (inputs.size() == before) inputs.push_back(topic);
  }
  return inputs;
}

/// From the first record of the oldest window that a reference holds to now.
Duration reach_of(const Plan& plan) {
  Duration longest = std::chrono::hours(1);
  for (const WindowBlock& block : plan.windows)
    longest = std::max(longest, std::max(block.size, block.longest) + block.lateness);
  for (const DriftRule& rule : plan.drift_rules) {
    const WindowBlock& block = plan.windows[plan.window_rules[rule.rule].block];
    const DriftReference& reference = rule.reference;
    Duration reach = block.size + block.lateness;
    if (reference.kind == DriftReference::Kind::Previous) reach += block.every * reference.windows;
    if (reference.kind == DriftReference::Kind::Rolling) reach += reference.length;
    if (reference.kind == DriftReference::Kind::Same) reach += std::chrono::hours(24 * 7) * reference.weeks;
    longest = std::max(longest, reach);
  }
  return longest;
}

std::optional<Duration> keep_panes(std::span<const StreamRules> rules) {
  std::optional<Duration> keep;
  for (const StreamRules& one : rules) {
    if (one.plan == nullptr) continue;
    const Duration reach = reach_of(*one.plan) + std::chrono::hours(24);
    keep = std::max(keep.value_or(Duration::zero()), reach);
  }
  return keep;
}

std::vector<const TopicFacts*> facts_of_origins(const NeededTopic& topic, std::span<const NeededTopic> needed,
                                                std::span<const TopicFacts> facts) {
  std::vector<const TopicFacts*> found;
  for (std::size_t i = 0; i < needed.size() && i < facts.size(); ++i) {
    if (needed[i].use != TopicUse::Input || !facts[i].exists) continue;
    const bool origin = std::find(topic.origins.begin(), topic.origins.end(), needed[i].name) != topic.origins.end();
    if (origin) found.push_back(&facts[i]);
  }
  return found;
}

std::optional<std::uint64_t> largest_record(std::span<const TopicFacts* const> origins) {
  std::optional<std::uint64_t> most;
  for (const TopicFacts* const origin : origins) {
    if (origin->max_record_bytes) most = std::max(most.value_or(0), *origin->max_record_bytes);
  }
  return most;
}

/// -1 is for ever.
std::int64_t longer(std::int64_t a, std::int64_t b) {
  return a < 0 || b < 0 ? -1 : std::max(a, b);
}

bool is_compacted(const TopicFacts& facts) {
  return facts.cleanup_policy.find("compact") != std::string::npos;
}

std::string alter(const std::string& topic, const std::string& what) {
  return "kafka-configs.sh --alter --entity-type topics --entity-name " + shell_word(topic) + " --add-config " + what;
}

std::string words_of(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

std::string_view name_of(TopicUse use) {
  constexpr std::string_view kNames[] = {"input", "quarantine", "clean", "state", "panes", "alerts"};
  return kNames[static_cast<std::size_t>(use)];
}

bool reads_patterns(const Config& config) {
  return std::any_of(config.streams.begin(), config.streams.end(), [](const StreamConfig& stream) {
    return std::any_of(stream.topics.value.begin(), stream.topics.value.end(), is_pattern);
  });
}

std::vector<NeededTopic> needed_topics(const Config& config, std::span<const StreamRules> rules,
                                       std::span<const std::string> known) {
  std::vector<NeededTopic> inputs;
  std::vector<NeededTopic> outputs;
  std::vector<std::string> all;
  for (const StreamConfig& stream : config.streams) {
    const std::vector<std::string> read = inputs_of(config, stream, known);
    for (const std::string& topic : read) {
      add(inputs, {.name = topic, .use = TopicUse::Input});
      if (std::find(all.begin(), all.end(), topic) == all.end()) all.push_back(topic);
    }
    const Place& quarantine = stream.quarantine.place.value;
    if (quarantine.kind == Place::Kind::Topic && !quarantine.name.empty()) {
      add(outputs, {.name = quarantine.name, .use = TopicUse::Quarantine, .origins = read});
    } else if (quarantine.kind == Place::Kind::Topic) {
      for (const std::string& topic : read)
        add(outputs, {.name = topic + ".quarantine", .use = TopicUse::Quarantine, .origins = {topic}});
    }
    if (stream.clean && stream.clean->value.kind == Place::Kind::Topic)
      add(outputs, {.name = stream.clean->value.name, .use = TopicUse::Clean, .origins = read});
  }
  if (config.state.value.kind == StatePlace::Kind::Topic)
    add(outputs, {.name = config.state.value.name, .use = TopicUse::State, .origins = all});
  if (!config.panes_topic.value.empty())
    add(outputs, {.name = config.panes_topic.value, .use = TopicUse::Panes, .keep = keep_panes(rules)});
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    if (!receiver.topic.empty()) add(outputs, {.name = receiver.topic, .use = TopicUse::Alerts});
  }
  inputs.insert(inputs.end(), std::make_move_iterator(outputs.begin()), std::make_move_iterator(outputs.end()));
  return inputs;
}

TopicShape shape_of(const NeededTopic& topic, std::span<const NeededTopic> needed, std::span<const TopicFacts> facts) {
  TopicShape shape;
  if (topic.use == TopicUse::Input) return shape;
  if (topic.use == TopicUse::Panes) {
    // One stream has one partition of it, wherever its name leads.
    shape.partitions = 1;
    const std::int64_t keep =
        std::chrono::ceil<std::chrono::milliseconds>(topic.keep.value_or(Duration::zero())).count();
    shape.config = {{"cleanup.policy", "compact,delete"}, {"segment.bytes", kSegment}};
    if (keep > 0) shape.config.insert(shape.config.begin() + 1, {"retention.ms", std::to_string(keep)});
    return shape;
  }
  if (topic.use == TopicUse::Alerts) {
    // The newest of each alert is what counts.
    shape.partitions = 1;
    shape.config = {{"cleanup.policy", "compact"}};
    return shape;
  }
  const std::vector<const TopicFacts*> origins = facts_of_origins(topic, needed, facts);
  for (const TopicFacts* const origin : origins)
    shape.partitions = std::max(shape.partitions.value_or(1), origin->partitions);
  if (topic.use == TopicUse::State) {
    shape.config = {{"cleanup.policy", "compact"}, {"segment.bytes", kSegment}};
    return shape;
  }
  const bool quarantine = topic.use == TopicUse::Quarantine;
  const bool compacted = !quarantine && std::any_of(origins.begin(), origins.end(),
                                                    [](const TopicFacts* origin) { return is_compacted(*origin); });
  shape.config.emplace_back("cleanup.policy", compacted ? origins.front()->cleanup_policy : "delete");
  std::optional<std::int64_t> keep;
  if (quarantine) keep = kKeepQuarantine;
  for (const TopicFacts* const origin : origins) {
    if (origin->retention_ms) keep = keep ? longer(*keep, *origin->retention_ms) : *origin->retention_ms;
  }
  if (keep) shape.config.emplace_back("retention.ms", std::to_string(*keep));
  if (const std::optional<std::uint64_t> most = largest_record(origins))
    shape.config.emplace_back("max.message.bytes", std::to_string(*most + (quarantine ? kRoomForReasons : 0)));
  return shape;
}

std::vector<TopicFault> topic_faults(const NeededTopic& topic, const TopicFacts& there,
                                     std::span<const NeededTopic> needed, std::span<const TopicFacts> facts) {
  std::vector<TopicFault> faults;
  if (!there.exists) return faults;
  const std::string& name = topic.name;
  const bool says_policy = !there.cleanup_policy.empty();
  if (there.leaderless > 0) {
    faults.push_back({.what = with_commas(static_cast<std::uint64_t>(there.leaderless)) + " of " +
                              with_commas(static_cast<std::uint64_t>(there.partitions)) + " partitions have no leader",
                      .remedy = "a broker is away that has them: start it, or let others take over"});
  }
  if (topic.use == TopicUse::Input) return faults;
  if (topic.use == TopicUse::State && says_policy && there.cleanup_policy != "compact") {
    faults.push_back({.what = "cleanup.policy is " + there.cleanup_policy + ": snapshots that are still needed go",
                      .remedy = alter(name, "cleanup.policy=compact")});
  }
  if (topic.use == TopicUse::Panes && says_policy && !is_compacted(there)) {
    faults.push_back(
        {.what = "cleanup.policy is " + there.cleanup_policy + ": every entry there ever was is read again",
         .remedy = alter(name, "cleanup.policy=[compact,delete]")});
  }
  if (topic.use == TopicUse::Panes && topic.keep && there.retention_ms && *there.retention_ms >= 0 &&
      there.cleanup_policy.find("delete") != std::string::npos) {
    const std::int64_t keep = std::chrono::ceil<std::chrono::milliseconds>(*topic.keep).count();
    if (*there.retention_ms < keep) {
      faults.push_back({.what = "kept for " + retention_words(*there.retention_ms) + ", and windows with their " +
                                "references reach back " + retention_words(keep),
                        .remedy = alter(name, "retention.ms=" + std::to_string(keep))});
    }
  }
  if (topic.use != TopicUse::Quarantine && topic.use != TopicUse::Clean) return faults;
  const std::vector<const TopicFacts*> origins = facts_of_origins(topic, needed, facts);
  std::int32_t partitions = 0;
  for (const TopicFacts* const origin : origins) partitions = std::max(partitions, origin->partitions);
  // Records go where their keys belong. Of a quarantine nobody counts on it.
  if (topic.use == TopicUse::Clean && there.partitions < partitions) {
    faults.push_back({.what = std::to_string(there.partitions) + " partitions, and " + words_of(topic.origins) +
                              " has " + std::to_string(partitions) + ": keys lie in other ones",
                      .remedy = "kafka-topics.sh --alter --topic " + shell_word(name) + " --partitions " +
                                std::to_string(partitions)});
  }
  const std::optional<std::uint64_t> most = largest_record(origins);
  if (most && there.max_record_bytes && *there.max_record_bytes < *most) {
    const std::uint64_t room = *most + (topic.use == TopicUse::Quarantine ? kRoomForReasons : 0);
    faults.push_back({.what = "max.message.bytes is " + with_commas(*there.max_record_bytes) + ", and a record of " +
                              words_of(topic.origins) + " may have " + with_commas(*most),
                      .remedy = alter(name, "max.message.bytes=" + std::to_string(room))});
  }
  const bool from_compacted =
      std::any_of(origins.begin(), origins.end(), [](const TopicFacts* origin) { return is_compacted(*origin); });
  if (topic.use == TopicUse::Clean && is_compacted(there) && !origins.empty() && !from_compacted) {
    faults.push_back({.what = "cleanup.policy is " + there.cleanup_policy + ", and that of " + words_of(topic.origins) +
                              " is not: of the records of a key the last one stays",
                      .remedy = alter(name, "cleanup.policy=delete")});
  }
  if (topic.use == TopicUse::Quarantine && is_compacted(there)) {
    faults.push_back(
        {.what = "cleanup.policy is " + there.cleanup_policy + ": of the failures of a key the last one stays",
         .remedy = alter(name, "cleanup.policy=delete")});
  }
  return faults;
}

std::string create_command(const Config& config, const NeededTopic& topic, const TopicShape& shape,
                           std::uint64_t copies) {
  std::string text = "kafka-topics.sh --bootstrap-server " + shell_word(config.brokers.value);
  if (!config.kafka.empty()) text += " --command-config client.properties";
  text += " --create --if-not-exists --topic " + shell_word(topic.name) + " --partitions " +
          (shape.partitions ? std::to_string(*shape.partitions) : "N");
  if (copies > 0) text += " --replication-factor " + std::to_string(copies);
  for (const auto& [name, value] : shape.config) text += " --config " + shell_word(name + "=" + value);
  return text;
}

std::string retention_words(std::int64_t milliseconds) {
  constexpr std::chrono::milliseconds kMost = std::chrono::floor<std::chrono::milliseconds>(Duration::max());
  if (milliseconds < 0 || milliseconds >= kMost.count()) return "for ever";  // Long.MAX_VALUE too is written for it
  return format_duration(std::chrono::milliseconds(milliseconds));
}

}  // namespace weir
