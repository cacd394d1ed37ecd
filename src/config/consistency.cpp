// SPDX-License-Identifier: Apache-2.0
#include "config/consistency.h"

#include <algorithm>
#include <map>

#include "base/pattern.h"
#include "config/values.h"
#include "rules/codes.h"

namespace weir {
namespace {

constexpr std::string_view kQuarantineEnding = ".quarantine";

bool is_pattern(const std::string& topic) {
  return topic.starts_with('^');
}

/// Everything that weir writes, by name, with what it is for: two purposes under one name are a mistake.
class Places {
 public:
  Places(const Config& config, Findings& findings) : config_(config), findings_(findings) {}

  void add_topic(const std::string& topic, const std::string& purpose, const SourceSpan& where, bool shared = false) {
    for (const StreamConfig& stream : config_.streams) {
      if (!reads_topic(stream, topic)) continue;
      findings_.error(codes::kLoop, where, "the topic " + backquoted(topic) + " is read and written",
                      {.label = purpose + " goes to an input of the stream " + backquoted(stream.name.value),
                       .help = "what is written there would be judged again, without an end"});
      return;
    }
    add("the topic " + backquoted(topic), purpose, where, shared);
  }

  void add_file(const std::string& file, const std::string& purpose, const SourceSpan& where) {
    add("the file " + backquoted(file), purpose, where, false);
  }

 private:
  void add(const std::string& name, const std::string& purpose, const SourceSpan& where, bool shared) {
    const auto [known, added] = purposes_.emplace(name, purpose);
    if (added || (shared && known->second == purpose)) return;
    findings_.error(codes::kTwice, where, name + " is there for two things",
                    {.label = purpose, .help = "it is also for: " + known->second});
  }

  const Config& config_;
  Findings& findings_;
  std::map<std::string, std::string> purposes_;
};

void check_quarantine(const StreamConfig& stream, Places& places) {
  const Place& place = stream.quarantine.place.value;
  if (place.kind == Place::Kind::File) {
    places.add_file(place.name, "the quarantine of " + backquoted(stream.name.value), stream.quarantine.place.where);
  } else if (!place.name.empty()) {
    // Several streams may have one: a header says where a record came from.
    places.add_topic(place.name, "the quarantine", stream.quarantine.place.where, true);
  } else {
    for (std::size_t i = 0; i < stream.topics.value.size(); ++i) {
      const std::string& topic = stream.topics.value[i];
      if (!is_pattern(topic))
        places.add_topic(topic + std::string(kQuarantineEnding), "the quarantine", stream.topic_places[i], true);
    }
  }
}

void check_places(const Config& config, Findings& findings) {
  Places places(config, findings);
  if (config.state.value.kind == StatePlace::Kind::Topic)
    places.add_topic(config.state.value.name, "`state`", config.state.where);
  if (!config.panes_topic.value.empty())
    places.add_topic(config.panes_topic.value, "`panes`", config.panes_topic.where);
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    if (!receiver.topic.empty()) places.add_topic(receiver.topic, "alerts", receiver.where, true);
  }
  if (!config.lineage.file.empty()) places.add_file(config.lineage.file, "lineage", config.lineage.where);
  for (const StreamConfig& stream : config.streams) {
    check_quarantine(stream, places);
    if (!stream.clean) continue;
    const Place& clean = stream.clean->value;
    const std::string purpose = "the clean records of " + backquoted(stream.name.value);
    if (clean.kind == Place::Kind::File) {
      places.add_file(clean.name, purpose, stream.clean->where);
    } else {
      places.add_topic(clean.name, purpose, stream.clean->where);
    }
  }
}

void check_names(const Config& config, Findings& findings) {
  std::map<std::string, std::size_t> names;
  for (std::size_t i = 0; i < config.streams.size(); ++i) {
    const StreamConfig& stream = config.streams[i];
    const auto [known, added] = names.emplace(stream.name.value, i);
    if (added) continue;
    const SourceSpan& where = stream.name.given() ? stream.name.where : stream.topics.where;
    findings.error(codes::kTwice, where, "two streams are called " + backquoted(stream.name.value),
                   {.label = "give it a `name` of its own",
                    .help = stream.name.given() ? "" : "a stream without a `name` is called like its topic"});
  }
}

void check_delivery(const Config& config, Findings& findings) {
  if (config.delivery.value != Delivery::ExactlyOnce) return;
  for (const StreamConfig& stream : config.streams) {
    for (const Setting<Place>* place : {&stream.quarantine.place, stream.clean ? &*stream.clean : nullptr}) {
      if (place == nullptr || place->value.kind != Place::Kind::File) continue;
      findings.error(codes::kDelivery, place->where,
                     "`exactly_once` cannot be kept with the file " + backquoted(place->value.name),
                     {.label = "a file is no part of a transaction", .help = "name a topic, or take at_least_once"});
    }
  }
}

/// Without a name for it, the quarantine of a topic is that topic and `.quarantine`: what a pattern may match then is not
/// known before the topics are.
void check_patterns(const StreamConfig& stream, Findings& findings) {
  if (stream.quarantine.place.given()) return;
  for (std::size_t i = 0; i < stream.topics.value.size(); ++i) {
    if (!is_pattern(stream.topics.value[i])) continue;
    findings.error(codes::kLoop, stream.topic_places[i], "a pattern of topics, and no `quarantine` is named",
                   {.label = "it may match the quarantine of its own topics",
                    .help = "name a topic that it does not match, or a file"});
    return;
  }
}

void refuse_rule(std::vector<Diagnostic>& out, const SourceSpan& where, std::string message, std::string label,
                 std::string help) {
  out.push_back({.level = DiagnosticLevel::Error,
                 .error = {.message = std::move(message),
                           .where = where,
                           .code = std::string(codes::kNoStream),
                           .label = std::move(label),
                           .help = std::move(help)}});
}

/// The stream that a measure of the rule looks at beside its own, or empty.
std::string other_stream_of(const WindowRule& rule) {
  for (const WindowCondition* condition : {&rule.must, &rule.should}) {
    for (const MeasureCall& call : condition->calls) {
      if (!call.stream.empty()) return call.stream;
    }
  }
  return "";
}

void check_window_rules(const Plan& plan, std::vector<Diagnostic>& out) {
  for (const WindowRule& rule : plan.window_rules) {
    if (plan.windows[rule.block].kind == WindowKind::Whole) {
      refuse_rule(out, rule.info.where, "a window over the whole input, and a topic has no end",
                  "it would never be judged", "give its block of `windows` an `every`, or take `weir check --topic`");
    } else if (const std::string other = other_stream_of(rule); !other.empty()) {
      refuse_rule(out, rule.info.where, "the rule compares with the stream " + backquoted(other),
                  "weir run judges each by itself", "`weir check --other` compares two inputs");
    }
  }
}

}  // namespace

