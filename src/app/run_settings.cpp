// SPDX-License-Identifier: Apache-2.0
#include "app/run_settings.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/alert_receivers.h"
#include "app/rule_file.h"
#include "base/sha256.h"
#include "config/web_file.h"
#include "files/folder_look.h"
#include "rules/codes.h"
#include "rules/findings.h"

namespace weir {
namespace {

struct FlagKey {
  std::string_view flag;
  std::string_view key;
};

constexpr FlagKey kFlagKeys[] = {
    {"brokers", "brokers"},
    {"registry", "registry"},
    {"group", "group"},
    {"instance", "instance"},
    {"delivery", "delivery"},
    {"state", "state"},
    {"snapshot-every", "snapshot_every"},
    {"web.listen", "web.listen"},
    {"web.config.file", "web.config"},
    {"web.enable-lifecycle", "web.enable_lifecycle"},
    {"web.samples", "web.samples"},
    {"log-format", "log.format"},
    {"log-level", "log.level"},
    {"topic", "stream.topics"},
    {"rules", "stream.rules"},
    {"from", "stream.from"},
    {"quarantine", "stream.quarantine"},
    {"clean", "stream.clean"},
};

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

Status check_combination(const Arguments& arguments) {
  if (arguments.on("until-end") || arguments.on("validate")) return Done{};
  for (const char* const flag : {"report", "fail-on", "allow-empty"}) {
    if (!arguments.on(flag) || arguments.from_environment(flag)) continue;
    return Error{.message = "`--" + std::string(flag) + "` goes with --until-end",
                 .help = "a stream without an end has no report; what it finds is in its metrics"};
  }
  return Done{};
}

/// Those of the run itself, which the commands that only look at the settings do not have.
Status read_flags_of_run(const Arguments& arguments, RunSettings& settings) {
  if (find_flag(arguments.command(), "until-end") == nullptr) return Done{};
  if (const Status combined = check_combination(arguments); !combined) return combined;
  Result<std::vector<ReportTarget>> reports = report_targets(arguments);
  if (!reports) return reports.error();
  settings.reports = *std::move(reports);
  settings.fail_on = fail_on_of(arguments);
  settings.allow_empty = arguments.on("allow-empty");
  settings.until_end = arguments.on("until-end");
  settings.validate = arguments.on("validate");
  return Done{};
}

/// Templates and what else only the receiver itself knows of.
void check_receivers(const Config& config, FoundFaults& faults) {
  std::vector<Diagnostic> found;
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    const Result<std::unique_ptr<Receiver>> made = make_receiver(receiver, config);
    if (made) continue;
    Error error = made.error();
    if (error.code.empty()) error.code = codes::kValue;
    if (error.where.line == 0) error.where = receiver.where;
    found.push_back({.level = DiagnosticLevel::Error, .error = std::move(error)});
  }
  faults.add(found, {});
}

/// A receiver of rules that are not there is told nothing, maintenance of them silences nothing, and nobody notices. No error:
/// rules change while weir runs.
void check_rules_named(const Config& config, const std::vector<RuleNamed>& in_maintenance,
                       const std::vector<StreamRules>& rules, FoundFaults& faults) {
  std::vector<std::string_view> of_windows;  // record rules tell nobody
  std::vector<std::string_view> of_records;
  for (const StreamRules& stream : rules) {
    if (stream.plan == nullptr) return;
    for (const WindowRule& rule : stream.plan->window_rules) of_windows.push_back(rule.info.id);
    for (const RecordRule& rule : stream.plan->rules) of_records.push_back(rule.info.id);
  }
  std::vector<Diagnostic> found;
  const auto look_at = [&](const std::string& who, const std::string& name, const SourceSpan& where) {
    if (name.find_first_of("*?[\\") != std::string::npos) return;
    if (std::find(of_windows.begin(), of_windows.end(), name) != of_windows.end()) return;
    const bool of_record = std::find(of_records.begin(), of_records.end(), name) != of_records.end();
    Error error{.message = who + " the rule " + backquoted(name) +
                           (of_record ? ", which is about single records" : ", which is not there"),
                .where = where,
                .code = std::string(codes::kChoice),
                .label = of_record ? "" : did_you_mean(name, of_windows)};
    if (of_record) error.help = "a window rule over `fail_rate(\"" + name + "\")` tells of it";
    found.push_back({.level = DiagnosticLevel::Warning, .error = std::move(error)});
  };
  for (const ReceiverSettings& receiver : config.alerts.receivers) {
    for (const std::string& name : receiver.choice.rules) look_at("the receiver waits for", name, receiver.where);
  }
  for (const RuleNamed& rule : in_maintenance) look_at("`maintenance` is about", rule.name, rule.where);
  faults.add(found, {});
}

void check_lineage(const Config& config, FoundFaults& faults) {
  if (config.lineage.file.empty()) return;
  std::optional<Error> why = why_no_file(config.lineage.file);
  if (!why) return;
  why->where = config.lineage.where;
  why->code = codes::kValue;
  why->message = "`lineage` cannot be written to " + backquoted(config.lineage.file) + ": " + why->message;
  faults.add({{.level = DiagnosticLevel::Error, .error = *std::move(why)}}, {});
}

/// Properties are those of all streams: the first one shows what is wrong with them.
void check_kafka(const Config& config, FoundFaults& faults) {
  std::vector<Diagnostic> found;
  for (Error& error : check_settings(kafka_settings(config, config.streams.front())))
    found.push_back({.level = DiagnosticLevel::Error, .error = std::move(error)});
  faults.add(found, {});
}

/// Windows over several instances are told under the claims of the state topic.
void check_panes(const Config& config, FoundFaults& faults) {
  if (config.panes_topic.value.empty() || config.state.value.kind == StatePlace::Kind::Topic) return;
  faults.add({{.level = DiagnosticLevel::Error,
               .error = {.message = "`panes` needs `state: {topic: NAME}`",
                         .where = config.panes_topic.where,
                         .help = "which instance has a partition is told by the claims in the state topic"}}},
             {});
}

}  // namespace

