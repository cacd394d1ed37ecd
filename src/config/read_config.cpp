// SPDX-License-Identifier: Apache-2.0
#include "config/read_config.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/timestamp.h"
#include "config/keys.h"
#include "config/values.h"
#include "rules/bundle.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

constexpr Duration kSnapshotEvery = std::chrono::seconds(10);
constexpr Duration kSnapshotAtLeast = std::chrono::milliseconds(100);
constexpr std::size_t kMostStreams = 256;

/// `broker-1:9092,broker-2:9092`, or a list of them.
Setting<std::string> read_brokers(ConfigReading& reading, const Section& top) {
  const YamlNode* const node = top.node("brokers");
  if (node == nullptr) return {};
  Setting<std::string> brokers = setting_of(*node, std::string());
  for (const std::string& text : texts_of(*node)) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      YamlNode one = *node;
      one.text = text.substr(begin, end - begin);
      if (check_broker(reading.findings, one)) brokers.value += (brokers.value.empty() ? "" : ",") + one.text;
      begin = end + 1;
    }
  }
  return brokers;
}

std::vector<KafkaProperty> read_kafka(ConfigReading& reading, const YamlNode& node) {
  std::vector<KafkaProperty> properties;
  if (!node.is_map()) {
    wrong_shape(reading.findings, node, "`kafka`", "a map", "properties of the client: `security.protocol: SASL_SSL`");
    return properties;
  }
  for (const YamlNode::Member& member : node.members) {
    if (!read_scalar(reading.findings, *member.value, backquoted(member.key->text))) continue;
    KafkaProperty property{.name = member.key->text,
                           .value = member.value->text,
                           .secret = member.value->substituted,
                           .name_where = member.key->where(),
                           .where = member.value->where()};
    // `sasl.password_file: PATH` is the property `sasl.password`, read again for each client.
    if (property.name.ends_with("_file")) check_secret_file(reading, *member.value);
    if (property.name.ends_with("_file") || (property.name.ends_with(".location") && property.value != "probe"))
      property.value = reading.path_of(*member.value);
    properties.push_back(std::move(property));
  }
  return properties;
}

Setting<StatePlace> default_state(const ConfigReading& reading) {
  // systemd names the folders of StateDirectory=, with `:` between several.
  const std::string folders = reading.request.environment("STATE_DIRECTORY").value_or("");
  if (folders.empty()) return {.value = {.kind = StatePlace::Kind::Folder, .name = "./weir-state"}};
  // With DynamicUser= it is a link to a folder that only the service sees. State is kept in no link, so the folder behind it is taken.
  std::string folder = folders.substr(0, folders.find(':'));
  std::error_code unresolved;
  const std::filesystem::path behind = std::filesystem::weakly_canonical(folder, unresolved);
  if (!unresolved) folder = behind.string();
  return {.value = {.kind = StatePlace::Kind::Folder, .name = std::move(folder)},
          .by = GivenBy::Environment,
          .where = {.file = "STATE_DIRECTORY"}};
}

Setting<StatePlace> read_state(ConfigReading& reading, const YamlNode* node) {
  if (node == nullptr) return default_state(reading);
  const Section state(reading.findings, *node, state_keys());
  const YamlNode* const dir = state.node("dir");
  const YamlNode* const topic = state.node("topic");
  if ((dir == nullptr) == (topic == nullptr)) {
    reading.findings.error(codes::kValue, node->where(), "`state` wants either `dir` or `topic`",
                           {.label = {}, .help = "a folder for one instance, a compacted topic for several"});
    return {};
  }
  if (dir != nullptr)
    return setting_of(*dir, StatePlace{.kind = StatePlace::Kind::Folder, .name = reading.path_of(*dir)});
  check_topic(reading.findings, *topic, "`state`");
  return setting_of(*topic, StatePlace{.kind = StatePlace::Kind::Topic, .name = topic->text});
}

