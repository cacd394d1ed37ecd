// SPDX-License-Identifier: Apache-2.0
// One entry of `streams`.
#include <algorithm>
#include <filesystem>

#include "base/timestamp.h"
#include "config/keys.h"
#include "config/read_config.h"
#include "config/values.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

/// A value with a `/` is a file, relative to where it is named.
Setting<Place> read_place(ConfigReading& reading, const YamlNode& node, std::string_view what) {
  Place place = parse_place(node.text);
  if (place.kind == Place::Kind::File) {
    place.name = reading.path_of(node);
  } else {
    check_topic(reading.findings, node, what);
  }
  return setting_of(node, std::move(place));
}

/// At most a thousand million, which is more than anybody counts to.
std::uint32_t count_of(const Section& section, std::string_view key, std::uint32_t otherwise) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return otherwise;
  Findings unused;  // the Section has told what is wrong
  return static_cast<std::uint32_t>(std::min(read_count(unused, *node, key).value_or(0), kMost));
}

void read_file_limits(ConfigReading& reading, const Section& section, QuarantineConfig& quarantine) {
  const bool to_file = quarantine.place.value.kind == Place::Kind::File;
  for (const std::string_view key : {"rotate_bytes", "keep"}) {
    if (to_file || !section.has(key)) continue;
    reading.findings.error(codes::kPlace, section.key(key)->where(),
                           backquoted(key) + " is about a file, and this is a topic", {});
  }
  if (const YamlNode* const node = section.node("rotate_bytes")) {
    const std::optional<std::uint64_t> bytes = parse_bytes(node->text);
    if (!bytes)
      reading.findings.error(codes::kValue, node->where(), "`rotate_bytes` wants a size, not " + backquoted(node->text),
                             {.label = {}, .help = "sizes are written 268435456 or 256MiB"});
    quarantine.rotate_bytes = bytes.value_or(0);
  }
  quarantine.keep = count_of(section, "keep", QuarantineConfig::kKeepRotated);
}

void read_quarantine_map(ConfigReading& reading, const YamlNode& node, QuarantineConfig& quarantine) {
  const Section section(reading.findings, node, quarantine_keys());
  const YamlNode* const topic = section.node("topic");
  const YamlNode* const file = section.node("file");
  if (topic != nullptr && file != nullptr) {
    reading.findings.error(codes::kValue, section.key("file")->where(), "`quarantine` wants either `topic` or `file`",
                           {.label = "there is a `topic` too", .help = {}});
  } else if (topic != nullptr) {
    check_topic(reading.findings, *topic, "`quarantine`");
    quarantine.place = setting_of(*topic, Place{.kind = Place::Kind::Topic, .name = topic->text});
  } else if (file != nullptr) {
    quarantine.place = setting_of(*file, Place{.kind = Place::Kind::File, .name = reading.path_of(*file)});
  }
  quarantine.max_per_second = count_of(section, "max_per_second", 0);
  quarantine.budget = count_of(section, "budget", 0);
  quarantine.overflow = section.text("overflow", "pause") == "count" ? Overflow::Count : Overflow::Pause;
  for (const std::string& compat : section.texts("compat"))
    (compat == "connect" ? quarantine.connect_headers : quarantine.confluent_headers) = true;
  if (section.has("overflow") && !section.has("max_per_second") && !section.has("budget"))
    reading.findings.error(codes::kPlace, section.key("overflow")->where(),
                           "`overflow` goes with `max_per_second` or `budget`", {});
  read_file_limits(reading, section, quarantine);
}

void read_quarantine(ConfigReading& reading, const YamlNode& node, QuarantineConfig& quarantine) {
  if (node.is_map()) {
    read_quarantine_map(reading, node, quarantine);
  } else if (read_scalar(reading.findings, node, "`quarantine`")) {
    quarantine.place = read_place(reading, node, "`quarantine`");
  }
}

void read_topics(ConfigReading& reading, const YamlNode& node, StreamConfig& stream) {
  stream.topics = setting_of(node, texts_of(node));
  const auto check = [&](const YamlNode& topic) {
    check_topic_or_pattern(reading.findings, topic);
    stream.topic_places.push_back(topic.where());
  };
  if (node.is_scalar()) check(node);
  for (const YamlNode* const item : node.items) check(*item);
  if (stream.topics.value.empty())
    reading.findings.error(codes::kValue, node.where(), "`topics` is empty: there is nothing to read", {});
}

/// The topic, or the name of the rule file without its ending where there are several.
std::string default_name(const StreamConfig& stream) {
  const std::vector<std::string>& topics = stream.topics.value;
  if (topics.size() == 1 && is_topic_name(topics.front())) return topics.front();
  return std::filesystem::path(stream.rules.value).stem().string();
}

void read_redact(ConfigReading& reading, const YamlNode& node, RedactConfig& redact) {
  const Section section(reading.findings, node, stream_redact_keys());
  redact.paths = section.texts("paths");
  if (!section.has("how")) return;
  const std::string how = section.text("how");
  redact.how = how == "hash" ? Redaction::Hash : how == "drop" ? Redaction::Drop : Redaction::Mask;
}

}  // namespace

StreamConfig read_stream(ConfigReading& reading, const YamlNode& node) {
  StreamConfig stream;
  const Section section(reading.findings, node, stream_keys());
  if (const YamlNode* const topics = section.node("topics")) read_topics(reading, *topics, stream);
  if (const YamlNode* const rules = section.node("rules")) stream.rules = setting_of(*rules, reading.path_of(*rules));
  stream.name = text_setting(section, "name", default_name(stream));
  if (const YamlNode* const name = section.node("name")) check_name(reading.findings, *name, "a stream");
  if (const YamlNode* const from = section.node("from")) {
    const std::optional<Start> start = parse_start(from->text);
    if (!start)
      reading.findings.error(codes::kValue, from->where(),
                             "`from` wants a place to begin, not " + backquoted(from->text),
                             {.label = {}, .help = "`earliest`, `latest`, 2026-01-31T12:00:00Z, or -2h"});
    stream.from = setting_of(*from, start.value_or(Start{}));
  }
  if (const YamlNode* const quarantine = section.node("quarantine"))
    read_quarantine(reading, *quarantine, stream.quarantine);
  if (const YamlNode* const split = section.node("split")) {
    const Section gate(reading.findings, *split, split_keys());
    if (const YamlNode* const clean = gate.node("clean")) stream.clean = read_place(reading, *clean, "`clean`");
  }
  stream.idle_after = duration_setting(section, "idle_after", Duration::zero());
  if (const YamlNode* const redact = section.node("redact")) read_redact(reading, *redact, stream.redact);
  return stream;
}

}  // namespace weir
