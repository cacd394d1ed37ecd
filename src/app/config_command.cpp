// SPDX-License-Identifier: Apache-2.0
// weir config: every setting with its value and where it came from.
#include <algorithm>
#include <map>

#include "app/command.h"
#include "app/rule_file.h"
#include "app/run_settings.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "config/shown.h"
#include "report/columns.h"

namespace weir {
namespace {

constexpr std::size_t kWidestValue = 36;  // a longer one moves its place to the right, and not those of the others

struct ShownRow {
  std::string key;
  std::string value;
  std::string from;
};
struct ShownPart {
  std::string title;  // of a stream; empty for what is about all
  std::vector<ShownRow> rows;
};

/// Properties may be secrets that stand in the file: which ones is known to src/kafka.
std::map<std::string, std::string> masked_properties(const Config& config) {
  std::map<std::string, std::string> masked;
  for (auto& [name, value] : shown_settings(kafka_settings(config, config.streams.front()))) masked[name] = value;
  return masked;
}

std::vector<ShownSetting> all_settings(const RunSettings& settings, const Arguments& arguments,
                                       const Surroundings& surroundings) {
  std::vector<ShownSetting> shown = shown_config({.file = arguments.text("config"),
                                                  .given = given_flags(arguments),
                                                  .environment = surroundings.environment,
                                                  .read_file = read_whole_file},
                                                 settings.config);
  const std::map<std::string, std::string> masked = masked_properties(settings.config);
  constexpr std::string_view kKafka = "kafka.";
  for (ShownSetting& setting : shown) {
    if (!setting.key.starts_with(kKafka) || setting.value.starts_with("$env:")) continue;
    const auto found = masked.find(setting.key.substr(kKafka.size()));
    setting.value = found == masked.end() ? "********" : found->second;
  }
  return shown;
}

/// The groups and ids that are made of names: what an administrator gives permissions to.
std::vector<ShownRow> made_of_names(const Config& config, const StreamConfig& stream) {
  std::vector<ShownRow> rows;
  const KafkaSettings kafka = kafka_settings(config, stream);
  const std::string from = config.group.given() ? "of group and name" : "default";
  if (config.streams.size() > 1) rows.push_back({"group", stream.group, from});
  if (!config.panes_topic.value.empty()) rows.push_back({"group of panes", stream.group + "-merge", from});
  if (config.delivery.value == Delivery::ExactlyOnce)
    rows.push_back({"transactional id", "weir-" + kafka.group + "-" + kafka.instance, "of group and instance"});
  return rows;
}

std::vector<ShownPart> parts_of(const Config& config, const std::vector<ShownSetting>& shown) {
  std::vector<ShownPart> parts(1 + config.streams.size());
  constexpr std::string_view kStream = "stream.";
  for (const ShownSetting& setting : shown) {
    const std::size_t part = static_cast<std::size_t>(setting.stream + 1);
    parts[part].rows.push_back({setting.stream < 0 ? setting.key : setting.key.substr(kStream.size()), setting.value,
                                origin_of(setting.by, setting.where)});
  }
  for (std::size_t i = 0; i < config.streams.size(); ++i) {
    parts[i + 1].title = "stream " + config.streams[i].name.value;
    for (ShownRow& row : made_of_names(config, config.streams[i])) parts[i + 1].rows.push_back(std::move(row));
  }
  return parts;
}

/// What weir sets for its clients, whatever the configuration says; of both kinds once.
ShownPart weirs_own(const Config& config) {
  const KafkaSettings kafka = kafka_settings(config, config.streams.front());
  const bool exactly_once = config.delivery.value == Delivery::ExactlyOnce;
  const auto reading = kafka::set_by_weir(kafka, kafka::Role::Consumer);
  const auto writing = kafka::set_by_weir(kafka, exactly_once ? kafka::Role::Transactional : kafka::Role::Producer);
  ShownPart part{.title = "Kafka, set by weir itself", .rows = {}};
  for (const auto& [name, value] : reading) {
    const bool both = std::find(writing.begin(), writing.end(), std::pair(name, value)) != writing.end();
    part.rows.push_back({name, value, both ? "" : "consumer"});
  }
  for (const auto& [name, value] : writing) {
    if (std::find(reading.begin(), reading.end(), std::pair(name, value)) == reading.end())
      part.rows.push_back({name, value, "producer"});
  }
  return part;
}

/// Each part has columns of its own: a long name in one does not push the others out of a narrow terminal.
std::string lines_of(const ShownPart& part) {
  std::size_t keys = 0;
  std::size_t values = 0;
  const std::string indent = part.title.empty() ? "" : "  ";
  for (const ShownRow& row : part.rows) {
    keys = std::max(keys, display_width(row.key) + indent.size());
    const std::size_t width = display_width(visible(row.value));
    if (width <= kWidestValue) values = std::max(values, width);
  }
  std::string text;
  for (const ShownRow& row : part.rows) {
    std::string line = pad_right(indent + visible(row.key), keys) + "  " + pad_right(visible(row.value), values) +
                       "  " + visible(row.from);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string table_of(const std::vector<ShownPart>& parts) {
  std::string text;
  for (const ShownPart& part : parts) {
    if (!part.title.empty()) text += "\n" + visible(part.title) + "\n";
    text += lines_of(part);
  }
  return text;
}

std::string_view name_of(GivenBy by) {
  constexpr std::string_view kNames[] = {"default", "file", "environment", "flag"};
  return kNames[static_cast<std::size_t>(by)];
}

std::string json_of(const Config& config, const std::vector<ShownSetting>& shown) {
  JsonWriter json(true);
  json.begin_object().key("settings").begin_array();
  for (const ShownSetting& setting : shown) {
    json.begin_object().field("key", setting.key).field("value", setting.value);
    if (setting.stream >= 0) json.field("stream", config.streams[static_cast<std::size_t>(setting.stream)].name.value);
    json.field("given_by", name_of(setting.by)).field("from", origin_of(setting.by, setting.where)).end_object();
  }
  json.end_array().key("made_of_names").begin_array();
  for (const StreamConfig& stream : config.streams) {
    for (const ShownRow& row : made_of_names(config, stream))
      json.begin_object()
          .field("stream", stream.name.value)
          .field("key", row.key)
          .field("value", row.value)
          .end_object();
  }
  json.end_array().key("kafka_set_by_weir").begin_array();
  for (const ShownRow& row : weirs_own(config).rows)
    json.begin_object().field("key", row.key).field("value", row.value).field("client", row.from).end_object();
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace

int run_config(const Arguments& arguments, Surroundings& surroundings) {
  FoundFaults faults;
  const Result<std::optional<RunSettings>> settings = read_run_settings(arguments, surroundings, faults);
  if (!settings) return refuse_usage(surroundings, settings.error());
  if (!faults.diagnostics.empty())
    print(surroundings.err, render(faults.diagnostics, faults.sources, color_of_err(arguments, surroundings)));
  if (!*settings) {
    print(surroundings.err,
          "weir: ERROR exit=2 (" + counted(faults.errors(), "error") + " in the configuration or the rules)\n");
    return ExitCode::kUsage;
  }
  const Config& config = (*settings)->config;
  const std::vector<ShownSetting> shown = all_settings(**settings, arguments, surroundings);
  if (arguments.on("json")) {
    print(surroundings.out, json_of(config, shown));
    return ExitCode::kHolds;
  }
  std::vector<ShownPart> parts = parts_of(config, shown);
  parts.push_back(weirs_own(config));
  print(surroundings.out, table_of(parts));
  return ExitCode::kHolds;
}

}  // namespace weir