void read_web(ConfigReading& reading, const YamlNode& node, WebSettings& web) {
  const Section section(reading.findings, node, web_keys());
  web.listen = text_setting(section, "listen", kDefaultListen);
  if (web.listen.value != "off" && !parse_host_port(web.listen.value)) {
    reading.findings.error(codes::kValue, web.listen.where,
                           "`listen` wants HOST:PORT, not " + backquoted(web.listen.value),
                           {.label = {}, .help = "every interface: `0.0.0.0:8947`; no web server: `off`"});
  }
  if (const YamlNode* const file = section.node("config")) web.config_file = setting_of(*file, reading.path_of(*file));
  web.enable_lifecycle = flag_setting(section, "enable_lifecycle", false);
  if (const YamlNode* const samples = section.node("samples")) {
    constexpr std::int64_t kMost = 100;
    Findings unused;  // the Section has told where it is no number
    const std::int64_t count = read_count(unused, *samples, "samples").value_or(0);
    if (count > kMost)
      reading.findings.error(codes::kValue, samples->where(), "`samples` is at most " + std::to_string(kMost),
                             {.label = {}, .help = "the quarantine has them all: `weir quarantine`"});
    web.samples = setting_of(*samples, static_cast<std::uint32_t>(std::min(count, kMost)));
  }
}

void read_log(ConfigReading& reading, const YamlNode& node, Config& config) {
  const Section section(reading.findings, node, log_keys());
  if (const YamlNode* const format = section.node("format")) {
    config.log_format = setting_of(*format, format->text == "json"   ? LogFormat::Json
                                            : format->text == "text" ? LogFormat::Text
                                                                     : LogFormat::Auto);
  }
  if (const YamlNode* const level = section.node("level")) {
    config.log_level = setting_of(*level, level->text == "debug"   ? LogLevel::Debug
                                          : level->text == "warn"  ? LogLevel::Warn
                                          : level->text == "error" ? LogLevel::Error
                                                                   : LogLevel::Info);
  }
}

void read_streams(ConfigReading& reading, const YamlNode& node, Config& config) {
  if (node.items.size() > kMostStreams) {
    reading.findings.error(codes::kLimit, node.where(), "more than 256 streams", {});
    return;
  }
  for (const YamlNode* const item : node.items) config.streams.push_back(read_stream(reading, *item));
}

/// A name that no stream has would keep somebody from being told, without a word. Patterns may be for streams to come.
void check_streams_named(ConfigReading& reading, const Config& config) {
  std::vector<std::string_view> names;
  for (const StreamConfig& stream : config.streams) names.push_back(stream.name.value);
  if (names.empty()) return;
  for (const YamlNode* const node : reading.streams_named) {
    if (node->text.find_first_of("*?[\\") != std::string::npos) continue;
    if (std::find(names.begin(), names.end(), node->text) != names.end()) continue;
    const std::string known = listed(names);
    reading.findings.error(
        codes::kChoice, node->where(), "no stream is called " + backquoted(node->text),
        {.label = did_you_mean(node->text, names), .help = known.empty() ? "" : "there is " + known});
  }
}

/// The group is named after the pipeline, and the pipeline after the group or the only stream.
void name_pipeline(ConfigReading& reading, const YamlNode& root, Config& config) {
  if (config.pipeline.value.empty()) {
    if (config.group.given()) config.pipeline.value = config.group.value;
    if (config.pipeline.value.empty() && config.streams.size() == 1)
      config.pipeline.value = config.streams[0].name.value;
    if (config.pipeline.value.empty() && config.streams.size() > 1)
      reading.findings.error(codes::kMissingKey, root.where(), "several streams need a `pipeline`",
                             {.label = {}, .help = "the group and the topics of weir are named after it"});
  }
  if (!config.group.given()) config.group.value = "weir-" + config.pipeline.value;
  // One stream's rebalance must not stop the others, and two may read one topic.
  for (StreamConfig& stream : config.streams)
    stream.group = config.group.value + (config.streams.size() > 1 ? "-" + stream.name.value : "");
}

}  // namespace