bool reads_topic(const StreamConfig& stream, const std::string& topic) {
  return std::any_of(stream.topics.value.begin(), stream.topics.value.end(), [&](const std::string& read) {
    if (!is_pattern(read)) return read == topic;
    const Result<Pattern> pattern = Pattern::compile(read);
    return pattern && pattern->matches(topic);
  });
}

void check_config(const Config& config, Findings& findings) {
  if (config.brokers.value.empty() && !config.brokers.given())
    findings.error(codes::kNotGiven, {}, "there are no brokers",
                   {.label = {}, .help = "give --brokers HOST:PORT, or `brokers` in the configuration"});
  if (config.streams.empty())
    findings.error(codes::kNotGiven, {}, "there is nothing to judge",
                   {.label = {}, .help = "give --topic and --rules, or `streams` in the configuration"});
  check_names(config, findings);
  check_places(config, findings);
  check_delivery(config, findings);
  for (const StreamConfig& stream : config.streams) check_patterns(stream, findings);
}

std::vector<Diagnostic> check_topic_and_format(const StreamConfig& stream, const Loaded& rules) {
  std::vector<Diagnostic> out;
  if (rules.plan == nullptr) return out;
  if (!rules.topic.empty() && !reads_topic(stream, rules.topic)) {
    refuse_rule(out, rules.topic_where, "these rules are about the topic " + backquoted(rules.topic),
                "the stream " + backquoted(stream.name.value) + " reads " + backquoted(stream.topics.value.front()),
                "take out `topic` where a rule file is for several topics");
  }
  const Format format = rules.plan->format;
  if (format != Format::Auto && format != Format::Json && format != Format::Avro && format != Format::Protobuf) {
    refuse_rule(out, {.file = stream.rules.value}, "`source.format` is one of files", "",
                "on a topic each message is one record: write `json`, `avro`, `protobuf`, or nothing");
  }
  return out;
}

std::vector<Diagnostic> check_stream_rules(const StreamConfig& stream, const Loaded& rules) {
  std::vector<Diagnostic> out = check_topic_and_format(stream, rules);
  if (rules.plan != nullptr) check_window_rules(*rules.plan, out);
  return out;
}

}  // namespace weir