std::vector<Given> given_flags(const Arguments& arguments) {
  std::vector<Given> all;
  for (const FlagKey& pair : kFlagKeys) {
    const Flag* const flag = find_flag(arguments.command(), pair.flag);
    if (flag == nullptr || !arguments.on(pair.flag)) continue;
    Given given{.key = std::string(pair.key),
                .flag = arguments.from_environment(pair.flag) ? environment_name(*flag) : "--" + std::string(pair.flag),
                .values = arguments.values(pair.flag)};
    if (flag->kind == FlagKind::Switch) given.values = {"true"};
    all.push_back(std::move(given));
  }
  return all;
}

void FoundFaults::add(const std::vector<Diagnostic>& found, const std::map<std::string, std::string>& texts) {
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  sources.insert(texts.begin(), texts.end());
}

std::size_t FoundFaults::errors() const {
  return static_cast<std::size_t>(std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& found) {
    return found.level == DiagnosticLevel::Error;
  }));
}

std::string instance_name(const std::string& host, const StatePlace& state) {
  std::error_code fault;
  const std::string place =
      state.kind == StatePlace::Kind::Topic
          ? state.name
          : std::filesystem::weakly_canonical(std::filesystem::absolute(state.name, fault), fault).string();
  constexpr std::size_t kLetters = 12;
  return "weir-" + sha256_hex(host + "\n" + place).substr(0, kLetters);
}

KafkaSettings kafka_settings(const Config& config, const StreamConfig& stream) {
  // A name of a member is one of a group, and that of a transaction one of the cluster.
  const std::string instance =
      config.instance.value + (config.streams.size() > 1 ? "-" + stream.name.value : std::string());
  KafkaSettings settings{
      .brokers = config.brokers.value, .group = stream.group, .instance = instance, .properties = {}};
  for (const KafkaProperty& property : config.kafka) {
    settings.properties.push_back(
        {.name = property.name, .value = property.value, .name_where = property.name_where, .where = property.where});
  }
  return settings;
}

Result<std::optional<RunSettings>> read_run_settings(const Arguments& arguments, const Surroundings& surroundings,
                                                     FoundFaults& faults) {
  RunSettings settings;
  Result<LoadOptions> load_options = weir::load_options(arguments, surroundings);
  if (!load_options) return load_options.error();
  settings.load_options = *std::move(load_options);
  settings.load_options.schemas = std::make_shared<SchemaBook>();  // of all streams, over reloads
  if (const Status read = read_flags_of_run(arguments, settings); !read) return read.error();

  LoadedConfig loaded = load_config({.file = arguments.text("config"),
                                     .given = given_flags(arguments),
                                     .environment = surroundings.environment,
                                     .read_file = read_whole_file,
                                     .read_zone = settings.load_options.read_zone});
  faults.add(loaded.diagnostics, loaded.sources);
  if (!loaded.config) return std::optional<RunSettings>();
  settings.config = *std::move(loaded.config);
  Config& config = settings.config;
  if (!settings.reports.empty() && config.streams.size() > 1)
    return Error{.message = "`--report` is about a single stream, and the configuration has " +
                            std::to_string(config.streams.size())};
  if (config.instance.value.empty()) config.instance.value = instance_name(host_name(), config.state.value);
  if (!config.web.config_file.value.empty()) {
    LoadedWebConfig web = load_web_config(config.web.config_file.value, read_whole_file);
    faults.add(web.diagnostics, web.sources);
    if (web.config) settings.web = *std::move(web.config);
  }
  check_panes(config, faults);
  check_kafka(config, faults);
  check_receivers(config, faults);
  check_lineage(config, faults);
  for (const StreamConfig& stream : config.streams) {
    StreamRules rules = load_stream_rules(stream, settings.load_options);
    faults.add(rules.diagnostics, rules.sources);
    settings.rules.push_back(std::move(rules));
  }
  check_rules_named(config, loaded.maintenance_rules, settings.rules, faults);
  if (faults.errors() > 0) return std::optional<RunSettings>();
  return std::optional<RunSettings>(std::move(settings));
}

}  // namespace weir