void check_secret_file(ConfigReading& reading, const YamlNode& node) {
  const Result<std::string> text = reading.request.read_file(reading.path_of(node));
  if (!text) {
    reading.findings.error(codes::kCannotRead, node.where(), text.error().message,
                           {.label = {}, .help = text.error().help});
  } else if (text->find_first_of("\r\n") == 0 || text->empty()) {
    reading.findings.error(codes::kCannotRead, node.where(), "the first line of " + backquoted(node.text) + " is empty",
                           {.label = "the secret stands there", .help = {}});
  }
}

std::string ConfigReading::path_of(const YamlNode& node) const {
  return giver_of(node) == GivenBy::File ? relative_to(*node.file, node.text) : node.text;
}

Setting<std::string> text_setting(const Section& section, std::string_view key, std::string otherwise) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return {.value = std::move(otherwise)};
  return setting_of(*node, node->text);
}

Setting<bool> flag_setting(const Section& section, std::string_view key, bool otherwise) {
  const YamlNode* const node = section.node(key);
  return node == nullptr ? Setting<bool>{.value = otherwise} : setting_of(*node, section.flag(key, otherwise));
}

Setting<Duration> duration_setting(const Section& section, std::string_view key, Duration otherwise) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return {.value = otherwise};
  return setting_of(*node, parse_duration(node->text).value_or(otherwise));
}

Config read_config(ConfigReading& reading, const YamlNode& root) {
  Config config;
  const Section top(reading.findings, root, config_keys());
  config.pipeline = text_setting(top, "pipeline");
  if (const YamlNode* const node = top.node("pipeline")) check_name(reading.findings, *node, "a pipeline");
  config.brokers = read_brokers(reading, top);
  config.group = text_setting(top, "group");
  if (const YamlNode* const node = top.node("group")) check_name(reading.findings, *node, "a group");
  config.instance = text_setting(top, "instance");
  if (const YamlNode* const node = top.node("instance")) check_name(reading.findings, *node, "an instance");
  if (const YamlNode* const node = top.node("delivery"))
    config.delivery = setting_of(*node, node->text == "exactly_once" ? Delivery::ExactlyOnce : Delivery::AtLeastOnce);
  if (const YamlNode* const node = top.node("kafka")) config.kafka = read_kafka(reading, *node);
  if (const YamlNode* const node = top.node("registry")) config.registry = read_registry(reading, *node);
  config.state = read_state(reading, top.node("state"));
  config.snapshot_every = duration_setting(top, "snapshot_every", kSnapshotEvery);
  if (config.snapshot_every.value < kSnapshotAtLeast)
    reading.findings.error(codes::kValue, config.snapshot_every.where, "`snapshot_every` is at least 100ms", {});
  if (const YamlNode* const node = top.node("panes")) {
    const Section panes(reading.findings, *node, panes_keys());
    config.panes_topic = text_setting(panes, "topic");
    if (const YamlNode* const topic = panes.node("topic")) check_topic(reading.findings, *topic, "`panes`");
  }
  config.web.listen.value = kDefaultListen;
  if (const YamlNode* const node = top.node("web")) read_web(reading, *node, config.web);
  config.log_level.value = LogLevel::Info;
  if (const YamlNode* const node = top.node("log")) read_log(reading, *node, config);
  config.watch.value = true;
  if (const YamlNode* const node = top.node("reload"))
    config.watch = flag_setting(Section(reading.findings, *node, reload_keys()), "watch", true);
  if (const YamlNode* const node = top.node("alerts")) read_alerts(reading, *node, config.alerts);
  if (const YamlNode* const node = top.node("maintenance")) read_maintenance(reading, *node, config.alerts);
  if (const YamlNode* const node = top.node("lineage")) read_lineage(reading, *node, config.lineage);
  if (const YamlNode* const node = top.node("streams")) read_streams(reading, *node, config);
  check_streams_named(reading, config);
  name_pipeline(reading, root, config);
  return config;
}

}  // namespace weir
